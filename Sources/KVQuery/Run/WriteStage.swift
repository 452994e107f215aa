import KV
import KVGraph

/// The clauses that change the graph. All rows come in before the first change, so that no clause reads what a later one writes.
final class WriteStage: Stage {
  let clause: Clause
  let shop: Workshop
  private let next: any Stage
  private var rows: [Row] = []

  init(_ clause: Clause, _ shop: Workshop, _ next: any Stage) {
    (self.clause, self.shop, self.next) = (clause, shop, next)
  }

  func push(_ rows: [Row]) async throws -> Bool {
    self.rows += rows
    return true
  }

  func finish() async throws {
    var results: [Row] = []
    for batch in rows.batches(of: Matcher.batch) {
      try await read(for: batch)
      for row in batch { results += try await apply(row) }
    }
    rows = []
    if !results.isEmpty { _ = try await next.push(results) }
    try await next.finish()
  }

  private func apply(_ row: Row) async throws -> [Row] {
    switch clause {
    case .create(let parts, _):
      var row = row
      for part in parts { row = try await create(part, row) }
      return [row]
    case .merge(let part, let onCreate, let onMatch, let place):
      return try await merge(part, onCreate, onMatch, place, row)
    case .set(let items, _):
      for item in items { try await set(item, row) }
    case .remove(let items, _):
      for item in items { try await remove(item, row) }
    case .delete(let targets, let isDetaching, let place):
      for target in targets {
        try await delete(try await shop.evaluator.value(of: target, row), isDetaching, place)
      }
    case .match, .unwind, .with, .return: break
    }
    return [row]
  }

  // MARK: making

  private func properties(_ expression: Expression?, _ row: Row, _ place: Place) async throws
    -> Value.Members
  {
    guard let expression else { return [:] }
    guard case .map(let members) = try await shop.evaluator.value(of: expression, row) else {
      throw place.error("properties are a map")
    }
    for (name, value) in members { try checkStorable(value, name, place) }
    return members
  }

  private func checkStorable(_ value: Value, _ name: String, _ place: Place) throws {
    switch value {
    case .list(let values):
      for value in values {
        if case .map = value { throw place.error("a list of maps cannot be the property \(JSON(name))") }
      }
    case .map: throw place.error("a map cannot be the property \(JSON(name))")
    default: break
    }
    if case .float = value, value.plainJSON == nil {
      throw place.error("\(value) cannot be the property \(JSON(name))")
    }
    guard let json = value.plainJSON else {
      throw place.error("\(value.kind) cannot be the property \(JSON(name))")
    }
    if json.containsEscapedNUL || JSON(name).containsEscapedNUL {
      throw place.error("the property \(JSON(name)) contains \\u0000, which not every database can hold")
    }
  }

  private func create(_ part: PatternPart, _ row: Row) async throws -> Row {
    var row = row
    var nodes: [QueryNode] = []
    for pattern in part.nodes {
      if let variable = pattern.variable, let bound = row[variable] {
        guard case .node(let node) = bound else {
          throw pattern.place.error(
            "\(JSON(variable.name)) is \(bound.kind), and no node to which an edge can lead")
        }
        nodes.append(node)
        continue
      }
      let node = try await shop.graph.create(
        labels: pattern.labels?.names ?? [],
        properties: try await properties(pattern.properties, row, pattern.place), at: pattern.place)
      if let variable = pattern.variable { row[variable] = .node(node) }
      nodes.append(node)
    }
    var edges: [QueryEdge] = []
    for (place, pattern) in part.edges.enumerated() {
      let (left, right) = (nodes[place], nodes[place + 1])
      let (from, to) = pattern.direction == .in ? (right, left) : (left, right)
      for end in [from, to] { try Value.node(end).checkIsThere(pattern.place) }
      let edge = try await shop.graph.create(
        from: from, to: to, type: pattern.types[0],
        properties: try await properties(pattern.properties, row, pattern.place), at: pattern.place)
      if let variable = pattern.variable { row[variable] = .edge(edge) }
      edges.append(edge)
    }
    if let path = part.path { row[path] = .path(QueryPath(nodes: nodes, edges: edges)) }
    return row
  }

