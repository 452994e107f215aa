import KV

/// One statement with its parameters, written `?1`, `?2` … in the text and always bound.
public struct SQLStatement: Sendable {
  public var sql: String
  public var parameters: [SQLValue]

  public init(_ sql: String, _ parameters: [SQLValue] = []) {
    self.sql = sql
    self.parameters = parameters
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
  /// A column that holds a stored JSON value, in whatever form this database keeps it.
  func json(_ column: Int) throws -> JSON
}

/// What a writing statement did.
public struct SQLOutcome: Sendable, Equatable {
  public var changes: Int
  /// The first column of the first row, where the statement returns one.
  public var returned: Int?

  public init(changes: Int, returned: Int? = nil) {
    self.changes = changes
    self.returned = returned
  }
}

/// A constraint refused a statement: the sign by which a batch reports that an expectation failed.
public struct SQLConstraintFailure: Error, Sendable {
  /// The position in the batch.
  public var statement: Int

  public init(statement: Int) { self.statement = statement }
}
