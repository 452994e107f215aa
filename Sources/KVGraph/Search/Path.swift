import KV

/// A walk over edges, each beginning where the one before ends, or, in a search against or in any direction, ending there.
public struct Path: Sendable, Equatable {
  public var nodes: [NodeReference]
  public var edges: [Edge]
  /// The sum of the edges' weights, where the search weighed them.
  public var weight: Weight?

  public init(nodes: [NodeReference], edges: [Edge], weight: Weight? = nil) {
    self.nodes = nodes
    self.edges = edges
    self.weight = weight
  }

  public var depth: Int { edges.count }
}

extension Path: CustomStringConvertible {
  /// `User:a -[follows]-> User:b <-[liked]- User:c -[knows]- User:d`
  public var description: String {
    zip(zip(edges, nodes), nodes.dropFirst()).reduce(nodes.first.map { "\($0)" } ?? "") { text, step in
      let ((edge, node), next) = step
      let isForward = edge.from == node && edge.to == next
      let (start, end) = (edge.isDirected && !isForward ? "<" : "", edge.isDirected && isForward ? ">" : "")
      return "\(text) \(start)-[\(edge.label)]-\(end) \(next)"
    }
  }
}

extension JSON {
  /// `{"depth","edges","nodes"}`, and `weight` where it was weighed.
  public init(_ path: Path) {
    self = JSON(
      members: [
        ("depth", JSON(path.depth)), ("edges", JSON(elements: path.edges.map(\.json))),
        ("nodes", JSON(elements: path.nodes.map { JSON($0) })),
      ] + (path.weight.map { [("weight", JSON($0))] } ?? []))
  }

  /// A number, whole ones without a fraction. What JSON has no number for, the infinite and what is none, is `null`.
  public init(_ number: Double) {
    guard number.isFinite else {
      self = .null
      return
    }
    if let integer = Int(exactly: number) { self.init(integer) } else { self.init(trusted: "\(number)") }
  }
}

/// The answer of a path search.
public enum PathResult: Sendable, Equatable {
  case found(Path)
  /// There is no path: everything within reach of one of the ends was seen.
  case unreachable
  /// None of at most `maxDepth` edges; there may be a longer one.
  case beyondDepth(Int)
}

/// What a search cost.
public struct SearchCost: Sendable, Equatable {
  /// From both ends together.
  public var levels = 0
  public var nodes = 0
  public var edges = 0
  public var requests = 0
}

/// The edges of a path, by the numbers of a source.
struct Trail {
  struct Hop: Hashable {
    var from: Int32
    var to: Int32
    var label: Int32
    var isReversed: Bool
  }

  var hops: [Hop]
  var weight = Weight(0)
}

extension EdgeSource {
  func key(_ hop: Trail.Hop) -> String {
    key(from: hop.from, to: hop.to, label: hop.label, isReversed: hop.isReversed)
  }
}

extension Graph {
  /// Reads the edges of a path with their data.
  func path(_ trail: Trail, in source: StoreEdges, isWeighed: Bool = false) async throws -> Path {
    let edges = try await edges(keys: trail.hops.map { source.key($0) }, undirected: source.undirectedTypes)
    guard edges.count == trail.hops.count else {
      throw KVError(.conflict, "an edge of the path was removed while it was searched; try again")
    }
    guard trail.weight.isFinite else {
      throw KVError(.invalidData, "the weights on the path add up to more than a number can hold")
    }
    let numbers = trail.hops.prefix(1).map(\.from) + trail.hops.map(\.to)
    return Path(
      nodes: numbers.compactMap { NodeReference(path: source.path(of: $0)) }, edges: edges,
      weight: isWeighed ? trail.weight : nil)
  }
}
