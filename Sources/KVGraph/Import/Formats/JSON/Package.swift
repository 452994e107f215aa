import KV

/// A package as a node: `package:name@version`.
struct Package {
  var name: String
  var version: String?
  var attributes: Members = []

  var reference: NodeReference {
    NodeReference(type: "package", id: version.map { "\(name)@\($0)" } ?? name)
  }

  var item: ImportedItem {
    let names: Members = [("name", JSON(name))] + (version.map { [("version", JSON($0))] } ?? [])
    return .node(ImportedNode(name: .node(reference), attributes: names + attributes))
  }

  static func edge(_ from: NodeReference, _ to: NodeReference, _ type: String, _ attributes: Members = [])
    -> ImportedItem
  {
    .edge(ImportedEdge(from: .node(from), to: .node(to), type: type, attributes: attributes))
  }
}

extension [NodeReference] {
  /// Those that several things share are told apart by other ids, where these have some.
  func toldApart(by ids: [String?]) -> [NodeReference] {
    let counts = Dictionary(map { ($0, 1) }, uniquingKeysWith: +)
    return zip(self, ids).map { node, id in
      counts[node, default: 0] > 1 ? NodeReference(type: node.type, id: id ?? node.id) : node
    }
  }
}

extension Members {
  /// Without those that hold others.
  var scalars: Members { filter { $0.value.kind != .array && $0.value.kind != .object } }
}
