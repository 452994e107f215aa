import KV

/// JSON documents that have to be known as a whole: trees, and what package managers write.
enum JSONDocument {
  /// Whether a member at the top shows such a document.
  /// - Parameter byte: with which its value begins.
  static func isShown(by name: String, _ byte: UInt8?) -> Bool {
    let (isArray, isObject) = (byte == UInt8(ascii: "["), byte == UInt8(ascii: "{"))
    return switch name {
    case "children": isArray
    case "lockfileVersion", "spdxVersion", "bomFormat": true
    case "packages": isArray || isObject
    case "dependencies", "resolve": isObject
    default: false
    }
  }

  static func items(of document: JSON) throws -> [ImportedItem] {
    let members = document.members ?? []
    if members["children"] != nil { return try TreeDocument.items(of: members) }
    if members["bomFormat"] != nil { return try CycloneDXDocument.items(of: members) }
    if members["spdxVersion"] != nil { return try SPDXDocument.items(of: members) }
    if members["packages"]?.kind == .array { return try CargoMetadata.items(of: members) }
    if members["packages"]?.kind == .object || members["lockfileVersion"] != nil {
      return try PackageLock.items(of: members)
    }
    if let dependencies = members["dependencies"]?.members,
      dependencies.contains(where: { $0.value.kind == .object })
    {
      return try PackageTree.items(of: members)
    }
    let names = UnknownFormat.list(members.map(\.name))
    throw JSONShapeError(
      reason:
        "no graph: its members are \(names); a graph has nodes and edges (or links), elements, children, or a lock file's packages"
    )
  }
}

/// A tree of nodes in nodes: NetworkX's `tree_data`, D3's hierarchies. Its edges are `child`, from each node to those inside.
///
/// A node's id is its `id`; where there is none its `name`, and where nodes share names the names on the way to it, with slashes.
enum TreeDocument {
  private struct Place {
    var members: Members
    var parent: Int
  }

  static func items(of root: Members) throws -> [ImportedItem] {
    var places = [Place(members: root, parent: -1)]
    var next = 0
    while next < places.count {
      for child in places[next].members["children"]?.elements ?? [] {
        guard let members = child.members else {
          throw JSONShapeError(reason: "in 'children' stands \(child.shown), which is no node, an object")
        }
        places.append(Place(members: members, parent: next))
      }
      next += 1
    }
    let names = places.map { $0.members["id"]?.idText ?? $0.members["name"]?.idText }
    let usesPaths =
      places.contains { $0.members["id"] == nil }
      && Set(names.map { Array(($0 ?? "").utf8) }).count < names.count
    var ids: [String] = []
    for (number, place) in places.enumerated() {
      guard let name = names[number] else {
        throw JSONShapeError(reason: "a node of the tree has no 'id' and no 'name'")
      }
      ids.append(usesPaths && place.parent >= 0 ? ids[place.parent] + "/" + name : name)
    }
    let nodes = zip(places, ids).map { place, id -> ImportedItem in
      var attributes = place.members.without("children")
      if attributes["id"] != nil { _ = attributes.take("id") }
      let type = attributes.takeType(from: ["type"])
      return .node(ImportedNode(name: .id(id), type: type, attributes: attributes))
    }
    let edges = places.enumerated().dropFirst().map { number, place -> ImportedItem in
      .edge(ImportedEdge(from: .id(ids[place.parent]), to: .id(ids[number]), type: "child"))
    }
    return nodes + edges
  }
}
