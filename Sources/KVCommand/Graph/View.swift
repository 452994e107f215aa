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
  @Argument(help: "A node type, or *.") var type: Text?
  @Argument(help: "A node's id, or *.") var id: Text?
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
    if type?.value == "" || id?.value == "" {
      throw ValidationError("the type or the id of the node is empty")
    }
    if maxDepth.value < 1 { throw ValidationError("the depth \(maxDepth.value) is less than 1") }
    if let maxEdges, maxEdges.value < 1 {
      throw ValidationError("--max-edges \(maxEdges.value) is less than 1")
    }
  }

  func run() async throws {
    let format = try picture.format(format, for: output)
    let marks = try await readMarks()
    let style = try picture.style(for: format, marks)
    let graph = try await database.graph(for: .read)
    let limit = maxEdges?.value ?? (format == .mermaid ? Drawing.mermaidEdgeLimit : 2000)
    let (edges, count, node) = try await edges(of: graph, limit: limit)
    let drawing = try await GraphDrawing(
      graph: graph, format: format, limit: limit, order: limitBy, style: style, marks: marks
    )
    .drawing(of: edges, count: count, also: node)
    try await picture.draw(drawing, as: format, to: output, around: node)
  }

  private func readMarks() async throws -> Marks {
    guard let highlight else { return Marks() }
    let name = highlight.isStandard ? "standard input" : "\(highlight)"
    if !highlight.isStandard { await Output.protect([highlight.bytes]) }
    return try Marks(Input.json(from: Input.file(highlight), named: name))
  }

  /// The edges to draw, how many there are, and the node that they are around.
  private func edges(of graph: Graph, limit: Int) async throws -> ([Edge], count: Int, NodeReference?) {
    let wantedType = type?.unlessAll
    let edgeType = edgeType?.unlessAll
    if wantedType == nil, let id = id?.unlessAll {
      throw KVError(.usage, "the id \(JSON(id)) needs a type; * is any type only with any id")
    }
    let options = TraversalOptions(edgeTypes: edgeType.map { [$0] } ?? [], nodeBudget: .max)
    if let wantedType, let id = id?.unlessAll {
      let node = NodeReference(type: wantedType, id: id)
      let edges = try await graph.neighbourhood(of: node, depth: maxDepth.value, options: options)
      return (limitBy == .key ? Array(edges.prefix(limit)) : edges.ofHighestDegrees(limit), edges.count, node)
    }
    if limitBy == .degree {
      let adjacency = try await Adjacency(of: graph, options: options)
      let (edges, count) = try await graph.edgesOfHighestDegrees(limit, in: adjacency, touching: wantedType)
      return (edges, count, nil)
    }
    var edges: [Edge] = []
    var count = 0
    for try await edge in graph.edges() {
      // By bytes: canonically equivalent texts are different types.
      if let edgeType, !edge.type.utf8.elementsEqual(edgeType.utf8) { continue }
      if let wantedType,
        ![edge.from, edge.to].contains(where: { $0.type.utf8.elementsEqual(wantedType.utf8) })
      {
        continue
      }
      count += 1
      if count <= limit { edges.append(edge) }
      // Nothing is asked of the rest but how many there are.
      if count > limit, edgeType == nil, wantedType == nil {
        return (edges, try await graph.edgeCount, nil)
      }
    }
    return (edges, count, nil)
  }
}
