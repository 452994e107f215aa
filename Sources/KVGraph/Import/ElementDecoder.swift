import KV

/// Makes edges and entities of the elements of a file.
struct ElementDecoder {
  enum Item {
    case edge(Edge)
    case entity(NewRecord)

    /// U+0000 can be stored nowhere; found here, it is said with the line.
    func validate() throws {
      let (key, value): (String, JSON?) =
        switch self {
        case .edge(let edge): ("", edge.data)
        case .entity(let record): (record.key, record.value)
        }
      if key.utf8.contains(0) { throw KVError(.invalidData, "the id of the node holds U+0000") }
      if value?.containsEscapedNUL == true {
        throw KVError(.invalidData, "a text holds U+0000, which no database keeps")
      }
      if case .edge(let edge) = self, edge.data.map({ $0.text.utf8.count > 1900 }) == true,
        edge.json.isTooDeep
      {
        throw KVError(
          .invalidData,
          "the data is nested deeper than \(JSON.maximumDepth - 1) levels, and the edge is one more")
      }
    }
  }

  typealias Members = [(name: String, value: JSON)]

  let options: ImportOptions
  /// The types of nodes that name one themselves, for links that name only the id, by the id's bytes. Memory: the ids of those
  /// nodes whose names do not hold the type.
  private var nodeTypes: [[UInt8]: String] = [:]
  /// Whether an end of an edge was taken for a node of the type that the caller names.
  private var hasUsedNodeType = false

  init(options: ImportOptions) { self.options = options }

  /// `nil` for a node without attributes, of which there is nothing to store.
  mutating func decode(_ element: ImportElement) throws -> Item? {
    switch element.content {
    case .invalid(let reason): throw KVError(.invalidData, reason)
    case .value(let value):
      if element.section == .edges { throw KVError(.invalidData, "expected an edge, an object") }
      _ = try node(value, at: "id")
      return nil
    case .object(let members):
      switch element.form ?? Self.form(of: members, in: element.section) {
      case .own:
        return element.section == .edges ? .edge(try ownEdge(members)) : try ownNode(members).map(Item.entity)
      case .nodeLink: return try nodeLink(members, isEdge: element.section == .edges)
      case .cytoscape: return try cytoscape(members, in: element.section)
      case .jgf: return try jgf(members, isEdge: element.section == .edges)
      case .apoc: return try apoc(members)
      }
    }
  }

  private static func form(of members: Members, in section: ImportElement.Section) -> ImportForm {
    if section == .nodes || members["from"] != nil || members["to"] != nil { return .own }
    if members["source"] != nil || members["target"] != nil { return .nodeLink }
    switch members["type"]?.string {
    case "relationship" where members["start"] != nil, "node" where members["labels"] != nil: return .apoc
    default: return members["data"]?.kind == .object ? .cytoscape : .own
    }
  }
}

// Our own form.
extension ElementDecoder {
  private mutating func ownEdge(_ members: Members) throws -> Edge {
    var (from, to, type, data): (JSON?, JSON?, JSON?, JSON?)
    var others: Members = []
    for (name, value) in members {
      switch name {
      case "from": from = value
      case "to": to = value
      case "type": type = value
      case "data": data = value
      default: others.append((name, value))
      }
    }
    if let other = others.first {
      if data != nil {
        throw KVError(.invalidData, "the edge has both 'data' and \(JSON(other.name)), which belongs into it")
      }
      data = JSON(members: others)
    }
    guard let from else { throw KVError(.invalidData, "the edge has no 'from'") }
    guard let to else { throw KVError(.invalidData, "the edge has no 'to'") }
    return try edge(from: node(from, at: "from"), to: node(to, at: "to"), type: type, data: data)
  }

  private func edge(from: NodeReference, to: NodeReference, type: JSON?, data: JSON?) throws -> Edge {
    if let type, type.string == nil { throw KVError(.invalidData, "the edge's 'type' is not a string") }
    guard let type = type?.string ?? options.edgeType else {
      throw KVError(.invalidData, "the edge has no 'type'; name one for all with --edge-type")
    }
    let edge = Edge(from: from, to: to, type: type, data: data)
    try edge.validate()
    return edge
  }

  /// A node as `{"type","id"}`, as `"Type:id"`, or as an id whose type the file or the caller names elsewhere.
  private mutating func node(_ value: JSON, at name: String) throws -> NodeReference {
    if let members = value.members {
      guard let id = members["id"]?.scalarText else { throw KVError(.invalidData, "'\(name)' has no 'id'") }
      guard let type = members["type"]?.string ?? options.nodeType else {
        throw KVError(.invalidData, "'\(name)' has no 'type'; name one with --node-type")
      }
      return NodeReference(type: type, id: id)
    }
    guard let text = value.scalarText else { throw KVError(.invalidData, "'\(name)' names no node") }
    return try node(named: text, at: name)
  }

  private mutating func node(named text: String, at name: String) throws -> NodeReference {
    if !nodeTypes.isEmpty, let type = nodeTypes[Array(text.utf8)] {
      return NodeReference(type: type, id: text)
    }
    if let type = options.nodeType {
      hasUsedNodeType = hasUsedNodeType || name != "id"
      return NodeReference(type: type, id: text)
    }
    guard let node = NodeReference(text) else {
      throw KVError(.invalidData, "'\(name)' is no Type:id; name the type with --node-type")
    }
    return node
  }

