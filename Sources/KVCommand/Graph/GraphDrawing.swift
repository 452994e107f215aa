import ArgumentParser
import KV
import KVGraph
import KVGraphView

/// Which edges are drawn where there are too many.
enum EdgeOrder: String, ExpressibleByArgument, CaseIterable {
  case key, degree
}

/// Makes a drawing of edges of a graph, with what describes their nodes, and says what is left out.
struct GraphDrawing {
  let graph: Graph
  let format: PictureOptions.Format
  let limit: Int
  let order: EdgeOrder
  let style: Style?
  let highlights: Highlights

  /// - Parameters:
  ///   - edges: in key order.
  ///   - count: how many there are to draw, if all were drawn.
  func drawing(of edges: [Edge], count: Int, also nodes: [NodeReference] = []) async throws -> Drawing {
    var edges = edges
    while true {
      let drawing = try await whole(edges, count, nodes)
      guard format == .mermaid, edges.count > 1 else { return drawing }
      let excess = max(
        Double(drawing.mermaid.utf16.count) / Double(Drawing.mermaidTextLimit),
        Double(edges.count) / Double(Drawing.mermaidEdgeLimit))
      if excess <= 1 { return drawing }
      let fewer = Int(Double(edges.count) * (excess < 1.05 ? 0.95 : 1 / excess))
      edges = order == .degree ? edges.ofHighestDegrees(fewer) : Array(edges.prefix(fewer))
    }
  }

  private func whole(_ edges: [Edge], _ count: Int, _ nodes: [NodeReference]) async throws -> Drawing {
    // What is marked is drawn in any case.
    let drawn = Set(edges.map(\.key))
    let marked = try await graph.edges(
      keys: highlights.edges.subtracting(drawn).sorted().prefix(limit).map { $0 },
      undirected: try await graph.undirectedTypes)
    let edges = marked.isEmpty ? edges : (edges + marked).sorted { $0.key < $1.key }
    let others = nodes + highlights.nodes.sorted { $0.path < $1.path }.prefix(limit)
    var attributes: [NodeReference: JSON] = [:]
    if style != nil {
      let nodes = Array(Set(edges.flatMap { [$0.from, $0.to] } + others))
      for (node, value) in zip(nodes, try await graph.values(of: nodes)) { attributes[node] = value }
    }
    let chosen = order == .key ? "the first by key" : "those between nodes of the highest degrees"
    let notice =
      edges.count < count
      ? "\(edges.count) of \(count) edges drawn, \(chosen); --max-edges sets the limit" : nil
    return Drawing(
      edges: edges, also: others, notice: notice, style: style, attributes: attributes, highlights: highlights
    )
  }
}
