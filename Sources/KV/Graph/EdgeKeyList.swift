/// An edge's key, and which of the nodes asked for it belongs to.
public struct AdjacentEdgeKey: Sendable, Equatable {
  public var node: Int
  public var key: String

  public init(node: Int, key: String) {
    self.node = node
    self.key = key
  }
}

/// Many keys in one piece of memory: a search reads more of them than it could afford strings for.
public struct EdgeKeyList: Sendable {
  private var bytes: [UInt8] = []
  private var ends: [Int] = []
  private var nodes: [Int32] = []
  /// The records' values, key by key, where they were asked for.
  public private(set) var values: [JSON] = []

  public init() {}

  public mutating func append(node: Int, key: UnsafeBufferPointer<UInt8>, value: JSON? = nil) {
    if let value { values.append(value) }
    bytes.append(contentsOf: key)
    ends.append(bytes.count)
    nodes.append(Int32(truncatingIfNeeded: node))
  }

  /// Calls `body` with the position, the node and the bytes of each key, in order.
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
  public var startIndex: Int { 0 }
  public var endIndex: Int { ends.count }

  public subscript(index: Int) -> AdjacentEdgeKey {
    let start = index == 0 ? 0 : ends[index - 1]
    return AdjacentEdgeKey(
      node: Int(nodes[index]), key: String(decoding: bytes[start..<ends[index]], as: UTF8.self))
  }
}
