import KV
import KVSQL

/// A load in requests of bounded size. rqlite has no transaction beyond one request, so that only what fits one is all or
/// nothing; of more, the requests before a failure stay.
actor RqliteLoad: SQLLoad {
  private static let maximumRecords = 20_000
  private static let maximumBytes = 8 << 20

  private let driver: RqliteDriver
  private var statements: [SQLStatement] = []
  /// The new records among them.
  private var keys: [String] = []
  private var bytes = 0
  private var isVerbatim = false
  private var added = 0
  private var written = 0

  init(_ driver: RqliteDriver) { self.driver = driver }

  func add(_ records: [SQLNewRecord], created: String) async throws {
    for start in stride(from: 0, to: records.count, by: 100) {
      let rows = records[start..<min(start + 100, records.count)]
      let size = rows.reduce(0) {
        $0 + $1.key.utf8.count + $1.value.size + $1.type.utf8.count + created.utf8.count
      }
      if !keys.isEmpty, keys.count + rows.count > Self.maximumRecords || bytes + size > Self.maximumBytes {
        _ = try await send()
      }
      let values = rows.flatMap { [.text($0.key), $0.value, .text($0.type), .text(created)] }
      statements.append(SQLStatement(Self.insert(rows.count), values))
      keys += rows.map(\.key)
      bytes += size
    }
  }

  func write(_ statements: [SQLStatement], keys: [String]) async throws -> [SQLOutcome] {
    var outcomes: [SQLOutcome] = []
    var rest = statements[...]
    while !rest.isEmpty {
      var size = bytes
      let fitting = rest.prefix { statement in
        size += statement.parameters.reduce(0) { $0 + $1.size }
        return size <= Self.maximumBytes
      }
      let part = rest.prefix(min(max(fitting.count, 1), Self.maximumRecords))
      let before = self.statements.count
      self.statements += part
      do {
        let written = try await send().dropFirst(before)
        self.written += written.count { $0.changes > 0 }
        outcomes += written
      } catch let refusal as SQLRefusal where refusal.statement >= before {
        throw SQLRefusal(
          statement: outcomes.count + refusal.statement - before, reason: refusal.reason, kept: refusal.kept)
      }
      rest = rest.dropFirst(part.count)
    }
    return outcomes
  }

  /// All in the request of the commit, without the triggers that write the stream.
  func write(verbatim statements: [SQLStatement]) {
    if self.statements.isEmpty {
      self.statements += SQLiteTables.streamTriggerNames.map { SQLStatement("drop trigger if exists \($0)") }
    }
    self.statements += statements
    isVerbatim = true
  }

  func commit() async throws {
    if isVerbatim { statements += SQLiteTables.streamTriggers.map { SQLStatement($0) } }
    if !statements.isEmpty { _ = try await send() }
  }

  func rollback() -> Int { written }

  private func send() async throws -> [SQLOutcome] {
    let outcomes: [SQLOutcome]
    do {
      outcomes = try await driver.write(statements)
    } catch let refusal as SQLRefusal {
      written += refusal.kept
      if case .keyExists = refusal.reason, let duplicate = try await duplicate() { throw duplicate }
      throw try await refusalOfRow(refusal) ?? refusal
    }
    written += keys.count
    added += keys.count
    (statements, keys, bytes) = ([], [], 0)
    return outcomes
  }

  /// Which of a statement's new records was refused: told by their being written one by one, and undone by a last statement
  /// that always fails.
  private func refusalOfRow(_ refusal: SQLRefusal) async throws -> KVError? {
    let first = statements[..<refusal.statement].reduce(0) { $0 + $1.parameters.count / 4 }
    let values = statements[refusal.statement].parameters
    guard case .error = refusal.reason, first < keys.count else { return nil }
    let rows = stride(from: 0, to: values.count, by: 4).map {
      SQLStatement(Self.insert(1), Array(values[$0..<min($0 + 4, values.count)]))
    }
    do {
      _ = try await driver.write(rows + [SQLStatement("insert into kv (key) values (null)")])
    } catch let single as SQLRefusal where single.statement < rows.count {
      let position = first + single.statement
      return single.error(key: keys[position], at: added + position)
    }
    return nil
  }

  private static func insert(_ count: Int) -> String {
    "insert into kv (key, version, value, type, created) values "
      + repeatElement("(?, 1, ?, ?, ?)", count: count).joined(separator: ", ")
  }

  /// The first of the new records whose key was there before it.
  private func duplicate() async throws -> (any Error)? {
    let sql =
      "select value from \(driver.dialect.stringList) as list where exists (select 1 from kv where kv.key = list.value)"
    let list = SQLValue.text(JSON(elements: keys.map { JSON($0) }).text)
    var known = Set(try await driver.read(SQLStatement(sql, [list])) { Array($0.text(0).utf8) })
    let position = keys.firstIndex { !known.insert(Array($0.utf8)).inserted }
    return position.map { SQLDuplicateKey(key: keys[$0], position: added + $0) }
  }
}

extension SQLValue {
  /// About how many bytes it takes in a request.
  fileprivate var size: Int {
    switch self {
    case .text(let text): text.utf8.count
    case .blob(let bytes): bytes.count * 4
    case .null, .integer, .real: 8
    }
  }
}
