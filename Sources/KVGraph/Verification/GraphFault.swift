import KV

/// A fault of a stored graph.
public struct GraphFault: Sendable, Equatable {
  /// What kind of fault it is.
  public enum Kind: String, Sendable, CaseIterable {
    /// The key is not one that an edge is stored under, so that no search finds the record.
    case key
    /// The value does not say what the key says, or is not that of an edge. The key counts.
    case value
    /// The record's type is not `Edge`.
    case type
    /// The edge's type is undirected, and the edge is not stored from the node whose ``NodeReference/path`` comes first.
    case direction
    /// The index of incoming edges has no entry for the edge, or one for an edge that is not there.
    case index
    /// An attribute index does not hold what a node's record says, or holds something of a record that is not there.
    case attributeIndex = "attribute index"
    /// One of the two records by which a-h/kv finds the edge is missing, or stands for an edge that is not there.
    case indexRecord = "index record"
  }

  /// The kind of fault.
  public var kind: Kind
  /// The key of the record at fault. For ``Kind/index`` it is the key that the index lacks, or has without an edge; for
  /// ``Kind/indexRecord`` that of the index record.
  public var key: String
  /// What is wrong, in a few words.
  public var reason: String
  /// Whether the call that found the fault repaired it.
  public var isRepaired: Bool
}

/// The counts of ``Graph/verify(repairing:isolation:progress:report:)``.
public struct GraphVerification: Sendable {
  /// How many records of edges there are, those at fault among them.
  public var edges = 0
  /// How many faults were found.
  public var faults = 0
  /// How many of the faults were repaired.
  public var repaired = 0
  /// How many nodes there are, after repairs.
  public var nodes = 0
  /// Folders of records of type `json` that look like nodes but belong to none, and how many records are in each, as
  /// ``GraphSchema/undeclared``. No fault: any record may have such a key.
  public var undeclared: [(folder: String, count: Int)] = []
}
