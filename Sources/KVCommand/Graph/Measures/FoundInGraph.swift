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
  /// How many edges are drawn at most besides those found; and so many of these, where no other number is asked for.
  private static let most = 2000

  /// - Parameters:
  ///   - keys: of the edges, in the order in which they are printed.
  ///   - options: of which edges others are drawn around them.
  @MainActor
  func print(edges keys: [String], along options: TraversalOptions, in graph: Graph) async throws {
    let format = try output.pictureFormat(picture)
    var edges = try await graph.edges(keys: keys, undirected: graph.undirectedTypes)
    guard edges.count == keys.count else {
      throw KVError(.conflict, "the graph was changed while it was read; ask again")
    }
    if output.printsPaths {
      try output.list.print(edges, as: .edges, inPipe: .text, onTerminal: .text, window: window)
    }
    guard let format else { return }
    edges = drawn.of(edges)
    if edges.isEmpty { throw KVError(.notFound, "there is nothing to draw: no such edge") }
    var nodes: [NodeReference] = []
    var known: Set<NodeReference> = []
    for edge in edges {
      for node in [edge.from, edge.to] where known.insert(node).inserted { nodes.append(node) }
    }
    try await draw(
      nodes, edges, along: options,
      marking: Highlights(nodes: known, edges: Set(edges.map(\.key))), in: graph, as: format,
      of: (nodes: 0, edges: window.window.of(keys).count))
  }

  /// Sets of nodes, drawn in a color each among all others, or by themselves where only some are asked for.
  @MainActor
  func print(components: [[NodeReference]], along options: TraversalOptions, in graph: Graph) async throws {
    let format = try output.pictureFormat(picture)
    if output.printsPaths {
      try output.list.print(
        components, as: .components, inPipe: .text, onTerminal: .text, window: window)
    }
    guard let format else { return }
    let shown = window.window.of(components)
    try await draw(
      window.limit == nil ? nil : shown.flatMap(\.self),
      marking: Highlights(JSON(elements: shown.map(Listing.components.json))), along: options, in: graph,
      as: format)
  }

  /// A closed or open way, printed as its nodes, and drawn with an edge between each two.
  @MainActor
  func print(
    way nodes: [NodeReference], isClosed: Bool = false, along options: TraversalOptions, in graph: Graph
  ) async throws {
    let format = try output.pictureFormat(picture)
    if output.printsPaths {
      try output.list.print(nodes, as: .references, inPipe: .text, onTerminal: .text, window: window)
    }
    guard let format else { return }
    var edges: [Edge] = []
    for (node, next) in zip(nodes, nodes.dropFirst() + (isClosed ? nodes.prefix(1) : [])) {
      let near = try await graph.neighborhood(of: node, depth: 1, options: options)
      let between = near.filter { [$0.from, $0.to] == [node, next] || [$0.to, $0.from] == [node, next] }
      if let edge = between.first(where: { $0.from == node }) ?? between.first { edges.append(edge) }
    }
    try await draw(
      nodes, edges, along: options, marking: Highlights(nodes: Set(nodes), edges: Set(edges.map(\.key))),
      in: graph, as: format)
  }

  /// What of the list is drawn.
  private var drawn: Window {
    Window(offset: window.offset.value, limit: window.limit.map(\.count) ?? Self.most)
  }

  @MainActor
  func print(nodes: [NodeReference], along options: TraversalOptions, in graph: Graph) async throws {
    let format = try output.pictureFormat(picture)
    if output.printsPaths {
      try output.list.print(nodes, as: .references, inPipe: .text, onTerminal: .text, window: window)
    }
    guard let format else { return }
    let shown = drawn.of(nodes)
    if shown.isEmpty { throw KVError(.notFound, "there is nothing to draw: no such node") }
    try await draw(
      shown, [], along: options, marking: Highlights(nodes: Set(shown), edges: []), in: graph, as: format,
      of: (nodes: window.window.of(nodes).count, edges: 0))
  }

  /// - Parameters:
  ///   - options: of which edges others are drawn.
  ///   - all: of how many nodes and edges these are the first, where there are more.
  @MainActor
  func draw(
    _ nodes: [NodeReference], _ edges: [Edge], along options: TraversalOptions,
    marking highlights: Highlights, in graph: Graph, as format: PictureFormat,
    of all: (nodes: Int, edges: Int) = (0, 0)
  ) async throws {
    let isCrowd = nodes.count * Self.around > Self.most
    let shown = isCrowd && edges.isEmpty ? try await self.edges(between: nodes, options, in: graph) : edges
    var excerpt = try await graph.excerpt(
      along: nodes, edges: shown, adding: isCrowd ? 0 : Self.around, options: options)
    let isCut = all.nodes > nodes.count || all.edges > edges.count
    excerpt.otherNodeCount = excerpt.otherNodes.count + max(0, all.nodes - nodes.count)
    excerpt.edgeCount += max(0, all.edges - edges.count)
    let drawing = try await picture.drawing(
      of: excerpt, in: graph, as: format, limit: max(excerpt.edges.count, nodes.count), preferring: .key,
      highlights: highlights)
    try await picture.draw(
      drawing, as: format, to: output.pictureFile, colors: output.color.isOn,
      limitedBy: isCut ? "--limit" : nil)
  }

  /// Draws nodes and what is around them, or the graph, as much of it as fits.
  /// - Parameter nodes: `nil` for the graph.
  @MainActor
  func draw(
    _ nodes: [NodeReference]?, marking highlights: Highlights, along options: TraversalOptions,
    in graph: Graph, as format: PictureFormat
  ) async throws {
    if let nodes {
      if nodes.isEmpty { throw KVError(.notFound, "there is nothing to draw: no such node") }
      let shown = nodes.prefix(Self.most)
      return try await draw(
        Array(shown), [], along: options, marking: highlights, in: graph, as: format,
        of: (nodes: nodes.count, edges: 0))
    }
    let limit = format.isMermaid ? Drawing.mermaidEdgeLimit : Self.most
    let excerpt = try await graph.excerpt(options: options, limit: limit)
    if excerpt.edges.isEmpty, excerpt.otherNodes.isEmpty {
      throw KVError(.notFound, "there is nothing to draw")
    }
    let drawing = try await picture.drawing(
      of: excerpt, in: graph, as: format, limit: limit, highlights: highlights)
    try await picture.draw(
      drawing, as: format, to: output.pictureFile, colors: output.color.isOn, limitedBy: nil)
  }

  /// The edges that join nodes of a crowd, around which there is no room for others.
  private func edges(between nodes: [NodeReference], _ options: TraversalOptions, in graph: Graph)
    async throws -> [Edge]
  {
    let known = Set(nodes)
    var found: [String: Edge] = [:]
    for node in nodes where found.count < Self.most {
      for edge in try await graph.neighborhood(of: node, depth: 1, options: options)
      where known.contains(edge.from) && known.contains(edge.to) { found[edge.key] = edge }
    }
    return found.sorted { $0.key < $1.key }.map(\.value)
  }
}
