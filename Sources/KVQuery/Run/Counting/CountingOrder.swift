import KVGraph

/// In which order the nodes of a plan are bound, for a graph and for how many nodes each of them admits.
struct CountingOrder {
  enum Step {
    /// All nodes that are admitted.
    case start(Int)
    /// The link from a node that is bound to one that is not.
    case walk(link: Int, from: Int, to: Int)
    /// The link between two that are.
    case close(link: Int)

    /// The node that it binds.
    var node: Int? {
      switch self {
      case .start(let node), .walk(_, _, let node): node
      case .close: nil
      }
    }
  }

  private(set) var steps: [Step] = []

  /// - Parameters:
  ///   - sizes: by node of the plan, how many nodes it admits.
  ///   - fans: by link, how many nodes follow one of those that have such an edge, from its first node and from its second.
  init(_ plan: CountingPlan, sizes: [Int], fans: [(forward: Double, backward: Double)]) {
    var isBound = plan.nodes.map { _ in false }
    var open = Array(plan.links.indices)
    while true {
      while let place = open.firstIndex(where: { isBound[plan.links[$0].from] && isBound[plan.links[$0].to] })
      {
        steps.append(.close(link: open.remove(at: place)))
      }
      var best: (cost: Double, place: Int)?
      for (place, link) in open.enumerated() {
        let (from, to) = (plan.links[link].from, plan.links[link].to)
        guard isBound[from] || isBound[to] else { continue }
        let cost = isBound[from] ? fans[link].forward : fans[link].backward
        if cost < best?.cost ?? .infinity { best = (cost, place) }
      }
      if let best {
        let link = open.remove(at: best.place)
        let (from, to) = (plan.links[link].from, plan.links[link].to)
        let isForward = isBound[from]
        steps.append(.walk(link: link, from: isForward ? from : to, to: isForward ? to : from))
        isBound[isForward ? to : from] = true
        continue
      }
      guard
        let node = plan.nodes.indices.filter({ !isBound[$0] }).min(by: { (sizes[$0], $0) < (sizes[$1], $1) })
      else { return }
      steps.append(.start(node))
      isBound[node] = true
    }
  }
}
