import KV

extension Graph {
  /// How many keys are looked through for names like one that is not there.
  private static let searched = 200_000

  /// Up to three nodes whose names are nearly that of one that is not there, the nearest first.
  func similarNodes(to node: NodeReference) async throws -> [NodeReference] {
    var table = TextTable()
    var found: [(node: NodeReference, distance: Int)] = []
    let wanted = SoughtName(node)
    func look(at path: String) {
      let known = table.count
      if Int(table.number(of: path)) < known { return }
      guard let other = NodeReference(path: path), let distance = wanted.distance(to: other) else { return }
      found.append((other, distance))
    }
    var after: String?
    while table.count < Self.searched {
      let keys = try await store.edges(EdgeQuery(.all, after: after, limit: 20_000))
      for key in keys.lazy.compactMap({ EdgeKey($0.key) }) {
        look(at: key.from)
        look(at: key.to)
      }
      guard let last = keys.last else { break }
      after = last.key
    }
    try await forEachRecordedNode { if table.count < Self.searched { look(at: $0.path) } }
    return found.sorted { ($0.distance, $0.node.path) < ($1.distance, $1.node.path) }.prefix(3).map(\.node)
  }
}

/// A name that was not found.
private struct SoughtName {
  private let node: NodeReference
  private let type: String
  private let id: [Character]

  init(_ node: NodeReference) {
    self.node = node
    (type, id) = (node.type.lowercased(), Array(node.id.lowercased().prefix(Self.longest + 1)))
  }

  private static let longest = 100

  /// How far another name is from it, in letters; of another type it has to be the same id. `nil` where it is too far.
  func distance(to other: NodeReference) -> Int? {
    let isSameType = other.type.lowercased() == type
    if other.id.hasSameBytes(as: node.id) { return isSameType ? 0 : 2 }
    guard isSameType, id.count <= Self.longest else { return nil }
    let letters = Array(other.id.lowercased().prefix(Self.longest + 1))
    if letters == id { return 1 }
    let most = id.count < 3 ? 0 : id.count < 6 ? 1 : 2
    guard abs(letters.count - id.count) <= most else { return nil }
    let edits = editDistance(id, letters)
    return edits <= most ? 2 + edits : nil
  }
}
