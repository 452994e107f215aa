import KV

extension KVError.Reason {
  /// The edge exists already. The error's `key` is its record's.
  public static let edgeExists = Self("edgeExists")
  /// An edge of an undirected type is stored from its other end. The error's `key` is that record's.
  public static let edgeIsTurned = Self("edgeIsTurned")
  /// The node has a record already. The error's `key` is the record's.
  public static let nodeExists = Self("nodeExists")
  /// The node's record is there, and its type says nothing of a node. The error's `key` is the record's.
  public static let recordWithoutNodeType = Self("recordWithoutNodeType")
  /// A record of an import is there already. The error's `key` is its.
  public static let recordExists = Self("recordExists")
  /// A search by weight came to an edge without one.
  public static let missingWeight = Self("missingWeight")
  /// The file has an edge more than once, which the import's policy does not allow.
  public static let parallelEdge = Self("parallelEdge")
  /// The file has an edge that joins more than two nodes.
  public static let hyperedge = Self("hyperedge")
  /// The file is a table whose columns tell no graph.
  public static let unknownColumns = Self("unknownColumns")
  /// The file is of no known format.
  public static let unknownFormat = Self("unknownFormat")
  /// An import failed after it had stored some records, on a store whose loads are not atomic.
  public static let partlyImported = Self("partlyImported")
}
