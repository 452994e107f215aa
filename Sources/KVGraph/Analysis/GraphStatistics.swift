import KV

/// A graph in numbers.
public struct GraphStatistics: Sendable, Equatable {
  public var nodes = 0
  public var edges = 0
  /// By type, the most frequent first, equally frequent ones by name.
  public var nodeTypes: [TypeCount] = []
  public var edgeTypes: [TypeCount] = []
  public var loops = 0
  /// Nodes without an edge.
  public var isolated = 0
  /// Edges by the number there could be with one type and without loops. An undirected one counts for two.
  public var density = 0.0
  public var degree = DegreeDistribution()
  public var components = 0
  public var largestComponent = 0

  public struct TypeCount: Sendable, Equatable {
    public var type: String
    public var count: Int
  }

  /// Of edges in and out together.
  public struct DegreeDistribution: Sendable, Equatable {
    public var mean = 0.0
    public var median = 0
    public var percentile90 = 0
    public var percentile99 = 0
    public var maximum = 0
  }
}

extension Adjacency {
  public var statistics: GraphStatistics {
    var statistics = GraphStatistics()
    (statistics.nodes, statistics.edges) = (nodeCount, edgeCount)
    if nodeCount == 0 { return statistics }
    var nodeTypes: [String: Int] = [:]
    var edgeCounts = [Int](repeating: 0, count: labels.count)
    for number in 0..<Int32(nodeCount) {
      nodeTypes[node(number).type, default: 0] += 1
      for edge in edges(from: number) {
        if targets[edge] == number { statistics.loops += 1 }
        edgeCounts[Int(label(of: edge))] += 1
      }
    }
    var degrees = degrees
    statistics.isolated = degrees.count { $0 == 0 }
    var edgeTypes: [String: Int] = [:]
    for (label, count) in edgeCounts.enumerated() where count > 0 {
      edgeTypes[labels.type(of: Int32(label)), default: 0] += count
    }
    statistics.nodeTypes = Self.sorted(nodeTypes.map { ($0, $1) })
    statistics.edgeTypes = Self.sorted(edgeTypes.map { ($0, $1) })
    let pairs = Double(nodeCount) * Double(nodeCount - 1)
    statistics.density = pairs > 0 ? Double(targets.count) / pairs : 0
    degrees.sort()
    func percentile(_ part: Double) -> Int { degrees[min(Int(part * Double(nodeCount)), nodeCount - 1)] }
    statistics.degree = GraphStatistics.DegreeDistribution(
      mean: 2 * Double(edgeCount) / Double(nodeCount), median: percentile(0.5), percentile90: percentile(0.9),
      percentile99: percentile(0.99), maximum: degrees[nodeCount - 1])
    var sizes: [Int32: Int] = [:]
    for label in weakLabels() { sizes[label, default: 0] += 1 }
    (statistics.components, statistics.largestComponent) = (sizes.count, sizes.values.max() ?? 0)
    return statistics
  }

  private static func sorted(_ counts: [(String, Int)]) -> [GraphStatistics.TypeCount] {
    counts.map { GraphStatistics.TypeCount(type: $0.0, count: $0.1) }
      .sorted { ($1.count, $0.type) < ($0.count, $1.type) }
  }
}

extension JSON {
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
