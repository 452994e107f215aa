import KV

/// What is known while the files of one import are read: of the database, of each file, and of the nodes that all of them name.
struct ImportContext: Sendable {
  let options: ImportOptions
  private let graph: Graph
  let keepsIndexRecords: Bool
  /// The types of the nodes that the database holds.
  private let storedTypes: Set<ByteKey>
  private var resolver: NodeResolver
  private var surveys: [FileSurvey]
  private var directions: [EdgeDirections]

  init(_ graph: Graph, _ options: ImportOptions, files: Int) async throws {
    self.graph = graph
    self.options = options
    keepsIndexRecords = try await graph.store.keepsEdgeIndexRecords
    let declared = try await graph.undirectedTypes
    storedTypes = Set(try await graph.nodeTypes().map { ByteKey($0) })
    resolver = NodeResolver(defaultType: options.nodeType, storedTypes: storedTypes)
    surveys = Array(repeating: FileSurvey(), count: files)
    directions = Array(
      repeating: EdgeDirections(declared: declared, stored: storedTypes.isEmpty ? [] : nil), count: files)
  }

  func maker(of file: Int) -> RecordMaker {
    RecordMaker(
      options: options, resolver: resolver,
      directions: directions[file],
      survey: surveys[file])
  }

  /// Keeps what a file has made of its types, for those that follow.
  mutating func follow(_ before: EdgeDirections) {
    for file in directions.indices { directions[file].follow(before) }
  }

  /// Reads all files once, to know all that they say before the first of it is stored.
  mutating func survey(_ files: [ImportFile]) async throws {
    resolver = NodeResolver(defaultType: options.nodeType, storedTypes: storedTypes)
    try surveyAll(files)
    if resolver.needsAnotherSurvey {
      resolver = resolver.renewed
      try surveyAll(files)
    }
    for file in files.indices {
      surveys[file].end()
      directions[file].endSurvey()
    }
    try resolver.endSurvey(stored: try await stored(), labelled: try await labelled())
    if options.parallel == .last {
      for (number, file) in files.enumerated() { try countEdges(of: file, number) }
    }
  }

  /// The nodes of the database that have an id which files name and do not list. Learns of the types of its edges where a file asks for them.
  private mutating func stored() async throws -> [ByteKey: [NodeReference]] {
    let unknown = storedTypes.isEmpty ? [] : resolver.unknownIDs
    let needsTypes = !storedTypes.isEmpty && directions.contains { $0.needsStored && $0.stored == nil }
    let nodes: [NodeReference]
    if !needsTypes, unknown.count * storedTypes.count <= Self.fewNodes {
      nodes = try await graph.existing(
        unknown.flatMap { id in storedTypes.map { NodeReference(type: $0.text, id: id.text) } }
          .sorted { $0.path < $1.path })
    } else {
      let adjacency = try await Adjacency(of: graph)
      nodes = unknown.isEmpty ? [] : adjacency.nodes.filter { unknown.contains(ByteKey($0.id)) }
      if needsTypes { for file in directions.indices { directions[file].stored = adjacency.edgeTypes } }
    }
    return Dictionary(grouping: nodes) { ByteKey($0.id) }
  }

  /// By name, the nodes of the database with the id and, as a further label, the type of those that files name by ids in spaces, where no node is of
  /// that type itself.
  private func labelled() async throws -> [ByteKey: [NodeReference]] {
    let named = storedTypes.isEmpty ? [] : resolver.unknownOfTypes
    if named.isEmpty { return [:] }
    let ids = Set(named.map { ByteKey($0.node.id) })
    let nodes = try await graph.store.records(mayHave: "@labels").compactMap {
      NodeReference(key: $0.key, type: $0.type)
    }
    .filter { ids.contains(ByteKey($0.id)) }.sorted { $0.path < $1.path }
    let described = zip(nodes, try await graph.values(of: nodes)).map { Node($0, value: $1) }
    let byID = Dictionary(grouping: described) { ByteKey($0.reference.id) }
    var labelled: [ByteKey: [NodeReference]] = [:]
    for (name, node) in named {
      let others = (byID[ByteKey(node.id)] ?? []).filter {
        $0.reference != node && $0.labels.hasBytes(of: node.type)
      }
      if !others.isEmpty { labelled[name] = others.map(\.reference) }
    }
    let existing = Set(try await graph.existing(named.filter { labelled[$0.name] != nil }.map(\.node)))
    for (name, node) in named where existing.contains(node) { labelled[name] = nil }
    return labelled
  }

  /// Up to how many nodes are looked for one by one, and not in the whole graph.
  private static let fewNodes = 500

  private mutating func surveyAll(_ files: [ImportFile]) throws {
    for (number, file) in files.enumerated() {
      try resolver.survey(file, &surveys[number], &directions[number], options)
    }
  }

  /// Counts the edges of each key, as they will be stored.
  private mutating func countEdges(of file: ImportFile, _ number: Int) throws {
    var maker = maker(of: number)
    maker.keepsParallelEdges = true
    var items = file.items(options)
    var survey = surveys[number]
    while let (item, line) = try items.next() {
      guard case .edge = item, case .edge(_, let key)? = try? maker.make(item, line: line)?.content else {
        continue
      }
      survey.count(key)
    }
    survey.end()
    surveys[number] = survey
  }
}

extension NodeResolver {
  fileprivate mutating func survey(
    _ file: ImportFile, _ survey: inout FileSurvey, _ directions: inout EdgeDirections,
    _ options: ImportOptions
  ) throws {
    var nodes = ListedNodes()
    var items = file.items(options)
    while let (item, _) = try items.next() {
      switch item {
      case .node(var node):
        if let name = options.nodeTypeFrom { node.type = node.attributes.take(name)?.plainText ?? node.type }
        guard let reference = try self.survey(node) else { break }
        if nodes.insert(reference, attributes: node.attributes) == .other {
          survey.noteRepetition(of: reference)
        }
      case .edge(var edge):
        RecordMaker.undoExport(&edge)
        self.survey(end: edge.from)
        self.survey(end: edge.to)
        if let name = options.edgeTypeFrom { edge.type = edge.attributes.take(name)?.plainText ?? edge.type }
        let type = edge.type ?? options.edgeType ?? RecordMaker.defaultEdgeType
        directions.survey(type, edgeIsDirected: edge.isDirected)
      case .graph(let isDirected): directions.beginGraph(isDirectedBySilence: isDirected)
      case .directed(let isDirected): directions.survey(fileIsDirected: isDirected)
      case .edgeType(let type, let isDirected): if !isDirected { directions.surveyDeclared(type) }
      case .ignored, .note, .invalid: break
      }
    }
  }
}
