import KV

/// An edge's data where a format has attributes by name: an object's members, and anything else as an attribute `data`.
enum EdgeAttributes {
  /// - Parameter reserved: names that the format uses itself. Data with such a member goes into one attribute as a whole.
  static func of(_ data: JSON?, reserved: Set<String> = []) -> [(name: String, value: JSON)] {
    guard let data else { return [] }
    if let members = data.members, !members.isEmpty,
      !members.contains(where: { $0.name == "data" || reserved.contains($0.name) })
    {
      return members
    }
    return [("data", data)]
  }

  /// What ``of(_:reserved:)`` was made of.
  static func data(of attributes: [(name: String, value: JSON)]) -> JSON? {
    if attributes.isEmpty { return nil }
    if attributes.count == 1, attributes[0].name == "data" { return attributes[0].value }
    return JSON(members: attributes.map { ($0.name, $0.value) })
  }
}
