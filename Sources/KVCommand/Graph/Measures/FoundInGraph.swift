import ArgumentParser
import KV
import KVGraph
import KVGraphView

/// Edges or nodes that a measure has found, printed and drawn among the edges around them.
struct FoundInGraph: ParsableArguments {
  @OptionGroup var window: ListWindow
  @OptionGroup var output: AnswerOptions
  @OptionGroup(title: "Picture") var picture: PictureOptions

  /// How many edges beside them are drawn at each node.
  private static let around = 8
  /// How many edges are drawn at most, besides those found.
  private static let most = 2000

  /// - Parameter keys: of the edges, in the order in which they are printed.
  @MainActor
  func print(edges keys: [String], in graph: Graph) async throws {
    let format = try output.pictureFormat(picture)
    let edges = try await graph.edges(keys: keys, undirected: graph.undirectedTypes)
    if output.printsPaths {
      try output.list.print(edges, as: .edges, inPipe: .text, onTerminal: .text, window: window)
    }
    guard let format else { return }
    if edges.isEmpty { throw KVError(.notFound, "there is nothing to draw: no such edge") }
    var nodes: [NodeReference] = []
    var known: Set<NodeReference> = []
    for edge in edges {
      for node in [edge.from, edge.to] where known.insert(node).inserted { nodes.append(node) }
    }
    try await draw(nodes, edges, marking: Highlights(nodes: known, edges: Set(keys)), in: graph, as: format)
  }

  @MainActor
  func print(nodes: [NodeReference], in graph: Graph) async throws {
    let format = try output.pictureFormat(picture)
    if output.printsPaths {
      try output.list.print(nodes, as: .references, inPipe: .text, onTerminal: .text, window: window)
    }
    guard let format else { return }
    if nodes.isEmpty { throw KVError(.notFound, "there is nothing to draw: no such node") }
    try await draw(nodes, [], marking: Highlights(nodes: Set(nodes), edges: []), in: graph, as: format)
  }

  @MainActor
  func draw(
    _ nodes: [NodeReference], _ edges: [Edge], marking highlights: Highlights, in graph: Graph,
    as format: PictureFormat
  ) async throws {
    let excerpt = try await graph.excerpt(
      along: nodes, edges: edges, adding: nodes.count * Self.around > Self.most ? 0 : Self.around)
    let drawing = try await picture.drawing(
      of: excerpt, in: graph, as: format, limit: excerpt.edges.count, highlights: highlights)
    try await picture.draw(
      drawing, as: format, to: output.pictureFile, colors: output.color.isOn, limitedBy: nil)
  }
}
