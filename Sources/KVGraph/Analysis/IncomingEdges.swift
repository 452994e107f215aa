import Synchronization

/// The edges that enter each node of an adjacency, in key order.
struct IncomingEdges: Sendable {
  /// Those of node `n` are at the places from `offsets[n]` to `offsets[n + 1]`.
  private var offsets: [Int32] = []
  /// By place, the edge among all arcs.
  private(set) var edges: [Int32] = []
  /// By place, the node that the edge leaves.
  private(set) var sources: [Int32] = []

  init() {}

  /// Cost: linear.
  init(_ adjacency: Adjacency) {
    let (targets, labels) = (adjacency.targets, adjacency.arcLabels)
    offsets = [Int32](repeating: 0, count: adjacency.nodeCount + 1)
    for arc in targets.indices where labels[arc] >= 0 { offsets[Int(targets[arc]) + 1] += 1 }
    for node in 0..<adjacency.nodeCount { offsets[node + 1] += offsets[node] }
    var next = offsets
    edges = [Int32](repeating: 0, count: adjacency.edgeCount)
    sources = edges
    for node in 0..<Int32(adjacency.nodeCount) {
      for arc in adjacency.arcs(from: node) where labels[arc] >= 0 {
        let target = Int(targets[arc])
        let place = Int(next[target])
        next[target] += 1
        edges[place] = Int32(arc)
        sources[place] = node
      }
    }
  }

  func places(at node: Int32) -> Range<Int> { Int(offsets[Int(node)])..<Int(offsets[Int(node) + 1]) }
}

/// Made when it is first asked for, and kept as long as the adjacency and its copies are.
final class KeptIncomingEdges: Sendable {
  private let kept = Mutex<IncomingEdges?>(nil)

  func edges(of adjacency: Adjacency) -> IncomingEdges {
    kept.withLock { kept in
      if let kept { return kept }
      let made = IncomingEdges(adjacency)
      kept = made
      return made
    }
  }
}
