import KV

/// Makes records of what a file says.
struct RecordMaker {
  struct Made {
    var content: Content
    var line: Int

    enum Content {
      case node(NewRecord)
      /// With the key of its record, whose value is made when it is written.
      case edge(Edge, key: String)
    }
  }

  private let options: ImportOptions
  /// Whether edges are made as if there were no parallel ones, so that they can be counted.
  var keepsParallelEdges = false
  private let survey: FileSurvey
  private(set) var resolver: NodeResolver
  private(set) var directions: EdgeDirections
  private(set) var notes = ImportNotes()
  private var parallel = ParallelEdges()
  private var nodes = ListedNodes()
  private var hasUsedDefaultEdgeType = false
  private var hasEdges = false

  static let defaultEdgeType = "edge"

  init(
    options: ImportOptions, resolver: NodeResolver, directions: EdgeDirections,
    survey: FileSurvey
  ) {
    self.options = options
    self.resolver = resolver
    self.directions = directions
    self.survey = survey
    self.resolver.beginFile()
  }

  mutating func make(_ item: ImportedItem, line: Int) throws -> Made? {
    switch item {
    case .node(let node): return try make(node, line)
    case .edge(let edge): return try make(edge, line)
    case .graph(let isDirected): directions.beginGraph(isDirectedBySilence: isDirected)
    case .directed(let isDirected): try directions.setFile(isDirected: isDirected)
    case .edgeType(let type, let isDirected):
      if !isDirected { try directions.declare(type) { notes.note($0) } }
    case .ignored(let name): notes.ignore(name)
    case .note(let text): notes.note(.other(text))
    case .invalid(let message, let reason): throw KVError(.invalidData, message, reason: reason)
    }
    return nil
  }

  private mutating func make(_ node: ImportedNode, _ line: Int) throws -> Made? {
    var node = node
    if let name = options.nodeTypeFrom { node.type = node.attributes.take(name)?.plainText ?? node.type }
    let reference = try resolver.listed(node)
    try reference.validate()
    if node.attributes.isEmpty {
      if nodes.insert(reference, attributes: []) != .new { return nil }
      // It has a record only where no edge touches it.
      if hasEdges, !survey.isDone { throw SurveyNeeded() }
      if !survey.isDone || !resolver.isUsed(node, reference) {
        nodes.appendBare(reference, line: line)
      } else {
        nodes.leave(reference)
      }
      return nil
    }
    switch nodes.insert(reference, attributes: node.attributes) {
    case .same: return nil
    case .new where !survey.repeats(reference):
      return Made(content: .node(try record(of: reference, node.attributes)), line: line)
    case .new, .other:
      guard survey.isDone else { throw SurveyNeeded() }
      nodes.merge(reference, node.attributes, line: line)
      return nil
    }
  }

  private func record(of node: NodeReference, _ attributes: [(name: String, value: JSON)]) throws -> NewRecord
  {
    try node.validateKey()
    let value = ExportedAttributes.value(of: attributes, others: ExportedAttributes.whole)
    if node.entityKey.utf8.contains(0) { throw KVError(.invalidData, "the id of the node holds U+0000") }
    if value.containsEscapedNUL { throw Self.nul }
    return NewRecord(key: node.entityKey, value: value, type: node.type)
  }

  private static let nul = KVError(.invalidData, "a text holds U+0000, which no database keeps")

  private mutating func make(_ imported: ImportedEdge, _ line: Int) throws -> Made? {
    var imported = imported
    Self.undoExport(&imported)
    if let name = options.edgeTypeFrom {
      imported.type = imported.attributes.take(name)?.plainText ?? imported.type
    }
    let from = try resolver.end(imported.from)
    let to = try resolver.end(imported.to)
    if imported.type == nil, options.edgeType == nil { hasUsedDefaultEdgeType = true }
    let type = imported.type ?? options.edgeType ?? Self.defaultEdgeType
    hasEdges = true
    var edge = Edge(
      from: from, to: to, type: type, parallelKey: imported.key,
      data: imported.attributes.isEmpty
        ? nil : ExportedAttributes.value(of: imported.attributes, others: ExportedAttributes.data))
    try edge.validate()
    if from.id.utf8.contains(0) || to.id.utf8.contains(0) || type.utf8.contains(0) {
      throw KVError(.invalidData, "a name of the edge holds U+0000, which no database keeps")
    }
    if try directions.isUndirected(type, edgeIsDirected: imported.isDirected, note: { notes.note($0) }) {
      edge = edge.undirected
    }
    var key = ""
    if keepsParallelEdges {
      key = edge.key
    } else {
      let total = options.parallel == .last ? survey.count(of: edge) : nil
      do {
        guard let placed = try parallel.place(edge, id: imported.id, options.parallel, total: total) else {
          return nil
        }
        (edge, key) = placed
      } catch is RepeatedEdge {
        throw KVError(
          .invalidData, "the edge \(edge) stands more than once in the file", reason: .parallelEdge)
      }
    }
    // Of what stands there by its id alone, the resolver knows.
    if !imported.from.isBare || !imported.to.isBare { nodes.touch(edge: key) }
    if edge.data?.containsEscapedNUL == true { throw Self.nul }
    if edge.data.map({ $0.text.utf8.count > 1900 }) == true, edge.json.isTooDeep {
      throw KVError(
        .invalidData,
        "the data is nested deeper than \(JSON.maximumDepth - 1) levels, and the edge is one more")
    }
    return Made(content: .edge(edge, key: key), line: line)
  }

