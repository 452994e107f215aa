import KV

/// All nodes and edges of a graph in memory, as numbers in flat arrays, for analyses of the whole graph.
///
/// Nodes are numbered in the order of their keys. An edge is one arc, from the node it leaves to the node it enters; an undirected
/// edge is two arcs, of which the second, its mirror, leads back. Memory: 8 bytes an arc, 20 while it is made; 28 bytes and its
/// name a node, and for a moment a string of it.
public struct Adjacency: Sendable {
  /// Names, by number.
  let names: SortedTexts
  /// By node, whether a record says that it is there, of what was read with all its nodes.
  let isRecorded: [Bool]
  let labels: LabelTable
  /// The arcs that leave node `n` are those from `offsets[n]` to `offsets[n + 1]`: its edges in key order, then mirrors.
  let offsets: [Int32]
  let targets: [Int32]
  /// By arc, the edge's label, and of a mirror the complement of it.
  let arcLabels: [Int32]
  /// By arc, what the edge weighs; empty where that was not asked for.
  private let arcWeights: [Weight]
  private let keptIncoming: KeptIncomingEdges

  /// How many edges there are. An undirected edge counts once.
  public let edgeCount: Int
  /// How many nodes there are.
  public var nodeCount: Int { offsets.count - 1 }
  /// Whether there is an edge that leads both ways.
  let hasMirrors: Bool

  /// What enters each node: 8 bytes an edge, made by the first who asks.
  var incoming: IncomingEdges { keptIncoming.edges(of: self) }

  /// The types that edges have, in no order that is promised.
  var edgeTypes: Set<ByteKey> { Set((0..<Int32(labels.count)).map { ByteKey(labels.type(of: $0)) }) }

  /// Those of the types that none of its edges is of.
  public func missing(edgeTypes types: [String]) -> [String] {
    if types.isEmpty { return [] }
    var used = [Bool](repeating: false, count: labels.count)
    for arc in targets.indices { used[Int(label(of: arc))] = true }
    let known = Set(used.indices.filter { used[$0] }.map { ByteKey(labels.type(of: Int32($0))) })
    return types.filter { !known.contains(ByteKey($0)) }
  }

  /// Whether two edges lead the same way.
  var hasParallelEdges: Bool {
    (0..<Int32(nodeCount)).contains { node in
      let arcs = arcs(from: node)
      return Set(targets[arcs]).count < arcs.count
    }
  }

  /// Whether there are edges, and all lead both ways.
  var isUndirected: Bool {
    edgeCount > 0 && arcLabels.allSatisfy { labels.isUndirected($0 >= 0 ? $0 : ~$0) }
  }

  /// Reads the keys of a graph once, page by page; all of a graph that has a ``Graph/snapshot`` from that.
  ///
  /// Throws failed where there are more nodes than the budget, or 2³⁰ edges or more.
  /// - Parameter graph: the graph whose edges are read.
  /// - Parameter node: one that is taken in whether or not an edge touches it.
  /// - Parameter options: which edges are taken in; the direction and the limit of depth are ignored. A predicate or a filter costs a
  ///   read of each edge. Nodes without edges are taken in only where the options admit all edges.
  /// - Parameter weight: how edges are weighed; `nil` for not at all. Costs a read of each edge, and 16 bytes of memory.
  /// - Parameter progress: told from time to time how many edges have been read.
  public init(
    of graph: Graph, including node: NodeReference? = nil,
    options: TraversalOptions = TraversalOptions(nodeBudget: .max), weight: EdgeWeight? = nil,
    progress: (Int) -> Void = { _ in }
  ) async throws {
    try weight?.validate()
    if let snapshot = graph.snapshot, weight == nil, !options.looksAtData {
      let kept: Adjacency? =
        options.admitsAllEdges
        ? try await snapshot.read(graph, progress: progress).adjacency
        : try await snapshot.current(graph)?.admitted(by: options, including: node)
      if let kept {
        self = kept
        try options.checkBudget(nodeCount)
        return
      }
    }
    try await self.init(reading: graph, including: node, options, weight, progress)
  }

  /// Reads the database.
  init(
    reading graph: Graph, including node: NodeReference? = nil,
    _ options: TraversalOptions = TraversalOptions(nodeBudget: .max),
    _ weight: EdgeWeight? = nil, _ progress: (Int) -> Void = { _ in }
  ) async throws {
    var builder = AdjacencyBuilder(options, try await graph.undirectedTypes)
    if options.looksAtEdges {
      for try await edge in graph.edges() where options.covers(edge) {
        try builder.add(edge.key, weight: try weight.map { try $0(edge.data) { edge } })
        progress(builder.edgeCount)
      }
    } else if let weight {
      var after: String?
      while true {
        let keys = try await graph.store.edges(
          EdgeQuery(.all, includesValues: true, after: after, limit: 20_000))
        for (index, key) in keys.enumerated() {
          guard let parts = EdgeKey(key.key), options.admits(type: parts.type) else { continue }
          try builder.add(key.key, weight: weight(keys.values[index]["data"]) { Edge(parts) })
        }
        progress(builder.edgeCount)
        guard let last = keys.last else { break }
        after = last.key
      }
    } else {
      var after: String?
      while true {
        let keys = try await graph.store.edges(EdgeQuery(.all, after: after, limit: 20_000))
        try keys.forEachKey { _, _, key in try builder.add(key) }
        progress(builder.edgeCount)
        guard let last = keys.last else { break }
        after = last.key
      }
    }
    if options.admitsAllEdges {
      try await graph.forEachRecordedNode { try builder.add($0) }
    } else if let node {
      try builder.add(node)
    }
    self = builder.finish()
  }

