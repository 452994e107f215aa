import KV

/// Writes Graphviz's language (graphviz.org/doc/info/lang.html). An edge's type is its label as well, for
/// people.
///
/// libcgraph keeps attributes in the order in which a file first names them. A node or an edge that has them
/// in another order writes them as one too, `@attributes`; so does one whose names libcgraph cannot hold, and all
/// that come after too many names.
struct DOTWriter: GraphWriter {
  let keepsOrder = false
  let reservedNames: (node: Set<String>, edge: Set<String>) = (
    ["type"], ["type", "key", "headport", "tailport"]
  )
  private let isDirected: Bool
  private var nodeNames = Names()
  private var edgeNames = Names()

  init(isDirected: Bool) { self.isDirected = isDirected }

  var start: [String] { [isDirected ? "digraph {" : "graph {"] }
  let end = ["}"]

  mutating func line(for node: ExportedNode) throws -> String? {
    let attributes = [Self.attribute("type", JSON(node.reference.type))] + nodeNames.written(node.attributes)
    return "  \(DOTText.quoted(name: "\(node.reference)"))\(Self.list(attributes));"
  }

  mutating func line(for edge: ExportedEdge) throws -> String? {
    let (type, ends) = (edge.edge.type, (from: "\(edge.edge.from)", to: "\(edge.edge.to)"))
    var attributes = [Self.attribute("type", JSON(type))]
    var own = edge.attributes
    if edge.edge.isDirected != isDirected, !own.contains(where: { $0.name == "@undirected" }) {
      own.insert(("@undirected", JSON(!edge.edge.isDirected)), at: 0)
    }
    edgeNames.add("label")
    let written = edgeNames.written(own, label: type)
    if !written.contains(where: { $0.name == "label" }), let label = DOTText.quoted(label: type) {
      attributes.append(("label", label))
    }
    return "  \(DOTText.quoted(name: ends.from)) \(isDirected ? "->" : "--") \(DOTText.quoted(name: ends.to))"
      + "\(Self.list(attributes + written));"
  }

  private typealias Written = (name: String, text: String)

  /// With the value as it stands in the file.
  private static func attribute(_ name: String, _ value: JSON, label: String? = nil) -> Written {
    let (written, text) = TextAttribute.written(name, value)
    guard !DOTText.isJSON(written) else { return (written, DOTText.quoted(json: value.text)) }
    let quoted = DOTText.isLabel(written) ? DOTText.quoted(label: text) : DOTText.quoted(text)
    // A label that is the type would be taken for one that is there for people.
    if let quoted, written != "label" || label != text { return (written, quoted) }
    return ("@json." + name, DOTText.quoted(json: value.text))
  }

  private static func list(_ attributes: [Written]) -> String {
    " [" + attributes.map { "\(word($0.name))=\($0.text)" }.joined(separator: ", ") + "]"
  }

  private static let words: Set = ["node", "edge", "graph", "digraph", "subgraph", "strict"]

  private static func word(_ name: String) -> String {
    let isWord = name.utf8.allSatisfy {
      switch $0 {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
    if isWord, !name.isEmpty, !words.contains(name.lowercased()) { return name }
    return DOTText.quoted(name) ?? "\"\""
  }

  /// The names of attributes that the file has had, in the order that they come back in.
  private struct Names {
    private var places: [ByteKey: Int] = [:]
    private var elements = 0
    /// What it costs libcgraph to give a new attribute to all that is there: ``DOTBounds`` allows more.
    private var work = 0
    private static let largestWork = 1_000_000_000
    private static let largestCount = 1000

    mutating func add(_ name: String) {
      let bytes = ByteKey(name)
      if places[bytes] == nil { places[bytes] = places.count }
    }

    mutating func written(_ attributes: [(name: String, value: JSON)], label: String? = nil) -> [Written] {
      elements += 1
      let written = attributes.map { DOTWriter.attribute($0.name, $0.value, label: label) }
      if hold(zip(attributes, written).map { ($0.name, $1.name) }) { return written }
      let isOurs = { (name: String) in name.utf8.first == UInt8(ascii: "@") }
      let data = attributes.filter { !isOurs($0.name) }
      let readable = zip(attributes, written).filter { !isOurs($0.name) && hold([($0.name, $1.name)]) }
      let ours = attributes.filter { isOurs($0.name) }
      // The whole of it is there already where the record itself does not stand side by side.
      let whole = ours.contains { [ExportedAttributes.whole, ExportedAttributes.data].contains($0.name) }
      return readable.map(\.1)
        + (data.isEmpty || whole
          ? []
          : [("@attributes", DOTText.quoted(json: JSON(members: data.map { ($0.name, $0.value) }).text))])
        + ours.map { DOTWriter.attribute($0.name, $0.value) }
    }

    /// Whether the names come back as they are, and in this order; then they are the file's.
    private mutating func hold(_ names: [(name: String, written: String)]) -> Bool {
      var new: [ByteKey] = []
      var last = -1
      // The order of what is ours means nothing.
      for (name, written) in names where name.utf8.first != UInt8(ascii: "@") {
        let bytes = ByteKey(written)
        if let place = places[bytes] {
          guard new.isEmpty, place > last else { return false }
          last = place
        } else {
          guard Self.canBeHeld(name, written) else { return false }
          new.append(bytes)
        }
      }
      let cost = (places.count + new.count) * elements * new.count
      guard new.isEmpty || places.count + new.count <= Self.largestCount && work + cost <= Self.largestWork
      else { return false }
      work += cost
      for bytes in new { places[bytes] = places.count }
      return true
    }

    private static func canBeHeld(_ name: String, _ written: String) -> Bool {
      guard !written.isEmpty, DOTText.quoted(written) != nil else { return false }
      // libcgraph takes the pieces of such a name for others, and their order is not that of the file.
      if name.utf8.contains(where: { $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: "\"") }) { return false }
      if written.hasSameBytes(as: name) { return true }
      return TextAttribute.read(written, "null").name.hasSameBytes(as: name)
    }
  }
}
