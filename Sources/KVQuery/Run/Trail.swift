import KVGraph

/// Where a row has come by in the patterns of a MATCH, step by step. Rows that begin alike share their beginnings.
struct Trail {
  /// What begins with a step.
  enum Beginning { case part, group }

  private struct Step {
    var node: QueryNode
    var edge: QueryEdge?
    var beginning: Beginning?
    var place: Int
    var isBackward = false
    var isAlone: Bool
    /// How many edges of the part or group in hand have been walked.
    var length = 0
  }

  private let steps: SharedList<Step>

  private init(_ steps: SharedList<Step>) { self.steps = steps }

  private init(_ step: Step, after before: Trail?) { steps = SharedList(step, after: before?.steps) }

  /// A part begins.
  init(at node: QueryNode, place: Int = 0, isAlone: Bool = false, after before: Trail? = nil) {
    self.init(Step(node: node, beginning: .part, place: place, isAlone: isAlone), after: before)
  }

  /// A group begins, at the node that was come to.
  init(groupAt node: QueryNode, place: Int, after before: Trail?) {
    self.init(
      Step(node: node, beginning: .group, place: place, isAlone: before?.isAlone ?? false), after: before)
  }

  init(along edge: QueryEdge, to node: QueryNode, _ step: Matcher.Step, after before: Trail?) {
    self.init(
      Step(
        node: node, edge: edge, place: step.edge, isBackward: step.isBackward,
        isAlone: before?.isAlone ?? false, length: (before?.length ?? 0) + 1), after: before)
  }

  /// Without its last step.
  var before: Trail? { steps.before.map { Trail($0) } }
  var node: QueryNode { steps.last.node }
  /// The edge walked to the node; `nil` where a part or a group begins.
  var edge: QueryEdge? { steps.last.edge }
  var beginning: Beginning? { steps.last.beginning }
  /// The place of the edge's pattern in its part, or of the node's where one begins.
  var place: Int { steps.last.place }
  /// Whether it is walked against the order in which the pattern is written.
  var isBackward: Bool { steps.last.isBackward }
  /// Whether its part's edges may be those of other parts too.
  var isAlone: Bool { steps.last.isAlone }

  /// Whether it is the very trail, shared with another row.
  func isShared(with other: Trail) -> Bool { steps === other.steps }

  /// The steps back to where the part or group in hand begins, the last first, and that beginning.
  private var inHand: (walked: [Trail], beginning: Trail) {
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
    let found = inHand.walked.filter { $0.place == place }
    let edges = found.compactMap(\.edge)
    return found.first?.isBackward == true ? edges : edges.reversed()
  }

  /// How many edges of the part or group in hand have been walked.
  var length: Int { steps.last.length }

  /// What has been walked of the part or group in hand, in the order written.
  func path(cost: PathCost? = nil) -> QueryPath {
    let (walked, beginning) = inHand
    // Backwards the last step is the first.
    let front = walked.filter(\.isBackward)
    let back = walked.filter { !$0.isBackward }.reversed()
    return QueryPath(
      nodes: front.map(\.node) + [beginning.node] + back.map(\.node),
      edges: (front + back).compactMap(\.edge), cost: cost?.sum, costIsFloat: cost?.isFloat ?? false)
  }

  /// The edges of the part or group in hand, the last first.
  var edges: [QueryEdge] { inHand.walked.compactMap(\.edge) }

  /// What tells the path of the part or group in hand from others.
  var key: ValueKey {
    let (walked, beginning) = inHand
    return ValueKey(values: [.node(beginning.node)] + walked.compactMap(\.edge).map { .edge($0) })
  }

  /// The part in hand, walked after others.
  func following(_ others: Trail?) -> Trail {
    guard let others else { return self }
    let (walked, beginning) = inHand
    return walked.reversed().reduce(Trail(beginning.steps.last, after: others)) {
      Trail($1.steps.last, after: $0)
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
