import ArgumentParser
import KV
import KVGraph
import KVGraphView
import SystemPackage

struct View: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "view", abstract: "Draw the graph.",
    discussion: """
      Without arguments, or "*" "*": the whole graph. User "*": every edge that touches a User. User alice: every edge \
      that starts or ends less than --max-depth hops away. On a terminal a text, in a pipe DOT, and with -o what the file's \
      ending says.

      EXAMPLE
        kv graph view
        kv graph view User alice --max-depth 2 -o alice.svg
        kv graph view -o graph.html --label name --theme dark
        kv graph rank pagerank --top -1 --output json | kv graph view --highlight - -o ranks.png
      """)

  @OptionGroup var database: DatabaseOptions
  @Argument(help: "A node, as Type:id or as a type and an id; or a type and *; or * and *.") var words:
    [Text] = []
  @Option(help: "Only edges of this type.") var edgeType: Text?
  @Option(help: "How many hops around the node.") var maxDepth = Number(1)
  @Option(help: "dot, mermaid, svg, png, pdf, html, json or text.") var format: PictureOptions.Format?
  @Option(name: .shortAndLong, help: "The file to write; its ending tells the format.") var output:
    FileArgument?
  @Option(help: "Edges at most (default: 2000, for mermaid 500).") var maxEdges: Number?
  @Option(
    help:
      "Which edges to draw where there are more: the first by key, or those between nodes of the highest degrees."
  )
  var limitBy = EdgeOrder.key
  @Option(
    help:
      "A file, or - for standard input, of what find-path, bfs, rank, components or cycle print with --output json: to be marked in the picture."
  ) var highlight: FileArgument?
  @OptionGroup var picture: PictureOptions

  func validate() throws {
    if words.contains(where: { $0.value.isEmpty }) {
      throw ValidationError("the type or the id of the node is empty")
    }
    if words.count > 2 { throw ValidationError("expected a node, as Type:id or as a type and an id") }
    if maxDepth.value < 1 { throw ValidationError("the depth \(maxDepth.value) is less than 1") }
    if let maxEdges, maxEdges.value < 1 {
      throw ValidationError("--max-edges \(maxEdges.value) is less than 1")
    }
  }

  func run() async throws {
    let format = try picture.format(format, for: output)
    let highlights = try await readHighlights()
    let style = try picture.style(for: format, highlights)
    let graph = try await database.graph(for: .read)
    let limit = maxEdges?.value ?? (format == .mermaid ? Drawing.mermaidEdgeLimit : 2000)
    let chosen = try await choose(from: graph, limit: limit)
    let drawing = try await GraphDrawing(
      graph: graph, format: format, limit: limit, order: limitBy, style: style, highlights: highlights
    )
    .drawing(of: chosen.edges, count: chosen.count, also: chosen.others)
    try await picture.draw(drawing, as: format, to: output, around: chosen.center)
  }

  private func readHighlights() async throws -> Highlights {
    guard let highlight else { return Highlights() }
    let name = highlight.isStandard ? "standard input" : "\(highlight)"
    if !highlight.isStandard { await Output.protect([highlight.bytes]) }
    return try Highlights(Input.json(from: Input.file(highlight), named: name))
  }

  /// What to draw: edges, how many there are, nodes besides those at their ends, and the node that all is around.
  private struct Chosen {
    var edges: [Edge]
    var count: Int
    var others: [NodeReference] = []
    var center: NodeReference?
  }

  /// The type and the id that are meant; `nil` for any.
  private var wanted: (type: String?, id: String?) {
    if words.count == 1, let node = NodeReference(words[0].value) { return (node.type, node.id) }
    return (words.first?.unlessAll, words.dropFirst().first?.unlessAll)
  }

  private func choose(from graph: Graph, limit: Int) async throws -> Chosen {
    let (wantedType, id) = wanted
    let edgeType = edgeType?.unlessAll
    if wantedType == nil, let id {
      throw KVError(.usage, "the id \(JSON(id)) needs a type; * is any type only with any id")
    }
    let options = TraversalOptions(edgeTypes: edgeType.map { [$0] } ?? [], nodeBudget: .max)
    if let wantedType, let id {
      let node = NodeReference(type: wantedType, id: id)
      try await graph.require(node)
      let edges = try await graph.neighborhood(of: node, depth: maxDepth.value, options: options)
      return Chosen(
        edges: limitBy == .key ? Array(edges.prefix(limit)) : edges.ofHighestDegrees(limit),
        count: edges.count,
        others: [node], center: node)
    }
    var chosen = Chosen(edges: [], count: 0)
    if limitBy == .degree {
      let adjacency = try await Adjacency(of: graph, options: options)
      (chosen.edges, chosen.count) = try await graph.edgesOfHighestDegrees(
        limit, in: adjacency, touching: wantedType)
    } else {
      for try await edge in graph.edges(undirected: try await graph.undirectedTypes)
      where options.covers(edge) {
        // By bytes: canonically equivalent texts are different types.
        if let wantedType,
          ![edge.from, edge.to].contains(where: { $0.type.utf8.elementsEqual(wantedType.utf8) })
        {
          continue
        }
        chosen.count += 1
        if chosen.count <= limit { chosen.edges.append(edge) }
        // Nothing is asked of the rest but how many there are.
        if chosen.count > limit, edgeType == nil, wantedType == nil {
          chosen.count = try await graph.edgeCount
          break
        }
      }
    }
    // Nodes without edges, where there is room for all edges.
    if edgeType == nil, chosen.count <= limit {
      let drawn = Set(chosen.edges.flatMap { [$0.from, $0.to] })
      var room = limit
      try await graph.forEachNode(NodeSelection(type: wantedType)) { node in
        if drawn.contains(node.reference) { return true }
        chosen.others.append(node.reference)
        room -= 1
        return room > 0
      }
    }
    return chosen
  }
}
