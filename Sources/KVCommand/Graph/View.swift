import ArgumentParser
import KV
import KVGraph
import KVGraphView

struct View: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "view", abstract: "Draw the graph.",
    discussion: """
      Without arguments, or "*" "*": the whole graph. User "*": every edge that touches a User. User alice: every edge \
      that starts or ends less than --max-depth hops away.

      EXAMPLE
        kv graph view > graph.dot
        kv graph view User alice --max-depth 2 -o alice.png
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case dot, mermaid, svg, png, pdf, json

    var isBinary: Bool { self == .png || self == .pdf }
  }

  enum LayoutChoice: String, ExpressibleByArgument, CaseIterable {
    case auto, dot, sfdp, neato, fdp, circo, twopi
  }

  @OptionGroup var database: DatabaseOptions
  @Argument(help: "A node type, or *.") var type: Text?
  @Argument(help: "A node's id, or *.") var id: Text?
  @Option(help: "Only edges of this type.") var edgeType: String?
  @Option(help: "How many hops around the node.") var maxDepth = Number(1)
  @Option(help: "dot (default), mermaid, svg, png, pdf or json.") var format: Format?
  @Option(name: .shortAndLong, help: "The file to write; its ending tells the format.") var output: String?
  @Option(help: "Edges at most (default: 2000, for mermaid 500).") var maxEdges: Number?
  @Option(help: "auto picks by size.") var layout = LayoutChoice.auto
  @Option(help: "Seconds after which a layout is ended.") var timeout = Number(60)

  func validate() throws {
    if maxDepth.value < 1 { throw ValidationError("the depth \(maxDepth.value) is less than 1") }
    if let maxEdges, maxEdges.value < 1 {
      throw ValidationError("--max-edges \(maxEdges.value) is less than 1")
    }
    if timeout.value < 1 { throw ValidationError("the timeout \(timeout.value) is less than 1 second") }
  }

  func run() async throws {
    let format = try resolvedFormat()
    if format.isBinary, output == nil, Output.isTerminal {
      throw KVError(.usage, "\(format) is not for a terminal; write it to a file with -o")
    }
    let drawing = try await drawing(
      limit: maxEdges?.value ?? (format == .mermaid ? Drawing.mermaidEdgeLimit : 2000))
    let bytes = try await rendered(drawing, as: format)
    if let output {
      try await Output.file(output, bytes)
    } else {
      try await Output.bytes(bytes)
    }
    if let notice = drawing.notice { Output.note("kv: \(notice)") }
  }

  private func resolvedFormat() throws -> Format {
    if let format { return format }
    guard let output else { return .dot }
    let ending = output.split(separator: ".").last.map { $0.lowercased() } ?? ""
    guard output.contains("."), let format = ending == "mmd" ? .mermaid : Format(rawValue: ending) else {
      throw KVError(
        .usage, "\(output): unknown ending; expected .dot, .mermaid, .svg, .png, .pdf or .json, or --format")
    }
    return format
  }

  private func rendered(_ drawing: Drawing, as format: Format) async throws -> [UInt8] {
    switch format {
    case .dot: return Array(drawing.dot.utf8)
    case .mermaid: return Array(drawing.mermaid.utf8)
    case .json: return Array((drawing.json.pretty + "\n").utf8)
    case .svg, .png, .pdf:
      guard let image = Graphviz.Format(rawValue: format.rawValue) else { return [] }
      let layout = Graphviz.Layout(rawValue: layout.rawValue) ?? .suited(toEdges: drawing.edges.count)
      return try await Render.inChildProcess(
        drawing.dot, as: image, layout: layout, timeout: .seconds(timeout.value))
    }
  }

  private func drawing(limit: Int) async throws -> Drawing {
    let graph = try await database.graph(for: .read)
    let anyType = type == nil || type?.value == "*"
    if anyType, let id, id.value != "*" {
      throw KVError(.usage, "the id \(JSON(id.value)) needs a type; * is any type only with any id")
    }
    if let type, !anyType, let id, id.value != "*" {
      let node = NodeReference(type: type.value, id: id.value)
      let options = TraversalOptions(edgeTypes: edgeType.map { $0 == "*" ? [] : [$0] } ?? [])
      let edges = try await graph.neighbourhood(of: node, depth: maxDepth.value, options: options)
      return Drawing(
        edges: Array(edges.prefix(limit)), also: [node],
        notice: edges.count > limit ? notice(drawn: limit, of: edges.count) : nil)
    }
    var edges: [Edge] = []
    var count = 0
    for try await edge in graph.edges() {
      if let edgeType, edgeType != "*", edge.type != edgeType { continue }
      if !anyType, let type, edge.from.type != type.value, edge.to.type != type.value { continue }
      count += 1
      if count <= limit { edges.append(edge) }
    }
    return Drawing(edges: edges, notice: count > limit ? notice(drawn: limit, of: count) : nil)
  }

  private func notice(drawn: Int, of count: Int) -> String {
    "\(drawn) of \(count) edges drawn, the first by key; --max-edges sets the limit"
  }
}
