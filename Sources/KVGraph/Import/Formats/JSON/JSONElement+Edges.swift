import KV

extension JSONElement.Decoder {
  /// - Parameter section: what has a place among edges is one.
  mutating func edgeOrNode(_ members: Members, _ form: JSONForm?, in section: JSONReader.Section) throws
    -> ImportedItem
  {
    let names = ends(of: members)
    if form == .cytoscape || names == nil, let data = cytoscapeData(members) {
      let isEdge =
        members["group"]?.string.map { $0 == "edges" } ?? (data["source"] != nil || data["target"] != nil)
      guard isEdge else { return .node(try node(members, .cytoscape)) }
      let others = members.without("data", "group")
      let all = data + others.filter { data[$0.name] == nil }
      return .edge(try edge(all, .cytoscape, ends(of: all), in: section))
    }
    if names == nil {
      if let type = members["edgeType"]?.string, members["directed"]?.kind == .boolean, members.count == 2 {
        return .edgeType(type, isDirected: members["directed"] == JSON(true))
      }
      if section == .elements, members["id"] != nil || members["key"] != nil || members["labels"] != nil {
        return .node(try node(members, form))
      }
    }
    return .edge(try edge(members, form, names, in: section))
  }

  /// What the ends of an edge are called; `nil` where there is none.
  private func ends(of members: Members) -> (from: String, to: String)? {
    if let from = options.columns.from, let to = options.columns.to,
      members[from] != nil || members[to] != nil
    {
      return (from, to)
    }
    return JSONElement.ends(of: members)
  }

  private func edge(
    _ members: Members, _ form: JSONForm?, _ names: (from: String, to: String)?,
    in section: JSONReader.Section
  ) throws -> ImportedEdge {
    guard let names else {
      let found =
        members.isEmpty
        ? "an object without members" : "its members are \(UnknownFormat.list(members.map(\.name)))"
      throw KVError(
        .invalidData,
        section == .elements
          ? "neither an edge nor a node: \(found); an edge has from and to (or source and target), a node an id"
          : "no edge: \(found); an edge has from and to (or source and target)")
    }
    let isOwn = names.from == "from" && names.to == "to"
    if isOwn { return try ownEdge(members) }
    var rest = members
    let from = try end(rest.take(names.from), at: names.from, isOwn: false)
    let to = try end(rest.take(names.to), at: names.to, isOwn: false)
    var edge = ImportedEdge(from: from, to: to)
    if names.from.hasPrefix("start"),
      form == .apoc || members["start"]?.kind == .object || members["properties"]?.kind == .object
    {
      edge.type = rest.takeType(from: Self.label)
      if edge.type != nil { rest = rest.without("type") } else { edge.type = rest.takeType(from: Self.type) }
      if let properties = rest.takeMembers("properties") {
        rest = properties + rest.filter { properties[$0.name] == nil }
      }
      // What an export of ours has made up.
      if rest["id"]?.string.map({ $0.hasPrefix(EdgeKey.prefix) }) == true { rest = rest.without("id") }
    } else {
      // In Gremlin's words the label is the type.
      edge.type = rest.takeType(
        from: names.from == "outV" ? Self.label + Members.edgeTypeNames : Members.edgeTypeNames)
      if form == .jgf { jgf(&rest, &edge) }
      if let attributes = rest["attributes"]?.members, rest["key"] != nil || rest["undirected"] != nil {
        rest = rest.without("attributes").merged(under: attributes)
        edge.isDirected = rest.take("undirected").map { $0 != JSON(true) }
        edge.type = edge.type ?? rest.takeType(from: Self.type)
      } else if let undirected = rest["undirected"], undirected.kind == .boolean,
        rest.allSatisfy({ $0.name == "undirected" || $0.name == "key" })
      {
        // Graphology's, of an edge without attributes.
        rest = rest.without("undirected")
        edge.isDirected = undirected != JSON(true)
      }
    }
    // What an export of ours has made up for NetworkX.
    if rest["key"]?.string.map({ $0.hasPrefix(EdgeKey.prefix) }) == true { rest = rest.without("key") }
    edge.id = rest["id"]?.plainText ?? rest["key"]?.plainText
    // NetworkX numbers parallel edges so.
    if isMultigraph, rest["key"]?.kind == .number { _ = rest.take("key") }
    edge.attributes = rest
    return edge
  }

