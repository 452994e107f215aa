/// A record's key, and the node of the query to which it belongs.
public struct AdjacentEdgeKey: Sendable, Equatable {
  /// The position of the node in the ``EdgeQuery``'s list, from 0; 0 where the query lists no nodes.
  public var node: Int
  /// The key of the edge's record.
  public var key: String

  /// An edge key of these parts.
  public init(node: Int, key: String) {
    self.node = node
    self.key = key
  }
}

/// Keys in one buffer, in the order in which they were appended. A string is made only of a key that is asked for by index:
/// a search reads too many keys for a string each.
public struct EdgeKeyList: Sendable {
  private var bytes: [UInt8] = []
  private var ends: [Int] = []
  private var nodes: [Int32] = []
  /// The records' values in the order of the keys; empty where they were not asked for.
  public private(set) var values: [JSON] = []

  /// An empty list.
  public init() {}

  /// Appends a key. Give every key of a list a value, or none: ``values`` has no gaps.
  /// - Parameters:
  ///   - value: its record's value, where values are read.
  ///   - node: the node's position in the query, from 0; kept in 32 bits.
  ///   - key: UTF-8; it is copied.
  public mutating func append(node: Int, key: UnsafeBufferPointer<UInt8>, value: JSON? = nil) {
    if let value { values.append(value) }
    bytes.append(contentsOf: key)
    ends.append(bytes.count)
    nodes.append(Int32(truncatingIfNeeded: node))
  }

  /// Calls `body` with the position, the node and the bytes of each key, in order. The bytes are valid only inside `body`.
  public func forEachKey(
    _ body: (_ index: Int, _ node: Int, _ key: UnsafeBufferPointer<UInt8>) throws -> Void
  ) rethrows {
    try bytes.withUnsafeBufferPointer { bytes in
      var start = 0
      for (index, end) in ends.enumerated() {
        try body(index, Int(nodes[index]), UnsafeBufferPointer(rebasing: bytes[start..<end]))
        start = end
      }
    }
  }
}

extension EdgeKeyList: RandomAccessCollection {
  /// Always 0.
  public var startIndex: Int { 0 }
  /// How many keys there are.
  public var endIndex: Int { ends.count }

  /// The key at a position, as a string. Cost: a copy of the key.
  public subscript(index: Int) -> AdjacentEdgeKey {
    let start = index == 0 ? 0 : ends[index - 1]
    return AdjacentEdgeKey(
      node: Int(nodes[index]), key: String(decoding: bytes[start..<ends[index]], as: UTF8.self))
  }
}
