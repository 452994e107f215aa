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

  /// Hostile names and data of every kind. For XML without control characters in names, which it cannot hold, and without
  /// U+FFFE, which comes back as an escape.
  func graph(_ backend: TestBackend, forXML: Bool, _ random: inout SeededRandom) async throws -> Graph {
    let graph = Graph(try await backend.store())
    // Scalar by scalar: one that a joiner follows is another character to `replacing`.
    func text(without isUnfit: (Unicode.Scalar) -> Bool) -> String {
      String(String.UnicodeScalarView(random.text(upTo: 6).unicodeScalars.map { isUnfit($0) ? "x" : $0 }))
    }
    func isNoXML(_ scalar: Unicode.Scalar) -> Bool { forXML && (0xFFFE...0xFFFF).contains(scalar.value) }
    func name() -> String {
      text { $0 == "\0" || $0 == "*" || isNoXML($0) || (forXML && $0.value < 0x20) }
    }
    func value() -> JSON {
      let text = JSON(text { $0 == "\0" || isNoXML($0) })
      return [text, JSON(-7), .null, JSON(true), JSON(elements: [text]), JSON(members: [("data", text)])]
        .randomElement(using: &random) ?? text
    }
    for number in 0..<60 {
      let members = Dictionary((0..<3).map { _ in (name(), value()) }) { $1 }
      let data = [
        nil, value(), JSON(members: members.sorted { $0.key < $1.key }), JSON(members: []),
        JSON(members: [("type", value()), ("id", value())]),
      ].randomElement(using: &random)
      let node = NodeReference(type: "T\(number % 3)", id: name())
      try await graph.add(
        Edge(from: node, to: NodeReference(type: name(), id: name()), type: name(), data: data ?? nil),
        replacing: true)
      if number % 4 == 0 {
        try await graph.store.put(
          node.entityKey, JSON(members: [(name() + "n", value()), ("label", value())]))
      }
    }
    return graph
  }

  @Test("what was exported is imported as the same graph, whatever it holds", arguments: TestBackend.all)
  func roundTrip(_ backend: TestBackend) async throws {
    var random = SeededRandom()
    for format in ExportFormat.allCases {
      let graph = try await graph(backend, forXML: format == .graphML, &random)
      let exported = try await export(graph, format)
      let copy = Graph(try await backend.store())
      _ = try await copy.load(source(exported))
      let again = try await export(copy, format)
      #expect(again == exported, "\(format), seed \(random.seed)")
      let keepsEntities = format != .jsonl && format != .csv
      let selection = keepsEntities ? Selection.all : .prefix("graph/edge/")
      let (original, imported) = (
        try await graph.store.records(selection, page: .all),
        try await copy.store.records(selection, page: .all)
      )
      #expect(original.map(\.key) == imported.map(\.key), "\(format), seed \(random.seed)")
      for (original, imported) in zip(original, imported) {
        #expect(original.value == imported.value, "\(format), seed \(random.seed)")
      }
    }
  }

  @Test("cells that a spreadsheet would carry out are defused where that is asked for")
  func formulas() async throws {
    let graph = Graph(try await TestBackend.sqlite.store())
    try await graph.add(
      Edge(from: NodeReference(type: "=1+1", id: "@x"), to: NodeReference(type: "T", id: "-2"), type: "+t"))
    var lines: [String] = []
    try await graph.export(as: .csv, escapingFormulas: true) { lines.append($0) }
    #expect(lines.last == "'=1+1,'@x,T,'-2,'+t,")
    #expect(try await export(graph, .csv).hasSuffix("=1+1,@x,T,-2,+t,\n"))
  }

  @Test("a graph without edges is exported as one")
  func empty() async throws {
    let graph = Graph(try await TestBackend.sqlite.store())
    #expect(try await export(graph, .json) == "{\"nodes\":[\n],\"edges\":[\n]}\n")
    #expect(try await export(graph, .jsonl).isEmpty)
    #expect(try await graph.load(source(export(graph, .json))) == ImportSummary())
  }

  @Test("a control character in a name, which XML cannot hold, is refused before anything is written")
  func controlCharacters() async throws {
    let graph = Graph(try await TestBackend.sqlite.store())
    let node = NodeReference(type: "T", id: "a\u{1}")
    try await graph.add(Edge(from: node, to: node, type: "t"))
    var lines = 0
    let error = await #expect(throws: KVError.self) {
      try await graph.export(as: .graphML) { _ in lines += 1 }
    }
    #expect(error?.code == .invalidData && lines == 0)
  }
}
