/// The writing end of ``BulkLoading/load(_:)``, as long as its body runs; a usage error afterwards.
public protocol BulkLoad: Sendable {
  /// Writes the records in order. Where a key exists the policy decides, but a stored record of another type that is not
  /// `json` is a conflict whatever the policy.
  ///
  /// A record that the database refuses is named by the error's `mutationIndex`: its place among the records of this call. With
  /// ``ConflictPolicy/error`` that may be found as late as when the load is committed; then ``BulkLoading/load(_:)`` throws it, and
  /// the index counts all records put with this policy.
  /// - Returns: what became of each record, in the same order.
  /// - Throws: a usage error for a key, and invalid data for a value or a consumer position's key, that cannot be written: before
  ///   any record of the call is, with the error's `key` and no `mutationIndex`.
  func put(_ records: [NewRecord], onConflict: ConflictPolicy) async throws -> [BulkOutcome]
}

/// A record for a load to write; its version and creation time come from the store.
public struct NewRecord: Sendable, Equatable {
  /// Not empty, without NUL, and not the key of a ``ConsumerPosition``.
  public var key: String
  /// Not deeper than ``JSON/maximumDepth``, and without `\u0000`.
  public var value: JSON
  /// The record's type; `json` for plain values.
  public var type: String

  /// A record of these parts; they are checked when it is written.
  public init(key: String, value: JSON, type: String) {
    self.key = key
    self.value = value
    self.type = type
  }
}

/// What to do with a record that is already there.
public enum ConflictPolicy: String, Sendable, CaseIterable {
  /// `error`: the load fails with a conflict. `skip`: the stored record stays as it is. `replace`: the new value and type are
  /// written over it, as its next version. The raw values are the command line's words.
  case error, skip, replace
}

/// What became of a record.
///
/// - `added`: the key was absent. With ``ConflictPolicy/error`` the check may follow at the commit.
/// - `replaced`: the key existed, and its record was written over.
/// - `skipped`: the key existed, and its record was left as it is.
public enum BulkOutcome: Sendable {
  /// It was not there, and is now.
  case added
  /// It was there, and its value is the new one.
  case replaced
  /// It was there, and stays as it was.
  case skipped
}

/// How many records of a load had each ``BulkOutcome``.
public struct BulkCounts: Sendable, Equatable {
  /// Records under new keys.
  public var added = 0
  /// Records that were written over stored ones.
  public var replaced = 0
  /// Records that were not written, because their keys existed.
  public var skipped = 0

  /// Counts of these numbers.
  public init(added: Int = 0, replaced: Int = 0, skipped: Int = 0) {
    self.added = added
    self.replaced = replaced
    self.skipped = skipped
  }

  /// Counts the outcomes.
  public init(_ outcomes: some Sequence<BulkOutcome>) {
    for outcome in outcomes {
      switch outcome {
      case .added: added += 1
      case .replaced: replaced += 1
      case .skipped: skipped += 1
      }
    }
  }

  /// Adds each count of `more` to its counterpart in `sum`.
  public static func += (sum: inout BulkCounts, more: BulkCounts) {
    sum.added += more.added
    sum.replaced += more.replaced
    sum.skipped += more.skipped
  }
}
