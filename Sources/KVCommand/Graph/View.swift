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
        kv graph view --cluster --into README.md
        kv graph view --around User:alice,User:bob --reduce -o both.svg
        kv graph view -o graph.html --label name --theme dark
        kv graph rank pagerank --top -1 --format json | kv graph view --highlight - -o ranks.png
      """)

  @OptionGroup(title: "Database") var database: DatabaseOptions
  @Argument(
    help: "A node, as Type:id or as a type and an id; or a type and *; or * and *.",
    completion: Completion.nodes) var words: [Text] = []
  @OptionGroup var edges: EdgeChoice
  @Option(help: "How many hops around the node.") var maxDepth = Number(1)
  @Option(help: "dot, mermaid, markdown, svg, png, pdf, html, json or text.") var format: PictureFormat?
  @Option(
    name: .shortAndLong, parsing: .singleValue,
    help: ArgumentHelp(
      "The file to write, - for standard output; its ending tells the format.", valueName: "output"))
  var output: [FileArgument] = []
  @Option(
    help: ArgumentHelp(
      "Nodes, as Type:id, with commas between them: what lies around each of them.", valueName: "nodes"),
    completion: Completion.nodes)
  var around: [Text] = []
  @Flag(help: "Leave out the edges that longer ways stand for, as a -> c beside a -> b -> c.") var reduce =
    false
  @Option(
    help: "Draw all nodes of this type as one, but for those that --highlight marks.",
    completion: Completion.nodeTypes) var collapse: [Text] = []
  @Option(help: "Edges at most (default: 2000, for mermaid 500).") var maxEdges: Number?
  @Option(
    help:
      "Which edges to draw where there are more: those between nodes of the highest degrees, or the first by key."
  )
  var limitBy = EdgePreference.degree
  @Option(
    help:
      "A file, or - for standard input, of what find-path, bfs, rank, components or cycle print with --format json or jsonl: to be marked in the picture."
  ) var highlight: FileArgument?
  @Option(help: ColorChoice.help) var color = ColorChoice.auto
  @OptionGroup var picture: PictureOptions

  func validate() throws {
    if words.contains(where: { $0.value.isEmpty }) {
      throw ValidationError("the type or the id of the node is empty")
    }
    try output.requireOneAtMost()
    _ = try nodesAround()
    if !around.isEmpty, !words.isEmpty {
      throw ValidationError("the nodes are said twice: as arguments and by --around")
    }
    if words.count > 2 { throw ValidationError("expected a node, as Type:id or as a type and an id") }
    if words.count == 2, words.allSatisfy({ NodeReference($0.value) != nil }) {
      throw ValidationError(
        "here are two nodes; --around \(words[0].value),\(words[1].value) draws what lies around both")
    }
    if maxDepth.value < 1 { throw ValidationError("the depth \(maxDepth.value) is less than 1") }
    if let maxEdges, maxEdges.value < 1 {
      throw ValidationError("--max-edges \(maxEdges.value) is less than 1")
    }
  }

  func run() async throws {
    let format = try picture.format(format, for: file)
    let highlights = try await readHighlights()
    let options = try edges.options()
    let graph = try await database.graph(for: .read)
    let limit = maxEdges?.value ?? (format.isMermaid ? Drawing.mermaidEdgeLimit : 2000)
    // What is left out or drawn as one needs no room.
    let isWhole = reduce || !collapse.isEmpty
    var excerpt = try await excerpt(of: graph, options, limit: isWhole ? .max : limit)
    if reduce { try excerpt.reduce() }
    for type in collapse { excerpt.collapse(type: type.value, but: highlights.nodes) }
    if isWhole { excerpt.limit(to: limit, by: limitBy) }
    // The edges of what is drawn as one would lie on each other.
    var picture = picture
    if !collapse.isEmpty { picture.merge = true }
    let drawing = try await picture.drawing(
      of: excerpt, in: graph, as: format, limit: limit, preferring: limitBy, highlights: highlights)
    if drawing.nodes.isEmpty { try await refuseNothing(as: format, options, in: graph) }
    if !highlights.nodes.isEmpty, !drawing.nodes.contains(where: { highlights.nodes.contains($0.reference) })
    {
      Output.note("kv: no node that --highlight marks is drawn")
    }
    for type in collapse where !drawing.nodes.contains(where: { $0.reference.type == type.value }) {
      let words = try await graph.words(onNodeType: type.value)
      Output.note("kv: \(words ?? "no node drawn is of type \(JSON(type.value))")")
    }
    try await picture.draw(
      drawing, as: format, to: file, colors: color.isOn,
      limitedBy: drawing.edges.count < excerpt.edgeCount ? "--max-edges" : nil,
      around: excerpt.center)
  }

  /// `nil` for standard output.
  private var file: FileArgument? { output.first?.unlessStandard }

  private func readHighlights() async throws -> Highlights {
    guard let highlight else { return Highlights() }
    let name = highlight.isStandard ? "standard input" : "\(highlight)"
    if !highlight.isStandard { await Output.protect([highlight.bytes]) }
    return try Highlights(Input.jsonOrLines(from: Input.file(highlight), named: name))
  }

  /// The type and the id that are meant; `nil` for any.
  private var wanted: (type: String?, id: String?) {
    if words.count == 1, let node = NodeReference(words[0].value) { return (node.type, node.id) }
    return (words.first?.unlessAll, words.dropFirst().first?.unlessAll)
  }

  /// A picture of nothing is not drawn, and a type or an edge type that nothing is of was not meant.
  private func refuseNothing(as format: PictureFormat, _ options: TraversalOptions, in graph: Graph)
    async throws
  {
    let words: String? =
      if let type = wanted.type {
        try await graph.words(onNodeType: type)
      } else {
        try await graph.wordsOnMissing(edgeTypes: options.edgeTypes)
      }
    if let words { throw KVError(.notFound, "there is nothing to draw: \(words)") }
    if picture.into != nil || format != .json && format != .text {
      throw KVError(
        .notFound, "there is nothing to draw: \(edges.isAll ? "the graph is empty" : "no such edge")")
    }
  }

  /// The nodes of `--around`: `User:alice,User:bob`, or one whose id has commas.
  private func nodesAround() throws -> [NodeReference] {
    try around.flatMap { word throws -> [NodeReference] in
      let parts = word.value.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
      let nodes = parts.compactMap { NodeReference(String(decoding: $0, as: UTF8.self)) }
      if nodes.count == parts.count { return nodes }
      guard let node = NodeReference(word.value) else {
        throw ValidationError("\(JSON(word.value)) is no node; expected Type:id")
      }
      return [node]
    }
  }

  private func excerpt(of graph: Graph, _ options: TraversalOptions, limit: Int) async throws -> GraphExcerpt
  {
    let (type, id) = wanted
    if case let nodes = try nodesAround(), !nodes.isEmpty {
      return try await graph.excerpt(
        around: nodes, depth: maxDepth.value, options: options, limit: limit,
        preferring: limitBy)
    }
    guard let id else {
      return try await graph.excerpt(
        touching: type, options: options, limit: limit, preferring: limitBy)
    }
    guard let type else {
      throw KVError(.usage, "the id \(JSON(id)) needs a type; * is any type only with any id")
    }
    return try await graph.excerpt(
      around: [NodeReference(type: type, id: id)], depth: maxDepth.value,
      options: options, limit: limit, preferring: limitBy)
  }
}

extension EdgePreference: ExpressibleByArgument {}
