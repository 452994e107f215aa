import KVSQL

/// How statements get the time of the leader.
///
/// Each node carries out the statements of the log by itself, so that no function of time may stand in what is written.
/// rqlite can put the time in their place, but of what it so rewrites it prints some statements wrongly (an update loses
/// its `returning`), and inside subqueries it rewrites nothing. So it is told to leave the text alone (`norwtime`), and
/// the time is asked for beforehand and bound.
enum RqliteClock {
  /// Stands in a statement for the time.
  static let token = "kv_now()"

  static let question = SQLStatement("select strftime('%Y-%m-%d %H:%M:%f', 'now') as now")

  static func isNeeded(for statements: [SQLStatement]) -> Bool {
    statements.contains { $0.sql.contains(token) }
  }
}

extension SQLStatement {
  /// With the time bound.
  func at(_ time: String) -> SQLStatement {
    guard sql.contains(RqliteClock.token) else { return self }
    var statement = self
    statement.parameters.append(.text(time))
    statement.sql = sql.replacing(RqliteClock.token, with: "?\(statement.parameters.count)")
    return statement
  }

  /// With the time of the node that reads.
  var now: SQLStatement {
    var statement = self
    statement.sql = sql.replacing(RqliteClock.token, with: "'now'")
    return statement
  }
}
