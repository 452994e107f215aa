import KV

/// The nodes that a file lists, to tell those that stand there more than once. Memory: their names and 16 bytes each.
struct ListedNodes {
  enum Finding { case new, same, other }

  private var paths = TextTable()
  /// Of the attributes; 0 where there are none.
  private var hashes: [UInt64] = []
  /// Whether an edge has come that touches the node.
  private var isTouched: [Bool] = []
  /// Nodes that stood there by their names alone, and where.
  private var leftToEdges: [Int32] = []
  private var bare: [(number: Int32, line: Int32)] = []
  private var mergedAttributes: [Int32: (attributes: [(name: String, value: JSON)], line: Int)] = [:]

  /// - Returns: whether the node is new, or stood there with the same attributes, or without or with others.
  mutating func insert(_ node: NodeReference, attributes: [(name: String, value: JSON)]) -> Finding {
    let hash =
      attributes.isEmpty
      ? 0 : ParallelEdges.hash(JSON(members: attributes.map { ($0.name, $0.value) }).text) | 1
    let number = paths.number(of: node.path)
    if Int(number) == hashes.count {
      hashes.append(hash)
      isTouched.append(false)
      return .new
    }
    if hash == 0 || hashes[Int(number)] == hash { return .same }
    if hashes[Int(number)] == 0 {
      // It stood there by its name alone.
      hashes[Int(number)] = hash
      return .new
    }
    return .other
  }

  /// Keeps that the node stands there by its name alone, and that no edge before it touches it.
  mutating func appendBare(_ node: NodeReference, line: Int) {
    bare.append((paths.number(of: node.path), Int32(truncatingIfNeeded: line)))
  }

  /// Keeps that the node stands there by its name alone, and that an edge names it.
  mutating func leave(_ node: NodeReference) { leftToEdges.append(paths.number(of: node.path)) }

  /// The nodes that stand there by their names alone, and that an edge names.
  var left: [NodeReference] { leftToEdges.compactMap { NodeReference(path: paths[$0]) } }

  /// Keeps which nodes an edge touches.
  mutating func touch(edge key: String) {
    if bare.isEmpty { return }
    var key = key
    key.withUTF8 { bytes in
      guard let parts = EdgeKeyParts(bytes) else { return }
      for end in [parts.from, parts.to] {
        if let number = paths.find(UnsafeBufferPointer(rebasing: bytes[end])) {
          isTouched[Int(number)] = true
        }
      }
    }
  }

  /// The nodes that stand there by their names alone, and that no edge touches.
  var isolated: some Sequence<(node: NodeReference, line: Int)> {
    bare.lazy.filter { hashes[Int($0.number)] == 0 && !isTouched[Int($0.number)] }
      .compactMap { number, line in NodeReference(path: paths[number]).map { ($0, Int(line)) } }
  }

  /// Adds to what is said of a node; of an attribute that is there the last value counts.
  mutating func merge(_ node: NodeReference, _ attributes: [(name: String, value: JSON)], line: Int) {
    let number = paths.number(of: node.path)
    var known = mergedAttributes[number] ?? ([], line)
    for (name, value) in attributes {
      if let place = known.attributes.firstIndex(where: { $0.name.hasSameBytes(as: name) }) {
        known.attributes[place].value = value
      } else {
        known.attributes.append((name, value))
      }
    }
    mergedAttributes[number] = known
  }

  /// The nodes that stand there with different attributes, in the order in which they came.
  var merged: [(node: NodeReference, attributes: [(name: String, value: JSON)], line: Int)] {
    mergedAttributes.keys.sorted().compactMap { number in
      guard let node = NodeReference(path: paths[number]), let known = mergedAttributes[number] else {
        return nil
      }
      return (node, known.attributes, known.line)
    }
  }
}
