import KV

/// Something about a stored graph that is not as it should be.
public struct GraphFault: Sendable, Equatable {
  public enum Kind: String, Sendable, CaseIterable {
    /// The key is none that an edge would be stored under, so that no search finds it.
    case key
    /// The value does not say what the key says. The key is what counts.
    case value
    /// The record's type is not `Edge`.
    case type
    /// The edge's type is undirected, and it is not written from the node whose key comes first.
    case direction
    /// The index of incoming edges has no entry for the edge, or one for an edge that is not there.
    case index
    /// One of the two records by which a-h/kv finds the edge is missing, or stands for an edge that is not there.
    case indexRecord = "index record"
  }

  public var kind: Kind
  /// The record's.
  public var key: String
  /// What is wrong, in a few words.
  public var reason: String
  public var isRepaired: Bool
}

/// What ``Graph/verify(repairing:report:)`` has seen.
public struct GraphVerification: Sendable {
  public var edges = 0
  public var faults = 0
  public var repaired = 0
  public var nodes = 0
  /// Folders of plain records that look like nodes nobody has declared, and how many are in each: no fault, for any record may be
  /// called so.
  public var undeclared: [(folder: String, count: Int)] = []
}
