import KV
import KVGraph
import TestSupport
import Testing

/// What other programs have written, a structure a file: it comes in whole, without an option.
@Suite struct SampleTests {
  private static let folder = #filePath.replacing("SampleTests.swift", with: "Samples/")

  /// What a file becomes: its records, and what is said of them. `expected.txt` has it, file by file.
  private static let expected: [(file: String, lines: [String])] = {
    let text = (try? String(contentsOfFile: folder + "expected.txt", encoding: .utf8)) ?? ""
    return ("\n" + text).split(separator: "\n== ").map { block in
      let lines = block.split(separator: "\n").map(String.init)
      return (lines[0], Array(lines.dropFirst()))
    }
  }()

  @Test("each sample comes in whole, and what was decided is said", arguments: TestBackend.all)
  func samples(_ backend: TestBackend) async throws {
    #expect(Self.expected.count == 40)
    for (file, lines) in Self.expected {
      let text = try String(contentsOfFile: Self.folder + file, encoding: .utf8)
      let graph = Graph(try await backend.store())
      var found: [String] = []
      do {
        let summary = try await graph.load(ImportSource(name: file, text: text))
        found = summary.notes.map { "note: \($0)" }
      } catch let error as KVError {
        found = ["error: \(error.message)", "code: \(error.code)"]
      }
      for record in try await graph.store.list() {
        let value = record.type == "Edge" ? record.value["data"] : record.value
        found.append("\(record.key) \(record.type)" + (value.map { " \($0)" } ?? ""))
      }
      #expect(try Self.withSortedMembers(found) == Self.withSortedMembers(lines), "\(file)")
    }
  }

  /// PostgreSQL keeps members in an order of its own.
  private static func withSortedMembers(_ lines: [String]) throws -> [String] {
    try lines.map { line in
      guard let start = line.firstRange(of: " {") else { return line }
      return try line[..<start.lowerBound] + " " + JSON(parsing: String(line[start.lowerBound...])).pretty
    }
  }
}
