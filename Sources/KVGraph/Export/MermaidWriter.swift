import KV

/// Writes a flowchart of Mermaid (mermaid.js.org/syntax/flowchart.html), a diagram and no more: nodes with
/// their names, edges with their types. The comment `%% kv` says so to the reader.
struct MermaidWriter: GraphWriter {
  let reservedNames: (node: Set<String>, edge: Set<String>) = ([], [])
  let start = ["flowchart LR", "%% kv"]
  private var numbers: [NodeReference: Int] = [:]
  private var lost = (nodeAttributes: false, edgeData: false, edgeKeys: false)
  private var edgeCount = 0
  private var length = 0

  var losses: [String] {
    [
      (lost.nodeAttributes, "the attributes of nodes"), (lost.edgeData, "the data of edges"),
      (lost.edgeKeys, "the keys of parallel edges"),
      (
        edgeCount > MermaidLimit.edges, "more than \(MermaidLimit.edges) edges, unless its maxEdges is raised"
      ),
      (
        length > MermaidLimit.text,
        "more than \(MermaidLimit.text) characters, unless its maxTextSize is raised"
      ),
    ].filter(\.0).map(\.1)
  }

  mutating func line(for node: ExportedNode) throws -> String? {
    if !node.attributes.isEmpty { lost.nodeAttributes = true }
    return declaration(of: node.reference).map { noted($0) }
  }

  mutating func line(for edge: ExportedEdge) throws -> String? {
    if edge.edge.parallelKey != nil { lost.edgeKeys = true }
    for (name, _) in edge.attributes where name != "@undirected" {
      if name == "@key" { lost.edgeKeys = true } else { lost.edgeData = true }
    }
    let declarations = [declaration(of: edge.edge.from), declaration(of: edge.edge.to)].compactMap(\.self)
    let arrow = edge.edge.isDirected ? "-->" : "---"
    let link = "  \(name(edge.edge.from)) \(arrow)|\"\(edge.edge.type.mermaidLabel)\"| \(name(edge.edge.to))"
    edgeCount += 1
    return noted((declarations + [link]).joined(separator: "\n"))
  }

  private mutating func noted(_ lines: String) -> String {
    length += lines.utf16.count + 1
    return lines
  }

  /// `nil` where it has been written.
  private mutating func declaration(of node: NodeReference) -> String? {
    guard numbers[node] == nil else { return nil }
    numbers[node] = numbers.count + 1
    return "  \(name(node))[\"\("\(node)".mermaidLabel)\"]"
  }

  private func name(_ node: NodeReference) -> String { "n\(numbers[node] ?? 0)" }
}
