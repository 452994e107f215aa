import KV

/// NetworkX's node-link JSON (networkx.org, `json_graph.node_link_graph`).
struct NodeLinkWriter: GraphWriter {
  let reservedNames: (node: Set<String>, edge: Set<String>) = (
    ["id", "type", "attributes"], ["id", "key", "source", "target", "type"]
  )
  private let isDirected: Bool
  private var list = JSONList()

  init(isDirected: Bool) { self.isDirected = isDirected }

  var start: [String] { [#"{"directed":\#(isDirected),"multigraph":true,"graph":{},"nodes":["#] }
  let middle = [#"],"edges":["#]
  let end = ["]}"]

  mutating func line(for node: ExportedNode) -> String? { list.node(node.members) }
  mutating func line(for edge: ExportedEdge) -> String? {
    list.edge(edge.ends + edge.mark(unless: isDirected) + [("type", JSON(edge.edge.type))] + edge.attributes)
  }
}

/// The elements of Cytoscape.js (js.cytoscape.org), with what NetworkX's `cytoscape_graph` asks for.
struct CytoscapeWriter: GraphWriter {
  let reservedNames: (node: Set<String>, edge: Set<String>) = (
    ["id", "type", "value", "parent"], ["id", "key", "source", "target", "type", "interaction"]
  )
  private let isDirected: Bool
  /// NetworkX tells edges between the same nodes by their `key` alone.
  private let hasParallelEdges: Bool
  private var list = JSONList()

  init(isDirected: Bool, hasParallelEdges: Bool) {
    (self.isDirected, self.hasParallelEdges) = (isDirected, hasParallelEdges)
  }

  var start: [String] { [#"{"data":[],"directed":\#(isDirected),"multigraph":true,"elements":{"nodes":["#] }
  let middle = [#"],"edges":["#]
  let end = ["]}}"]

  mutating func line(for node: ExportedNode) -> String? {
    let name = JSON("\(node.reference)")
    let data: [(name: String, value: JSON)] = [
      ("id", name), ("value", name), ("type", JSON(node.reference.type)),
    ]
    return list.node([("data", JSON(members: data + node.attributes))])
  }

  mutating func line(for edge: ExportedEdge) -> String? {
    let key: [(name: String, value: JSON)] = hasParallelEdges ? [("key", JSON(edge.edge.key))] : []
    let type: [(name: String, value: JSON)] = key + [("type", JSON(edge.edge.type))]
    return list.edge([
      ("data", JSON(members: edge.ends + edge.mark(unless: isDirected) + type + edge.attributes))
    ])
  }
}

/// JSON Graph Format, version 2 (jsongraphformat.info).
struct JGFWriter: GraphWriter {
  let reservedNames: (node: Set<String>, edge: Set<String>) = (["type", "label"], [])
  private let isDirected: Bool
  private var list = JSONList()

  init(isDirected: Bool) { self.isDirected = isDirected }

  var start: [String] { [#"{"graph":{"directed":\#(isDirected),"nodes":{"#] }
  let middle = [#"},"edges":["#]
  let end = ["]}}"]

  mutating func line(for node: ExportedNode) -> String? {
    let metadata = JSON(members: [("type", JSON(node.reference.type))] + node.attributes)
    return list.separatorOfNodes + JSON("\(node.reference)").text + ":"
      + JSON(members: [("metadata", metadata)]).text
  }

  mutating func line(for edge: ExportedEdge) -> String? {
    var members = edge.ends + [("relation", JSON(edge.edge.type))]
    if edge.edge.isDirected != isDirected { members.append(("directed", JSON(edge.edge.isDirected))) }
    if !edge.attributes.isEmpty { members.append(("metadata", JSON(members: edge.attributes))) }
    return list.edge(members)
  }
}

/// The lines of Neo4j's apoc.export.json.
struct APOCWriter: GraphWriter {
  let reservedNames: (node: Set<String>, edge: Set<String>) = ([], [])
  let start: [String] = []

  func line(for node: ExportedNode) -> String? {
    var (labels, properties) = ([node.reference.type], node.attributes)
    if let all = properties.labels(of: node.reference) {
      labels = all
      properties.removeLast()
    }
    let name = [
      ("type", JSON("node")), ("id", JSON("\(node.reference)")),
      ("labels", JSON(elements: labels.map { JSON($0) })),
    ]
    return JSON(members: name + Self.properties(properties)).text
  }

  func line(for edge: ExportedEdge) -> String? {
    let attributes = edge.mark(unless: true) + edge.attributes
    let members =
      [("id", JSON(edge.edge.key)), ("type", JSON("relationship")), ("label", JSON(edge.edge.type))]
      + Self.properties(attributes)
      + [("start", Self.end(edge.edge.from)), ("end", Self.end(edge.edge.to))]
    return JSON(members: members).text
  }

  private static func end(_ node: NodeReference) -> JSON {
    JSON(members: [("id", JSON("\(node)")), ("labels", JSON(elements: [JSON(node.type)]))])
  }

  private static func properties(_ attributes: [(name: String, value: JSON)]) -> [(String, JSON)] {
    attributes.isEmpty ? [] : [("properties", JSON(members: attributes))]
  }
}

/// The commas between the nodes, and between the edges, of a document.
private struct JSONList {
  private var hasNodes = false
  private var hasEdges = false

  var separatorOfNodes: String {
    mutating get {
      defer { hasNodes = true }
      return hasNodes ? "," : ""
    }
  }

  mutating func node(_ members: [(name: String, value: JSON)]) -> String {
    separatorOfNodes + JSON(members: members).text
  }

  mutating func edge(_ members: [(name: String, value: JSON)]) -> String {
    defer { hasEdges = true }
    return (hasEdges ? "," : "") + JSON(members: members).text
  }
}

extension ExportedNode {
  fileprivate var members: [(name: String, value: JSON)] {
    [("id", JSON("\(reference)")), ("type", JSON(reference.type))] + attributes
  }
}

extension ExportedEdge {
  fileprivate var ends: [(name: String, value: JSON)] {
    [("source", JSON("\(edge.from)")), ("target", JSON("\(edge.to)"))]
  }

  /// What says that the edge is undirected, in a file that says so of all its edges or of none.
  func mark(unless isDirected: Bool) -> [(name: String, value: JSON)] {
    edge.isDirected == isDirected ? [] : [(ExportedAttributes.undirected, JSON(!edge.isDirected))]
  }
}
