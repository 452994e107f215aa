import KV

/// Records' values as attributes by name. What comes back otherwise than it was is one attribute as a whole: `@attributes` of a
/// node, `@data` of an edge.
enum ExportedAttributes {
  static let whole = "@attributes"
  static let data = "@data"
  static let parallelKey = "@key"
  static let undirected = "@undirected"
  static let labels = "@labels"

  /// - Parameters:
  ///   - value: of the node's record.
  ///   - hasEdges: whether it is there without a record too.
  static func of(node value: JSON?, hasEdges: Bool, reserved: Set<String>) -> [(name: String, value: JSON)] {
    guard let value else { return [] }
    guard let members = value.members, canStandAlone(members, reserved, allowing: labels),
      !members.isEmpty || !hasEdges
    else { return [(whole, value)] }
    return members
  }

  static func of(_ edge: Edge, reserved: Set<String>) -> [(name: String, value: JSON)] {
    let key = edge.parallelKey.map { [(name: parallelKey, value: JSON($0))] } ?? []
    guard let data = edge.data else { return key }
    guard let members = data.members, !members.isEmpty, canStandAlone(members, reserved)
    else { return key + [(Self.data, data)] }
    return key + members
  }

  private static func canStandAlone(
    _ members: [(name: String, value: JSON)], _ reserved: Set<String>, allowing ownName: String = ""
  ) -> Bool {
    members.allSatisfy { name, _ in
      !name.isEmpty && !reserved.contains(name) && (!name.hasPrefix("@") || name == ownName)
    }
  }

  /// What an edge's data was before it became attributes.
  static func data(of attributes: [(name: String, value: JSON)]) -> JSON? {
    if attributes.isEmpty { return nil }
    if attributes.count == 1, attributes[0].name == Self.data { return attributes[0].value }
    return JSON(members: attributes.map { ($0.name, $0.value) })
  }
}

extension [(name: String, value: JSON)] {
  /// The labels of a node that has several, where they have a place of their own: they are its last attribute, and its type is the
  /// first of them.
  func labels(of node: NodeReference) -> [String]? {
    guard let last, last.name == ExportedAttributes.labels, let elements = last.value.elements else {
      return nil
    }
    let labels = elements.compactMap(\.string)
    guard labels.count == elements.count, labels.count > 1, labels[0].utf8.elementsEqual(node.type.utf8),
      Set(labels.map { [UInt8]($0.utf8) }).count == labels.count, !labels.contains("")
    else { return nil }
    return labels
  }
}
