import KV

@testable import KVGraph

/// Hands out a text so many bytes at a time.
func chunks(_ text: String, of size: Int) -> () throws -> [UInt8] { chunks(Array(text.utf8), of: size) }

func chunks(_ bytes: [UInt8], of size: Int) -> () throws -> [UInt8] {
  var rest = bytes[...]
  return {
    defer { rest = rest.dropFirst(size) }
    return Array(rest.prefix(size))
  }
}

/// What a reader gives, one line a thing, and at last its error.
func described(_ make: () throws -> some GraphReader) -> [String] {
  var lines: [String] = []
  do {
    var reader = try make()
    while let (item, line) = try reader.next() { lines.append("\(line) \(item.described)") }
  } catch {
    lines.append("error \(error)")
  }
  return lines
}

extension ImportedItem {
  var described: String {
    func members(_ attributes: [(name: String, value: JSON)]) -> String {
      "{" + attributes.map { "\(JSON($0.name)):\($0.value)" }.joined(separator: ",") + "}"
    }
    switch self {
    case .node(let node):
      return "(\(node.name.described)\(node.type.map { ":" + $0 } ?? "")) \(members(node.attributes))"
    case .edge(let edge):
      let arrow = edge.isDirected.map { $0 ? "->" : "--" } ?? "-?"
      let id = edge.id.map { "#" + $0 } ?? ""
      return
        "\(edge.from.described) -[\(edge.type ?? "")\(id)]\(arrow) \(edge.to.described) \(members(edge.attributes))"
    case .graph(let isDirected): return "graph \(isDirected ? "->" : "--")"
    case .directed(let isDirected): return isDirected ? "directed" : "undirected"
    case .ignored(let name): return "ignored \(name)"
    case .invalid(let reason, _): return "invalid \(reason)"
    case .note(let text): return "note \(text)"
    case .edgeType(let type, let isDirected): return "\(type) \(isDirected)"
    }
  }
}

extension NodeName {
  fileprivate var described: String {
    switch self {
    case .node(let node): "\(node)"
    case .text(let text): "text " + text
    case .id(let id, let space): id + (space.map { "@" + $0 } ?? "")
    case .position(let position): "\(position)"
    }
  }
}
