import KV

/// Records' values as attributes by name. Those whose names mean something else in the format are one attribute in their place,
/// `@attributes` of a node, `@data` of an edge. What would come back otherwise than it was is there as a whole too, under that name, behind
/// those that other programs can read.
enum ExportedAttributes {
  static let whole = "@attributes"
  static let data = "@data"
  static let parallelKey = "@key"
  static let undirected = "@undirected"
  static let labels = "@labels"

  /// - Parameters:
  ///   - value: of the node's record.
  ///   - hasEdges: whether it is there without a record too.
  ///   - reserved: names that mean something else.
  ///   - keepsOrder: whether attributes come back in their order.
  static func of(node value: JSON?, hasEdges: Bool, reserved: Set<String>, keepsOrder: Bool) -> [(
    name: String, value: JSON
  )] {
    guard let value else { return [] }
    guard let members = value.members, !members.isEmpty || !hasEdges else { return [(whole, value)] }
    return standing(members, reserved, keepsOrder, others: whole, allowing: labels)
      ?? readable(members, reserved) + [(whole, value)]
  }

  static func of(_ edge: Edge, reserved: Set<String>, keepsOrder: Bool) -> [(name: String, value: JSON)] {
    let key = edge.parallelKey.map { [(name: parallelKey, value: JSON($0))] } ?? []
    guard let data = edge.data else { return key }
    guard let members = data.members, !members.isEmpty else { return key + [(Self.data, data)] }
    return key
      + (standing(members, reserved, keepsOrder, others: Self.data)
        ?? readable(members, reserved) + [(Self.data, data)])
  }

  /// What other programs can read of members that do not stand side by side.
  private static func readable(_ members: [(name: String, value: JSON)], _ reserved: Set<String>)
    -> [(name: String, value: JSON)]
  {
    members.filter { !$0.name.isEmpty && !$0.name.hasPrefix("@") && !reserved.contains($0.name) }
  }

  /// The members as attributes, of which those with reserved names are one, called `others`; `nil` where they do not stand side by side, or
  /// another name could be mistaken.
  private static func standing(
    _ members: [(name: String, value: JSON)], _ reserved: Set<String>, _ keepsOrder: Bool, others: String,
    allowing ownName: String = ""
  ) -> [(name: String, value: JSON)]? {
    let isPlain = members.allSatisfy { !$0.name.isEmpty && (!$0.name.hasPrefix("@") || $0.name == ownName) }
    guard isPlain else { return nil }
    guard let first = members.firstIndex(where: { reserved.contains($0.name) }),
      let last = members.lastIndex(where: { reserved.contains($0.name) })
    else { return members }
    guard keepsOrder, members[first...last].allSatisfy({ reserved.contains($0.name) }) else { return nil }
    return members[..<first] + [(others, JSON(members: Array(members[first...last])))]
      + members[(last + 1)...]
  }

  /// What a record's value was before it became attributes.
  /// - Parameter others: the name of the attribute that is the whole, or those with reserved names.
  static func value(of attributes: [(name: String, value: JSON)], others: String) -> JSON {
    guard let place = attributes.firstIndex(where: { $0.name == others }) else {
      return JSON(members: attributes.map { ($0.name, $0.value) })
    }
    if let whole = whole(of: attributes, at: place) { return whole }
    let members = attributes[..<place] + (attributes[place].value.members ?? []) + attributes[(place + 1)...]
    // A member of the same name is one of somebody else's.
    let isOurs =
      attributes[place].value.members?.isEmpty == false
      && Set(members.map { ByteKey($0.name) }).count == members.count
    return JSON(members: (isOurs ? Array(members) : attributes).map { ($0.name, $0.value) })
  }
}

extension ExportedAttributes {
  /// The attribute at a place, where it holds all others.
  private static func whole(of attributes: [(name: String, value: JSON)], at place: Int) -> JSON? {
    let value = attributes[place].value
    if attributes.count == 1 { return value }
    guard let members = value.members else { return nil }
    let names = Set(members.map { ByteKey($0.name) })
    return attributes.indices.allSatisfy { $0 == place || names.contains(ByteKey(attributes[$0].name)) }
      ? value : nil
  }

  /// Whether attributes are nothing but parts of a whole.
  static func isWhole(_ value: JSON, of attributes: [(name: String, value: JSON)]) -> Bool {
    whole(of: attributes + [(whole, value)], at: attributes.count) != nil
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
    guard labels.count == elements.count, labels.count > 1, labels[0].hasSameBytes(as: node.type),
      Set(labels.map { [UInt8]($0.utf8) }).count == labels.count, !labels.contains("")
    else { return nil }
    return labels
  }
}
