import KV

/// A graph in numbers.
public struct GraphStatistics: Sendable, Equatable {
  /// How many nodes there are.
  public var nodes = 0
  /// How many edges there are. An undirected edge counts once.
  public var edges = 0
  /// How many nodes there are of each type, the most frequent first, equally frequent ones by name.
  public var nodeTypes: [TypeCount] = []
  /// How many edges there are of each type, the most frequent first, equally frequent ones by name.
  public var edgeTypes: [TypeCount] = []
  /// How many edges lead from a node to itself.
  public var loops = 0
  /// How many nodes have no edge.
  public var isolated = 0
  /// The number of edges divided by n·(n−1), the number that n nodes allow without loops and parallel edges; above 1 where there are
  /// many of these. An undirected edge between two nodes counts twice. 0 where there are fewer than two nodes.
  public var density = 0.0
  /// How many edges the nodes have.
  public var degree = DegreeDistribution()
  /// How many weakly connected components there are: sets of nodes that edges connect, whatever their direction. A node without edges
  /// is one of its own.
  public var components = 0
  /// How many nodes the largest of the components has.
  public var largestComponent = 0

  /// A type of nodes or edges, and how many there are.
  public struct TypeCount: Sendable, Equatable {
    /// The name of the type.
    public var type: String
    /// How many nodes or edges have it.
    public var count: Int
  }

  /// How the degrees of all nodes are distributed. A degree counts edges in and out together, and a loop twice.
  public struct DegreeDistribution: Sendable, Equatable {
    /// The mean degree: twice the number of edges divided by the number of nodes.
    public var mean = 0.0
    /// The median degree; of an even number of nodes the mean of the two in the middle.
    public var median = 0.0
    /// The 90th percentile: at least 90 % of the nodes have no higher degree.
    public var percentile90 = 0
    /// The 99th percentile: at least 99 % of the nodes have no higher degree.
    public var percentile99 = 0
    /// The highest degree.
    public var maximum = 0
  }
}

extension Adjacency {
  /// The graph in numbers; all 0 where there are no nodes. Computed anew at each call, in memory. Cost: a few passes over the
  /// edges, and a sort of the degrees.
  public var statistics: GraphStatistics {
    var statistics = GraphStatistics()
    (statistics.nodes, statistics.edges) = (nodeCount, edgeCount)
    if nodeCount == 0 { return statistics }
    var edgeCounts = [Int](repeating: 0, count: labels.count)
    for number in 0..<Int32(nodeCount) {
      for edge in edges(from: number) {
        if targets[edge] == number { statistics.loops += 1 }
        edgeCounts[Int(label(of: edge))] += 1
      }
    }
    var degrees = degrees
    statistics.isolated = degrees.count { $0 == 0 }
    // By bytes: canonically equivalent texts are different types.
    var edgeTypes: [ByteKey: Int] = [:]
    for (label, count) in edgeCounts.enumerated() where count > 0 {
      edgeTypes[ByteKey(labels.type(of: Int32(label))), default: 0] += count
    }
    statistics.nodeTypes = Self.sorted(
      nodeTypes.map { escaped, nodes in (KeyPart.unescapeCanonical(escaped) ?? escaped, nodes.count) })
    statistics.edgeTypes = Self.sorted(edgeTypes.map { ($0.text, $1) })
    let pairs = Double(nodeCount) * Double(nodeCount - 1)
    statistics.density = pairs > 0 ? Double(targets.count) / pairs : 0
    degrees.sort()
    func percentile(_ part: Double) -> Int { degrees[min(Int(part * Double(nodeCount)), nodeCount - 1)] }
    statistics.degree = GraphStatistics.DegreeDistribution(
      mean: 2 * Double(edgeCount) / Double(nodeCount),
      median: Double(degrees[(nodeCount - 1) / 2] + degrees[nodeCount / 2]) / 2,
      percentile90: percentile(0.9),
      percentile99: percentile(0.99), maximum: degrees[nodeCount - 1])
    let sizes = weakComponentSizes()
    (statistics.components, statistics.largestComponent) = (sizes.count, sizes.max() ?? 0)
    return statistics
  }

  private static func sorted(_ counts: [(String, Int)]) -> [GraphStatistics.TypeCount] {
    counts.map { GraphStatistics.TypeCount(type: $0.0, count: $0.1) }
      .sorted {
        $0.count == $1.count
          ? $0.type.utf8.lexicographicallyPrecedes($1.type.utf8) : $0.count > $1.count
      }
  }
}

extension JSON {
  /// An object with `components`, `degree` (of `maximum`, `mean`, `median`, `p90` and `p99`), `density`, `edgeTypes`, `edges`, `isolated`,
  /// `largestComponent`, `loops`, `nodeTypes` and `nodes`; `edgeTypes` and `nodeTypes` are objects of counts by type.
  public init(_ statistics: GraphStatistics) {
    func counts(_ types: [GraphStatistics.TypeCount]) -> JSON {
      JSON(members: types.map { ($0.type, JSON($0.count)) })
    }
    let degree = statistics.degree
    self = JSON(members: [
      ("components", JSON(statistics.components)),
      (
        "degree",
        JSON(members: [
          ("maximum", JSON(degree.maximum)), ("mean", JSON(degree.mean)), ("median", JSON(degree.median)),
          ("p90", JSON(degree.percentile90)), ("p99", JSON(degree.percentile99)),
        ])
      ),
      ("density", JSON(statistics.density)), ("edgeTypes", counts(statistics.edgeTypes)),
      ("edges", JSON(statistics.edges)), ("isolated", JSON(statistics.isolated)),
      ("largestComponent", JSON(statistics.largestComponent)),
      ("loops", JSON(statistics.loops)), ("nodeTypes", counts(statistics.nodeTypes)),
      ("nodes", JSON(statistics.nodes)),
    ])
  }
}
