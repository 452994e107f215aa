import KV

/// How nodes and edges are written down in JSON.
enum JSONForm: Sendable {
  /// Edges with `from`, `to`, `type`, `key` and `data`; nodes with `type`, `id` and attributes.
  case own
  /// Edges with `source`, `target` and attributes; nodes with `id` and attributes.
  case nodeLink
  /// The same inside `data`.
  case cytoscape
  /// Edges with `source`, `target`, `relation` and `metadata`; nodes with `label` and `metadata`.
  case jgf
  /// Nodes with `labels` and `properties`; relationships with `label`, `start`, `end` and `properties`.
  case apoc
}

typealias Members = [(name: String, value: JSON)]

/// A node or an edge as a JSON document holds it, before anything is made of it.
struct JSONElement {
  /// Where in the file it stands: what it is, unless its members say so themselves.
  var section: JSONReader.Section
  /// How it is written; `nil` where only its own members can tell.
  var form: JSONForm?
  var value: JSON?
  var members: Members?
  /// Where it begins, from 1.
  var line: Int

  init(section: JSONReader.Section, form: JSONForm?, value: JSON, line: Int) {
    (self.section, self.form, self.line) = (section, form, line)
    members = value.members
    self.value = members == nil ? value : nil
  }

  init(section: JSONReader.Section, form: JSONForm?, members: Members, line: Int) {
    (self.section, self.form, self.members, self.line) = (section, form, members, line)
  }

  /// What the ends of an edge are called, two by two.
  static let ends: [(from: String, to: String)] = [
    ("from", "to"), ("source", "target"), ("fromNode", "toNode"), ("start", "end"), ("src", "dst"),
  ]

  enum End {
    /// By the place in ``ends``.
    case start(Int)
    case target(Int)
  }

  /// Which end of an edge a member names. Written out, for it is asked of each member of a file.
  static func end(_ name: String) -> End? {
    switch name {
    case "from": .start(0)
    case "to": .target(0)
    case "source": .start(1)
    case "target": .target(1)
    case "fromNode": .start(2)
    case "toNode": .target(2)
    case "start": .start(3)
    case "end": .target(3)
    case "src": .start(4)
    case "dst": .target(4)
    default: nil
    }
  }

  /// Whether a member shows that its object is an edge, whatever else is in it.
  static func isEnd(_ name: String) -> Bool { end(name) != nil }
}

extension JSONElement {
  /// Makes items of the elements of one document.
  struct Decoder {
    let options: ImportOptions
    /// How many nodes there were before.
    private var nodeCount = 0
    private var isMultigraph = false
    private var adjacency = NetworkXAdjacency()
    /// Whether numbers that JSON has not were made text.
    private var hasForeignNumbers = false

    fileprivate static let type = ["type"]
    fileprivate static let label = ["label"]

    init(_ options: ImportOptions) { self.options = options }

    /// JSON, and the `NaN` and `Infinity` that Python writes, which become text.
    mutating func parse(_ bytes: [UInt8]) throws -> JSON {
      try bytes.withUnsafeBufferPointer { try parse($0) }
    }

    mutating func parse(_ bytes: UnsafeBufferPointer<UInt8>) throws -> JSON {
      do {
        return try JSON(parsing: bytes)
      } catch {
        guard let quoted = PythonNumbers.quoted(bytes) else { throw error }
        let value = try JSON(parsing: quoted)
        hasForeignNumbers = true
        return value
      }
    }

    mutating func beginGraph() { nodeCount = 0 }

    mutating func begin(_ section: JSONReader.Section) {
      if section == .adjacency { adjacency.begin() }
    }

    mutating func end(_ emit: (ImportedItem) -> Void) {
      adjacency.end { emit(.edge($0)) }
      if hasForeignNumbers { emit(.note("NaN and Infinity, which are no numbers in JSON, are kept as text")) }
    }

    mutating func decode(_ element: JSONElement, _ emit: (ImportedItem) -> Void) {
      do {
        guard let members = element.members else {
          return try decode(element.value ?? .null, in: element.section, element.form, emit)
        }
        switch element.section {
        case .nodes: emit(.node(try node(members, element.form)))
        case .edges: emit(try edgeOrNode(members, element.form))
        case .hyperedges: for edge in try hyperedge(members) { emit(.edge(edge)) }
        case .adjacency: throw KVError(.invalidData, "expected an array of neighbours")
        }
      } catch let error as KVError {
        emit(.invalid(error.message))
      } catch {
        emit(.invalid("\(error)"))
      }
    }

    /// An element that is no object.
    private mutating func decode(
      _ value: JSON, in section: JSONReader.Section, _ form: JSONForm?, _ emit: (ImportedItem) -> Void
    ) throws {
      switch section {
      case .nodes:
        guard let id = value.idText else {
          throw KVError(.invalidData, "expected a node, not \(value.shown)")
        }
        emit(.node(ImportedNode(name: form == .own ? .text(id) : .id(id))))
        noteNode(id)
      case .adjacency:
        guard let neighbours = value.elements else {
          throw KVError(.invalidData, "expected an array of neighbours, not \(value.shown)")
        }
        try adjacency.add(neighbours) { emit(.edge($0)) }
      case .edges:
        let parts = value.elements ?? []
        guard 2...3 ~= parts.count, let from = parts[0].idText, let to = parts[1].idText else {
          throw KVError(.invalidData, "expected an edge, an object, not \(value.shown)")
        }
        var edge = ImportedEdge(from: .id(from), to: .id(to))
        if parts.count == 3 {
          if let members = parts[2].members {
            edge.attributes = members
          } else if let type = parts[2].string, !type.isEmpty {
            edge.type = type
          } else {
            edge.attributes = [("weight", parts[2])]
          }
        }
        emit(.edge(edge))
      case .hyperedges: throw KVError(.invalidData, "expected a hyperedge, an object, not \(value.shown)")
      }
    }

