extension JSON {
  /// The value with a merge patch applied, as RFC 7396 says: members of an object are replaced or added, `null` removes
  /// one, and a patch that is no object replaces the whole value. What the patch does not name stays to the letter.
  public func merged(with patch: JSON) -> JSON {
    guard let changes = patch.members else { return patch }
    let changed = Dictionary(changes.map { (Array($0.name.utf8), $0.value) }) { _, last in last }
    var result: [(String, JSON)] = []
    var kept: Set<[UInt8]> = []
    for (name, value) in members ?? [] {
      let bytes = Array(name.utf8)
      kept.insert(bytes)
      guard let change = changed[bytes] else {
        result.append((name, value))
        continue
      }
      if change.kind != .null { result.append((name, value.merged(with: change))) }
    }
    for (name, change) in changes where change.kind != .null && !kept.contains(Array(name.utf8)) {
      result.append((name, JSON.null.merged(with: change)))
    }
    return JSON(members: result)
  }
}
