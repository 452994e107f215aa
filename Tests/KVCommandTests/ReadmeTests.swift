import Foundation
import Subprocess
import SystemPackage
import Testing

/// What the README shows is what happens.
@Suite struct ReadmeTests {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// The fenced blocks of a language, without the fences.
  static func blocks(_ language: String) throws -> [String] {
    try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
      .components(separatedBy: "```\(language)\n").dropFirst()
      .map { $0.components(separatedBy: "```")[0] }
  }

  @Test func theLibraryExampleIsTheCompiledOne() throws {
    let source = try String(
      contentsOf: Self.root.appending(path: "samples/LibraryTour/main.swift"), encoding: .utf8)
    #expect(try Self.blocks("swift") == [source])
  }

  @Test func theLibraryExamplesDoWhatTheySay() async throws {
    let program = URL(fileURLWithPath: CommandTests.program).deletingLastPathComponent()
      .appending(path: "LibraryExamples").path
    let result = try await run(
      .path(FilePath(program)), input: .none, output: .string(limit: 1 << 16), error: .string(limit: 1 << 16))
    #expect(result.terminationStatus.isSuccess, "\(result.standardError)")
    let expected = """
      Ann was born in 1990
      person/ann is at version 1
      Hello, Ann!
      ping is pending after 1 failure: the host does not answer
      the second process leaves the series to the one that holds the lock
      cleaning up
      runs to come: 1
      the door is opened
      the door is closed
      the door is closed already
      events: "opened", "closed"

      """
    #expect(result.standardOutput == expected)
  }

  /// Whether each line is as it is shown; `…` stands for the rest of one, such as a time.
  private static func isShown(_ output: String, as expected: String) -> Bool {
    let (lines, shown) = (output.components(separatedBy: "\n"), expected.components(separatedBy: "\n"))
    return lines.count == shown.count
      && zip(lines, shown).allSatisfy { $1.hasSuffix("…") ? $0.hasPrefix($1.dropLast()) : $0 == $1 }
  }

  @Test func theTourPrintsWhatItSays() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "kv-tour-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createSymbolicLink(
      at: folder.appending(path: "samples"), withDestinationURL: Self.root.appending(path: "samples"))
    try FileManager.default.createSymbolicLink(
      at: folder.appending(path: "kv"), withDestinationURL: URL(fileURLWithPath: CommandTests.program))
    let tour = try Self.blocks("console").joined()
    let steps = ("\n" + tour).components(separatedBy: "\n$ ").dropFirst()
    #expect(steps.count > 8)
    for step in steps {
      let lines = step.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
      let result = try await run(
        .name("bash"), arguments: ["-c", "PATH=\"$PWD:$PATH\"; " + lines[0]],
        workingDirectory: FilePath(folder.path), input: .none, output: .string(limit: 1 << 20),
        error: .string(limit: 1 << 16))
      let expected = lines.count > 1 ? lines[1].trimmingCharacters(in: .newlines) : ""
      #expect(
        Self.isShown(result.standardOutput.trimmingCharacters(in: .newlines), as: expected),
        "\(lines[0]): \(result.standardOutput)")
      #expect(result.terminationStatus.isSuccess, "\(lines[0]): \(result.standardError)")
    }
  }
}
