import KV

/// A node or an edge of a GraphML document whose end has not come.
struct GraphMLElement {
  let isNode: Bool
  let line: Int
  var list: AttributeTable.List
  var id: String?
  var source: String?
  var target: String?
  var isDirected: Bool?
  /// Neo4j's XML attribute, `labels` of a node or `label` of an edge.
  var label: String?
  /// XML attributes that GraphML knows nothing of.
  var others: [(name: String, text: String)] = []
  /// The node that it is inside of.
  var parent: String?
  var drawing: GraphMLDrawing?
  var problem: String?
}

/// Makes items of elements: finds their types, and brings what comes from elsewhere than data among the
/// attributes.
struct GraphMLElements {
  var table = AttributeTable()
  var defaults = (node: AttributeDefaults(), edge: AttributeDefaults())
  private let isText: Bool
  /// Neo4j names an edge's type `label`, which elsewhere is an attribute like any other.
  private var isNeo4j = false
  private let id, type, labelV, labelE, labels, label, further: Int
  private let relations: [Int]

  init(isText: Bool) {
    self.isText = isText
    id = table.number(of: "id")
    type = table.number(of: "type")
    labelV = table.number(of: "labelV")
    labelE = table.number(of: "labelE")
    labels = table.number(of: "labels")
    label = table.number(of: "label")
    further = table.number(of: "@labels")
    var relations: [Int] = []
    for name in ["relation", "relationship", "interaction"] { relations.append(table.number(of: name)) }
    self.relations = relations
  }

  /// - Parameter isInside: whether another element goes on after this one.
  mutating func begin(isNode: Bool, line: Int, isInside: Bool) -> GraphMLElement {
    GraphMLElement(isNode: isNode, line: line, list: table.begin(isInside: isInside))
  }

  /// An edge's id is an attribute too, unless data of that name comes.
  mutating func setID(_ text: String, of element: inout GraphMLElement) {
    element.id = text
    if !element.isNode { table.set(id, JSON(text), in: &element.list) }
  }

  mutating func add(
    _ text: ArraySlice<UInt8>, of key: DeclaredAttributes.Key, to element: inout GraphMLElement
  ) {
    if let value = key.type.value(of: text, isText: isText) {
      table.set(key.name, value, in: &element.list)
    } else if !text.isWhitespace {
      element.problem = element.problem ?? key.type.refusal(of: text, of: key.title)
    }
  }

  mutating func addDefault(of key: DeclaredAttributes.Key, _ text: ArraySlice<UInt8>) {
    if key.isDrawing { return }
    let value = key.type.value(of: text, isText: isText)
    if value == nil, text.isWhitespace { return }
    let problem = value == nil ? key.type.refusal(of: text, of: key.title) : ""
    let size = key.title.utf8.count + text.count
    if ["node", "all"].contains(key.domain) {
      defaults.node.add(key.name, value, problem: problem, size: size)
    }
    if ["edge", "all"].contains(key.domain) {
      defaults.edge.add(key.name, value, problem: problem, size: size)
    }
  }

  mutating func finish(_ element: consuming GraphMLElement, ignored: (String) -> Void) -> ImportedItem {
    let missing =
      element.isNode
      ? defaults.node.fill(&element.list, &table) : defaults.edge.fill(&element.list, &table)
    addDrawing(of: &element)
    for (name, text) in element.others {
      add(name, ImportedValue.of(text, isText: isText), orElse: nil, to: &element.list, ignored)
    }
    if element.label != nil { isNeo4j = true }
    let word = element.isNode ? nodeType(&element) : edgeType(&element)
    if let label = element.label {
      add(element.isNode ? "labels" : "label", JSON(label), orElse: nil, to: &element.list, ignored)
    }
    if let parent = element.parent {
      add("parent", JSON(parent), orElse: "parentNode", to: &element.list, ignored)
    }
    let attributes = table.end(element.list)
    if let problem = element.problem ?? missing { return .invalid(problem) }
    if element.isNode {
      guard let id = element.id else { return .invalid("the node has no id") }
      return .node(ImportedNode(name: .id(id), type: word, attributes: attributes))
    }
    guard let source = element.source else { return .invalid("the edge has no source") }
    guard let target = element.target else { return .invalid("the edge has no target") }
    return .edge(
      ImportedEdge(
        from: .id(source), to: .id(target), type: word, isDirected: element.isDirected, id: element.id,
        attributes: attributes))
  }

  private mutating func addDrawing(of element: inout GraphMLElement) {
    guard let drawing = element.drawing else { return }
    for (name, value) in (drawing.label.map { [("label", JSON($0))] } ?? []) + drawing.values {
      add(name, value, orElse: "y" + name.prefix(1).uppercased() + name.dropFirst(), to: &element.list) { _ in
      }
    }
  }

  /// Adds an attribute that is not from data, which comes first.
  private mutating func add(
    _ name: String, _ value: JSON, orElse other: String?, to list: inout AttributeTable.List,
    _ ignored: (String) -> Void
  ) {
    let number = table.number(of: name)
    if let data = table.value(of: number, in: list) {
      if data == value { return }
      guard let other else { return ignored("the XML attribute \(name) beside data of that name") }
      return add(other, value, orElse: nil, to: &list, ignored)
    }
    table.set(number, value, in: &list)
  }

  private mutating func nodeType(_ element: inout GraphMLElement) -> String? {
    if let type = table.takeText(of: [type, labelV], from: &element.list) { return type }
    let data = table.text(of: labels, in: element.list)
    // Text of that name may be anything, but for the colon that Neo4j begins it with.
    guard let text = element.label ?? (data?.utf8.first == UInt8(ascii: ":") ? data : nil) else { return nil }
    let all = text.utf8.split(separator: UInt8(ascii: ":")).map { String($0) ?? "" }
    guard let first = all.first else { return nil }
    if data == text { table.take(labels, from: &element.list) }
    element.label = nil
    if all.count > 1 { table.set(further, JSON(elements: all.map { JSON($0) }), in: &element.list) }
    return first
  }

  private mutating func edgeType(_ element: inout GraphMLElement) -> String? {
    if let type = table.takeText(of: [type, labelE], from: &element.list) { return type }
    if let text = element.label, !text.isEmpty {
      if table.text(of: label, in: element.list) == text { table.take(label, from: &element.list) }
      element.label = nil
      return text
    }
    if isNeo4j, let type = table.takeText(of: [label], from: &element.list) { return type }
    return table.takeText(of: relations, from: &element.list)
  }
}
