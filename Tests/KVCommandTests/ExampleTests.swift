import ArgumentParser
import Foundation
import Subprocess
import SystemPackage
import Testing

@testable import KVCommand

/// What the help shows is what the program takes.
extension CommandTests {
  @Test func everyExampleIsUnderstood() async throws {
    try await social()
    try FileManager.default.createSymbolicLink(
      atPath: folder + "/samples", withDestinationPath: ReadmeTests.root.appending(path: "samples").path)
    let bin = Self.program.dropLast(3)
    for (path, command) in HelpTests.leaves() {
      let example = command.configuration.discussion.split(separator: "EXAMPLE\n").dropFirst().first ?? ""
      for line in example.split(separator: "\n").map({ $0.drop { $0 == " " } }) where line.contains("kv ") {
        // Some wait for more, until they are interrupted.
        let script =
          "PATH='\(bin)':$PATH; exec timeout --signal INT --kill-after 5 3 bash -c \"$0\" < /dev/null"
        let result = try await run(
          .name("bash"), arguments: ["-c", script, String(line)], workingDirectory: FilePath(folder),
          input: .none,
          output: .discarded, error: .string(limit: 1 << 16))
        guard case .exited(let status) = result.terminationStatus else {
          Issue.record("\(line): \(result.terminationStatus)")
          continue
        }
        // 64 is wrong usage, 126 and 127 are the shell's.
        #expect(
          ![64, 126, 137].contains(status), "\(path.joined(separator: " ")): \(line): \(result.standardError)"
        )
      }
    }
  }
}
