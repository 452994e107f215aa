/// What went wrong, in one sentence for people and one code for programs.
///
/// A description never contains a stored value or a password.
public struct KVError: Error, Sendable, Equatable {
  /// The kind of failure. The raw value is the exit status of the `kv` command.
  public enum Code: Int32, Sendable {
    case failed = 1
    /// A key, edge, path, lock, consumer or task that is not there.
    case notFound = 3
    /// A version that does not match, an edge that exists, a lock held by somebody else.
    case conflict = 4
    /// The database cannot be reached, is locked, or timed out.
    case unavailable = 5
    case usage = 64
    case invalidData = 65
  }

  public var code: Code
  public var message: String
  /// The position of the mutation that caused it in ``RecordWriting/mutate(_:)``, or of the record among all that a
  /// ``BulkLoading/load(_:)`` was given with ``ConflictPolicy/error``.
  public var mutationIndex: Int?
  /// The key in question, where there is one.
  public var key: String?
  /// How many records a failed ``BulkLoading/load(_:)`` left behind, where the database has no transaction for all of it.
  public var recordsKept = 0

  public init(_ code: Code, _ message: String, mutationIndex: Int? = nil, key: String? = nil) {
    self.code = code
    self.message = message
    self.mutationIndex = mutationIndex
    self.key = key
  }
}

extension KVError: CustomStringConvertible {
  public var description: String { message }
}
