import KV

extension Graph {
  /// The nodes that can be reached from the start, each once, deeper before wider: a node, then what the first of its
  /// edges leads to, and so on, in key order. With a limit of depth a node counts where it is first come by. `visit`
  /// returns false to end the walk. Cost: the edges of the nodes that will come next are read ahead, as far as few looks show
  /// them.
  public func depthFirst(
    from start: NodeReference, options: TraversalOptions = TraversalOptions(),
    isolation: isolated (any Actor)? = #isolation, visit: (Visit) async throws -> Bool
  ) async throws {
    var cache = EdgeCache(try await source(options), options.direction)
    guard let number = cache.number(of: start) else { return }
    var seen: Set = [number]
    var stack: [(node: Int32, steps: ArraySlice<Step>)] = []
    func enter(_ node: Int32) async throws -> Bool {
      try options.checkBudget(seen.count)
      guard let reference = NodeReference(path: cache.source.path(of: node)) else { return true }
      let parent = stack.last.flatMap { NodeReference(path: cache.source.path(of: $0.node)) }
      guard try await visit(Visit(node: reference, depth: stack.count, parent: parent)) else { return false }
      var steps: ArraySlice<Step> = []
      if options.maxDepth.map({ stack.count < $0 }) ?? true {
        // The whole stack, looked at for each node, would make a long chain take the square of its length.
        let upcoming = stack.suffix(64).lazy.reversed().flatMap { $0.steps.prefix(4096).lazy.map(\.node) }
          .filter { !seen.contains($0) }
        steps = try await cache.steps(from: node, upcoming: upcoming)
      }
      stack.append((node, steps))
      return true
    }
    guard try await enter(number) else { return }
    while !stack.isEmpty {
      guard let step = stack[stack.count - 1].steps.popFirst() else {
        stack.removeLast()
        continue
      }
      if seen.insert(step.node).inserted, try await !enter(step.node) { return }
    }
  }
}
