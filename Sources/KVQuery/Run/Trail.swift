import KVGraph

/// Where a row has come by in the patterns of a MATCH, the last step first. Rows that begin alike share their beginnings.
///
/// Only the query's own task reads and takes it apart.
final class Trail {
  /// What begins here.
  enum Beginning { case part, group }

  private(set) var before: Trail?
  let node: QueryNode
  /// The edge walked to the node; `nil` where a part or a group begins.
  let edge: QueryEdge?
  let beginning: Beginning?
  /// The place of the edge's pattern in its part, or of the node's where one begins.
  let place: Int
  /// Whether it is walked against the order in which the pattern is written.
  let isBackward: Bool
  /// Whether its part's edges may be those of other parts too.
  let isAlone: Bool

  /// A part begins.
  init(at node: QueryNode, place: Int = 0, isAlone: Bool = false, after before: Trail? = nil) {
    (beginning, self.node, self.place, self.before) = (.part, node, place, before)
    (edge, isBackward, self.isAlone) = (nil, false, isAlone)
  }

  /// A group begins, at the node that was come to.
  init(groupAt node: QueryNode, place: Int, after before: Trail?) {
    (beginning, self.node, self.place, self.before) = (.group, node, place, before)
    (edge, isBackward, isAlone) = (nil, false, before?.isAlone ?? false)
  }

  init(along edge: QueryEdge, to node: QueryNode, _ step: Matcher.Step, after before: Trail?) {
    (self.edge, self.node, self.before) = (edge, node, before)
    (place, isBackward, beginning) = (step.edge, step.isBackward, nil)
    isAlone = before?.isAlone ?? false
  }

  private init(copying step: Trail, after before: Trail?) {
    (edge, node, beginning, self.before) = (step.edge, step.node, step.beginning, before)
    (place, isBackward, isAlone) = (step.place, step.isBackward, step.isAlone)
  }

  /// One after the other: a trail may be longer than calls can be deep.
  deinit {
    var next = before
    before = nil
    while isKnownUniquelyReferenced(&next) {
      let following = next?.before
      next?.before = nil
      next = following
    }
  }

  /// The steps back to where the part or group in hand begins, the last first, and that beginning.
  private var steps: (walked: [Trail], beginning: Trail) {
    var walked: [Trail] = []
    var step = self
    while step.beginning == nil, let before = step.before {
      walked.append(step)
      step = before
    }
    return (walked, step)
  }

  /// The node at a place of the part or group in hand that has been come to.
  func node(at place: Int) -> QueryNode {
    var step = self
    while step.beginning == nil, let before = step.before {
      if step.isBackward ? step.place >= place : step.place < place { return step.node }
      step = before
    }
    return step.node
  }

  /// The edge walked last along one of the patterns of the part or group in hand, where that is where it has come to or it has come further.
  func edge(at place: Int) -> QueryEdge? {
    var step = self
    while step.beginning == nil, let before = step.before,
      step.isBackward ? step.place <= place : step.place >= place
    {
      if step.place == place { return step.edge }
      step = before
    }
    return nil
  }

  /// The edges walked along one of the patterns of the part or group in hand, in the order written.
  func edges(at place: Int) -> [QueryEdge] {
    let found = steps.walked.filter { $0.place == place }
    let edges = found.compactMap(\.edge)
    return found.first?.isBackward == true ? edges : edges.reversed()
  }

  /// How many edges of the part or group in hand have been walked.
  var length: Int { steps.walked.count }

  /// What has been walked of the part or group in hand, in the order written.
  func path(cost: Weight? = nil) -> QueryPath {
    let (walked, beginning) = steps
    // Backwards the last step is the first.
    let front = walked.filter(\.isBackward)
    let back = walked.filter { !$0.isBackward }.reversed()
    return QueryPath(
      nodes: front.map(\.node) + [beginning.node] + back.map(\.node),
      edges: (front + back).compactMap(\.edge), cost: cost)
  }

  /// The edges of the part or group in hand, the last first.
  var edges: [QueryEdge] { steps.walked.compactMap(\.edge) }

  /// The part in hand, walked after others.
  func following(_ others: Trail?) -> Trail {
    guard let others else { return self }
    let (walked, beginning) = steps
    return walked.reversed().reduce(Trail(copying: beginning, after: others)) {
      Trail(copying: $1, after: $0)
    }
  }

  /// Whether parts that do not stand alone have come along one of some edges.
  func hasWalked(anyOf edges: [QueryEdge]) -> Bool {
    if edges.isEmpty { return false }
    var link: Trail? = self
    while let step = link {
      if !step.isAlone, let walked = step.edge, edges.contains(where: { $0.isSame(as: walked) }) {
        return true
      }
      link = step.before
    }
    return false
  }

  /// Whether what has been walked of the part in hand is what a mode lets be.
  func obeys(_ mode: PatternPart.Mode) -> Bool {
    if mode == .walk { return true }
    let path = path()
    guard Set(path.edges.map { ValueKey(values: [.edge($0)]) }).count == path.edges.count else {
      return false
    }
    if mode == .trail { return true }
    let isClosed = mode == .simple && path.edges.count > 0 && path.nodes.first === path.nodes.last
    let nodes = path.nodes.dropFirst(isClosed ? 1 : 0)
    return Set(nodes.map { ObjectIdentifier($0) }).count == nodes.count
  }

  /// Whether a mode lets it go on along an edge to a node.
  func mayGoOn(along edge: QueryEdge, to node: QueryNode, isBackward: Bool, _ mode: PatternPart.Mode) -> Bool
  {
    if mode == .walk { return true }
    let looksAtNodes = mode == .acyclic || mode == .simple
    var isInPart = true
    // What is walked in hand: its two ends, and whether it comes by the node, and closes with it.
    var (front, back): (QueryNode?, QueryNode?)
    var times = 0
    var length = 0
    var link: Trail? = self
    while let step = link {
      if let walked = step.edge, isInPart || !step.isAlone, walked.isSame(as: edge) { return false }
      if isInPart, step.beginning != .group {
        if step.node === node { times += 1 }
        if step.beginning == .part {
          (front, back, isInPart) = (front ?? step.node, back ?? step.node, false)
        } else {
          length += 1
          if step.isBackward { front = front ?? step.node } else { back = back ?? step.node }
        }
      }
      if !isInPart, isAlone { break }
      link = step.before
    }
    guard looksAtNodes else { return true }
    // Once closed, a simple path goes no further.
    if length > 0, front === back { return false }
    return times == 0 || mode == .simple && times == 1 && node === (isBackward ? back : front)
  }
}
