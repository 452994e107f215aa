import Subprocess
import SystemPackage
import TestSupport
import Testing

/// What bash offers, asked through the script that kv prints.
extension CommandTests {
  private func completions(_ words: String...) async throws -> [String] {
    let line = (["kv"] + words).joined(separator: " ")
    // As bash takes words apart: a colon is one of its own.
    let parts = words.map { word in
      word.split(separator: ":", omittingEmptySubsequences: false).map(String.init).joined(separator: "\n:\n")
        .split(separator: "\n").map(String.init)
    }
    let split = parts.flatMap { $0.isEmpty ? [""] : $0 }
    let typed = split.last == ":" ? "" : split.last ?? ""
    let script = """
      export KV_COMPLETION_TIMEOUT=1m
      PATH="\(Self.program.dropLast(3)):$PATH"
      [ -e completion.bash ] || kv --generate-completion-script bash > completion.bash
      source completion.bash
      COMP_WORDS=(\((["kv"] + split).map { "'\($0)'" }.joined(separator: " "))); COMP_CWORD=\(split.count)
      COMP_LINE='\(line)'; COMP_POINT=\(line.utf8.count); COMP_TYPE=9
      $(complete -p kv | sed 's/.* -F \\([^ ]*\\) kv/\\1/') kv '\(typed)' '\(split.dropLast().last ?? "")' 2> /dev/null
      printf '%s\\n' "${COMPREPLY[@]}"
      """
    let result = try await run(
      .name("bash"), arguments: ["-c", script], workingDirectory: FilePath(folder), input: .none,
      output: .string(limit: 1 << 16), error: .string(limit: 1 << 16))
    return result.standardOutput.split(separator: "\n").map { $0.trimming { $0 == " " } }.sorted()
  }

  @Test func theShellOffersWhatTheDatabaseHolds() async throws {
    try await social()
    try await kv("graph", "add-node", "User:zoë ann")
    #expect(try await completions("graph", "find-path", "Us") == ["User"])
    #expect(try await completions("graph", "find-path", "User", "d") == ["diana"])
    #expect(try await completions("graph", "find-path", "User", "diana", "User", "a") == ["alice"])
    // In one word, of which bash replaces what stands behind the colon.
    #expect(try await completions("graph", "find-path", "User:d") == ["diana"])
    #expect(try await completions("graph", "find-path", "User:diana", "User:a") == ["alice"])
    #expect(try await completions("graph", "find-path", "User:diana", "User:").count > 3)
    #expect(try await completions("graph", "find-path", "User:diana", "Us") == ["User"])
    #expect(try await completions("graph", "nodes", "P") == ["Post"])
    #expect(try await completions("graph", "bfs", "User", "alice", "--edge-types", "f") == ["follows"])
    #expect(
      try await completions("graph", "bfs", "User:alice", "--edge-types", "follows,l") == ["follows,liked"])
    #expect(try await completions("graph", "get-outgoing", "User:alice", "f") == ["follows"])
    #expect(try await completions("graph", "add-edge", "User", "alice", "User:diana", "fo") == ["follows"])
    #expect(try await completions("get", "key", "user/al") == ["user/alice"])
    #expect(try await completions("graph", "view", "--format", "sv") == ["svg"])
    #expect(try await completions("list", "--format", "t") == ["table", "text"])
    #expect(try await completions("list", "-o", "data") == ["data.db"])
    // Without a database there is nothing to offer, and nothing is said.
    #expect(try await completions("graph", "nodes", "--connection", "none.db", "P").isEmpty)
  }
}

extension StringProtocol {
  fileprivate func trimming(while isTrimmed: (Character) -> Bool) -> String {
    String(drop(while: isTrimmed).reversed().drop(while: isTrimmed).reversed())
  }
}
