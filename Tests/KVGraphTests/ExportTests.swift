import KV
import TestSupport
import Testing

@testable import KVGraph

@Suite struct ExportTests {
  func export(_ graph: Graph, _ format: ExportFormat) async throws -> String {
    var text = ""
    try await graph.export(as: format) { text += $0 + "\n" }
    return text
  }

  func source(_ text: String) -> ImportSource { ImportSource(name: "exported", text: text) }

  @Test("what was exported is imported as the same graph, whatever it holds", arguments: TestBackend.all)
  func roundTrip(_ backend: TestBackend) async throws {
    var random = SeededRandom()
    let graph = Graph(try await backend.store())
    func text() -> String { random.text(upTo: 6).replacing("\0", with: "0").replacing("*", with: "+") }
    for number in 0..<60 {
      let data = Bool.random(using: &random) ? try JSON(parsing: "[1,{\"x\":\(JSON(text()))}]") : nil
      let node = NodeReference(type: "T\(number % 3)", id: text())
      try await graph.add(
        Edge(from: node, to: NodeReference(type: text(), id: text()), type: text(), data: data),
        replacing: true)
      if number % 4 == 0 {
        try await graph.store.put("t\(number % 3)/\(node.id)", JSON(members: [("name", JSON(text()))]))
      }
    }
    for format in ExportFormat.allCases {
      let exported = try await export(graph, format)
      let copy = Graph(try await backend.store())
      _ = try await copy.load(source(exported))
      #expect(try await export(copy, format) == exported, "seed \(random.seed)")
      let selection = format == .json ? Selection.all : .prefix("graph/edge/")
      let (original, imported) = (
        try await graph.store.records(selection, page: .all),
        try await copy.store.records(selection, page: .all)
      )
      #expect(original.map(\.key) == imported.map(\.key), "seed \(random.seed)")
      #expect(original.map(\.value) == imported.map(\.value), "seed \(random.seed)")
    }
  }

  @Test("a graph without edges is exported as one")
  func empty() async throws {
    let graph = Graph(try await TestBackend.sqlite.store())
    #expect(try await export(graph, .json) == "{\"nodes\":[\n],\"edges\":[\n]}\n")
    #expect(try await export(graph, .jsonl).isEmpty)
    #expect(try await graph.load(source(export(graph, .json))) == ImportSummary())
  }
}
