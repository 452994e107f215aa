import KV

/// The nodes that can be reached from a start, level by level, each once, read as they are asked for.
///
///     for try await visit in graph.breadthFirst(from: alice) where visit.depth > 1 { … }
///
/// Cost: one request a level (and 10,000 nodes), made when the first node of the level is asked for; of a graph that has a
/// ``Graph/snapshot`` some thousand edges are read so, and what is farther away from the snapshot. Throws `KVError`, or
/// `CancellationError` where the task was cancelled.
public struct BreadthFirstSequence: AsyncSequence, Sendable {
  let graph: Graph
  let start: NodeReference
  let options: TraversalOptions

  /// Where a walk stands.
  public struct AsyncIterator: AsyncIteratorProtocol {
    let sequence: BreadthFirstSequence
    private var walk: BreadthFirstTraversal<StoreEdges>?
    /// The same walk in memory, once it has come far.
    private var whole: BreadthFirstTraversal<AdjacencyEdges>?
    private var given = 0
    /// From how many edges on it goes on in the snapshot.
    private var nearEdges: Int

    init(_ sequence: BreadthFirstSequence) {
      self.sequence = sequence
      nearEdges = sequence.options.looksAtEdges ? .max : sequence.graph.snapshot?.nearEdges ?? .max
    }

    /// The next node, or `nil` at the end.
    public mutating func next() async throws -> Visit? { try await next(isolation: nil) }

    /// The same, on the caller's actor: a change of threads for each element would cost more than the element.
    public mutating func next(isolation actor: isolated (any Actor)?) async throws -> Visit? {
      if walk == nil {
        let source = try await sequence.graph.source(sequence.options)
        walk = BreadthFirstTraversal(from: sequence.start, in: source, sequence.options)
      }
      if let walk, walk.source.edgesRead > nearEdges { try await leap() }
      if whole != nil { return try await whole?.next() }
      given += 1
      return try await walk?.next()
    }

    /// Goes on in the snapshot, behind the nodes that have been given: they come in the same order there.
    private mutating func leap() async throws {
      nearEdges = .max
      guard let adjacency = try await sequence.graph.snapshot?.current(sequence.graph) else { return }
      let source = AdjacencyEdges(
        adjacency, sequence.options, withIncoming: sequence.options.direction != .out)
      var walk = BreadthFirstTraversal(from: sequence.start, in: source, sequence.options)
      for _ in 0..<given { _ = try await walk.next() }
      whole = walk
    }
  }

  /// A walk from the start.
  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(self) }
}

extension Graph {
  /// The nodes that can be reached from the start, level by level, each once; inside a level in the order in which key order finds
  /// them. The start comes first, whether or not it is there.
  public func breadthFirst(
    from start: NodeReference, options: TraversalOptions = TraversalOptions()
  ) -> BreadthFirstSequence {
    BreadthFirstSequence(graph: self, start: start, options: options)
  }
}

/// A walk level by level over any source of edges.
struct BreadthFirstTraversal<Source: EdgeSource> {
  private(set) var source: Source
  private let options: TraversalOptions
  private var side: TraversalSide?
  /// What is left of the level.
  private var level: ArraySlice<Int32> = []

  init(from start: NodeReference, in source: Source, _ options: TraversalOptions) {
    (self.source, self.options) = (source, options)
    guard let number = self.source.number(of: start) else { return }
    side = TraversalSide(number, options.direction)
    level = [number]
  }

  mutating func next() async throws -> Visit? {
    while true {
      while let node = level.popFirst() { if let visit = visit(of: node) { return visit } }
      guard var side, options.maxDepth.map({ Int(side.level) < $0 }) ?? true else { return nil }
      try Task.checkCancellation()
      // Not copied while it grows.
      self.side = nil
      try await side.expand(in: &source, options)
      if side.frontier.isEmpty { return nil }
      level = side.frontier[...]
      self.side = side
    }
  }

  private func visit(of node: Int32) -> Visit? {
    guard let side, let reference = NodeReference(path: source.path(of: node)) else { return nil }
    let parent = side.parent[Int(node)]
    return Visit(
      node: reference, depth: Int(side.level),
      parent: parent < 0 ? nil : NodeReference(path: source.path(of: parent)))
  }
}
