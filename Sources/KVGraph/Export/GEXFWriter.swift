import KV

/// GEXF 1.3 (https://gexf.net/schema.html). A value that GEXF has no type for is JSON in a string, under a
/// name that begins with `@json.`. U+FFFE and U+FFFF, which XML cannot hold, come back as escapes.
///
/// An edge's type is its `kind`, and an attribute too, for NetworkX reads only that. A label is what Gephi
/// shows, and an edge's weight is what it counts by: they stand in the tag, and among the other attributes where
/// they are not the first of them, so that their order is kept.
struct GEXFWriter: GraphWriter {
  /// What the ids of edges begin with.
  static let edgePrefix = EdgeKey.prefix
  /// What the names of attributes begin with whose strings are JSON.
  static let jsonPrefix = "@json."

  // NetworkX has `key` for what tells parallel edges apart, and reads no file with an attribute of that name.
  static let reservedNames: (node: Set<String>, edge: Set<String>) = (["type"], ["type", "key"])
  var reservedNames: (node: Set<String>, edge: Set<String>) { Self.reservedNames }
  let middle = ["    </nodes>", "    <edges>"]
  let end = ["    </edges>", "  </graph>", "</gexf>"]
  private let keys: GraphMLKeys

  /// - Parameter keys: those of all nodes and edges that are to be written.
  init(_ keys: GraphMLKeys) { self.keys = keys }

  var start: [String] {
    [
      #"<?xml version="1.0" encoding="UTF-8"?>"#, #"<gexf xmlns="http://gexf.net/1.3" version="1.3">"#,
      #"  <graph defaultedgetype="\#(Self.word(keys.isDirected))">"#,
    ] + declarations(of: .node) + declarations(of: .edge) + ["    <nodes>"]
  }

  private func declarations(of domain: GraphMLKeys.Domain) -> [String] {
    [
      #"    <attributes class="\#(domain.rawValue)">"#,
      #"      <attribute id="type" title="type" type="string"/>"#,
    ]
      + keys.inOrder.enumerated().filter { $0.element.domain == domain }.map { number, key in
        let title = (Self.isJSON(key) ? Self.jsonPrefix : "") + key.name
        return #"      <attribute id="\#(number)" title="\#(title.xmlEscaped)" type="\#(key.type)"/>"#
      } + ["    </attributes>"]
  }

  private static func isJSON(_ key: GraphMLKeys.Key) -> Bool {
    key.kind == .json || key.kind == .string && key.name.utf8.starts(with: jsonPrefix.utf8)
  }

  private static func word(_ isDirected: Bool) -> String { isDirected ? "directed" : "undirected" }

  func line(for node: ExportedNode) throws -> String? {
    #"      <node id="\#("\(node.reference)".xmlEscaped)""#
      + (try inside(node.attributes, type: node.reference.type, of: .node)) + "</node>"
  }

  func line(for edge: ExportedEdge) throws -> String? {
    let ends = #"source="\#("\(edge.edge.from)".xmlEscaped)" target="\#("\(edge.edge.to)".xmlEscaped)""#
    // NetworkX reads no file of both kinds of edges, so the format's own word for one is not used.
    return
      #"      <edge id="\#(edge.edge.key.xmlEscaped)" \#(ends)"#
      + #" kind="\#(edge.edge.type.xmlEscaped)""#
      + (try inside(edge.mark(unless: keys.isDirected) + edge.attributes, type: edge.edge.type, of: .edge))
      + "</edge>"
  }

  /// From what follows in the tag on.
  private func inside(
    _ attributes: [(name: String, value: JSON)], type: String, of domain: GraphMLKeys.Domain
  ) throws -> String {
    var text = ""
    var rest = attributes[...]
    for (name, kind) in [("label", GraphMLKeys.Kind.string)] + (domain == .edge ? [("weight", .number)] : [])
    {
      guard let place = attributes.firstIndex(where: { $0.name.hasSameBytes(as: name) }) else { continue }
      let number = try keys.number(of: name, attributes[place].value, in: domain)
      if keys.inOrder[number].kind == kind {
        text += #" \#(name)="\#(GraphMLKeys.escaped(attributes[place].value))""#
        if place == 0 { rest = rest.dropFirst() }
      }
    }
    text += #"><attvalues><attvalue for="type" value="\#(type.xmlEscaped)"/>"#
    for (name, value) in rest {
      let number = try keys.number(of: name, value, in: domain)
      let isJSON = Self.isJSON(keys.inOrder[number])
      text += #"<attvalue for="\#(number)" value="\#(GraphMLKeys.escaped(value, asJSON: isJSON))"/>"#
    }
    return text + "</attvalues>"
  }
}
