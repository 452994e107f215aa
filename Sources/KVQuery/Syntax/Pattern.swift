import KV

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
  /// What the clause's WHERE asks of its attributes.
  var lookups: [AttributeLookup] = []
  /// What the clause's WHERE asks of it alone.
  var early: [Expression] = []
  var place: Place
}

struct EdgePattern: Sendable {
  enum Direction: Sendable { case out, `in`, any }
  var variable: Variable?
  /// Empty for any.
  var types: [String] = []
  /// What its type has to be, where that is more than one of some.
  var typeExpression: LabelExpression?
  var properties: Expression?
  var condition: Expression?
  /// What an edge costs, for paths that are to cost little.
  var cost: Expression?
  var direction = Direction.any
  /// A chain that is walked again and again, as in `((a)-[:t]->(b)){1,3}`, and what is to hold each time (`condition`); else empty.
  var group: [PatternPart] = []
  /// The places of the variables of what it stands in that its group asks for.
  var awaited: Set<Int> = []
  /// `*1..3`, `+`, `{2,5}`, `?`; `nil` for one edge.
  var length: ClosedRange<Int>?
  /// Whether it is walked at most once, so that its variables stand for what they are, or null: behind it is `?`, or it is a group
  /// without a quantifier.
  var isSingle = false
  var place: Place
}

extension EdgePattern {
  /// Whether its variables stand for lists.
  var isList: Bool { length != nil && !isSingle }

  /// Whether it stands for one edge.
  var isOne: Bool { group.isEmpty && (length ?? 1...1) == 1...1 }

  /// Whether it may be walked along more edges or fewer.
  var isFlexible: Bool {
    length.map { $0.lowerBound != $0.upperBound } ?? false
      || group.contains { $0.edges.contains(where: \.isFlexible) }
  }

  /// Whether it may be walked along no edge.
  var mayBeEmpty: Bool {
    group.first.map { $0.edges.allSatisfy { $0.length?.lowerBound == 0 || $0.mayBeEmpty } } ?? false
  }

  /// The edge that is walked each time, where it is one: itself, or that of its group.
  var repeated: EdgePattern? {
    guard let group = group.first else { return self }
    return group.edges.count == 1 && group.edges[0].isOne ? group.edges[0] : nil
  }

  /// The variables of a group, which stand for lists outside of it unless it is single; those of a group within it for lists of lists.
  var groupVariables: [Variable] { group.flatMap(\.variables) }

  /// Its own variable and those of its group.
  var variables: [Variable] { (variable.map { [$0] } ?? []) + groupVariables }
}

/// A chain of nodes and edges.
struct PatternPart: Sendable {
  /// Which of the paths between two nodes are wanted.
  enum Selector: Sendable, Equatable {
    case all
    /// One of the shortest, or all of them.
    case shortest(isAll: Bool)
    /// So many, the shortest first; or all of so many different lengths.
    case ranked(Int, byGroups: Bool)
    /// So many, those that cost least first.
    case cheapest(Int)

    /// So many of the shortest.
    static func shortest(_ count: Int) -> Selector {
      count == 1 ? .shortest(isAll: false) : .ranked(count, byGroups: false)
    }
  }

  /// What may come more than once on a path.
  enum Mode: String, Sendable {
    /// Anything.
    case walk
    /// Nodes.
    case trail
    /// Nothing.
    case acyclic
    /// The first node, as the last.
    case simple

    /// The one that lets less be.
    static func stricter(_ one: Mode, _ other: Mode) -> Mode {
      [.acyclic, .simple, .trail].first { $0 == one || $0 == other } ?? .walk
    }
  }
  var path: Variable?
  var nodes: [NodePattern]
  var edges: [EdgePattern]
  /// What is true of each path among which the selector chooses: WHERE within brackets around all of it.
  var condition: Expression?
  var selector = Selector.all
  var mode = Mode.trail
  /// The mode that it names itself, or that stands within its brackets.
  var ownMode: Mode?
  /// The places of the variables of what it stands in, where it is a group.
  var outer: Set<Int> = []
  /// Whether it is `shortestPath(…)`, which joins different nodes.
  var isFunction = false
  /// Whether its clause says that elements may be repeated.
  var isRepeatable = false
  var place: Place

  /// Whether its edges may be those of other parts too: what is walked as one likes, or chosen by its length, does not depend on them.
  var isAlone: Bool { isRepeatable || mode == .walk || selector != .all }

  /// Its edge patterns, and those of its groups.
  var allEdges: [EdgePattern] { edges.flatMap { [$0] + $0.group.flatMap(\.allEdges) } }
  /// It and the chains of its groups.
  var withGroups: [PatternPart] { [self] + edges.flatMap { $0.group.flatMap(\.withGroups) } }
  /// The first edge pattern with a COST.
  var costed: EdgePattern? { allEdges.first { $0.cost != nil } }
  /// All of its variables, those of its groups too.
  var variables: [Variable] {
    (path.map { [$0] } ?? []) + nodes.compactMap(\.variable) + edges.flatMap(\.variables)
  }

  /// The first of its own edge patterns whose length has no end.
  var endless: EdgePattern? { edges.first { $0.length?.upperBound == .max } }
  /// Whether one of its groups is endless.
  var hasEndlessGroup: Bool {
    edges.contains { $0.group.contains { $0.endless != nil || $0.hasEndlessGroup } }
  }
  /// The first edge pattern of a group along which a walk never ends.
  var endlessWalkInGroup: EdgePattern? {
    edges.lazy.flatMap(\.group).compactMap { group in
      (group.mode == .walk ? group.endless : nil) ?? group.endlessWalkInGroup
    }.first
  }

  /// Takes the name and the mode that stand before it, besides those that stand within its brackets: one name, and the stricter mode.
  mutating func take(_ path: Variable?, _ mode: Mode?) throws {
    if let path, let other = self.path {
      throw other.place.error("the path is \(JSON(path.name)) already; one name is enough")
    }
    self.path = path ?? self.path
    ownMode = if let mode, let ownMode { .stricter(mode, ownMode) } else { mode ?? ownMode }
  }

  /// In another mode, with those of its groups that have no stricter one of their own.
  /// - Parameter outer: the places of the variables of what it stands in.
  func inMode(_ mode: Mode, within outer: Set<Int> = []) -> PatternPart {
    var part = self
    (part.mode, part.outer) = (mode, outer)
    for place in edges.indices {
      part.edges[place].group = edges[place].group.map {
        $0.inMode(.stricter($0.ownMode ?? mode, mode), within: outer.union(slots))
      }
      if !edges[place].group.isEmpty {
        part.edges[place].awaited = edges[place].asked.intersection(outer.union(slots))
      }
    }
    return part
  }
}

extension PatternPart {
  /// Whether the same edges may fit it in more than one way, as in `-[]->*()-[]->*()`.
  var mayFitInSeveralWays: Bool {
    edges.count(where: \.isFlexible) > 1
      || edges.contains { edge in
        let isRepeated = edge.length.map { $0 != 1...1 } ?? false
        return edge.group.contains {
          isRepeated ? $0.edges.contains(where: \.isFlexible) : $0.mayFitInSeveralWays
        }
      }
  }
}
