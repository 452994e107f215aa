/// What went wrong, in one sentence for people and one code for programs.
///
/// A description never contains a stored value or a password.
public struct KVError: Error, Sendable, Equatable {
  /// The kind of failure, by what a caller can do about it.
  public enum Code: Sendable {
    /// Something that no caller is to blame for, such as a full disk or another program's trigger.
    case failed
    /// A key, edge, path, lease, consumer or task that is not there.
    case notFound
    /// A version that does not match, an edge that exists, a lease that somebody else has.
    case conflict
    /// The database cannot be reached, is locked, or timed out: the same call may succeed later.
    case unavailable
    /// Arguments that no database could take.
    case usage
    /// Data, stored or given, that cannot be understood.
    case invalidData
  }

  /// What exactly went wrong, where a caller may want to act on it or to give advice. Each module adds its own.
  public struct Reason: Sendable, Hashable {
    /// Unique among all modules.
    public let name: String

    /// A reason of a module's own.
    public init(_ name: String) { self.name = name }
  }

  /// The kind of failure.
  public var code: Code
  /// What exactly, where somebody may act on it.
  public var reason: Reason?
  /// One line for people, without a full stop.
  public var message: String
  /// The position of the mutation that caused it in ``RecordWriting/mutate(_:)``, or of the record among all that a
  /// ``BulkLoading/load(_:)`` was given with ``ConflictPolicy/error``.
  public var mutationIndex: Int?
  /// The key in question, where there is one.
  public var key: String?
  /// How many records a failed ``BulkLoading/load(_:)`` left behind, where the database has no transaction for all of it.
  public var recordsKept = 0

  /// An error of a kind, with one line for people.
  public init(
    _ code: Code, _ message: String, reason: Reason? = nil, mutationIndex: Int? = nil, key: String? = nil
  ) {
    self.code = code
    self.message = message
    self.reason = reason
    self.mutationIndex = mutationIndex
    self.key = key
  }
}

extension KVError.Reason {
  /// There is no database where one was to be opened.
  public static let noDatabase = Self("noDatabase")
  /// The database has no tables of this project.
  public static let noTables = Self("noTables")
  /// What looks like another kind of database's connection was given.
  public static let foreignConnection = Self("foreignConnection")
  /// A record of another type is under the key, which is not to be written over.
  public static let otherType = Self("otherType")
  /// The database does not let this user do what it was asked for.
  public static let accessDenied = Self("accessDenied")
  /// No consumer of that name has ever read.
  public static let noConsumer = Self("noConsumer")
}

extension KVError: CustomStringConvertible {
  /// The message.
  public var description: String { message }
}
