import KV

/// A list of what software is made of, by CycloneDX (cyclonedx.org/docs/1.6/json): components as nodes of type `package`, and edges `depends`
/// and, to a component inside another, `contains`.
enum CycloneDXDocument {
  static func items(of document: Members) throws -> [ImportedItem] {
    var components: [(members: Members, parent: Int?)] = []
    func add(_ value: JSON, in parent: Int?) {
      let members = value.members ?? []
      components.append((members, parent))
      let place = components.count - 1
      // They may lie in each other, as deep as JSON may.
      for inner in members["components"]?.elements ?? [] { add(inner, in: place) }
    }
    if let root = document["metadata"]?["component"] { add(root, in: nil) }
    for component in document["components"]?.elements ?? [] { add(component, in: nil) }
    let ids = components.map { $0.members["bom-ref"]?.string }
    let nodes = try components.map { members, _ in
      guard let name = members["name"]?.string else {
        throw JSONShapeError(reason: "no graph: a component without a 'name'")
      }
      return Package(name: name, version: members["version"]?.string).reference
    }.toldApart(by: ids)
    var places: [ByteKey: NodeReference] = [:]
    for (id, node) in zip(ids, nodes) { if let id { places[ByteKey(id)] = node } }
    var items: [ImportedItem] = []
    for (component, node) in zip(components, nodes) {
      items.append(.node(ImportedNode(name: .node(node), attributes: component.members.scalars)))
      if let parent = component.parent { items.append(Package.edge(nodes[parent], node, "contains")) }
    }
    for dependency in document["dependencies"]?.elements ?? [] {
      guard let from = dependency["ref"]?.string else { continue }
      for to in dependency["dependsOn"]?.elements?.compactMap(\.string) ?? [] {
        // What is of another list is known by its reference alone.
        func end(_ reference: String) -> NodeReference {
          places[ByteKey(reference)] ?? NodeReference(type: "package", id: reference)
        }
        items.append(Package.edge(end(from), end(to), "depends"))
      }
    }
    return items
  }
}
