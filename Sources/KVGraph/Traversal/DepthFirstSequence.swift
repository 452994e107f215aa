import KV

/// The nodes that can be reached from a start, deeper before wider, each once, read as they are asked for.
///
/// Cost: the edges of the nodes that will come next are read ahead, as far as few looks show them. Throws as
/// ``BreadthFirstSequence``.
public struct DepthFirstSequence: AsyncSequence, Sendable {
  let graph: Graph
  let start: NodeReference
  let options: TraversalOptions

  /// Where a walk stands.
  public struct AsyncIterator: AsyncIteratorProtocol {
    let sequence: DepthFirstSequence
    private var cache: EdgeCache<StoreEdges>?
    /// By node, its least depth so far.
    private var seen: [Int32: Int] = [:]
    private var stack: [(node: Int32, steps: ArraySlice<Step>)] = []

    init(_ sequence: DepthFirstSequence) { self.sequence = sequence }

    /// The next node, or `nil` at the end.
    public mutating func next() async throws -> Visit? { try await next(isolation: nil) }

    /// The same, on the caller's actor: a change of threads for each element would cost more than the element.
    public mutating func next(isolation actor: isolated (any Actor)?) async throws -> Visit? {
      guard cache != nil else { return try await begin() }
      while !stack.isEmpty {
        guard let step = stack[stack.count - 1].steps.popFirst() else {
          stack.removeLast()
          continue
        }
        let depth = stack.count
        if let known = seen[step.node], !isNearer(depth, than: known) { continue }
        let isNew = seen.updateValue(depth, forKey: step.node) == nil
        if let visit = try await enter(step.node), isNew { return visit }
      }
      return nil
    }

    /// With a limit of depth more can be reached from where a node is nearer.
    private func isNearer(_ depth: Int, than known: Int) -> Bool {
      sequence.options.maxDepth != nil && depth < known
    }

    private mutating func begin() async throws -> Visit? {
      var cache = EdgeCache(
        try await sequence.graph.source(sequence.options), sequence.options.direction)
      let number = cache.number(of: sequence.start)
      self.cache = cache
      guard let number else { return nil }
      seen = [number: 0]
      return try await enter(number)
    }

    private func reference(of node: Int32) -> NodeReference? {
      cache.flatMap { NodeReference(path: $0.source.path(of: node)) }
    }

    private mutating func enter(_ node: Int32) async throws -> Visit? {
      try Task.checkCancellation()
      try sequence.options.checkBudget(seen.count)
      guard let reference = reference(of: node) else { return nil }
      let parent = stack.last.flatMap { self.reference(of: $0.node) }
      let visit = Visit(node: reference, depth: stack.count, parent: parent)
      var steps: ArraySlice<Step> = []
      if sequence.options.maxDepth.map({ stack.count < $0 }) ?? true {
        // The whole stack, looked at for each node, would make a long chain take the square of its length.
        let upcoming = stack.suffix(64).lazy.reversed().flatMap { $0.steps.prefix(4096).lazy.map(\.node) }
          .filter { [seen] in seen[$0] == nil }
        if var cache {
          // Not copied while it grows.
          self.cache = nil
          defer { self.cache = cache }
          steps = try await cache.steps(from: node, upcoming: upcoming)
        }
      }
      stack.append((node, steps))
      return visit
    }
  }

  /// A walk from the start.
  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(self) }
}

extension Graph {
  /// The nodes that can be reached from the start, each once, deeper before wider: a node, then what the first of its edges leads to,
  /// and so on, in key order. The start comes first, whether or not it is there.
  ///
  /// With a limit of depth all nodes come that so many edges lead to; each with the depth at which it was first come by. Cost: what is come by
  /// again at a smaller depth is walked from once more.
  public func depthFirst(
    from start: NodeReference, options: TraversalOptions = TraversalOptions()
  ) -> DepthFirstSequence {
    DepthFirstSequence(graph: self, start: start, options: options)
  }
}
