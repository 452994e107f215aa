import KV

/// One statement with its parameters, written `?1`, `?2` … in the text and always bound.
public struct SQLStatement: Sendable {
  public var sql: String
  public var parameters: [SQLValue]
  /// Whether it may be run again after a run whose answer was lost: if that one happened, this one changes nothing more,
  /// or is refused.
  public var mayBeRepeated: Bool

  public init(_ sql: String, _ parameters: [SQLValue] = [], mayBeRepeated: Bool = false) {
    self.sql = sql
    self.parameters = parameters
    self.mayBeRepeated = mayBeRepeated
  }
}

extension SQLStatement {
  /// Writes a record, whatever is there, and returns its version. Parameters: key, value, type, created.
  public static let upsert = upsert("values (?1, 1, ?2, ?3, ?4)")

  /// Writes the rows of a query or a list, whatever is there, and returns their versions.
  /// - Parameter rows: key, version, value, type, created; no key twice.
  public static func upsert(_ rows: String) -> String {
    """
    insert into kv (key, version, value, type, created) \(rows)
    on conflict (key) do update set version = kv.version + 1, value = excluded.value, type = excluded.type
    returning version
    """
  }
}

public enum SQLValue: Sendable, Equatable {
  case null
  case integer(Int)
  case real(Double)
  case text(String)
  case blob([UInt8])
}

/// The row that a query stands on; valid only inside the closure it is handed to.
public protocol SQLRow {
  func integer(_ column: Int) -> Int
  func text(_ column: Int) -> String
  /// The bytes of ``text(_:)``, valid only inside `body`.
  func withText(_ column: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Void)
  /// A column that holds a stored JSON value, in whatever form this database keeps it.
  func json(_ column: Int) throws -> JSON
}

/// What a writing statement did.
public struct SQLOutcome: Sendable, Equatable {
  public var changes: Int
  /// The first column of the first row, where the statement returns one.
  public var returned: SQLValue?

  public init(changes: Int, returned: SQLValue? = nil) {
    self.changes = changes
    self.returned = returned
  }

  var integer: Int? { if case .integer(let integer)? = returned { integer } else { nil } }
  var text: String? { if case .text(let text)? = returned { text } else { nil } }
}

/// A statement was refused, and all that was to be written with it is undone.
public struct SQLRefusal: Error, Sendable {
  public enum Reason: Sendable {
    /// By a constraint: the sign by which a batch reports that an expectation failed.
    case constraint
    /// By the database, for what it was given.
    case error(KVError)
  }

  /// The position in the batch.
  public var statement: Int
  public var reason: Reason

  public init(statement: Int, reason: Reason = .constraint) {
    self.statement = statement
    self.reason = reason
  }
}
