import KV
import KVGraph

/// The arcs of each of some links, from its first node and from its second.
struct CountingLinks: Sendable {
  private(set) var forward: [ArcLists] = []
  private(set) var backward: [ArcLists] = []

  init(_ links: [(direction: EdgePattern.Direction?, types: [String])], _ arcs: inout TypedArcs) {
    for (direction, types) in links {
      forward.append(direction.map { arcs.lists($0, types) } ?? arcs.toItself)
      backward.append(direction.map { arcs.lists($0.reversed, types) } ?? arcs.toItself)
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

  /// One from each node to itself, of no edge.
  private(set) lazy var toItself = ArcLists(toItself: adjacency.nodeCount)

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
  /// How many lead from a node to others.
  /// - Parameters:
  ///   - starts: which nodes count; empty for all.
  ///   - ends: to which of them; empty for all.
  ///   - mean: of which nodes.
  func fan(from starts: [Bool], to ends: [Bool], _ mean: FanMean) -> Double {
    var (sum, squares, nodes) = (0.0, 0.0, 0.0)
    for node in 0..<Int32(offsets.count - 1) where starts.isEmpty || starts[Int(node)] {
      let arcs = arcs(at: node)
      let count = Double(ends.isEmpty ? arcs.count : others[arcs].count { ends[Int($0)] })
      sum += count
      squares += count * count
      nodes += 1
    }
    return mean == .ofNodes ? sum / max(1, nodes) : squares / max(1, sum)
  }
}

/// Of what the mean number of a node's arcs is taken.
enum FanMean {
  /// Of each node once.
  case ofNodes
  /// Of the nodes as arcs lead to them, most to hubs: where pairs of a node's arcs are looked at, it is these that count.
  case ofArcs
}
