import KV

/// The answer of a path search.
public enum PathResult: Sendable, Equatable {
  case found(Path)
  /// There is no path: everything within reach of one of the ends was seen.
  case unreachable
  /// None of at most `maxDepth` edges; there may be a longer one.
  case beyondDepth(Int)
}

extension Graph {
  /// A shortest path by hops; among equally short ones, the one whose edges come first in key order at the earliest
  /// step where they differ.
  ///
  /// Breadth-first from both ends, always the side with the smaller frontier, a whole level in one request of the
  /// store (in batches of 10,000 nodes). Memory: one parent a visited node. A path from a node to itself has no edges.
  public func shortestPath(
    from: NodeReference, to: NodeReference, options: TraversalOptions = TraversalOptions()
  ) async throws -> PathResult {
    if from == to { return .found(Path(nodes: [from], edges: [])) }
    var forward = SearchSide(from.path)
    var backward = SearchSide(to.path)
    while !forward.frontier.isEmpty, !backward.frontier.isEmpty {
      if let limit = options.maxDepth, forward.depth + backward.depth >= limit { return .beyondDepth(limit) }
      if forward.frontier.count <= backward.frontier.count {
        try await expand(&forward, .outgoing, options, besides: backward.parents.count)
      } else {
        try await expand(&backward, .incoming, options, besides: forward.parents.count)
      }
      // The forward frontier stands in the order of the paths that lead to it, so the first meeting node is the one.
      if let meeting = forward.frontier.first(where: { backward.isFrontier($0) }) {
        return .found(try await path(through: meeting, forward, backward))
      }
    }
    return .unreachable
  }

  private func path(through meeting: String, _ forward: SearchSide, _ backward: SearchSide) async throws
    -> Path
  {
    var keys: [String] = []
    var node = meeting
    while let key = forward.parents[node]?.edge {
      keys.append(key)
      node = EdgeKey(key)?.from ?? ""
    }
    keys.reverse()
    node = meeting
    while let key = backward.parents[node]?.edge {
      keys.append(key)
      node = EdgeKey(key)?.to ?? ""
    }
    let edges = try await edges(keys: keys)
    guard edges.count == keys.count, let first = edges.first else {
      throw KVError(.conflict, "an edge of the path was removed while it was searched; try again")
    }
    return Path(nodes: [first.from] + edges.map(\.to), edges: edges)
  }

  enum Direction: Sendable {
    case outgoing, incoming
  }

  /// Replaces the frontier by the next level.
  func expand(
    _ side: inout SearchSide, _ direction: Direction, _ options: TraversalOptions, besides: Int = 0
  ) async throws {
    let level = side.frontier
    side.depth += 1
    side.frontier = []
    for start in stride(from: 0, to: level.count, by: 10_000) {
      let nodes = Array(level[start..<min(start + 10_000, level.count)])
      let keys =
        switch direction {
        case .outgoing: try await store.outgoingEdgeKeys(of: nodes)
        case .incoming: try await store.incomingEdgeKeys(of: nodes)
        }
      for adjacent in keys {
        guard let edge = options.admitted(adjacent.key) else { continue }
        switch direction {
        case .outgoing: side.discover(edge.to, by: adjacent.key)
        case .incoming where edge.to == nodes[adjacent.node]:
          side.discoverBackward(edge.from, by: adjacent.key)
        case .incoming: continue
        }
        try options.checkBudget(side.parents.count + besides)
      }
    }
  }
}

/// One end of a search: what it has seen, and the level it stands on.
struct SearchSide {
  struct Parent {
    /// The key of the edge by which the node was found; `nil` for the start.
    var edge: String?
    var depth: Int
  }

  private(set) var parents: [String: Parent]
  /// In order of discovery.
  var frontier: [String]
  var depth = 0

  init(_ start: String) {
    parents = [start: Parent(edge: nil, depth: 0)]
    frontier = [start]
  }

  func isFrontier(_ node: String) -> Bool { parents[node]?.depth == depth }

  /// The first edge to a node is the one: levels are expanded in order, and edges come in key order.
  mutating func discover(_ node: String, by key: String) {
    if parents[node] == nil {
      parents[node] = Parent(edge: key, depth: depth)
      frontier.append(node)
    }
  }

  /// Of the edges by which a node gets one step nearer to the goal, the first in key order.
  mutating func discoverBackward(_ node: String, by key: String) {
    guard let known = parents[node] else { return discover(node, by: key) }
    if known.depth == depth, let edge = known.edge, key < edge { parents[node]?.edge = key }
  }
}
