/// In which order the nodes of a plan are bound: first those of the MATCH clauses, then those of each OPTIONAL MATCH.
struct CountingOrder {
  enum Step {
    /// All nodes that are admitted.
    case start(Int)
    /// The link from a node that is bound to one that is not.
    case walk(link: Int, from: Int, to: Int)
    /// The link between two that are.
    case close(link: Int)
  }

  private(set) var steps: [Step] = []

  /// - Parameters:
  ///   - first: the node to begin with.
  ///   - sizes: by node of the plan, how many nodes it admits.
  ///   - fans: by link, how many nodes follow one, from its first node and from its second.
  init(
    _ plan: CountingPlan, beginningAt first: Int, sizes: [Int], fans: [(forward: Double, backward: Double)]
  ) {
    var isBound = plan.nodes.map { _ in false }
    let optional = Set(plan.owners.compactMap { $0 } + plan.links.compactMap(\.optional)).sorted()
    for clause in [nil] + optional.map(Optional.some) {
      var open = plan.links.indices.filter { plan.links[$0].optional == clause }
      func bind(_ node: Int, by step: Step) {
        steps.append(step)
        isBound[node] = true
      }
      if plan.owners[first] == clause { bind(first, by: .start(first)) }
      while true {
        if let place = open.firstIndex(where: { isBound[plan.links[$0].from] && isBound[plan.links[$0].to] })
        {
          steps.append(.close(link: open.remove(at: place)))
          continue
        }
        var best: (fan: Double, place: Int)?
        for (place, link) in open.enumerated() {
          guard isBound[plan.links[link].from] || isBound[plan.links[link].to] else { continue }
          let isSame = plan.links[link].direction == nil
          let fan = isSame ? 0 : isBound[plan.links[link].from] ? fans[link].forward : fans[link].backward
          if fan < best?.fan ?? .infinity { best = (fan, place) }
        }
        if let best {
          let link = open.remove(at: best.place)
          let (from, to) = (plan.links[link].from, plan.links[link].to)
          if isBound[from] {
            bind(to, by: .walk(link: link, from: from, to: to))
          } else {
            bind(from, by: .walk(link: link, from: to, to: from))
          }
          continue
        }
        guard
          let node = plan.nodes.indices.filter({ !isBound[$0] && plan.owners[$0] == clause })
            .min(by: { (sizes[$0], $0) < (sizes[$1], $1) })
        else { break }
        bind(node, by: .start(node))
      }
    }
  }
}
