import KV
import TestSupport
import Testing

@testable import KVGraph

/// What readers give, a line an item.
enum Reading {
  static let chunkSizes = [1, 7, 1 << 20]

  static func chunks(_ bytes: [UInt8], of size: Int) -> () throws -> [UInt8] {
    var rest = bytes[...]
    return {
      defer { rest = rest.dropFirst(size) }
      return Array(rest.prefix(size))
    }
  }

  static func all(_ reader: some GraphReader) throws -> [(item: ImportedItem, line: Int)] {
    var reader = reader
    var items: [(item: ImportedItem, line: Int)] = []
    while let item = try reader.next() { items.append(item) }
    return items
  }

  static func lines(_ items: [(item: ImportedItem, line: Int)]) -> [String] {
    items.map { "\($0.line) " + text($0.item) }
  }

  static func text(_ item: ImportedItem) -> String {
    switch item {
    case .node(let node): text(node.name) + text(type: node.type) + text(node.attributes)
    case .edge(let edge):
      text(edge.from) + " > " + text(edge.to) + text(type: edge.type) + (edge.id.map { " #" + $0 } ?? "")
        + text(edge.attributes)
    case .graph(let isDirected): "graph \(isDirected ? "->" : "--")"
    case .directed(let isDirected): isDirected ? "directed" : "undirected"
    case .ignored(let what): "ignored " + what
    case .invalid(let reason, _): "invalid " + reason
    case .note(let text): "note " + text
    case .edgeType(let type, let isDirected): "\(type) \(isDirected)"
    }
  }

  static func expect(
    _ items: [String], _ expected: [String], location: SourceLocation = #_sourceLocation
  ) {
    for (item, expected) in zip(items, expected) {
      #expect(
        item.utf8.elementsEqual(expected.utf8), "\(item) where \(expected) was expected",
        sourceLocation: location)
    }
    #expect(items.count == expected.count, sourceLocation: location)
  }

  private static func text(_ name: NodeName) -> String {
    switch name {
    case .id(let id, space: nil): id
    case .id(let id, let space?): "\(id) in \(space)"
    case .node(let node): "node \(node)"
    case .text(let text): "text \(text)"
    case .position(let position): "position \(position)"
    }
  }

  private static func text(type: String?) -> String { type.map { " (\($0))" } ?? "" }

  private static func text(_ attributes: [(name: String, value: JSON)]) -> String {
    attributes.isEmpty ? "" : " " + JSON(members: attributes.map { ($0.name, $0.value) }).text
  }
}

extension GraphWriter {
  /// The whole file.
  mutating func file(_ nodes: [ExportedNode], _ edges: [ExportedEdge]) throws -> String {
    var lines = start
    for node in nodes { if let line = try line(for: node) { lines.append(line) } }
    lines += middle
    for edge in edges { if let line = try line(for: edge) { lines.append(line) } }
    return (lines + end).map { $0 + "\n" }.joined()
  }
}

extension SeededRandom {
  /// Values that try to come back as something else.
  mutating func value(depth: Int = 0) -> JSON {
    let traps = [
      "null", "true", "false", "0", "-0", "1.0", "1e400", "1.5e10", "1E5", "12345678901234567890", "0.1",
      #""""#, #""[]""#, #""()""#, #""_networkx_list_start""#, #""12""#, #""\u00e9""#, #""+INF""#,
      #""&quot;""#, "[]",
      "{}", "[1]", #"["_networkx_list_start",1]"#, "[[1],[2]]", #"{"a":1,"b":[true]}"#, #"{"\u0061":"x"}"#,
    ]
    switch Int.random(in: 0..<(depth > 2 ? 2 : 5), using: &self) {
    case 0: return JSON(text(upTo: 8))
    case 1: return (try? JSON(parsing: traps.randomElement(using: &self) ?? "0")) ?? .null
    case 2:
      return JSON(elements: (0..<Int.random(in: 0...3, using: &self)).map { _ in value(depth: depth + 1) })
    case 3:
      return JSON(
        members: (0..<Int.random(in: 0...3, using: &self)).map { _ in (name(), value(depth: depth + 1)) })
    default: return JSON(Int.random(in: -9...9, using: &self))
    }
  }

  mutating func name() -> String {
    let traps = [
      "id", "label", "type", "source", "target", "key", "kvattribute", "self", "weight", "x", "y", "@key",
      "a_b", "",
      "relation", "name", "json", "graph", "node", "Creator", "[]", "_networkx_list_start", "NAN",
      "@attributes",
    ]
    return Bool.random(using: &self) ? text(upTo: 5) : traps.randomElement(using: &self) ?? "x"
  }

  /// No name twice.
  mutating func attributes(without names: Set<String> = []) -> [(name: String, value: JSON)] {
    var attributes = ElementAttributes()
    for _ in 0..<Int.random(in: 0...5, using: &self) {
      let name = name()
      if !names.contains(name) { attributes.set(name, value()) }
    }
    return attributes.inOrder
  }

  mutating func reference() -> NodeReference {
    let types = ["User", "[]", "_networkx_list_start", "a:b", text(upTo: 4)]
    return NodeReference(type: types.randomElement(using: &self) ?? "T", id: text(upTo: 6))
  }
}

extension ExportedEdge {
  init(edge: Edge, isDirected: Bool, attributes: [(name: String, value: JSON)]) {
    var edge = edge
    edge.isDirected = isDirected
    self.init(edge: edge, attributes: attributes)
  }

  var isDirected: Bool { edge.isDirected }
}
