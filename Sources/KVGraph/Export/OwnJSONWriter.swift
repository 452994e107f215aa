import KV

/// Our own form: `{"edgeTypes":{…},"nodes":[…],"edges":[…]}`, the first where a type is undirected.
struct OwnJSONWriter: GraphWriter {
  let reservedNames: (node: Set<String>, edge: Set<String>) = (["id", "type", "attributes"], [])
  private let undirectedTypes: [String]
  private var separator = ""
  private var hasEdges = false

  init(_ undirectedTypes: [String]) { self.undirectedTypes = undirectedTypes }

  var start: [String] {
    let types = JSON(members: undirectedTypes.map { ($0, EdgeTypeRecord.value) })
    return [(undirectedTypes.isEmpty ? "{" : #"{"edgeTypes":\#(types.text),"#) + #""nodes":["#]
  }
  let middle = [#"],"edges":["#]
  let end = ["]}"]

  mutating func line(for node: ExportedNode) -> String? {
    defer { separator = "," }
    return separator + Self.json(of: node).text
  }

  mutating func line(for edge: ExportedEdge) -> String? {
    defer { hasEdges = true }
    return (hasEdges ? "," : "") + edge.edge.json.text
  }

  static func json(of node: ExportedNode) -> JSON {
    let name = [("type", JSON(node.reference.type)), ("id", JSON(node.reference.id))]
    return JSON(members: name + node.attributes)
  }
}

/// Our own form, a node or an edge a line; before them the undirected types.
struct JSONLinesWriter: GraphWriter {
  // Whatever shows that an object is something else than a node.
  let reservedNames: (node: Set<String>, edge: Set<String>) = (
    Set(JSONElement.ends.flatMap { [$0.from, $0.to] }).union([
      "id", "type", "attributes", "data", "labels", "properties", "edgeType", "nodes", "vertices", "edges",
      "links",
      "relationships",
      "rels", "hyperedges", "adjacency", "elements", "graph", "graphs", "children", "packages",
      "lockfileVersion",
      "dependencies", "resolve",
    ]), []
  )
  let writesAllNodes = false
  private let undirectedTypes: [String]

  init(_ undirectedTypes: [String]) { self.undirectedTypes = undirectedTypes }

  var start: [String] {
    undirectedTypes.map { JSON(members: [("edgeType", JSON($0)), ("directed", JSON(false))]).text }
  }

  func line(for node: ExportedNode) -> String? { OwnJSONWriter.json(of: node).text }
  func line(for edge: ExportedEdge) -> String? { edge.edge.json.text }
}
