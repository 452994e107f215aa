import KV

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
  func path(_ nodePath: NodePath, in source: some EdgeSource, isWeighed: Bool = false) async throws -> Path {
    let edges = try await edges(
      keys: nodePath.steps.map { source.key($0) }, undirected: source.undirectedTypes)
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
