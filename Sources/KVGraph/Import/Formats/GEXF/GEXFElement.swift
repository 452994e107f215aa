import KV

/// A node or an edge of a GEXF document whose end has not come.
struct GEXFElement {
  let isNode: Bool
  let line: Int
  var list: AttributeTable.List
  var id: String?
  var source: String?
  var target: String?
  /// An edge's direction, or else its kind.
  var type: String?
  var kind: String?
  var parents: [String] = []
  /// When it was there: `spells`, or `slices` in GEXF 1.1.
  var spans: [(name: String, value: JSON)] = []
  /// XML attributes that are attributes of the element.
  var others: [(name: String, value: JSON)] = []
  var problem: String?
}

/// Makes items of elements: finds their types, and brings what comes from elsewhere than `attvalues` among
/// the attributes.
struct GEXFElements {
  var table = AttributeTable()
  var defaults = (node: AttributeDefaults(), edge: AttributeDefaults())
  /// Whether an edge that does not say otherwise leads both ways, as two edges.
  var isMutual = false
  private let isText: Bool
  private let type: Int
  private let words: [Int]

  init(isText: Bool) {
    self.isText = isText
    type = table.number(of: "type")
    var words = [type]
    for name in ["relation", "relationship", "interaction"] { words.append(table.number(of: name)) }
    self.words = words
  }

  /// - Parameter isInside: whether another element goes on after this one.
  mutating func begin(isNode: Bool, line: Int, isInside: Bool) -> GEXFElement {
    GEXFElement(isNode: isNode, line: line, list: table.begin(isInside: isInside))
  }

  /// Whether the attribute had another value before.
  mutating func add(
    _ text: ArraySlice<UInt8>, of key: DeclaredAttributes.Key, to element: inout GEXFElement
  ) -> Bool {
    guard let value = value(of: text, key) else {
      if !text.isWhitespace { element.problem = element.problem ?? key.type.refusal(of: text, of: key.title) }
      return false
    }
    let isAgain = table.value(of: key.name, in: element.list) != nil
    table.set(key.name, value, in: &element.list)
    return isAgain
  }

  mutating func addDefault(of key: DeclaredAttributes.Key, _ text: ArraySlice<UInt8>) {
    let value = value(of: text, key)
    if value == nil, text.isWhitespace { return }
    let problem = value == nil ? key.type.refusal(of: text, of: key.title) : ""
    let size = key.title.utf8.count + text.count
    if key.domain == "node" {
      defaults.node.add(key.name, value, problem: problem, size: size)
    } else {
      defaults.edge.add(key.name, value, problem: problem, size: size)
    }
  }

  private func value(of text: ArraySlice<UInt8>, _ key: DeclaredAttributes.Key) -> JSON? {
    key.type.value(of: text, isText: isText)
  }

  mutating func finish(_ element: consuming GEXFElement, ignored: (String) -> Void) -> [ImportedItem] {
    let start = element.list.count
    if element.parents.count == 1 { element.others.append(("parent", JSON(element.parents[0]))) }
    if element.parents.count > 1 {
      element.others.append(("parents", JSON(elements: element.parents.map { JSON($0) })))
    }
    for (name, value) in element.others { add(name, value, to: &element.list, ignored) }
    // What stands in the tag comes before what stands inside.
    element.list.front = start..<element.list.count
    for name in ["spells", "slices"] {
      let spans = element.spans.filter { $0.name == name }.map(\.value)
      if !spans.isEmpty { add(name, JSON(elements: spans), to: &element.list, ignored) }
    }
    let missing =
      element.isNode ? defaults.node.fill(&element.list, &table) : defaults.edge.fill(&element.list, &table)
    let isDirected = element.isNode ? nil : Self.isDirected(element.type)
    let isMutual = !element.isNode && (element.type.map(Self.isMutual) ?? self.isMutual)
    var word = element.kind
    if word == nil, let type = element.type, !type.isEmpty, isDirected == nil { word = type }
    if let text = word {
      if table.text(of: type, in: element.list) == text { table.take(type, from: &element.list) }
    } else {
      word = table.takeText(of: element.isNode ? [type] : words, from: &element.list)
    }
    let attributes = table.end(element.list)
    if let problem = element.problem ?? missing { return [.invalid(problem)] }
    if element.isNode {
      guard let id = element.id else { return [.invalid("the node has no id")] }
      return [.node(ImportedNode(name: .id(id), type: word, attributes: attributes))]
    }
    guard let source = element.source else { return [.invalid("the edge has no source")] }
    guard let target = element.target else { return [.invalid("the edge has no target")] }
    let edge = ImportedEdge(
      from: .id(source), to: .id(target), type: word, isDirected: isDirected, id: element.id,
      attributes: attributes)
    guard isMutual, !source.hasSameBytes(as: target) else { return [.edge(edge)] }
    var other = edge
    (other.from, other.to) = (edge.to, edge.from)
    return [.edge(edge), .edge(other)]
  }

  /// The words of GEXF 1.0 are shorter.
  private static let mutual = ["mutual", "dou"]

  static func isMutual(_ type: String) -> Bool { mutual.contains(type.lowercased()) }

  /// `nil` for what is no direction.
  static func isDirected(_ type: String?) -> Bool? {
    switch type?.lowercased() {
    case "directed", "dir", "mutual", "dou": true
    case "undirected", "sim": false
    default: nil
    }
  }

  /// Adds an attribute that does not come from `attvalues`.
  private mutating func add(
    _ name: String, _ value: JSON, to list: inout AttributeTable.List, _ ignored: (String) -> Void
  ) {
    let number = table.number(of: name)
    if let data = table.value(of: number, in: list) {
      // An id told the edge from others all the same.
      if data != value, name != "id" { ignored("the XML attribute \(name) beside an attvalue of that name") }
    } else {
      table.set(number, value, in: &list)
    }
  }
}
