import KV

// Which members of a document hold elements.
extension JSONReader {
  /// Whether a member shows that its object is a document and no element.
  static func isDocument(_ name: String, _ kind: JSON.Kind) -> Bool {
    guard kind == .array || kind == .object else { return false }
    if kind == .array, name == "edges" || name == "nodes" { return true }
    return section(name) != nil || ["elements", "graphs", "adjacency"].contains(name)
      || name == "graph" && kind == .object
      || JSONDocument.isShown(by: name, kind == .array ? UInt8(ascii: "[") : UInt8(ascii: "{"))
  }

  static func section(_ name: String) -> Section? {
    switch name {
    case "nodes", "vertices": .nodes
    case "edges", "links", "relationships", "rels": .edges
    case "hyperedges": .hyperedges
    case "adjacency": .adjacency
    default: nil
    }
  }
}

/// What is wrong with the shape of a document that is JSON.
struct JSONShapeError: Error {
  var reason: String
}
