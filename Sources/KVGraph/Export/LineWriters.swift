import KV

/// Our own form, an edge a line.
struct JSONLinesWriter: GraphWriter {
  let nodes = WrittenNodes.none
  let start: [String] = []
  let middle: [String] = []
  let end: [String] = []

  func line(for node: NodeReference, _ attributes: [(name: String, value: JSON)]) -> String { "" }
  func line(for edge: Edge) -> String { edge.json.text }
}

/// The lines of Neo4j's apoc.export.json.
struct APOCWriter: GraphWriter {
  let nodes = WrittenNodes.all
  let start: [String] = []
  let middle: [String] = []
  let end: [String] = []
  private var edgeCount = 0

  func line(for node: NodeReference, _ attributes: [(name: String, value: JSON)]) -> String {
    let members = [("type", JSON("node"))] + Self.reference(to: node) + Self.properties(attributes)
    return JSON(members: members).text
  }

  mutating func line(for edge: Edge) -> String {
    defer { edgeCount += 1 }
    let members =
      [("id", JSON("\(edgeCount)")), ("type", JSON("relationship")), ("label", JSON(edge.type))]
      + Self.properties(EdgeAttributes.of(edge.data))
      + [
        ("start", JSON(members: Self.reference(to: edge.from))),
        ("end", JSON(members: Self.reference(to: edge.to))),
      ]
    return JSON(members: members).text
  }

  private static func reference(to node: NodeReference) -> [(String, JSON)] {
    [("id", JSON("\(node)")), ("labels", JSON(elements: [JSON(node.type)]))]
  }

  private static func properties(_ attributes: [(name: String, value: JSON)]) -> [(String, JSON)] {
    attributes.isEmpty ? [] : [("properties", JSON(members: attributes))]
  }
}

/// An edge a line, by RFC 4180.
struct CSVWriter: GraphWriter {
  /// Whether cells that a spreadsheet would take for formulas begin with an apostrophe. Such a file comes back changed.
  let escapesFormulas: Bool
  let nodes = WrittenNodes.none
  let start = ["from_type,from_id,to_type,to_id,edge_type,data"]
  let middle: [String] = []
  let end: [String] = []

  func line(for node: NodeReference, _ attributes: [(name: String, value: JSON)]) -> String { "" }

  func line(for edge: Edge) -> String {
    [edge.from.type, edge.from.id, edge.to.type, edge.to.id, edge.type, edge.data?.text ?? ""]
      .map { Self.cell(escapesFormulas && Self.isFormula($0) ? "'" + $0 : $0) }.joined(separator: ",")
  }

  private static func isFormula(_ text: String) -> Bool {
    text.unicodeScalars.first.map { ["=", "+", "-", "@", "\t", "\r"].contains($0) } ?? false
  }

  private static func cell(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy {
      $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: ",") && $0 != 0x0A && $0 != 0x0D
    }
    if isPlain { return text }
    // By scalars: a quote before a combining mark is a quote.
    return text.unicodeScalars.reduce(into: "\"") { $0 += $1 == "\"" ? "\"\"" : String($1) } + "\""
  }
}
