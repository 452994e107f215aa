import KV

/// The limits of a search.
public struct TraversalOptions: Sendable {
  /// At most so many edges from the start; `nil` for no limit.
  public var maxDepth: Int?
  /// Only edges of these types; empty for all.
  public var edgeTypes: [String]
  /// A search that visits more nodes ends with an error instead of an answer.
  public var nodeBudget: Int
  /// Asked for each edge, without its data; edges refused do not exist for the search.
  public var filter: (@Sendable (Edge) -> Bool)?

  public init(
    maxDepth: Int? = nil, edgeTypes: [String] = [], nodeBudget: Int = 1_000_000,
    filter: (@Sendable (Edge) -> Bool)? = nil
  ) {
    self.maxDepth = maxDepth
    self.edgeTypes = edgeTypes
    self.nodeBudget = nodeBudget
    self.filter = filter
  }

  /// The edge of a key, or `nil` where it is none or the options refuse it.
  func admitted(_ text: String) -> EdgeKey? {
    guard let key = EdgeKey(text) else { return nil }
    if !escapedTypes.isEmpty, !escapedTypes.contains(key.type) { return nil }
    guard let filter else { return key }
    guard let edge = Edge(key), filter(edge) else { return nil }
    return key
  }

  private var escapedTypes: [String] { edgeTypes.map(KeyPart.escape) }

  func checkBudget(_ visited: Int) throws {
    if visited > nodeBudget {
      throw KVError(.failed, "the search visited \(nodeBudget) nodes, its budget, without an answer")
    }
  }
}

/// A walk over edges, each beginning where the one before ends.
public struct Path: Sendable, Equatable {
  public var nodes: [NodeReference]
  public var edges: [Edge]
  public var depth: Int { edges.count }
}

extension Path: CustomStringConvertible {
  public var description: String {
    zip(edges, nodes.dropFirst()).reduce("\(nodes[0])") { text, step in
      "\(text) -[\(step.0.type)]-> \(step.1)"
    }
  }
}

extension JSON {
  /// `{"depth","edges","nodes"}`.
  public init(_ path: Path) {
    self = JSON(members: [
      ("depth", JSON(path.depth)), ("edges", JSON(elements: path.edges.map(\.json))),
      ("nodes", JSON(elements: path.nodes.map { JSON($0) })),
    ])
  }
}
