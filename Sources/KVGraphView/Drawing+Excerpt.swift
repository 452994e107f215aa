import KV
import KVGraph

extension Drawing {
  /// A drawing of an excerpt of a graph, with what describes its nodes where there is a style, and a notice where edges are left
  /// out. What is highlighted and is there is drawn in any case, up to `limit` edges and nodes more.
  ///
  /// Cost: a request for each thousand nodes, one for the highlighted edges, and up to two for each highlighted node without a record that
  /// none of the edges touches.
  public init(
    _ excerpt: GraphExcerpt, of graph: Graph, limit: Int, preferring preference: EdgePreference = .degree,
    style: Style? = nil, showsData: Bool = false, highlights: Highlights = Highlights()
  ) async throws {
    let limit = max(limit, 0)
    let drawn = Set(excerpt.edges.map(\.key))
    let marked = try await graph.edges(
      keys: highlights.edges.subtracting(drawn).sorted().prefix(limit).map { $0 },
      undirected: try await graph.undirectedTypes)
    let edges = marked.isEmpty ? excerpt.edges : (excerpt.edges + marked).sorted { $0.key < $1.key }
    let drawnNodes = Set(edges.flatMap { [$0.from, $0.to] } + excerpt.otherNodes)
    let further = highlights.nodes.subtracting(drawnNodes).sorted { $0.path < $1.path }.prefix(limit)
    let existing = try await graph.existing(Array(further))
    let others = excerpt.otherNodes + existing
    var attributes: [NodeReference: JSON] = [:]
    if style != nil {
      let nodes = Array(drawnNodes.union(existing))
      for (node, value) in zip(nodes, try await graph.values(of: nodes)) { attributes[node] = value }
    }
    let chosen = preference == .key ? "the first by key" : "those between nodes of the highest degrees"
    let isByType = style != nil && style?.group == nil && highlights.groups.isEmpty
    var notices: [String] = []
    if edges.count < excerpt.edgeCount {
      notices.append("\(edges.count) of \(excerpt.edgeCount) edges drawn, \(chosen)")
    }
    if excerpt.otherNodes.count < excerpt.otherNodeCount {
      notices.append(
        "\(excerpt.otherNodes.count) of \(excerpt.otherNodeCount) further nodes drawn, the first by key")
    }
    if excerpt.reducedEdges > 0 {
      notices.append("\(excerpt.reducedEdges) edges left out that longer ways stand for")
    }
    if existing.count < further.count {
      let missing = Set(further).subtracting(existing).sorted { $0.path < $1.path }
      notices.append(
        missing.count == 1
          ? "\(missing[0]), which is to be highlighted, is not there"
          : "\(missing.count) of the nodes to be highlighted are not there, such as \(missing[0])")
    }
    self.init(
      edges: edges, also: others, types: isByType ? try await graph.nodeTypes() : [],
      notice: notices.isEmpty ? nil : notices.joined(separator: "; "), style: style, showsData: showsData,
      attributes: attributes, hidden: excerpt.hiddenEdges,
      highlights: highlights)
  }

  /// The same with as many edges as Mermaid's own limits allow, which refuses a larger text as a whole.
  public init(
    fittingMermaid excerpt: GraphExcerpt, of graph: Graph, limit: Int,
    preferring preference: EdgePreference = .degree, style: Style? = nil, showsData: Bool = false,
    highlights: Highlights = Highlights()
  ) async throws {
    var (excerpt, most) = (excerpt, limit)
    let others = max(excerpt.otherNodes.count, excerpt.otherNodeCount)
    while true {
      let drawing = try await Drawing(
        excerpt, of: graph, limit: most, preferring: preference, style: style, showsData: showsData,
        highlights: highlights)
      let excess = max(
        Double(drawing.mermaid.utf16.count) / Double(Drawing.mermaidTextLimit),
        Double(drawing.edges.count) / Double(Drawing.mermaidEdgeLimit))
      let size = max(drawing.edges.count, drawing.nodes.count)
      if excess <= 1 || most <= 1 {
        self = drawing
        return
      }
      // What is highlighted comes first, and is left out like the rest where it is too much by itself.
      most = max(1, Int(Double(min(most, size)) * (excess < 1.05 ? 0.95 : 1 / excess)))
      excerpt.limit(to: max(0, most - min(most, highlights.edges.count)), by: preference)
      excerpt.otherNodeCount = others
      excerpt.otherNodes = Array(excerpt.otherNodes.prefix(most))
    }
  }
}