  /// Edges as they are, whatever their types say.
  init(directed edges: some Sequence<Edge>) throws {
    var builder = AdjacencyBuilder(TraversalOptions(nodeBudget: .max), UndirectedTypes())
    for edge in edges { try builder.add(edge.key) }
    self = builder.finish()
  }

  /// - Parameters:
  ///   - names: in the order of keys.
  ///   - isRecorded: by node, whether it is there without edges too.
  ///   - sources: the node that each edge leaves, by the numbers of `names`, as `targets`; the edges of a node in key order.
  ///   - weights: of the edges; empty where that was not asked for.
  init(
    names: SortedTexts, isRecorded: [Bool], labels: LabelTable, sources: [Int32], targets: [Int32],
    edgeLabels: [Int32], weights: [Weight] = []
  ) {
    self.names = names
    self.isRecorded = isRecorded
    self.labels = labels
    edgeCount = targets.count
    keptIncoming = KeptIncomingEdges()
    // The label may be of edges that were left out.
    hasMirrors = labels.hasUndirected && edgeLabels.contains(where: labels.isUndirected)
    func isMirrored(_ edge: Int) -> Bool {
      labels.isUndirected(edgeLabels[edge]) && sources[edge] != targets[edge]
    }
    // Counted, summed up, and put in place: the edges of a node keep their order.
    var offsets = [Int32](repeating: 0, count: names.count + 1)
    for edge in targets.indices {
      offsets[Int(sources[edge]) + 1] += 1
      if labels.hasUndirected, isMirrored(edge) { offsets[Int(targets[edge]) + 1] += 1 }
    }
    for node in 0..<names.count { offsets[node + 1] += offsets[node] }
    var next = offsets
    var arcTargets = [Int32](repeating: 0, count: Int(offsets[names.count]))
    var arcLabels = arcTargets
    var arcWeights = [Weight](repeating: .zero, count: weights.isEmpty ? 0 : arcTargets.count)
    func put(_ from: Int32, _ to: Int32, _ label: Int32, _ edge: Int) {
      let place = Int(next[Int(from)])
      next[Int(from)] += 1
      arcTargets[place] = to
      arcLabels[place] = label
      if !weights.isEmpty { arcWeights[place] = weights[edge] }
    }
    for edge in targets.indices { put(sources[edge], targets[edge], edgeLabels[edge], edge) }
    if labels.hasUndirected {
      for edge in targets.indices where isMirrored(edge) {
        put(targets[edge], sources[edge], ~edgeLabels[edge], edge)
      }
    }
    (self.offsets, self.targets, self.arcLabels, self.arcWeights) = (
      offsets, arcTargets, arcLabels, arcWeights
    )
  }

  /// Arrays as another adjacency had them.
  init(
    names: SortedTexts, isRecorded: [Bool], labels: LabelTable, edgeCount: Int, offsets: [Int32],
    targets: [Int32], arcLabels: [Int32], incoming: IncomingEdges? = nil
  ) {
    (self.names, self.isRecorded, self.labels, self.edgeCount) = (names, isRecorded, labels, edgeCount)
    (self.offsets, self.targets, self.arcLabels, arcWeights) = (offsets, targets, arcLabels, [])
    keptIncoming = KeptIncomingEdges(incoming)
    hasMirrors = labels.hasUndirected && arcLabels.contains { labels.isUndirected($0 >= 0 ? $0 : ~$0) }
  }

  /// The arcs that leave a node.
  func arcs(from node: Int32) -> Range<Int> { Int(offsets[Int(node)])..<Int(offsets[Int(node) + 1]) }

  /// Those of them that are edges as they are stored, and no mirrors.
  func edges(from node: Int32) -> some Sequence<Int> { arcs(from: node).lazy.filter { arcLabels[$0] >= 0 } }

  func label(of arc: Int) -> Int32 { arcLabels[arc] >= 0 ? arcLabels[arc] : ~arcLabels[arc] }
  /// The key of an arc's edge.
  func key(of arc: Int, from node: Int32) -> String {
    EdgeKey(from: path(of: node), label: labels[label(of: arc)], to: path(of: targets[arc])).text
  }

  var isWeighted: Bool { !arcWeights.isEmpty }

