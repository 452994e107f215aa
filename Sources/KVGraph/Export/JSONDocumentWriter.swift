import KV

/// A JSON document with an array of nodes and one of edges; JSON Graph Format has the nodes by their names.
struct JSONDocumentWriter: GraphWriter {
  enum Form {
    case own, nodeLink, cytoscape, jgf
  }

  private let form: Form
  private var separator = ""
  private var edgeCount = 0

  init(_ form: Form) { self.form = form }

  var nodes: WrittenNodes { form == .own ? .attributed : .all }

  var start: [String] {
    switch form {
    case .own: [#"{"nodes":["#]
    case .nodeLink: [#"{"directed":true,"multigraph":true,"graph":{},"nodes":["#]
    case .cytoscape: [#"{"elements":{"nodes":["#]
    case .jgf: [#"{"graph":{"directed":true,"nodes":{"#]
    }
  }

  var middle: [String] { [form == .jgf ? #"},"edges":["# : #"],"edges":["#] }

  var end: [String] { [form == .own || form == .nodeLink ? "]}" : "]}}"] }

  mutating func line(for node: NodeReference, _ attributes: [(name: String, value: JSON)]) -> String {
    defer { separator = "," }
    let name = JSON("\(node)")
    let (id, type) = (form == .own ? JSON(node.id) : name, JSON(node.type))
    let members = JSON(members: [("id", id), ("type", type)] + attributes)
    switch form {
    case .own, .nodeLink: return separator + members.text
    case .cytoscape: return separator + JSON(members: [("data", members)]).text
    case .jgf:
      let metadata = JSON(members: [("type", type)] + attributes)
      return separator + name.text + ":" + JSON(members: [("metadata", metadata)]).text
    }
  }

  mutating func line(for edge: Edge) -> String {
    defer { separator = "," }
    if edgeCount == 0 { separator = "" }
    edgeCount += 1
    let type = JSON(edge.type)
    let ends = [("source", JSON("\(edge.from)")), ("target", JSON("\(edge.to)"))]
    let attributes = EdgeAttributes.of(
      edge.data, reserved: form == .jgf ? ["key"] : ["id", "key", "source", "target", "type"])
    let json =
      switch form {
      case .own: edge.json
      case .nodeLink: JSON(members: ends + [("type", type)] + attributes)
      case .cytoscape:
        JSON(members: [
          ("data", JSON(members: [("id", JSON("e\(edgeCount)"))] + ends + [("type", type)] + attributes))
        ])
      case .jgf:
        JSON(
          members: ends + [("relation", type)]
            + (attributes.isEmpty ? [] : [("metadata", JSON(members: attributes))]))
      }
    return separator + json.text
  }
}