  /// Keeps that the file lists no nodes, so that no id need be remembered for one.
  mutating func expectOnlyEdges() { resolver.hasOnlyEdges = true }

  /// Takes out of an edge's attributes what an export of ours says with them.
  static func undoExport(_ edge: inout ImportedEdge) {
    guard edge.attributes.contains(where: { $0.name.utf8.first == UInt8(ascii: "@") }) else { return }
    if let key = edge.attributes.take(ExportedAttributes.parallelKey)?.plainText { edge.key = key }
    if let mark = edge.attributes.take(ExportedAttributes.undirected) { edge.isDirected = mark != JSON(true) }
    if let whole = edge.attributes.take(ExportedAttributes.whole),
      ExportedAttributes.isWhole(whole, of: edge.attributes)
    {
      edge.attributes = [(ExportedAttributes.data, whole)]
    }
  }

  /// What is known only when all is read: nodes without attributes that no edge touches, and those that stand more than once.
  /// - Parameter invalid: told of what is not valid, with its line; what it throws ends the import.
  mutating func finish(invalid: (Int, KVError) throws -> Void) throws -> [Made] {
    var made: [Made] = []
    func add(_ reference: NodeReference, _ attributes: [(name: String, value: JSON)], _ line: Int) throws {
      do {
        made.append(Made(content: .node(try record(of: reference, attributes)), line: line))
      } catch let error as KVError {
        try invalid(line, error)
      }
    }
    for (node, line) in nodes.isolated where !resolver.isUsed(node) { try add(node, [], line) }
    for (reference, attributes, line) in nodes.merged {
      try add(reference, attributes, line)
    }
    note()
    parallel.end()
    return made
  }

  /// Those that stand there by their names alone, and that an edge names, which may not be stored.
  var nodesLeftToEdges: [NodeReference] {
    nodes.left + nodes.isolated.lazy.map(\.node).filter(resolver.isUsed)
  }

  private mutating func note() {
    if resolver.hasUsedDefault {
      notes.note(.nodesWithoutType(takenAs: NodeResolver.defaultType))
    }
    if hasUsedDefaultEdgeType {
      notes.note(.edgesWithoutType(takenAs: Self.defaultEdgeType))
    }
    for type in directions.newTypes { notes.note(.other("edges of type \(JSON(type)) are undirected")) }
    if parallel.keyed > 0 {
      notes.note(
        .other(
          parallel.keyed == 1
            ? "an edge is parallel to one before it, and has a key"
            : "\(parallel.keyed) edges are parallel to one before them, and have keys"))
    }
    if parallel.dropped > 0 { notes.note(.other("\(parallel.dropped) parallel edges are left out")) }
    if !nodes.merged.isEmpty {
      notes.note(
        .other(
          nodes.merged.count == 1
            ? "a node stands more than once; its attributes are taken together, of one name the last"
            : "\(nodes.merged.count) nodes stand more than once; their attributes are taken together, of one name the last"
        ))
    }
  }
}

extension [(name: String, value: JSON)] {
  /// Removes an attribute and gives its value.
  mutating func take(_ name: String) -> JSON? {
    guard let place = firstIndex(where: { $0.name.hasSameBytes(as: name) }) else { return nil }
    return remove(at: place).value
  }
}

extension JSON {
  /// A string's text, or a number or a boolean as it is written: what may be a name. `nil` for an empty text too.
  var plainText: String? {
    switch kind {
    case .string: string.flatMap { $0.isEmpty ? nil : $0 }
    case .number, .boolean: text
    case .null, .array, .object: nil
    }
  }
}
