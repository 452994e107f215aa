/// Of what a copy of a database's graph was taken, and when.
public struct GraphCopy: Sendable, Equatable {
  /// The name of the database: see ``GraphStore/databaseID(creating:)``.
  public var databaseID: String
  /// What no other history of the database has: what it has kept of the copy, or the copy's last change. See ``GraphStore/mark(_:replacing:)``
  /// and ``GraphStore/creation(at:)``.
  public var mark: String
  /// The last change in the stream that is in the copy.
  public var sequence: Int

  /// A copy of these parts.
  public init(databaseID: String, mark: String, sequence: Int) {
    (self.databaseID, self.mark, self.sequence) = (databaseID, mark, sequence)
  }
}

/// What has changed in a graph since a copy of it was taken.
public struct GraphChanges: Sendable {
  /// One change, without the value.
  public struct Change: Sendable {
    /// The number in the stream.
    public var sequence: Int
    /// What was done.
    public var action: StreamEntry.Action
    /// Of the record.
    public var key: String
    /// Of the record.
    public var type: String

    /// A change of these parts.
    public init(sequence: Int, action: StreamEntry.Action, key: String, type: String) {
      (self.sequence, self.action, self.key, self.type) = (sequence, action, key, type)
    }
  }

  /// By their numbers: those that no change will come before any more.
  public var settled: [Change] = []
  /// By their numbers, behind those: changes that are stored while another with a lower number may still be written.
  public var unsettled: [Change] = []

  /// No changes.
  public init() {}
}
