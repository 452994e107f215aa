import KV

/// A node or an edge a line, by RFC 4180.
struct CSVWriter: GraphWriter {
  let reservedNames: (node: Set<String>, edge: Set<String>) = ([], [])
  let writesAllNodes = false
  let separator: Character
  /// Whether cells that a spreadsheet would take for formulas begin with an apostrophe. Such a file comes back changed.
  let escapesFormulas: Bool

  static let columns = [
    "from_type", "from_id", "to_type", "to_id", "edge_type", "edge_key", "directed", "data",
  ]

  var start: [String] { [row(Self.columns)] }

  func line(for node: ExportedNode) -> String? {
    let attributes = ExportedAttributes.value(of: node.attributes, others: ExportedAttributes.whole)
    return row([node.reference.type, node.reference.id, "", "", "", "", "", attributes.text])
  }

  func line(for edge: ExportedEdge) -> String? {
    let edge = edge.edge
    return row([
      edge.from.type, edge.from.id, edge.to.type, edge.to.id, edge.type, edge.parallelKey ?? "",
      edge.isDirected ? "" : "false", edge.data?.text ?? "",
    ])
  }

  private func row(_ cells: [String]) -> String {
    cells.map { cell in
      CSVCell.text(escapesFormulas && Self.isFormula(cell) ? "'" + cell : cell, separator: separator)
    }.joined(separator: String(separator))
  }

  private static func isFormula(_ text: String) -> Bool {
    text.unicodeScalars.first.map { ["=", "+", "-", "@", "\t", "\r"].contains($0) } ?? false
  }
}

package enum CSVCell {
  /// In quotes where it would be read otherwise without them.
  package static func text(_ text: String, separator: Character) -> String {
    let isPlain = text.unicodeScalars.allSatisfy {
      $0 != "\"" && !separator.unicodeScalars.contains($0) && $0 != "\n" && $0 != "\r"
    }
    // A blank at an end, or a sign of a comment, could be taken for none of the cell.
    if isPlain, text.first?.isWhitespace != true, text.last?.isWhitespace != true { return text }
    // By scalars: a quote before a combining mark is a quote.
    return text.unicodeScalars.reduce(into: "\"") { $0 += $1 == "\"" ? "\"\"" : String($1) } + "\""
  }
}
