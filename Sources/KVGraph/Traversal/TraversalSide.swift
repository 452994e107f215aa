/// One end of a search level by level: what it has seen, and the level it stands on.
///
/// Memory: 9 bytes a node that the source knows.
struct TraversalSide {
  /// By the node's number; -1 for those not seen.
  private(set) var depth: [Int32] = []
  /// The edge by which a node was found leads from here, -1 for the start.
  private(set) var parent: [Int32] = []
  private var label: [Int32] = []
  private var isReversed: [Bool] = []
  /// In order of discovery.
  private(set) var frontier: [Int32]
  private(set) var level: Int32 = 0
  private(set) var count = 1

  /// About how many edges the next level reads, once that has been asked.
  private var edgesAhead: Int?
  /// Whether a request is cheap, so that it is worth reading a little at first.
  private var isNear = false

  let direction: EdgeDirection

  init(_ start: Int32, _ direction: EdgeDirection) {
    frontier = [start]
    self.direction = direction
    reserve(Int(start) + 1)
    depth[Int(start)] = 0
  }

  private mutating func reserve(_ count: Int) {
    let more = count - depth.count
    if more <= 0 { return }
    // At least half as many again, so that growing costs little.
    let room = max(more, depth.count / 2)
    depth += repeatElement(-1, count: room)
    parent += repeatElement(-1, count: room)
    label += repeatElement(0, count: room)
    isReversed += repeatElement(false, count: room)
  }

  func isSeen(_ node: Int32) -> Bool { node < depth.count && depth[Int(node)] >= 0 }
  func isFrontier(_ node: Int32) -> Bool { node < depth.count && depth[Int(node)] == level }

  /// The step by which the node was found, from its parent to it; `nil` for the start.
  func pathStep(to node: Int32) -> PathStep? {
    let index = Int(node)
    guard parent[index] >= 0 else { return nil }
    return PathStep(from: parent[index], to: node, label: label[index], isReversed: isReversed[index])
  }

  /// Replaces the frontier by the next level, in requests of 10,000 nodes.
  ///
  /// - Parameters:
  ///   - isEnough: whether nothing has to be read behind a node that was found; the level is not whole then.
  ///   - prefersFirstKey: for a side that searches from the goal: of the edges by which a node gets one step nearer, the
  ///     first in key order counts. From the start the first to a node counts anyhow: levels are expanded in order.
  ///   - found: told of each edge that leads one level further, whether or not its node was known there.
  mutating func expand<Source: EdgeSource>(
    in source: inout Source, _ options: TraversalOptions, besides: Int = 0, prefersFirstKey: Bool = false,
    isEnough: ((Int32) -> Bool)? = nil, found: (PathStep) -> Void = { _ in }
  ) async throws {
    let asked = frontier
    level += 1
    frontier = []
    edgesAhead = nil
    // Where it may end in the middle, a little at first.
    var (start, batch) = (0, isEnough == nil || !isNear ? 10_000 : 250)
    while start < asked.count {
      let nodes = asked[start..<min(start + batch, asked.count)]
      defer { (start, batch) = (nodes.endIndex, min(batch * 4, 10_000)) }
      for step in try await source.steps(from: nodes, direction) {
        let parent = asked[start + Int(step.position)]
        reserve(source.nodeCount)
        let index = Int(step.node)
        let pathStep = PathStep(from: parent, to: step.node, label: step.label, isReversed: step.isReversed)
        if depth[index] < 0 {
          depth[index] = level
          frontier.append(step.node)
          count += 1
          set(pathStep)
        } else if depth[index] == level {
          if prefersFirstKey, let known = self.pathStep(to: step.node), precedes(pathStep, known, source) {
            set(pathStep)
          }
        } else {
          continue
        }
        found(pathStep)
        if let isEnough, isEnough(step.node) { return }
      }
      try options.checkBudget(count + besides)
    }
  }

  /// About how many edges the next level reads: counted where it is of few nodes, of which one may have many.
  mutating func edgesAhead<Source: EdgeSource>(in source: inout Source) async throws -> Int {
    if let edgesAhead { return edgesAhead }
    let counted =
      frontier.count > 200 ? nil : try await source.edgeCount(from: frontier[...], direction, upTo: 5000)
    let count = counted ?? frontier.count * 5
    isNear = isNear || counted != nil
    edgesAhead = count
    return count
  }

  private mutating func set(_ pathStep: PathStep) {
    let index = Int(pathStep.to)
    parent[index] = pathStep.from
    label[index] = pathStep.label
    isReversed[index] = pathStep.isReversed
  }

  /// Whether a walk from the step's end, where a search from the start comes by, would take it before the other.
  private func precedes(_ pathStep: PathStep, _ other: PathStep, _ source: some EdgeSource) -> Bool {
    // Seen from there, an edge that leads towards the goal leaves the node.
    if pathStep.isReversed != other.isReversed { return pathStep.isReversed }
    return source.key(pathStep) < source.key(other)
  }
}
