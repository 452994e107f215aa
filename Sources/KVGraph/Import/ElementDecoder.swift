import KV

/// Makes edges and entities of the elements of a file.
struct ElementDecoder {
  enum Item {
    case edge(Edge)
    case entity(NewRecord)
  }

  let options: ImportOptions
  /// The types of nodes that name one themselves, for links that name only the id.
  private var nodeTypes: [String: String] = [:]

  init(options: ImportOptions) { self.options = options }

  /// `nil` for a node without attributes, of which there is nothing to store.
  mutating func decode(_ element: JSONElementReader.Element) throws -> Item? {
    switch element.section {
    case .nodes: try decodeNode(element.value).map(Item.entity)
    case .edges: .edge(try decodeEdge(element.value))
    }
  }

  private func decodeEdge(_ value: JSON) throws -> Edge {
    guard let members = value.members else { throw KVError(.invalidData, "expected an edge, an object") }
    func member(_ name: String) -> JSON? { members.first { $0.name == name }?.value }
    let isNodeLink =
      switch options.format {
      case .nodeLink: true
      case .json, .jsonl: false
      case .auto:
        member("from") == nil && member("to") == nil && (member("source") ?? member("target")) != nil
      }
    let (start, end) = isNodeLink ? ("source", "target") : ("from", "to")
    guard let from = member(start) else { throw KVError(.invalidData, "the edge has no '\(start)'") }
    guard let to = member(end) else { throw KVError(.invalidData, "the edge has no '\(end)'") }
    let type = try member("type").map { type throws(KVError) in
      guard let text = type.string else { throw KVError(.invalidData, "the edge's 'type' is not a string") }
      return text
    }
    guard let type = type ?? options.edgeType else {
      throw KVError(.invalidData, "the edge has no 'type'; name one for all with --edge-type")
    }
    var data = member("data")
    if isNodeLink {
      let attributes = members.filter { !["source", "target", "type"].contains($0.name) }
      data = attributes.isEmpty ? nil : JSON(members: attributes.map { ($0.name, $0.value) })
    }
    let edge = Edge(from: try node(from, at: start), to: try node(to, at: end), type: type, data: data)
    try edge.validate()
    return edge
  }

  /// A node as `{"type","id"}`, as `"Type:id"`, or as an id whose type the file or the caller names elsewhere.
  private func node(_ value: JSON, at name: String) throws -> NodeReference {
    if let members = value.members {
      let type = members.first { $0.name == "type" }?.value.string ?? options.nodeType
      guard let id = members.first(where: { $0.name == "id" })?.value, let text = id.scalarText else {
        throw KVError(.invalidData, "'\(name)' has no 'id'")
      }
      guard let type else {
        throw KVError(.invalidData, "'\(name)' has no 'type'; name one with --node-type")
      }
      return NodeReference(type: type, id: text)
    }
    guard let text = value.scalarText else { throw KVError(.invalidData, "'\(name)' names no node") }
    if let type = nodeTypes[text] { return NodeReference(type: type, id: text) }
    if let type = options.nodeType { return NodeReference(type: type, id: text) }
    guard let node = NodeReference(text) else {
      throw KVError(.invalidData, "'\(name)' is no Type:id; name the type with --node-type")
    }
    return node
  }

  private mutating func decodeNode(_ value: JSON) throws -> NewRecord? {
    guard let members = value.members else {
      _ = try node(value, at: "node")
      return nil
    }
    if let id = members.first(where: { $0.name == "id" })?.value.scalarText,
      let type = members.first(where: { $0.name == "type" })?.value.string
    {
      nodeTypes[id] = type
    }
    let attributes = members.filter { $0.name != "id" && $0.name != "type" }
    if attributes.isEmpty { return nil }
    let id = members.first { $0.name == "id" }?.value
    let node =
      id?.kind == .string && !members.contains { $0.name == "type" }
      ? try node(id ?? .null, at: "id") : try node(value, at: "node")
    return NewRecord(
      key: node.type.lowercased() + "/" + node.id,
      value: JSON(members: attributes.map { ($0.name, $0.value) }),
      type: "json")
  }
}

extension JSON {
  /// A string's text, or a number as written: what serves as an id.
  fileprivate var scalarText: String? {
    switch kind {
    case .string: string
    case .number: text
    default: nil
    }
  }
}
