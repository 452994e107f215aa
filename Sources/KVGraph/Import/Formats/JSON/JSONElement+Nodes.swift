import KV

extension JSONElement.Decoder {
  mutating func node(_ members: Members, _ form: JSONForm?) throws -> ImportedNode {
    if form == .cytoscape || members["id"] == nil, let data = cytoscapeData(members) {
      return try cytoscapeNode(members, data)
    }
    var rest = members
    var type = rest.takeType(from: Self.type)
    isAPOC = isAPOC || type == "node" && (members["labels"] ?? members["properties"]) != nil
    if let labels = rest.takeLabels(isNeo4j: form == .apoc || members["properties"] != nil || type == "node")
    {
      type = labels.string ?? labels.elements?.first?.string
      if form != .apoc, members["properties"] == nil, members["type"] != nil,
        members["type"]?.string != "node"
      {
        // It has both: the type is what is called so.
        type = members["type"]?.string ?? type
      }
      if labels.kind == .array { rest.append((ExportedAttributes.labels, labels)) }
    } else if form == .apoc || type == "node" && (members["properties"] != nil || isAPOC) {
      type = nil
    }
    let idName = options.columns.id ?? (members["id"] == nil && members["key"] != nil ? "key" : "id")
    let givenID = rest.take(idName)
    if let properties = rest.takeMembers("properties") { rest = rest.merged(under: properties) }
    if form == .jgf {
      let metadata = rest.takeMembers("metadata") ?? []
      rest = rest.merged(under: metadata)
      type = rest.takeType(from: Self.type) ?? type
    }
    // graphology's, and ours as `nodes` lists them.
    let isListed = members.count == 3 && type != nil
    if idName == "key" || isListed, let attributes = rest.takeMembers("attributes") {
      rest = rest.merged(under: attributes)
      if idName == "key" { type = rest.takeType(from: Self.type) ?? type }
    }
    guard let value = givenID else {
      defer { noteNode(nil) }
      return ImportedNode(name: .position(nodeCount), type: type, attributes: rest)
    }
    guard let id = value.idText else {
      throw KVError(.invalidData, "the node's \(JSON(idName)) is \(value.shown), which is no id")
    }
    noteNode(id)
    return ImportedNode(name: form == .own && type == nil ? .text(id) : .id(id), type: type, attributes: rest)
  }

  /// What Cytoscape has in `data`, the id among it; of what has its own id, as in React Flow, `data` is an attribute like any other.
  func cytoscapeData(_ members: Members) -> Members? {
    guard let data = members["data"]?.members else { return nil }
    let isNamed = [options.columns.id ?? "id", "source", "target"].contains { data[$0] != nil }
    return isNamed || members["id"] == nil ? data : nil
  }

  private mutating func cytoscapeNode(_ members: Members, _ data: Members) throws -> ImportedNode {
    var attributes = data
    guard let value = attributes.take(options.columns.id ?? "id"), let id = value.idText else {
      throw KVError(.invalidData, "the node has no 'id' in its 'data'")
    }
    let type = attributes.takeType(from: Self.type)
    // NetworkX's name for the id.
    if let place = attributes.firstIndex(where: { $0.name == "value" && $0.value.idText == id }) {
      attributes.remove(at: place)
    }
    noteNode(id)
    return ImportedNode(
      name: .id(id), type: type,
      attributes: attributes + members.without("data", "group").filter { attributes[$0.name] == nil })
  }
}
