import KV

/// Writes GML as NetworkX's `read_gml` reads it: ASCII, with whole numbers of 32 bits and reals that have a
/// point.
///
/// What GML cannot say comes as `kvattribute [ name "…" json "…" ]`, which ``GMLReader`` undoes: names
/// that are no GML key or are its own, null, arrays inside arrays, other numbers, texts that stand for something
/// else. Booleans are written both ways, for other programs as 1 and 0. A node's label is its name, its id
/// only counts.
struct GMLWriter: GraphWriter {
  static let creator = "kv"
  static let attributeName = "kvattribute"
  // A member called `self` is one that NetworkX cannot take.
  static let ownNodeNames: Set = ["id", "label", "type", "self", attributeName]
  static let ownEdgeNames: Set = ["source", "target", "key", "type", "self", attributeName]
  private static let deepest = 50

  let reservedNames: (node: Set<String>, edge: Set<String>) = ([], [])
  private let isDirected: Bool
  private let hasParallelEdges: Bool
  private var numbers: [NodeReference: Int] = [:]
  private var edgeCount = 0

  /// - Parameters:
  ///   - isDirected: what holds for an edge that does not say otherwise with `@undirected`.
  ///   - hasParallelEdges: whether two edges have the same ends, of whatever type, in an
  ///     undirected file in either order.
  init(isDirected: Bool, hasParallelEdges: Bool) {
    self.isDirected = isDirected
    self.hasParallelEdges = hasParallelEdges
  }

  var start: [String] {
    [#"Creator "\#(Self.creator)""#, "Version 1", "graph [", "  directed \(isDirected ? 1 : 0)"]
      + (hasParallelEdges ? ["  multigraph 1"] : [])
  }

  let end = ["]"]

  mutating func line(for node: ExportedNode) throws -> String? {
    let number = numbers.count
    numbers[node.reference] = number
    let own = [
      "id \(number)", "label \(Self.quoted("\(node.reference)"))", "type \(Self.quoted(node.reference.type))",
    ]
    return Self.list("node", own + Self.lines(node.attributes, besides: Self.ownNodeNames))
  }

  mutating func line(for edge: ExportedEdge) throws -> String? {
    guard let source = numbers[edge.edge.from], let target = numbers[edge.edge.to] else {
      throw KVError(.failed, "the graph was changed while it was being exported; try again")
    }
    var own = ["source \(source)", "target \(target)"]
    if hasParallelEdges { own.append("key \(edgeCount)") }
    edgeCount += 1
    own.append("type \(Self.quoted(edge.edge.type))")
    var attributes = edge.attributes
    if edge.edge.isDirected != isDirected, !attributes.contains(where: { $0.name == "@undirected" }) {
      attributes.insert(("@undirected", JSON(!edge.edge.isDirected)), at: 0)
    }
    return Self.list("edge", own + Self.lines(attributes, besides: Self.ownEdgeNames))
  }

  private static func list(_ name: String, _ lines: [String]) -> String {
    "  \(name) [\n" + lines.map { "    \($0)\n" }.joined() + "  ]"
  }

  private static func lines(_ attributes: [(name: String, value: JSON)], besides ownNames: Set<String>)
    -> [String]
  {
    attributes.flatMap { name, value in
      let isPlain = isKey(name) && !ownNames.contains(name)
      if isPlain, let lines = lines(name, value, depth: 0) { return lines }
      let hint = isPlain ? Self.hint(value).map { ["\(name) \($0)"] } ?? [] : []
      return hint + ["\(attributeName) [ name \(quoted(name)) json \(quoted(value.text)) ]"]
    }
  }

  /// What other programs can read in place of a value.
  private static func hint(_ value: JSON) -> String? {
    switch value.kind {
    case .boolean: return value.text == "true" ? "1" : "0"
    case .number:
      guard let number = Double(value.text), number.isFinite else { return nil }
      // Reals have a point, also before an exponent.
      let parts = "\(number)".split(separator: "e")
      return (parts[0].contains(".") ? parts[0] : parts[0] + ".0") + (parts.count == 2 ? "E\(parts[1])" : "")
    case .string, .null, .array, .object: return nil
    }
  }

  private static func isKey(_ name: String) -> Bool {
    func isLetter(_ byte: UInt8) -> Bool {
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
    guard let first = name.utf8.first, isLetter(first) else { return false }
    return name.utf8.allSatisfy { isLetter($0) || $0.isDigit || $0 == UInt8(ascii: "_") }
  }

  /// `nil` where reading them would not give the value back, to the letter.
  private static func lines(_ name: String, _ value: JSON, depth: Int) -> [String]? {
    switch value.kind {
    case .null, .boolean: return nil
    case .number: return isNumber(value.text) ? ["\(name) \(value.text)"] : nil
    case .string:
      guard let text = value.string, JSON(text) == value, value != GMLList.arrayMarker,
        !GMLList.emptyArrays.contains(value)
      else { return nil }
      return ["\(name) \(quoted(text))"]
    case .array:
      guard let elements = value.elements, !GMLList.textNames.contains(name) else { return nil }
      if elements.isEmpty { return [#"\#(name) "[]""#] }
      var lines = elements.count == 1 ? ["\(name) \(GMLList.arrayMarker.text)"] : []
      for element in elements {
        guard element.kind != .array, let more = Self.lines(name, element, depth: depth) else { return nil }
        lines += more
      }
      return lines
    case .object:
      guard depth < deepest, let members = value.members,
        JSON(members: members.map { ($0.name, $0.value) }) == value
      else { return nil }
      var lines = ["\(name) ["]
      for member in members {
        guard isKey(member.name), let more = Self.lines(member.name, member.value, depth: depth + 1) else {
          return nil
        }
        lines += more.map { "  " + $0 }
      }
      return lines + ["]"]
    }
  }

  private static func isNumber(_ text: String) -> Bool {
    if text.utf8.contains(UInt8(ascii: ".")) { return Double(text)?.isFinite == true }
    return Int32(text) != nil
  }

  private static func quoted(_ text: String) -> String {
    // igraph knows these two by name alone.
    let text = CharacterReferences.encoded(text) {
      (0x20...0x7E).contains($0.value) && $0 != "\"" && $0 != "&"
    }
    return "\"\(text.replacing("&#34;", with: "&quot;").replacing("&#38;", with: "&amp;"))\""
  }
}
