/// The writing end of ``BulkLoading/load(_:)``.
public protocol BulkLoad: Sendable {
  /// Writes the records in order; of an existing key it does what the policy says, but a record of another type, which is not
  /// `json`, is a conflict whatever the policy. Says what became of each.
  ///
  /// A record that is refused is named by the error's `mutationIndex`: its place among the records of this call. With
  /// ``ConflictPolicy/error`` that may be found as late as when the load is committed; then ``BulkLoading/load(_:)`` throws it, and
  /// the index counts all records put with this policy.
  func put(_ records: [NewRecord], onConflict: ConflictPolicy) async throws -> [BulkOutcome]
}

public struct NewRecord: Sendable, Equatable {
  public var key: String
  public var value: JSON
  public var type: String

  public init(key: String, value: JSON, type: String) {
    self.key = key
    self.value = value
    self.type = type
  }
}

/// What to do with a record that is already there.
public enum ConflictPolicy: String, Sendable, CaseIterable {
  case error, skip, replace
}

/// What became of a record.
public enum BulkOutcome: Sendable { case added, replaced, skipped }

public struct BulkCounts: Sendable, Equatable {
  public var added = 0
  public var replaced = 0
  public var skipped = 0

  public init(added: Int = 0, replaced: Int = 0, skipped: Int = 0) {
    self.added = added
    self.replaced = replaced
    self.skipped = skipped
  }

  public init(_ outcomes: some Sequence<BulkOutcome>) {
    for outcome in outcomes {
      switch outcome {
      case .added: added += 1
      case .replaced: replaced += 1
      case .skipped: skipped += 1
      }
    }
  }

  public static func += (sum: inout BulkCounts, more: BulkCounts) {
    sum.added += more.added
    sum.replaced += more.replaced
    sum.skipped += more.skipped
  }
}