  private mutating func ownNode(_ members: Members) throws -> NewRecord? {
    guard let text = members["id"]?.scalarText else { throw KVError(.invalidData, "the node has no 'id'") }
    let type = try Self.type(of: members["type"])
    try note(type, of: text)
    let node = try type.map { NodeReference(type: $0, id: text) } ?? node(named: text, at: "id")
    return try entity(of: node, members.without("id", "type"))
  }

  private static func type(of value: JSON?) throws -> String? {
    guard let value else { return nil }
    guard let type = value.string else { throw KVError(.invalidData, "the node's 'type' is not a string") }
    return type
  }

  /// Keeps a node's type for the edges that name only its id.
  private mutating func note(_ type: String?, of id: String) throws {
    guard let type else { return }
    if hasUsedNodeType, nodeTypes[Array(id.utf8)] == nil {
      throw KVError(.invalidData, "the node names its type after edges were read; nodes have to come first")
    }
    nodeTypes[Array(id.utf8)] = type
  }

  private func entity(of node: NodeReference, _ attributes: Members) throws -> NewRecord? {
    if attributes.isEmpty { return nil }
    // Such a record would be taken for an edge, or for one of a-h/kv's index.
    for (folder, what) in [("graph/", "edges"), (ConsumerPosition.key(of: ""), "consumers' positions")]
    where node.entityKey.utf8.starts(with: folder.utf8) {
      throw KVError(
        .invalidData, "the attributes of \(node) would stand at \(JSON(node.entityKey)), among the \(what)")
    }
    return NewRecord(key: node.entityKey, value: JSON(members: attributes), type: "json")
  }
}

// The forms of others: a node is an id, and its type stands beside it or at the id's beginning.
extension ElementDecoder {
  private mutating func nodeLink(_ members: Members, isEdge: Bool) throws -> Item? {
    if isEdge {
      if members["source"] == nil, members["target"] == nil { return .edge(try ownEdge(members)) }
      return try foreignEdge(members, type: members["type"], members.without("source", "target", "type"))
    }
    return try foreignNode(members["id"], type: members["type"], members.without("id", "type"))
  }

  private mutating func cytoscape(_ members: Members, in section: ImportElement.Section) throws -> Item? {
    guard let data = members["data"]?.members else {
      throw KVError(.invalidData, "the element has no 'data', an object")
    }
    let group = members["group"]?.string
    let isEdge = section == .edges && (data["source"] != nil || data["target"] != nil)
    guard group == "edges" || group == nil && isEdge else {
      return try foreignNode(data["id"], type: data["type"], data.without("id", "type"))
    }
    let type = data["type"] ?? data["interaction"]
    let attributes = data.without("id", "source", "target", data["type"] == nil ? "interaction" : "type")
    return try foreignEdge(data, type: type, attributes)
  }

  private mutating func jgf(_ members: Members, isEdge: Bool) throws -> Item? {
    let metadata = members["metadata"]?.members ?? []
    if isEdge {
      return try foreignEdge(members, type: members["relation"] ?? members["label"], metadata)
    }
    let label = members.filter { $0.name == "label" && metadata["label"] == nil }
    return try foreignNode(members["id"], type: metadata["type"], label + metadata.without("type"))
  }

  private mutating func apoc(_ members: Members) throws -> Item? {
    let properties = members["properties"]?.members ?? []
    guard members["type"]?.string == "relationship" else {
      return try foreignNode(members["id"], type: members.label, properties)
    }
    let (start, end) = (members["start"]?.members ?? [], members["end"]?.members ?? [])
    return .edge(
      try edge(
        from: foreign(start["id"], type: start.label?.string, at: "start"),
        to: foreign(end["id"], type: end.label?.string, at: "end"), type: members["label"],
        data: EdgeAttributes.data(of: properties)))
  }

  private mutating func foreignEdge(_ members: Members, type: JSON?, _ attributes: Members) throws -> Item {
    // NetworkX numbers parallel edges so.
    let attributes = attributes.filter { $0.name != "key" || $0.value.kind != .number }
    return .edge(
      try edge(
        from: foreign(members["source"], type: nil, at: "source"),
        to: foreign(members["target"], type: nil, at: "target"), type: type,
        data: EdgeAttributes.data(of: attributes)))
  }

  private mutating func foreignNode(_ id: JSON?, type: JSON?, _ attributes: Members) throws -> Item? {
    let type = try Self.type(of: type)
    let node = try foreign(id, type: type, at: "id")
    // An id that holds its type needs no help, unless the caller names one.
    if let text = id?.scalarText, options.nodeType != nil || node.id.utf8.elementsEqual(text.utf8) {
      try note(type, of: text)
    }
    return try entity(of: node, attributes).map(Item.entity)
  }

  private mutating func foreign(_ id: JSON?, type: String?, at name: String) throws -> NodeReference {
    if let id, id.kind == .object { return try node(id, at: name) }
    guard let text = id?.scalarText else { throw KVError(.invalidData, "'\(name)' is missing, or no id") }
    guard let type = type ?? (nodeTypes.isEmpty ? nil : nodeTypes[Array(text.utf8)]) else {
      return try node(named: text, at: name)
    }
    if let node = NodeReference(text), node.type.utf8.elementsEqual(type.utf8) { return node }
    return NodeReference(type: type, id: text)
  }
}

extension ElementDecoder.Members {
  fileprivate subscript(name: String) -> JSON? { first { $0.name == name }?.value }

  fileprivate func without(_ names: String...) -> Self { filter { !names.contains($0.name) } }

  /// The first of a node's labels.
  fileprivate var label: JSON? { self["labels"]?.elements?.first }
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
