import KV

/// A list of what software is made of, by SPDX 2 (spdx.github.io/spdx-spec/v2.3): packages, files and the document itself as nodes, and its
/// relationships as edges of their types.
enum SPDXDocument {
  static func items(of document: Members) throws -> [ImportedItem] {
    var nodes: [(id: String, reference: NodeReference, attributes: Members)] = []
    func add(_ type: String, _ elements: [JSON], id: (Members) -> String?) throws {
      for element in elements {
        let members = element.members ?? []
        guard let name = members["SPDXID"]?.string else {
          throw JSONShapeError(reason: "no graph: the \(type) \(element.shown) has no 'SPDXID'")
        }
        nodes.append((name, NodeReference(type: type, id: id(members) ?? name), members.scalars))
      }
    }
    try add("package", document["packages"]?.elements ?? []) { members in
      members["name"]?.string.map { Package(name: $0, version: members["versionInfo"]?.string).reference.id }
    }
    try add("file", document["files"]?.elements ?? []) { $0["fileName"]?.string }
    // Its other members are lists, or say how it was made.
    let own = document.filter { ["SPDXID", "name", "documentNamespace"].contains($0.name) }
    try add("document", own["SPDXID"] == nil ? [] : [JSON(members: own.map { ($0.name, $0.value) })]) {
      $0["name"]?.string
    }
    var references: [ByteKey: NodeReference] = [:]
    var items: [ImportedItem] = []
    for (node, reference) in zip(nodes, nodes.map(\.reference).toldApart(by: nodes.map(\.id))) {
      references[ByteKey(node.id)] = reference
      items.append(.node(ImportedNode(name: .node(reference), attributes: node.attributes)))
    }
    for element in document["relationships"]?.elements ?? [] {
      let members = element.members ?? []
      guard let from = members["spdxElementId"]?.string, let to = members["relatedSpdxElement"]?.string,
        let type = members["relationshipType"]?.string
      else { throw JSONShapeError(reason: "no graph: a relationship without its two elements and its type") }
      if ["NONE", "NOASSERTION"].contains(to) {
        items.append(.ignored("a relationship to \(to)"))
        continue
      }
      // What is of another document is known by its id alone.
      func end(_ id: String) -> NodeName {
        .node(references[ByteKey(id)] ?? NodeReference(type: "element", id: id))
      }
      let rest = members.without("spdxElementId", "relatedSpdxElement", "relationshipType")
      items.append(.edge(ImportedEdge(from: end(from), to: end(to), type: type, attributes: rest)))
    }
    return items
  }
}