  /// Whether there are edges with weights, and all weigh the same.
  package func isWeighted(by weight: Double) -> Bool {
    !arcWeights.isEmpty && arcWeights.allSatisfy { $0 == Weight(weight) }
  }

  func weight(of arc: Int32) -> Weight { arcWeights.isEmpty ? Weight(1) : arcWeights[Int(arc)] }

  /// Throws invalid data where it is not finite.
  func finite(_ weight: Weight) throws -> Weight {
    guard weight.isFinite else {
      throw KVError(.invalidData, "the weights add up to more than a number can hold")
    }
    return weight
  }

  func sum(_ weights: some Sequence<Weight>) throws -> Weight { try finite(weights.reduce(.zero, +)) }

  func isMirror(_ arc: Int) -> Bool { arcLabels[arc] < 0 }

  func path(of node: Int32) -> String { names[node] }

  func node(_ number: Int32) -> NodeReference {
    NodeReference(path: names[number]) ?? NodeReference(type: "", id: names[number])
  }

  /// The types of nodes, as in keys, each with its nodes, which stand together.
  package var nodeTypes: [(name: String, nodes: Range<Int32>)] {
    var types: [(name: String, nodes: Range<Int32>)] = []
    var type: ArraySlice<UInt8> = []
    var first: Int32 = 0
    func end(at last: Int32) {
      if last > first { types.append((String(decoding: type, as: UTF8.self), first..<last)) }
      first = last
    }
    for number in 0..<Int32(nodeCount) {
      let name = names.bytes(of: number)
      if number > 0, name.starts(with: type), name.dropFirst(type.count).first == UInt8(ascii: "/") {
        continue
      }
      end(at: number)
      type = name.prefix { $0 != UInt8(ascii: "/") }
    }
    end(at: Int32(nodeCount))
    return types
  }

  /// All nodes, in the order of their keys. Made anew at each call.
  public var nodes: [NodeReference] { (0..<Int32(nodeCount)).map { node($0) } }

  func number(of node: NodeReference) -> Int32? { names.find(node.path) }

  /// By node, how many edges touch it; one from a node to itself counts twice.
  var degrees: [Int] {
    var degrees = [Int](repeating: 0, count: nodeCount)
    for node in 0..<nodeCount {
      for arc in Int(offsets[node])..<Int(offsets[node + 1]) where arcLabels[arc] >= 0 {
        degrees[node] += 1
        degrees[Int(targets[arc])] += 1
      }
    }
    return degrees
  }
}

/// Takes keys in any order.
private struct AdjacencyBuilder {
  private let options: TraversalOptions
  private let undirectedTypes: UndirectedTypes
  private var names = TextTable()
  private var labels = LabelTable()
  private var sources: [Int32] = []
  private var targets: [Int32] = []
  private var edgeLabels: [Int32] = []
  private var weights: [Weight] = []
  private var recorded: [Int32] = []

  var edgeCount: Int { sources.count }

  init(_ options: TraversalOptions, _ undirectedTypes: UndirectedTypes) {
    self.options = options
    self.undirectedTypes = undirectedTypes
  }

  mutating func add(_ key: String, weight: Weight? = nil) throws {
    var key = key
    let before = sources.count
    try key.withUTF8 { try add($0) }
    if let weight, sources.count > before { weights.append(weight) }
  }

  mutating func add(_ key: UnsafeBufferPointer<UInt8>) throws {
    guard let parts = EdgeKeyParts(key) else { return }
    let label = labels.number(of: parts, in: key, options, undirectedTypes)
    guard labels.isAdmitted(label) else { return }
    // Half of the numbers, for an edge may be two arcs.
    guard sources.count < Int(Int32.max) / 2 else {
      throw KVError(.failed, "more than \(Int32.max / 2) edges are not read at once")
    }
    sources.append(names.number(of: UnsafeBufferPointer(rebasing: key[parts.from])))
    targets.append(names.number(of: UnsafeBufferPointer(rebasing: key[parts.to])))
    edgeLabels.append(label)
    try options.checkBudget(names.count)
  }

  mutating func add(_ node: NodeReference) throws {
    recorded.append(names.number(of: node.path))
    try options.checkBudget(names.count)
  }

  func finish() -> Adjacency {
    let order = names.sortedNumbers()
    var sorted = SortedTexts()
    var numbers = [Int32](repeating: 0, count: names.count)
    for (number, old) in order.enumerated() {
      numbers[Int(old)] = Int32(number)
      names.withBytes(of: old) { sorted.append($0) }
    }
    var isRecorded = [Bool](repeating: false, count: names.count)
    for node in recorded { isRecorded[Int(numbers[Int(node)])] = true }
    return Adjacency(
      names: sorted, isRecorded: isRecorded, labels: labels, sources: sources.map { numbers[Int($0)] },
      targets: targets.map { numbers[Int($0)] }, edgeLabels: edgeLabels, weights: weights)
  }
}
