import KV

/// All edges of a graph in memory, as numbers in flat arrays: for questions about the whole of it.
///
/// Nodes are numbered in the order of their keys, edges in key order by the node that they leave. Memory: 6 bytes an
/// edge, 16 while it is made; 28 bytes and its name a node, and for a moment a string of it.
public struct Adjacency: Sendable {
  /// Names, by number.
  private let names: TextTable
  private let typeNames: TextTable
  /// The edges that leave node `n` are those from `offsets[n]` to `offsets[n + 1]`.
  let offsets: [Int32]
  let targets: [Int32]
  let types: [Int16]

  public var nodeCount: Int { offsets.count - 1 }
  public var edgeCount: Int { targets.count }

  /// Reads the edges of a graph once, by pages of keys.
  ///
  /// - Parameter options: which edges there are; direction and limits of depth mean nothing here. A predicate or a filter
  ///   costs a read of each edge. Throws where there are more nodes than the budget.
  public init(of graph: Graph, options: TraversalOptions = TraversalOptions(nodeBudget: .max)) async throws {
    var builder = AdjacencyBuilder(options)
    if options.looksAtEdges {
      for try await edge in graph.edges() where options.admits(edge) { try builder.add(edge.key) }
    } else {
      var after: String?
      while true {
        let keys = try await graph.store.edgeKeys(after: after, limit: 20_000)
        try keys.forEachKey { _, _, key in try builder.add(key) }
        guard let last = keys.last else { break }
        after = last.key
      }
    }
    self = builder.finish()
  }

  /// - Parameters:
  ///   - sources: the node that each edge leaves, by the numbers of `names`, as `targets`.
  fileprivate init(names: TextTable, typeNames: TextTable, sources: [Int32], targets: [Int32], types: [Int16])
  {
    let order = (0..<Int32(names.count)).map { (number: $0, name: names[$0]) }.sorted { $0.name < $1.name }
    var sorted = TextTable()
    var numbers = [Int32](repeating: 0, count: names.count)
    for (number, old) in order.enumerated() {
      numbers[Int(old.number)] = Int32(number)
      _ = sorted.number(of: old.name)
    }
    self.names = sorted
    self.typeNames = typeNames
    // Counted, summed up, and put in place: the edges of a node keep their order.
    var offsets = [Int32](repeating: 0, count: names.count + 1)
    for source in sources { offsets[Int(numbers[Int(source)]) + 1] += 1 }
    for node in 0..<names.count { offsets[node + 1] += offsets[node] }
    var next = offsets
    var sortedTargets = [Int32](repeating: 0, count: targets.count)
    var sortedTypes = [Int16](repeating: 0, count: targets.count)
    for (edge, source) in sources.enumerated() {
      let node = Int(numbers[Int(source)])
      let place = Int(next[node])
      next[node] += 1
      sortedTargets[place] = numbers[Int(targets[edge])]
      sortedTypes[place] = types[edge]
    }
    (self.offsets, self.targets, self.types) = (offsets, sortedTargets, sortedTypes)
  }

  func edges(from node: Int32) -> Range<Int> { Int(offsets[Int(node)])..<Int(offsets[Int(node) + 1]) }

  func path(of node: Int32) -> String { names[node] }

  func node(_ number: Int32) -> NodeReference {
    NodeReference(path: names[number]) ?? NodeReference(type: "", id: names[number])
  }

  /// In the order of their keys.
  public var nodes: [NodeReference] { (0..<Int32(nodeCount)).map { node($0) } }

  func number(of node: NodeReference) -> Int32? { names.find(node.path) }

  func edgeType(_ type: Int16) -> String { String(percentDecoding: typeNames[Int32(type)]) ?? "" }

  /// By number, as in keys.
  var edgeTypes: [String] { (0..<Int32(typeNames.count)).map { typeNames[$0] } }
}

/// Takes keys in any order.
private struct AdjacencyBuilder {
  private let options: TraversalOptions
  private var names = TextTable()
  private var types = TextTable()
  private var isAdmitted: [Bool] = []
  private var sources: [Int32] = []
  private var targets: [Int32] = []
  private var edgeTypes: [Int16] = []

  init(_ options: TraversalOptions) { self.options = options }

  mutating func add(_ key: String) throws {
    var key = key
    try key.withUTF8 { try add($0) }
  }

  mutating func add(_ key: UnsafeBufferPointer<UInt8>) throws {
    guard let parts = EdgeKeyParts(key) else { return }
    let type = types.number(of: UnsafeBufferPointer(rebasing: key[parts.type]))
    if type == isAdmitted.count { isAdmitted.append(options.admits(type: types[type])) }
    guard isAdmitted[Int(type)] else { return }
    guard let small = Int16(exactly: type), sources.count < Int(Int32.max) else {
      throw KVError(.failed, "more than \(Int16.max) edge types, or \(Int32.max) edges, are not read at once")
    }
    sources.append(names.number(of: UnsafeBufferPointer(rebasing: key[parts.from])))
    targets.append(names.number(of: UnsafeBufferPointer(rebasing: key[parts.to])))
    edgeTypes.append(small)
    try options.checkBudget(names.count)
  }

  func finish() -> Adjacency {
    Adjacency(names: names, typeNames: types, sources: sources, targets: targets, types: edgeTypes)
  }
}
