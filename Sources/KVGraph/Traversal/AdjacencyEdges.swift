import KV

/// The edges of an adjacency, for the searches that run on a store: the same answers, without a request.
struct AdjacencyEdges: EdgeSource {
  private let adjacency: Adjacency
  private let isAdmitted: [Bool]
  /// Empty where they are not asked for.
  private let incoming: IncomingEdges

  /// - Parameter withIncoming: whether edges are asked for from the nodes that they enter too.
  init(_ adjacency: Adjacency, _ options: TraversalOptions, withIncoming: Bool) {
    self.adjacency = adjacency
    let labels = adjacency.labels
    isAdmitted = (0..<Int32(labels.count)).map { label in
      options.admits(type: String(labels[label].prefix { $0 != "/" }))
    }
    incoming = withIncoming || adjacency.hasMirrors ? adjacency.incoming : IncomingEdges()
  }

  var nodeCount: Int { adjacency.nodeCount }

  var undirectedTypes: UndirectedTypes {
    let labels = adjacency.labels
    return UndirectedTypes(
      (0..<Int32(labels.count)).filter { labels.isUndirected($0) }.map { labels.type(of: $0) })
  }

  func number(of node: NodeReference) -> Int32? { adjacency.number(of: node) }
  func path(of node: Int32) -> String { adjacency.path(of: node) }
  func labelText(_ label: Int32) -> String { adjacency.labels[label] }

  func edgeCount(from nodes: ArraySlice<Int32>, _ direction: EdgeDirection, upTo limit: Int) -> Int? {
    var count = 0
    for node in nodes where count < limit {
      if direction != .in { count += adjacency.arcs(from: node).count }
      if direction != .out { count += incoming.places(at: node).count }
    }
    return min(count, limit)
  }

  func steps(from nodes: ArraySlice<Int32>, _ direction: EdgeDirection) -> [Step] {
    var steps: [Step] = []
    steps.reserveCapacity(edgeCount(from: nodes, direction, upTo: .max) ?? 0)
    let hasMirrors = adjacency.hasMirrors
    for (position, node) in nodes.enumerated() {
      if direction != .in || hasMirrors {
        for edge in adjacency.arcs(from: node) where adjacency.arcLabels[edge] >= 0 {
          let label = adjacency.arcLabels[edge]
          guard isAdmitted[Int(label)], direction != .in || adjacency.labels.isUndirected(label) else {
            continue
          }
          steps.append(
            Step(
              position: Int32(position), node: adjacency.targets[edge], label: label, isReversed: false,
              weight: Weight(1)))
        }
      }
      if direction != .out || hasMirrors {
        for place in incoming.places(at: node) {
          let (label, other) = (adjacency.arcLabels[Int(incoming.edges[place])], incoming.sources[place])
          guard isAdmitted[Int(label)] else { continue }
          // A loop that may be walked either way is one step.
          if hasMirrors, adjacency.labels.isUndirected(label) ? other == node : direction == .out { continue }
          steps.append(
            Step(position: Int32(position), node: other, label: label, isReversed: true, weight: Weight(1)))
        }
      }
    }
    return steps
  }
}

extension Adjacency {
  /// As ``Graph/shortestPath(from:to:options:)``, with the same answer. The edges come without data, of which the adjacency
  /// knows nothing: a predicate and a filter count when it is made. The first search makes lists of what enters each node, 8 bytes an
  /// edge, which are kept.
  public func shortestPath(
    from: NodeReference, to: NodeReference, options: TraversalOptions = TraversalOptions()
  ) async throws -> PathResult {
    if from == to { return PathResult(paths: [Path(nodes: [from], edges: [])]) }
    var source = AdjacencyEdges(self, options, withIncoming: true)
    let outcome = try await Traversal.shortestPath(from: from, to: to, in: &source, options)
    switch outcome.nodePath {
    case .failure(let absence): return PathResult(absence: absence, cost: outcome.cost)
    case .success(let nodePath):
      let edges = nodePath.steps.compactMap { pathStep in
        EdgeKey(source.key(pathStep)).flatMap { Edge($0) }.map { edge in
          var edge = edge
          edge.isDirected = !labels.isUndirected(pathStep.label)
          return edge
        }
      }
      let numbers = nodePath.steps.prefix(1).map(\.from) + nodePath.steps.map(\.to)
      return PathResult(paths: [Path(nodes: numbers.map { node($0) }, edges: edges)], cost: outcome.cost)
    }
  }

  /// As ``Graph/breadthFirst(from:options:)``, in the same order, in memory. `visit` returns false to end the walk.
  public func breadthFirst(
    from start: NodeReference, options: TraversalOptions = TraversalOptions(),
    isolation: isolated (any Actor)? = #isolation, visit: (Visit) async throws -> Bool
  ) async throws {
    let source = AdjacencyEdges(self, options, withIncoming: options.direction != .out)
    var walk = BreadthFirstTraversal(from: start, in: source, options)
    while let next = try await walk.next(), try await visit(next) {}
  }
}
