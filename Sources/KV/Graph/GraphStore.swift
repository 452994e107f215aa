/// What a graph needs of a store beyond ``Store``: edge keys without their values, for many nodes in one request.
///
/// Nodes are written as in the keys: `<Type>/<ID>`, each part percent-escaped.
public protocol GraphStore: Store {
  /// The keys of the edges that leave the nodes. Cost: one request; only the keys themselves are read.
  /// - Parameter withValues: whether the records' values are read as well.
  /// - Returns: node by node in the order given, each node's edges in key order.
  func outgoingEdgeKeys(of nodes: [String], withValues: Bool) async throws -> EdgeKeyList

  /// The keys of the edges that enter the nodes, ordered and at a cost as ``outgoingEdgeKeys(of:withValues:)``.
  func incomingEdgeKeys(of nodes: [String], withValues: Bool) async throws -> EdgeKeyList

  /// The next keys of a selection, in key order; each belongs to node 0.
  func keys(_ selection: Selection, after: String?, limit: Int) async throws -> EdgeKeyList

  /// The records of the edges that enter a node, in key order. `page.offset` is not offered.
  func incomingEdges(of node: String, after: String?, limit: Int) async throws -> [Record]

  /// The types of all records, in no order that is promised. Cost: one look into an index for each.
  func recordTypes() async throws -> [String]

  /// Whether a-h/kv made the database, which finds edges by index records of its own that every writer has to keep.
  var keepsEdgeIndexRecords: Bool { get async throws }

  /// Whether a load that fails leaves nothing behind, whatever its size.
  var loadsAreAtomic: Bool { get }

  /// The keys, in order, that the index of incoming edges lacks, or has while there is no such record. None where the
  /// database itself answers for it. Cost: a read of both.
  /// - Parameter repairing: whether they are put in or taken out.
  func edgeIndexFaults(repairing: Bool) async throws -> [String]
}

extension GraphStore {
  public func outgoingEdgeKeys(of nodes: [String]) async throws -> EdgeKeyList {
    try await outgoingEdgeKeys(of: nodes, withValues: false)
  }

  public func incomingEdgeKeys(of nodes: [String]) async throws -> EdgeKeyList {
    try await incomingEdgeKeys(of: nodes, withValues: false)
  }
}

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
