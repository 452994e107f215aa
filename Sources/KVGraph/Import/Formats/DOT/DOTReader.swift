import KV

/// Reads Graphviz's language (graphviz.org/doc/info/lang.html) with its own library, libcgraph, which reads a
/// file as a whole.
///
/// Attributes come with the defaults of their time, in the order in which the file first names them. A node's
/// attribute `cluster` is the label or else the name of the innermost cluster around it, or where there is none
/// of the innermost named subgraph. Several graphs in a file are one, and a node of the same name is the same
/// node. Ports are dropped, and so is what says how the graph as a whole looks. What lines things stand on
/// libcgraph does not say.
struct DOTReader: GraphReader {
  /// The last first.
  private var items: [ImportedItem]

  init(_ read: @escaping () throws -> [UInt8], isText: Bool) throws {
    var text: [UInt8] = []
    while true {
      let chunk = try read()
      if chunk.isEmpty { break }
      text += chunk
    }
    if let place = text.firstIndex(of: 0) {
      throw JSONError(reason: "a NUL character, which DOT cannot hold", line: text.line(of: place), column: 1)
    }
    let (nodeAttributes, longTexts) = try DOTBounds.check(text)
    items = try CGraphFile.items(
      of: DOTPieces.joined(text, longTexts), isText: isText, nodeAttributes: nodeAttributes
    ).reversed()
  }

  mutating func next() throws -> (item: ImportedItem, line: Int)? { items.popLast().map { ($0, 1) } }
}
