/// What a node's labels have to be.
indirect enum LabelExpression: Sendable {
  case label(String)
  case not(LabelExpression)
  case and([LabelExpression])
  case or([LabelExpression])
  case any
}

struct NodePattern: Sendable {
  var variable: Variable?
  var labels: LabelExpression?
  var properties: Expression?
  var condition: Expression?
  var place: Place
}

struct EdgePattern: Sendable {
  enum Direction: Sendable { case out, `in`, any }
  var variable: Variable?
  /// Empty for any.
  var types: [String] = []
  var properties: Expression?
  var condition: Expression?
  var direction = Direction.any
  /// `*1..3`, `+`, `{2,5}`; `nil` for one edge.
  var length: ClosedRange<Int>?
  var place: Place
}

/// A chain of nodes and edges.
struct PatternPart: Sendable {
  enum Selector: Sendable, Equatable {
    case all
    case shortest(isAll: Bool)
  }
  var path: Variable?
  var nodes: [NodePattern]
  var edges: [EdgePattern]
  var selector = Selector.all
  var place: Place
}