  private func merge(
    _ part: PatternPart, _ onCreate: [SetItem], _ onMatch: [SetItem], _ place: Place, _ row: Row
  ) async throws -> [Row] {
    for node in part.nodes {
      if let variable = node.variable, case .null? = row[variable] {
        throw place.error("\(JSON(variable.name)) is null, and cannot be merged")
      }
    }
    for (properties, place) in part.nodes.map({ ($0.properties, $0.place) })
      + part.edges.map({ ($0.properties, $0.place) })
    {
      for (name, value) in try await self.properties(properties, row, place) where value.isNull {
        throw place.error("MERGE cannot look for \(JSON(name)) that is null")
      }
    }
    var found: [Row] = []
    try await shop.matcher.match([part], [row]) { rows in
      found += rows
      return true
    }
    if found.isEmpty {
      let made = try await create(part, row)
      for item in onCreate { try await set(item, made) }
      return [made]
    }
    for row in found { for item in onMatch { try await set(item, row) } }
    return found
  }

  // MARK: changing

  private func set(_ item: SetItem, _ row: Row) async throws {
    switch item {
    case .property(let owner, let name, let value, let place):
      let value = try await shop.evaluator.value(of: value, row)
      try checkStorable(value, name, place)
      try await change(try await shop.evaluator.value(of: owner, row), place) { $0[name] = value }
    case .properties(let variable, let value, let isMerging):
      let value = try await shop.evaluator.value(of: value, row)
      if value.isNull { return }
      var members = try await shop.evaluator.properties(of: value, at: variable.place)
      // Of another node all is copied but its name.
      if case .node = value { members["id"] = nil }
      for (name, value) in members { try checkStorable(value, name, variable.place) }
      try await change(row[variable] ?? .null, variable.place) { properties in
        properties = isMerging ? properties.merging(members) : members
      }
    case .labels(let variable, let names):
      try await relabel(row[variable] ?? .null, variable.place) { labels in
        for name in names where !labels.hasBytes(of: name) { labels.append(name) }
      }
    }
  }

  private func remove(_ item: RemoveItem, _ row: Row) async throws {
    switch item {
    case .property(let owner, let name, let place):
      let owner = try await shop.evaluator.value(of: owner, row)
      if name == "id", case .node = owner { throw Self.fixedID(place) }
      try await change(owner, place) { $0[name] = nil }
    case .labels(let variable, let names):
      try await relabel(row[variable] ?? .null, variable.place) { labels in
        labels.removeAll { names.hasBytes(of: $0) }
      }
    }
  }

  private func change(_ owner: Value, _ place: Place, _ body: (inout Value.Members) -> Void) async throws {
    try owner.checkIsThere(place)
    switch owner {
    case .null: return
    case .node(let node):
      try await shop.graph.load([node])
      var properties = node.properties
      body(&properties)
      try QueryGraph.checkNoLabels(properties, at: place)
      if let id = properties["id"] {
        // The id that it has changes nothing.
        let isSame =
          Value.equals(id, node.properties["id"] ?? .string(node.reference.id)) == true
          || id.description == node.reference.id && node.properties["id"] == nil
        if !isSame { throw Self.fixedID(place) }
      }
      // It may be a number, as it was written.
      properties["id"] = node.properties["id"]
      node.properties = properties.withoutNulls
      node.isChanged = true
      shop.graph.noteAttributes(of: node)
    case .edge(let edge):
      try await shop.graph.load([edge])
      var properties = edge.properties ?? [:]
      body(&properties)
      edge.properties = properties.withoutNulls
      edge.isChanged = true
    default: throw place.error("\(owner.kind) has no properties to be changed")
    }
  }

  private static func fixedID(_ place: Place) -> KVError {
    place.error("the id of a node is its name, and is not set", reason: .fixedName)
  }

  private func relabel(_ owner: Value, _ place: Place, _ body: (inout [String]) -> Void) async throws {
    try owner.checkIsThere(place)
    switch owner {
    case .null: return
    case .node(let node):
      try await shop.graph.load([node])
      var labels = node.labels
      body(&labels)
      if node.reference.type != "Node", !labels.hasBytes(of: node.reference.type) {
        throw place.error(
          "the label \(JSON(node.reference.type)) is the node's type, and stays", reason: .fixedName)
      }
      node.furtherLabels = labels
      node.isChanged = true
      shop.graph.noteLabels(of: node)
      shop.graph.noteAttributes(of: node)
    default: throw place.error("only nodes have labels, not \(owner.kind)")
    }
  }

  private func delete(_ target: Value, _ isDetaching: Bool, _ place: Place) async throws {
    switch target {
    case .null: return
    case .node(let node): try await shop.graph.delete(node, isDetaching: isDetaching, at: place)
    case .edge(let edge): edge.isDeleted = true
    case .path(let path):
      for edge in path.edges { edge.isDeleted = true }
      for node in path.nodes { try await shop.graph.delete(node, isDetaching: isDetaching, at: place) }
    case .list(let values): for value in values { try await delete(value, isDetaching, place) }
    default: throw place.error("DELETE takes nodes, edges and paths, not \(target.kind)")
    }
  }
}