    private mutating func noteNode(_ id: String?) {
      nodeCount += 1
      if isMultigraph, let id { adjacency.addNode(id) }
    }

    /// What a document says of itself in a member that holds no elements.
    mutating func decode(member name: String, _ value: JSON, _ emit: (ImportedItem) -> Void) {
      switch (name, value.kind) {
      case ("directed", .boolean):
        adjacency.isDirected = value == JSON(true)
        emit(.directed(value == JSON(true)))
      case ("multigraph", .boolean): isMultigraph = true
      case ("edgeTypes", .object):
        for (type, says) in value.members ?? [] {
          emit(.edgeType(type, isDirected: says["directed"] != JSON(false)))
        }
      case ("options", .object):
        if let type = value["type"]?.string, type != "mixed" { emit(.directed(type != "undirected")) }
      case ("graph", .object), ("attributes", .object):
        for (name, _) in value.members ?? [] { emit(.ignored("attribute \(JSON(name)) of the graph")) }
      case ("version", _), ("schemaVersion", _), ("format_version", _), ("generated_by", _): return
      case (_, .null): return
      case (_, .array) where value.elements?.isEmpty == true: return
      case (_, .object) where value.members?.isEmpty == true: return
      default: emit(.ignored("member \(JSON(name))"))
      }
    }
  }
}

// Nodes.
extension JSONElement.Decoder {
  private mutating func node(_ members: Members, _ form: JSONForm?) throws -> ImportedNode {
    if let data = members["data"]?.members, form == .cytoscape || members["id"] == nil {
      return try cytoscapeNode(members, data)
    }
    var rest = members
    var type = rest.takeType(from: Self.type)
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
    } else if form == .apoc || type == "node" && members["properties"] != nil {
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
    if idName == "key", let attributes = rest.takeMembers("attributes") {
      rest = rest.merged(under: attributes)
      type = rest.takeType(from: Self.type) ?? type
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

// Edges.
extension JSONElement.Decoder {
  private mutating func edgeOrNode(_ members: Members, _ form: JSONForm?) throws -> ImportedItem {
    let names = ends(of: members)
    if form == .cytoscape || names == nil, let data = members["data"]?.members {
      let isEdge =
        members["group"]?.string.map { $0 == "edges" } ?? (data["source"] != nil || data["target"] != nil)
      guard isEdge else { return .node(try node(members, .cytoscape)) }
      let others = members.without("data", "group")
      let all = data + others.filter { data[$0.name] == nil }
      return .edge(try edge(all, .cytoscape, ends(of: all)))
    }
    if names == nil {
      if let type = members["edgeType"]?.string, members["directed"]?.kind == .boolean, members.count == 2 {
        return .edgeType(type, isDirected: members["directed"] == JSON(true))
      }
      if members["id"] != nil || members["key"] != nil || members["labels"] != nil {
        return .node(try node(members, form))
      }
    }
    return .edge(try edge(members, form, names))
  }

  /// What the ends of an edge are called, from one pass over its members; `nil` where there is none.
  private func ends(of members: Members) -> (from: String, to: String)? {
    if let from = options.columns.from, let to = options.columns.to,
      members[from] != nil || members[to] != nil
    {
      return (from, to)
    }
    var (starts, targets) = (0, 0)
    for member in members {
      switch JSONElement.end(member.name) {
      case .start(let place): starts |= 1 << place
      case .target(let place): targets |= 1 << place
      case nil: break
      }
    }
    // A pair that is whole counts before a part of another.
    let found = starts & targets != 0 ? starts & targets : starts | targets
    return found == 0 ? nil : JSONElement.ends[found.trailingZeroBitCount]
  }

  private func edge(_ members: Members, _ form: JSONForm?, _ names: (from: String, to: String)?) throws
    -> ImportedEdge
  {
    let names = names ?? JSONElement.ends[0]
    let isOwn = names.from == "from" && names.to == "to"
    if isOwn { return try ownEdge(members) }
    var rest = members
    let from = try end(rest.take(names.from), at: names.from, isOwn: false)
    let to = try end(rest.take(names.to), at: names.to, isOwn: false)
    var edge = ImportedEdge(from: from, to: to)
    if names.from == "start", form == .apoc || members["start"]?.kind == .object {
      edge.type = rest.takeType(from: Self.label)
      if edge.type != nil { rest = rest.without("type") } else { edge.type = rest.takeType(from: Self.type) }
      if let properties = rest.takeMembers("properties") {
        rest = properties + rest.filter { properties[$0.name] == nil }
      }
      // What an export of ours has made up.
      if rest["id"]?.string.map({ $0.hasPrefix(EdgeKey.prefix) }) == true { rest = rest.without("id") }
    } else {
      edge.type = rest.takeType(from: Members.edgeTypeNames)
      if form == .jgf { jgf(&rest, &edge) }
      if let attributes = rest["attributes"]?.members, rest["key"] != nil || rest["undirected"] != nil {
        rest = rest.without("attributes").merged(under: attributes)
        edge.isDirected = rest.take("undirected").map { $0 != JSON(true) }
        edge.type = edge.type ?? rest.takeType(from: Self.type)
      }
    }
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
    if let node = NodeReference(id), node.type.utf8.elementsEqual(type.utf8) { return .node(node) }
    return .node(NodeReference(type: type, id: id))
  }

  private func hyperedge(_ members: Members) throws -> [ImportedEdge] {
    guard options.pairsHyperedges else {
      throw KVError(
        .invalidData, "a hyperedge joins more than two nodes; --hyperedges pairs makes an edge of each pair")
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
