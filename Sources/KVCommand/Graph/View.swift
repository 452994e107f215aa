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

  enum Order: String, ExpressibleByArgument, CaseIterable {
    case key, degree
  }

  @OptionGroup var database: DatabaseOptions
  @Argument(help: "A node type, or *.") var type: Text?
  @Argument(help: "A node's id, or *.") var id: Text?
  @Option(help: "Only edges of this type.") var edgeType: String?
  @Option(help: "How many hops around the node.") var maxDepth = Number(1)
  @Option(help: "dot, mermaid, svg, png, pdf, html, json or text.") var format: PictureOptions.Format?
  @Option(name: .shortAndLong, help: "The file to write; its ending tells the format.") var output: String?
  @Option(help: "Edges at most (default: 2000, for mermaid 500).") var maxEdges: Number?
  @Option(
    help:
      "Which edges to draw where there are more: the first by key, or those between nodes of the highest degrees."
  )
  var limitBy = Order.key
  @Option(
    help:
      "A file, or - for standard input, of what find-path, bfs, rank, components or cycle print with --output json: to be marked in the picture."
  ) var highlight: String?
  @OptionGroup var picture: PictureOptions

  func validate() throws {
    if maxDepth.value < 1 { throw ValidationError("the depth \(maxDepth.value) is less than 1") }
    if let maxEdges, maxEdges.value < 1 {
      throw ValidationError("--max-edges \(maxEdges.value) is less than 1")
    }
  }

  func run() async throws {
    let format = try picture.format(format, for: output)
    let marks = try readMarks()
    let style = try picture.style(for: format, marks)
    let graph = try await database.graph(for: .read)
    let limit = maxEdges?.value ?? (format == .mermaid ? Drawing.mermaidEdgeLimit : 2000)
    let (edges, count, node) = try await edges(of: graph, limit: limit)
    var drawing = try await Drawing(
      of: graph, edges: edges, also: node, count: count, order: limitBy, style: style, marks: marks)
    while format == .mermaid, drawing.edges.count > 1 {
      let excess = Double(drawing.mermaid.utf16.count) / Double(Drawing.mermaidTextLimit)
      if excess <= 1 { break }
      drawing = try await Drawing(
        of: graph, edges: Array(edges.prefix(Int(Double(drawing.edges.count) * 0.95 / excess))), also: node,
        count: count, order: limitBy, style: style, marks: marks)
    }
    try await picture.draw(drawing, as: format, to: output, around: node)
  }

  private func readMarks() throws -> Marks {
    guard let highlight else { return Marks() }
    let bytes = highlight == "-" ? try Input.all() : try Input.file(highlight)
    return try Marks(Input.json(from: bytes, named: highlight == "-" ? "standard input" : highlight))
  }

  /// The edges to draw, how many there are, and the node that they are around.
  private func edges(of graph: Graph, limit: Int) async throws -> ([Edge], count: Int, NodeReference?) {
    let wantedType = type?.unlessAll
    let edgeType = edgeType.flatMap { $0 == "*" ? nil : $0 }
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
      if let edgeType, edge.type != edgeType { continue }
      if let wantedType, edge.from.type != wantedType, edge.to.type != wantedType { continue }
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

extension Drawing {
  /// Reads what describes the nodes, and says what is not drawn.
  init(
    of graph: Graph, edges: [Edge], also node: NodeReference? = nil, count: Int, order: View.Order = .key,
    style: Style?, marks: Marks
  ) async throws {
    let others = node.map { [$0] } ?? []
    var attributes: [NodeReference: JSON] = [:]
    if style != nil {
      let nodes = Array(Set(edges.flatMap { [$0.from, $0.to] } + others))
      for (node, entity) in zip(nodes, try await graph.entities(of: nodes)) { attributes[node] = entity }
    }
    let chosen = order == .key ? "the first by key" : "those between nodes of the highest degrees"
    let notice =
      edges.count < count
      ? "\(edges.count) of \(count) edges drawn, \(chosen); --max-edges sets the limit" : nil
    self.init(edges: edges, also: others, notice: notice, style: style, attributes: attributes, marks: marks)
  }
}
