import KV

/// NetworkX's adjacency data: for each node, in their order, its neighbors with the attributes of the edge.
///
/// An undirected edge stands at both of its ends, and is taken at the one that comes first.
struct NetworkXAdjacency {
  var isDirected = true
  private var ids: [String] = []
  private var places: [ByteKey: Int] = [:]
  private var next = 0
  /// Neighbors that stand before the nodes.
  private var waiting: [[JSON]] = []

  mutating func addNode(_ id: String) {
    places[ByteKey(id)] = ids.count
    ids.append(id)
  }

  mutating func begin() { next = 0 }

  mutating func add(_ neighbors: [JSON], _ emit: (ImportedEdge) -> Void) throws {
    if ids.isEmpty {
      waiting.append(neighbors)
      return
    }
    defer { next += 1 }
    guard next < ids.count else {
      throw KVError(.invalidData, "there are neighbors of more nodes than \(ids.count), which 'nodes' names")
    }
    for neighbor in neighbors {
      var attributes = neighbor.members ?? []
      guard let id = (attributes.take("id") ?? neighbor).idText else {
        throw KVError(.invalidData, "the neighbor \(neighbor.shown) has no 'id'")
      }
      if !isDirected, let place = places[ByteKey(id)], place < next { continue }
      var edge = ImportedEdge(from: .id(ids[next]), to: .id(id))
      edge.type = attributes.takeType(from: Members.edgeTypeNames)
      edge.id = attributes["key"]?.plainText
      if attributes["key"]?.kind == .number { _ = attributes.take("key") }
      edge.attributes = attributes
      emit(edge)
    }
  }

  mutating func end(_ emit: (ImportedEdge) -> Void) {
    let all = waiting
    waiting = []
    for neighbors in all where !ids.isEmpty { try? add(neighbors, emit) }
  }
}
