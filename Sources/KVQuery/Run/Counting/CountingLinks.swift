import KV
import KVGraph

/// The arcs of each of some links, from its first node and from its second.
struct CountingLinks: Sendable {
  private(set) var forward: [ArcLists] = []
  private(set) var backward: [ArcLists] = []

  init(_ links: [(direction: EdgePattern.Direction, types: [String])], _ arcs: inout TypedArcs) {
    for (direction, types) in links {
      forward.append(arcs.lists(direction, types))
      backward.append(arcs.lists(direction.reversed, types))
    }
  }
}

/// The arcs of a graph by direction and types, each made once.
struct TypedArcs {
  private let adjacency: Adjacency
  private let typeNames: [String]
  private var all: [EdgePattern.Direction: ArcLists] = [:]
  private var some: [Key: ArcLists] = [:]

  private struct Key: Hashable {
    var direction: EdgePattern.Direction
    var isWanted: [Bool]
  }

  init(_ adjacency: Adjacency) { (self.adjacency, typeNames) = (adjacency, adjacency.typeNames) }

  /// - Parameter types: empty for any.
  mutating func lists(_ direction: EdgePattern.Direction, _ types: [String]) -> ArcLists {
    let isWanted = typeNames.map { types.isEmpty || types.hasBytes(of: $0) }
    let key = Key(direction: direction, isWanted: isWanted)
    if let known = some[key] { return known }
    let all = all[direction] ?? adjacency.arcLists(direction.edgeDirection)
    self.all[direction] = all
    let lists = isWanted.allSatisfy { $0 } ? all : all.only(isWanted)
    some[key] = lists
    return lists
  }
}

extension ArcLists {
  /// How many lead from some nodes to some; empty for all.
  func count(from starts: [Bool], to ends: [Bool]) -> Int {
    if starts.isEmpty, ends.isEmpty { return others.count }
    return (0..<Int32(offsets.count - 1)).reduce(0) { count, node in
      guard starts.isEmpty || starts[Int(node)] else { return count }
      let arcs = arcs(at: node)
      return count + (ends.isEmpty ? arcs.count : others[arcs].count { ends[Int($0)] })
    }
  }
}
