/// The edges of nodes that a search comes back to, or takes in an order of its own: read ahead, and kept.
struct EdgeCache<Source: EdgeSource> {
  private(set) var source: Source
  private let direction: EdgeDirection
  /// By node, along the direction and against it.
  private var along: [Int32: ArraySlice<Step>] = [:]
  private var against: [Int32: ArraySlice<Step>] = [:]
  /// How many nodes to ask for at a time: more each time, so that a search that ends soon reads little.
  private var batch = 16

  init(_ source: Source, _ direction: EdgeDirection) {
    self.source = source
    self.direction = direction
  }

  mutating func number(of node: NodeReference) -> Int32? { source.number(of: node) }

  /// The edges of a node.
  /// - Parameters:
  ///   - isBackward: against the direction of the search, as from its goal.
  ///   - upcoming: other nodes that will be asked for, the soonest first, to be read in the same request.
  mutating func steps(
    from node: Int32, isBackward: Bool = false, upcoming: some Sequence<Int32>
  ) async throws -> ArraySlice<Step> {
    if let known = (isBackward ? against : along)[node] { return known }
    var asked = [node]
    var isAsked: Set = [node]
    for other in upcoming {
      if asked.count == batch { break }
      if (isBackward ? against : along)[other] == nil, isAsked.insert(other).inserted { asked.append(other) }
    }
    batch = min(batch * 4, 10_000)
    let found = try await source.steps(from: asked[...], isBackward ? direction.reversed : direction)
    var start = found.startIndex
    for (position, node) in asked.enumerated() {
      var end = start
      while end < found.endIndex, found[end].position == Int32(position) { end += 1 }
      if isBackward { against[node] = found[start..<end] } else { along[node] = found[start..<end] }
      start = end
    }
    return (isBackward ? against : along)[node] ?? []
  }
}
