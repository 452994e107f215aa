import KV

/// GraphML (http://graphml.graphdrawing.org). A value that GraphML has no type for is JSON in a string, whose
/// key says `kv.type`, or where others of its name are text, it itself. U+FFFE and U+FFFF, which XML cannot hold, come back as escapes.
struct GraphMLWriter: GraphWriter {
  static let reservedNames: (node: Set<String>, edge: Set<String>) = (["type"], ["type"])
  var reservedNames: (node: Set<String>, edge: Set<String>) { Self.reservedNames }
  let end = ["  </graph>", "</graphml>"]
  private let keys: GraphMLKeys

  /// - Parameter keys: those of all nodes and edges that are to be written.
  init(_ keys: GraphMLKeys) { self.keys = keys }

  var start: [String] {
    [
      #"<?xml version="1.0" encoding="UTF-8"?>"#,
      #"<graphml xmlns="http://graphml.graphdrawing.org/xmlns">"#,
      #"  <key id="nt" for="node" attr.name="type" attr.type="string"/>"#,
      #"  <key id="et" for="edge" attr.name="type" attr.type="string"/>"#,
    ]
      + keys.inOrder.enumerated().map { number, key in
        let json = key.kind == .json ? #" kv.type="json""# : ""
        let name = #"attr.name="\#(key.name.xmlEscaped)" attr.type="\#(key.type)""#
        return #"  <key id="d\#(number)" for="\#(key.domain.rawValue)" \#(name)\#(json)/>"#
      }
      + [#"  <graph edgedefault="\#(keys.isDirected ? "directed" : "undirected")">"#]
  }

  func line(for node: ExportedNode) throws -> String? {
    let type = #"<data key="nt">\#(node.reference.type.xmlEscaped)</data>"#
    return #"    <node id="\#("\(node.reference)".xmlEscaped)">\#(type)"#
      + (try data(node.attributes, of: .node)) + "</node>"
  }

  func line(for edge: ExportedEdge) throws -> String? {
    let ends = #"source="\#("\(edge.edge.from)".xmlEscaped)" target="\#("\(edge.edge.to)".xmlEscaped)""#
    // NetworkX reads no file of both kinds of edges, so the format's own word for one is not used.
    return #"    <edge \#(ends)><data key="et">\#(edge.edge.type.xmlEscaped)</data>"#
      + (try data(edge.mark(unless: keys.isDirected) + edge.attributes, of: .edge)) + "</edge>"
  }

  private func data(_ attributes: [(name: String, value: JSON)], of domain: GraphMLKeys.Domain) throws
    -> String
  {
    try attributes.map { name, value in
      let number = try keys.number(of: name, value, in: domain)
      let isMarked = keys.inOrder[number].kind == .mixed && GraphMLKeys.kind(of: value) != .string
      let mark = isMarked ? #" kv.type="json""# : ""
      return #"<data key="d\#(number)"\#(mark)>\#(GraphMLKeys.escaped(value))</data>"#
    }.joined()
  }
}
