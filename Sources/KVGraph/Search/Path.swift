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

/// An edge of a path, by the numbers of a source.
struct PathStep: Hashable {
  var from: Int32
  var to: Int32
  var label: Int32
  var isReversed: Bool
}

/// A path by the numbers of a source.
struct NodePath {
  var steps: [PathStep]
  var weight = Weight(0)
}

extension EdgeSource {
  func key(_ pathStep: PathStep) -> String {
    key(from: pathStep.from, to: pathStep.to, label: pathStep.label, isReversed: pathStep.isReversed)
  }
}

extension Graph {
  /// Reads the edges of a path with their data.
  func path(_ nodePath: NodePath, in source: StoreEdges, isWeighed: Bool = false) async throws -> Path {
    let edges = try await edges(keys: nodePath.steps.map { source.key($0) }, undirected: source.undirectedTypes)
    guard edges.count == nodePath.steps.count else {
      throw KVError(.conflict, "an edge of the path was removed while it was searched; try again")
    }
    guard nodePath.weight.isFinite else {
      throw KVError(.invalidData, "the weights on the path add up to more than a number can hold")
    }
    let numbers = nodePath.steps.prefix(1).map(\.from) + nodePath.steps.map(\.to)
    return Path(
      nodes: numbers.compactMap { NodeReference(path: source.path(of: $0)) }, edges: edges,
      weight: isWeighed ? nodePath.weight : nil)
  }
}
