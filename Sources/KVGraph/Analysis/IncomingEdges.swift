import Synchronization

/// The edges that enter each node of an adjacency, in key order.
struct IncomingEdges: Sendable {
  /// Those of node `n` are at the places from `offsets[n]` to `offsets[n + 1]`.
  let offsets: [Int32]
  /// By place, the edge among all arcs.
  let edges: [Int32]
  /// By place, the node that the edge leaves.
  let sources: [Int32]

  init(offsets: [Int32] = [], edges: [Int32] = [], sources: [Int32] = []) {
    (self.offsets, self.edges, self.sources) = (offsets, edges, sources)
  }

  /// Cost: linear.
  init(_ adjacency: Adjacency) {
    let (leaving, targets, labels) = (
      adjacency.offsets.span, adjacency.targets.span, adjacency.arcLabels.span
    )
    // Spans, for these loops run through all edges, and each use of an array would ask who else has it.
    var offsets = [Int32](repeating: 0, count: adjacency.nodeCount + 1)
    var counts = offsets.mutableSpan
    for arc in targets.indices where labels[arc] >= 0 { counts[Int(targets[arc]) + 1] += 1 }
    for node in 1..<counts.count { counts[node] += counts[node - 1] }
    var (next, edges) = (offsets, [Int32](repeating: 0, count: adjacency.edgeCount))
    var sources = edges
    var places = next.mutableSpan
    var edgesByPlace = edges.mutableSpan
    var sourcesByPlace = sources.mutableSpan
    for node in 0..<leaving.count - 1 {
      for arc in Int(leaving[node])..<Int(leaving[node + 1]) where labels[arc] >= 0 {
        let target = Int(targets[arc])
        let place = Int(places[target])
        places[target] += 1
        edgesByPlace[place] = Int32(arc)
        sourcesByPlace[place] = Int32(node)
      }
    }
    (self.offsets, self.edges, self.sources) = (offsets, edges, sources)
  }

  func places(at node: Int32) -> Range<Int> { Int(offsets[Int(node)])..<Int(offsets[Int(node) + 1]) }
}

/// Made when it is first asked for, and kept as long as the adjacency and its copies are.
final class KeptIncomingEdges: Sendable {
  private let kept: Mutex<IncomingEdges?>

  init(_ known: IncomingEdges? = nil) { kept = Mutex(known) }

  func edges(of adjacency: Adjacency) -> IncomingEdges {
    kept.withLock { kept in
      if let kept { return kept }
      let made = IncomingEdges(adjacency)
      kept = made
      return made
    }
  }
}