  private func jgf(_ rest: inout Members, _ edge: inout ImportedEdge) {
    if let isDirected = rest["directed"], isDirected.kind == .boolean {
      edge.isDirected = isDirected == JSON(true)
      rest = rest.without("directed")
    }
    if edge.type == nil { edge.type = rest.takeType(from: Self.label) }
    if let metadata = rest.takeMembers("metadata") { rest = rest.merged(under: metadata) }
  }

  private func ownEdge(_ members: Members) throws -> ImportedEdge {
    var (from, to, data): (JSON?, JSON?, JSON?)
    var (type, key, id): (String?, String?, String?)
    var others: Members = []
    for (name, value) in members {
      switch name {
      case "from": from = value
      case "to": to = value
      case "data": data = value
      case "type": type = value.string.flatMap { $0.isEmpty ? nil : $0 }
      case "key": key = value.string.flatMap { $0.isEmpty ? nil : $0 }
      case "id": id = value.plainText
      default: break
      }
      let isTaken =
        switch name {
        case "from", "to", "data": true
        case "type": type != nil
        case "key": key != nil
        default: false
        }
      if !isTaken { others.append((name, value)) }
    }
    if let data {
      // An edge of vis.js has an id beside its data.
      if others.count == 1, id != nil, let members = data.members {
        return ImportedEdge(
          from: try end(from, at: "from", isOwn: true), to: try end(to, at: "to", isOwn: true), type: type,
          key: key,
          id: id, attributes: others + members.filter { $0.name != "id" })
      }
      if let other = others.first {
        throw KVError(.invalidData, "the edge has both 'data' and \(JSON(other.name)), which belongs into it")
      }
      others = [(ExportedAttributes.data, data)]
    }
    return ImportedEdge(
      from: try end(from, at: "from", isOwn: true), to: try end(to, at: "to", isOwn: true), type: type,
      key: key,
      id: id, attributes: others)
  }

  /// A node as `{"type","id"}`, as `"Type:id"` in our own form, or as an id.
  private func end(_ value: JSON?, at name: String, isOwn: Bool) throws -> NodeName {
    guard let value else { throw KVError(.invalidData, "the edge has no '\(name)'") }
    guard let members = value.members else {
      guard let id = value.idText else {
        throw KVError(.invalidData, "the edge's '\(name)' is \(value.shown), which names no node")
      }
      return isOwn && value.kind == .string ? .text(id) : .id(id)
    }
    guard let id = members["id"]?.idText else {
      // D3 puts the nodes themselves there.
      if let place = members["index"].flatMap({ Int($0.text) }) { return .position(place) }
      if let id = members["name"]?.idText { return .id(id) }
      throw KVError(.invalidData, "'\(name)' has no 'id'")
    }
    if isOwn, let type = members["type"]?.string { return .node(NodeReference(type: type, id: id)) }
    let labels = members["labels"]
    let type = labels == nil ? members["type"]?.string : labels?.elements?.first?.string
    return type.map { foreign(id, type: $0) } ?? .id(id)
  }

  /// An id beside its type, which it may hold too.
  private func foreign(_ id: String, type: String) -> NodeName {
    if let node = NodeReference(id), node.type.hasSameBytes(as: type) { return .node(node) }
    return .node(NodeReference(type: type, id: id))
  }

  func hyperedge(_ members: Members) throws -> [ImportedEdge] {
    guard options.pairsHyperedges else {
      throw KVError(
        .invalidData, "a hyperedge joins more than two nodes", reason: .hyperedge)
    }
    func ids(_ name: String) -> [String] { members[name]?.elements?.compactMap(\.idText) ?? [] }
    var rest = members.without("source", "target", "nodes", "metadata")
    let type = rest.takeType(from: ["relation", "label"])
    rest = rest.merged(under: members["metadata"]?.members ?? [])
    var edges: [ImportedEdge] = []
    func add(_ from: String, _ to: String, isDirected: Bool?) {
      edges.append(
        ImportedEdge(from: .id(from), to: .id(to), type: type, isDirected: isDirected, attributes: rest))
    }
    for from in ids("source") { for to in ids("target") { add(from, to, isDirected: nil) } }
    let nodes = ids("nodes")
    for (place, from) in nodes.enumerated() {
      for to in nodes[(place + 1)...] { add(from, to, isDirected: false) }
    }
    if edges.isEmpty {
      throw KVError(.invalidData, "the hyperedge names no 'nodes', and no 'source' and 'target'")
    }
    return edges
  }
}
