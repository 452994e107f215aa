import Foundation
import KVGraph
import Testing

@testable import KVCommand

/// What goes into files and onto standard output, and in which form.
extension CommandTests {
  @Test func standardOutputHasANameOfItsOwn() async throws {
    try await social()
    let svg = try await kv("graph", "view", "-o", "-", "--format", "svg")
    #expect(svg.status == 0 && svg.output.hasPrefix("<?xml"), "\(svg)")
    #expect(try await kv("graph", "view", "-o", "-").output == kv("graph", "view").output)
    for command in [
      ["find-path", "User:alice", "Post:3"], ["bridges"], ["impact", "Post:3"], ["rank", "degree"],
    ] {
      let plain = try await kv(arguments: ["graph"] + command)
      let named = try await kv(arguments: ["graph"] + command + ["-o", "-"])
      #expect(plain.status == 0 && named.output == plain.output, "\(command)")
    }
    let dot = try await kv("graph", "find-path", "User:alice", "Post:3", "-o", "-", "--format", "dot")
    #expect(dot.output.hasPrefix("digraph"), "\(dot)")
    #expect(!FileManager.default.fileExists(atPath: folder + "/-"))
  }

  @Test func aFileThatIsOpenAlreadyIsWrittenOn() async throws {
    try await kv("put", "a", "1")
    let outcome = try await script(
      """
      { echo head; $kv list -o /dev/stdout --format text; $kv list -o /dev/fd/1 --format text; echo tail; } > whole
      $kv list -o /dev/stdout --format text >> whole
      $kv list -o /dev/stdout --format text | cat >> whole
      $kv list --format text -o >(cat > piped; touch done); while [ ! -e done ]; do :; done
      cat whole piped
      """)
    let row = try await kv("list", "--format", "text").output
    #expect(outcome.output == "head\n\(row)\(row)tail\n\(row)\(row)\(row)", "\(outcome)")
  }

  @Test func anExportIsWhatTheEndingSays() async throws {
    try await social()
    for (ending, format) in [
      ("json", "json"), ("jsonl", "jsonl"), ("csv", "csv"), ("tsv", "tsv"), ("graphml", "graphml"),
      ("gexf", "gexf"), ("gml", "gml"), ("net", "pajek"), ("dot", "dot"), ("mmd", "mermaid"),
      ("cyjs", "cytoscape"), ("jgf", "jgf"),
    ] {
      #expect(try await kv("graph", "export", "-o", "g.\(ending)").status == 0)
      let written = try String(contentsOfFile: folder + "/g.\(ending)", encoding: .utf8)
      #expect(try await written == kv("graph", "export", "--format", format).output, "\(ending)")
    }
    for command in ["export", "view"] {
      let twice = try await kv("graph", command, "-o", "a.dot", "-o", "b.dot")
      #expect(twice.status == 64 && twice.error.contains("-o names one file, and here are 2"), "\(twice)")
    }
    let refused = try await kv("graph", "export", "-o", "g.foo")
    #expect(
      refused.status == 64 && refused.error.contains("g.foo: unknown ending; expected .json"), "\(refused)")
    #expect(try await kv("graph", "export", "-o", "g.foo", "--format", "gml").status == 0)
  }

  @Test func whatMarksNothingIsRefused() async throws {
    try await social()
    let through = try await kv("graph", "impact", "Post:3", "--through", "--format", "json").output
    let plain = try await kv("graph", "view", "--format", "dot").output
    let marked = try await kv("graph", "view", "--highlight", "-", "--format", "dot", input: through)
    #expect(marked.status == 0 && marked.output != plain, "\(marked)")
    let degrees = try await kv("graph", "degrees", "--format", "json").output
    #expect(try await kv("graph", "view", "--highlight", "-", input: degrees).status == 65)
  }
}
