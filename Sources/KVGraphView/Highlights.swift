import KV
import KVGraph

/// What another command has found in a graph, to be shown in a drawing of it.
///
/// Made of what `--format json` prints: a path `{nodes, edges}` or an array of paths, and an array of nodes, are highlighted;
/// an array of `{node, score}` gives sizes, of `{node, depth}` colours; an array of arrays of nodes gives a colour each.
public struct Highlights: Sendable {
  /// The nodes to mark.
  public private(set) var nodes: Set<NodeReference> = []
  /// The keys of the edges to mark.
  public private(set) var edges: Set<String> = []
  private(set) var scores: [NodeReference: Double] = [:]
  private(set) var groups: [NodeReference: String] = [:]

  /// Highlights nothing.
  public init() {}

  /// Marks nodes and edges. Nodes at the ends of the edges are marked only where they are among `nodes`.
  ///
  /// - Parameter nodes: the nodes that stand out.
  /// - Parameter edges: the keys of the edges.
  public init(nodes: Set<NodeReference>, edges: Set<String>) { (self.nodes, self.edges) = (nodes, edges) }

  /// Reads what another command has printed. Marks the nodes at the ends of marked edges too.
  ///
  /// Throws invalid data where it is none of the forms of ``Highlights``.
  public init(_ json: JSON) throws {
    guard let elements = json.kind == .array ? json.elements : [json] else { return }
    for (number, element) in elements.enumerated() {
      if let set = element.elements {
        for node in set { groups[try Self.node(node)] = "component \(number)" }
      } else if element["nodes"]?.elements != nil || element["edges"]?.elements != nil {
        for node in element["nodes"]?.elements ?? [] { nodes.insert(try Self.node(node)) }
        for edge in element["edges"]?.elements ?? [] { try insert(edge) }
      } else if let node = element["node"] {
        let node = try Self.node(node)
        if let (name, value) = Self.groupNames.lazy.compactMap({ name in element[name].map { (name, $0) } })
          .first
        {
          groups[node] = "\(name) \(value.string ?? value.text)"
        } else if let score = element.members?.lazy.compactMap({
          $0.value.kind == .number ? Double($0.value.text) : nil
        })
        .first {
          scores[node] = score
        } else {
          nodes.insert(node)
        }
      } else if element["from"] != nil {
        try insert(element)
      } else {
        nodes.insert(try Self.node(element))
      }
    }
  }

  /// What makes groups of nodes, and no more or less.
  private static let groupNames = ["community", "component", "depth", "level"]

  private mutating func insert(_ edge: JSON) throws {
    guard let from = edge["from"], let to = edge["to"], let type = edge["type"]?.string else {
      throw KVError(.invalidData, "what is to be highlighted has an edge without 'from', 'to' and 'type'")
    }
    let edge = Edge(
      from: try Self.node(from), to: try Self.node(to), type: type, parallelKey: edge["key"]?.string)
    edges.insert(edge.key)
    nodes.formUnion([edge.from, edge.to])
  }

  private static func node(_ json: JSON) throws -> NodeReference {
    if let text = json.string, let node = NodeReference(text) { return node }
    guard let type = json["type"]?.string, let id = json["id"]?.string else {
      throw KVError(
        .invalidData,
        "what is to be highlighted is no path, no nodes and no scores as searches and measures print in JSON"
      )
    }
    return NodeReference(type: type, id: id)
  }

  /// Whether nothing is marked, sized or grouped.
  public var isEmpty: Bool { !isMarking && scores.isEmpty && groups.isEmpty }

  var isMarking: Bool { !nodes.isEmpty || !edges.isEmpty }
}
