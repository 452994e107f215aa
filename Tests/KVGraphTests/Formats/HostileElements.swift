import KV
import TestSupport

@testable import KVGraph

/// What a reader gives, each item as one line of text.
func lines(
  of reader: (@escaping () throws -> [UInt8]) throws -> any GraphReader, _ bytes: [UInt8], chunk: Int
) throws
  -> [String]
{
  var rest = bytes[...]
  var reader = try reader {
    defer { rest = rest.dropFirst(chunk) }
    return Array(rest.prefix(chunk))
  }
  var lines: [String] = []
  while let (item, line) = try reader.next() { lines.append("\(line) \(describe(item))") }
  return lines
}

func describe(_ item: ImportedItem) -> String {
  func name(_ name: NodeName) -> String {
    switch name {
    case .node(let node): "\(node)"
    case .text(let text): text
    case .id(let id, _): id
    case .position(let position): "#\(position)"
    }
  }
  func list(_ attributes: [(name: String, value: JSON)]) -> String {
    attributes.isEmpty ? "" : " {" + attributes.map { "\($0.name)=\($0.value)" }.joined(separator: " ") + "}"
  }
  switch item {
  case .node(let node):
    return "node \(name(node.name))\(node.type.map { " :\($0)" } ?? "")\(list(node.attributes))"
  case .edge(let edge):
    let arrow = edge.isDirected.map { $0 ? "=>" : "--" } ?? "->"
    return "edge \(name(edge.from)) \(arrow) \(name(edge.to))\(edge.type.map { " :\($0)" } ?? "")"
      + "\(edge.id.map { " id \($0)" } ?? "")\(list(edge.attributes))"
  case .directed(let directed): return directed ? "directed" : "undirected"
  case .ignored(let name): return "ignored \(name)"
  case .invalid(let reason, _): return "invalid \(reason)"
  default: return "\(item)"
  }
}

/// Nodes and edges to write, hostile and in any order of attributes, with those that a writer is given ready.
struct HostileElements {
  var random: SeededRandom
  /// Names that a format has a meaning of its own for.
  var reserved: Set<String>

  mutating func value(depth: Int = 0) -> JSON {
    switch Int.random(in: 0..<(depth > 2 ? 8 : 10), using: &random) {
    case 0: JSON(random.text(upTo: 12))
    case 1:
      JSON(
        [
          "", " ", "12", "1.0", "true", "null", "\\", "a\\", "a\\\\", "\\\"", "\\\n", "\\N", "<b>x</b>", "{}",
          "%x", "@json.",
        ].randomElement(using: &random) ?? "")
    case 2:
      (try? JSON(
        parsing: ["1.0", "1e400", "-0", "12", "123456789012345678901234567890", "1E+2"].randomElement(
          using: &random) ?? "0")) ?? .null
    case 3: .null
    case 4: JSON(Bool.random(using: &random))
    case 5: (try? JSON(parsing: #"["\u005c","\/","\u0041",1.50]"#)) ?? .null
    case 6: (try? JSON(parsing: #""\u0022\/""#)) ?? .null
    case 7: JSON("plain")
    case 8: JSON(elements: (0..<Int.random(in: 0...3, using: &random)).map { _ in value(depth: depth + 1) })
    default: JSON(members: attributes(upTo: 3, depth: depth + 1).map { ($0.name, $0.value) })
    }
  }

  mutating func name() -> String {
    let plain = [
      "a", "b", "label", "cluster", "node", "Graph", "id", "weight", "", "1", "relation", "a b", "\u{301}x",
      "x\\", "xlabel",
    ]
    return Bool.random(using: &random) ? plain.randomElement(using: &random) ?? "a" : random.text(upTo: 6)
  }

  mutating func attributes(upTo count: Int, depth: Int = 0) -> [(name: String, value: JSON)] {
    var list: [(name: String, value: JSON)] = []
    for _ in 0..<Int.random(in: 0...count, using: &random) {
      let name = name()
      if reserved.contains(name) || name.hasPrefix("@")
        || list.contains(where: { $0.name.utf8.elementsEqual(name.utf8) })
      {
        continue
      }
      list.append((name, value(depth: depth)))
    }
    return list
  }

  mutating func reference() -> NodeReference {
    NodeReference(
      type: Bool.random(using: &random) ? "User" : random.text(upTo: 5),
      id: ["\\", "a\"b", "%", "a\\", "x\ny"].randomElement(using: &random).map { $0 + random.text(upTo: 6) }
        ?? "")
  }
}
