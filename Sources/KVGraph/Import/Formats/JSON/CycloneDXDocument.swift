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
    let names = try components.map { members, _ in
      guard let name = members["name"]?.string else {
        throw JSONShapeError(reason: "no graph: a component without a 'name'")
      }
      return members["version"]?.string.map { "\(name)@\($0)" } ?? name
    }
    // What shares a name and a version is told apart by what refers to it.
    let counts = Dictionary(names.map { (ByteKey($0), 1) }, uniquingKeysWith: +)
    var places: [ByteKey: NodeReference] = [:]
    var items: [ImportedItem] = []
    let references = zip(components, names).map { component, name in
      let reference = component.members["bom-ref"]?.string
      let isShared = counts[ByteKey(name), default: 0] > 1
      let node = NodeReference(type: "package", id: isShared ? reference ?? name : name)
      if let reference { places[ByteKey(reference)] = node }
      return node
    }
    for (component, node) in zip(components, references) {
      let attributes = component.members.filter { $0.value.kind != .array && $0.value.kind != .object }
      items.append(.node(ImportedNode(name: .node(node), attributes: attributes)))
      if let parent = component.parent {
        items.append(edge(references[parent], node, "contains"))
      }
    }
    for dependency in document["dependencies"]?.elements ?? [] {
      guard let from = dependency["ref"]?.string else { continue }
      for to in dependency["dependsOn"]?.elements?.compactMap(\.string) ?? [] {
        // What is of another list is known by its reference alone.
        func end(_ reference: String) -> NodeReference {
          places[ByteKey(reference)] ?? NodeReference(type: "package", id: reference)
        }
        items.append(edge(end(from), end(to), "depends"))
      }
    }
    return items
  }

  private static func edge(_ from: NodeReference, _ to: NodeReference, _ type: String) -> ImportedItem {
    .edge(ImportedEdge(from: .node(from), to: .node(to), type: type))
  }
}
