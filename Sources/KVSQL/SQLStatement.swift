import KV

/// One statement with its parameters, written `?1`, `?2` … in the text and always bound.
public struct SQLStatement: Sendable {
  /// The text. A `?` stands only for a parameter: the driver for PostgreSQL replaces each, quoted or not.
  public var sql: String
  /// The values of the parameters: the first for `?1`.
  public var parameters: [SQLValue]
  /// Whether it may be run again after a run whose answer was lost: if that one happened, this one changes nothing more,
  /// or is refused.
  public var isIdempotent: Bool

  /// A statement of these parts.
  public init(_ sql: String, _ parameters: [SQLValue] = [], isIdempotent: Bool = false) {
    self.sql = sql
    self.parameters = parameters
    self.isIdempotent = isIdempotent
  }
}

extension SQLStatement {
  /// `null` where the version cannot grow, or is no number, which `not null` refuses.
  private static let nextVersion = "case when kv.version < 9223372036854775807 then kv.version + 1 end"

  /// Writes a record, whatever is there, and returns its version. Parameters: key, value, type, created.
  package static let upsert = upsert(row)

  /// The same for a record that is not there, or there under its type or as plain `json`; refused where it has another.
  package static let replace = replace(row)

  /// Writes a record that is not there; refused where it is there under another type that is not `json`.
  static let insertOrSkip = """
    insert into kv (key, version, value, type, created) \(row)
    on conflict (key) do update set type = null where not \(isOfItsType)
    """

  private static let row = "values (?1, 1, ?2, ?3, ?4)"
  private static let isOfItsType = "kv.type in (excluded.type, 'json')"

  /// Writes the rows of a query or a list, whatever is there, and returns their versions.
  /// - Parameter rows: key, version, value, type, created; no key twice.
  package static func upsert(_ rows: String) -> String { write(rows, type: "excluded.type") }

  /// As ``upsert(_:)`` and ``replace``.
  package static func replace(_ rows: String) -> String {
    write(rows, type: "case when \(isOfItsType) then excluded.type end")
  }

  private static func write(_ rows: String, type: String) -> String {
    """
    insert into kv (key, version, value, type, created) \(rows)
    on conflict (key) do update set version = \(nextVersion), value = excluded.value, type = \(type)
    returning version
    """
  }
}

/// A value that is bound to a parameter, or that a statement returns.
public enum SQLValue: Sendable, Equatable {
  /// SQL's `null`.
  case null
  /// A whole number of 64 bits.
  case integer(Int)
  /// A floating-point number of 64 bits.
  case real(Double)
  /// A text. PostgreSQL refuses one that contains a NUL character.
  case text(String)
  /// Bytes, such as SQLite's JSONB.
  case blob([UInt8])
}

/// The row that a query stands on; valid only inside the closure it is handed to.
public protocol SQLRow {
  /// A column, counted from 0, that holds an integer. Throws an error where another program has written something else.
  func integer(_ column: Int) throws -> Int
  /// A column, counted from 0, as text; empty where it is null.
  func text(_ column: Int) -> String
  /// The bytes of ``text(_:)``, valid only inside `body`.
  func withText(_ column: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Void)
  /// A column that holds a stored JSON value, in whatever form this database keeps it.
  func json(_ column: Int) throws -> JSON
}

/// A column holds something else than a whole number of 64 bits.
package struct NotAnInteger: Error, Sendable, CustomStringConvertible {
  /// One line that quotes the text.
  package var description: String

  /// - Parameter text: what the column holds.
  package init(_ text: String) { description = "\(quoted(text)) is no whole number that fits 64 bits" }
}

/// What a writing statement did.
public struct SQLOutcome: Sendable, Equatable {
  /// How many rows the statement changed, or returned; rows that triggers changed do not count.
  public var changes: Int
  /// The first column of the first row, as an integer or a text, or ``SQLValue/null``; `nil` where no row is returned, in
  /// PostgreSQL also for null.
  public var returned: SQLValue?

  /// An outcome of these parts.
  public init(changes: Int, returned: SQLValue? = nil) {
    self.changes = changes
    self.returned = returned
  }

  var integer: Int? { if case .integer(let integer)? = returned { integer } else { nil } }
  var text: String? { if case .text(let text)? = returned { text } else { nil } }
}

/// A statement was refused, and all that was to be written with it is undone, unless ``kept`` says otherwise.
public struct SQLRefusal: Error, Sendable {
  /// Why a statement was refused.
  public enum Reason: Sendable {
    /// The key is there already: the sign that a key was expected to be absent and is not.
    case keyExists
    /// The version is null: the sign that a key is not at the version expected, or that its version cannot grow.
    case noVersion
    /// The type is null: the sign that the key is there under another type.
    case otherType
    /// By anything else, such as another program's trigger, in the database's own words.
    case error(KVError)

    /// What SQLite says of the constraints that are signs; `nil` for any other.
    package init?(sqliteConstraint message: String) {
      switch message {
      case _ where message.hasSuffix("UNIQUE constraint failed: kv.key"): self = .keyExists
      case _ where message.hasSuffix("NOT NULL constraint failed: kv.version"): self = .noVersion
      case _ where message.hasSuffix("NOT NULL constraint failed: kv.type"): self = .otherType
      default: return nil
      }
    }
  }

  /// The position of the statement in its batch, from 0.
  public var statement: Int
  /// Why the statement was refused.
  public var reason: Reason
  /// How many rows the other statements have changed all the same.
  public var kept: Int

  /// A refusal of these parts.
  public init(statement: Int, reason: Reason, kept: Int = 0) {
    self.statement = statement
    self.reason = reason
    self.kept = kept
  }

  /// The error for whoever has written a record under the key, at a place among others.
  package func error(key: String?, at index: Int? = nil) -> KVError {
    var error = wholeError(key, index)
    if kept > 0 {
      error.code = .failed
      error.message += "; \(kept) of the changes sent with it stay"
    }
    return error
  }

  private func wholeError(_ key: String?, _ index: Int?) -> KVError {
    switch reason {
    case .keyExists:
      return KVError(
        .conflict, "key \(key.map(quoted) ?? "") exists already", mutationIndex: index, key: key)
    case .noVersion:
      return KVError(
        .invalidData, "the version stored under \(key.map(quoted) ?? "a key") is no number that can grow",
        mutationIndex: index, key: key)
    case .otherType:
      return KVError(
        .conflict, "key \(key.map(quoted) ?? "") is there as a record of another type", reason: .otherType,
        mutationIndex: index,
        key: key)
    case .error(var error):
      error.mutationIndex = index
      error.key = error.key ?? key
      return error
    }
  }
}
