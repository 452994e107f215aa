import KV

/// What reading a file once has shown.
struct FileSurvey: Sendable {
  private(set) var isDone = false
  /// Nodes that stand there with different attributes, in keys.
  private var repeated: Set<String> = []
  /// How many edges have a key, where that is more than one and asked for.
  private var counts: [ByteKey: Int] = [:]
  private var seen = HashTable()

  func repeats(_ node: NodeReference) -> Bool { !repeated.isEmpty && repeated.contains(node.path) }
  func count(of edge: Edge) -> Int? { counts[ByteKey(edge.key)] }

  mutating func noteRepetition(of node: NodeReference) { repeated.insert(node.path) }

  mutating func count(_ key: String) {
    if !seen.insert(ParallelEdges.hash(key)) { counts[ByteKey(key), default: 1] += 1 }
  }

  mutating func end() {
    isDone = true
    seen = HashTable()
  }
}
