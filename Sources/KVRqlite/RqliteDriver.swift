import KV
import KVSQL
import Logging

/// rqlite as a driver: a few connections, each request a transaction.
public final class RqliteDriver: SQLDriver {
  /// SQLite's SQL, with other forms of stored values and payloads, and with the leader's time in what is written.
  public let dialect = SQLDialect.rqlite
  public let coalescesReads = true
  public let loadsAreAtomic = false
  private let location: RqliteLocation
  let cluster: RqliteCluster
  private let pool: SessionPool<RqliteSession>
  private let logger: Logger

  /// Connects and brings the tables up to date.
  ///
  /// - Parameter location: where the database is.
  /// - Parameter logger: told of retries and lost connections; silent by default.
  /// - Parameter creating: whether a database without tables is given them.
  public init(_ location: RqliteLocation, creating: Bool = true, logger: Logger = .silent) async throws {
    self.location = location
    self.logger = logger
    cluster = RqliteCluster(location.nodes)
    pool = SessionPool(maximum: 8) { RqliteSession(location) }
    try await prepare(creating: creating)
    // Whoever stays long enough may need them when a node goes away.
    Task { await learnNodes(from: cluster.preferred) }
  }

  private func prepare(creating: Bool) async throws {
    let results = try await results(
      of: [SQLiteTables.names, SQLiteTables.columns, SQLiteTables.knownVersion], .read(level: location.level))
    let isCurrent = try SQLiteTables.areCurrent(
      in: "rqlite at \(cluster.preferred)", names: Set(results[0].rows.map { $0.text(0) }),
      columns: { results[1].rows.map { $0.text(0) } },
      knownVersion: { results.count > 2 ? try results[2].rows.first?.integer(0) ?? 0 : 0 })
    if isCurrent { return }
    guard creating || !results[0].rows.isEmpty else {
      throw KVError(.unavailable, "no kv tables in rqlite at \(cluster.preferred)", reason: .noTables)
    }
    _ = try await execute(
      SQLiteTables.migration(now: RqliteClock.token).map { SQLStatement($0, isIdempotent: true) })
  }

  public func reduce<Result: Sendable>(
    _ statement: SQLStatement, into initial: Result,
    _ body: @escaping @Sendable (inout Result, any SQLRow) throws -> Void
  ) async throws -> Result {
    try await rows(of: statement.now, level: location.level).reduce(into: initial, body)
  }

  private func rows(of statement: SQLStatement, level: String) async throws -> [JSONRow] {
    guard let result = try await results(of: [statement], .read(level: level)).first else {
      throw KVError(.failed, "rqlite gave no result")
    }
    if let error = result.error { throw KVError(.failed, "rqlite: \(error)") }
    return result.rows
  }

  public func write(_ statements: [SQLStatement]) async throws -> [SQLOutcome] {
    if location.refusesWrites { throw KVError(.failed, "rqlite was opened for reading only") }
    return try await execute(statements)
  }

  private func execute(_ statements: [SQLStatement]) async throws -> [SQLOutcome] {
    var statements = statements
    if RqliteClock.isNeeded(for: statements) {
      // The leader's, whatever the level of reads.
      guard let time = try await rows(of: RqliteClock.question, level: "weak").first?.text(0) else {
        throw KVError(.failed, "rqlite does not tell the time")
      }
      statements = statements.map { $0.at(time) }
    }
    let results = try await results(
      of: statements, .write(isIdempotent: statements.allSatisfy(\.isIdempotent)))
    if let refused = results.firstIndex(where: { $0.error != nil }), let reason = results[refused].refusal {
      // Where a statement that returns rows is refused, rqlite goes on with the transaction.
      let kept =
        statements[refused].sql.contains("returning ") ? results.reduce(0) { $0 + $1.outcome.changes } : 0
      throw SQLRefusal(statement: refused, reason: reason, kept: kept)
    }
    guard results.count == statements.count else { throw Self.lostAnswer }
    return results.map(\.outcome)
  }

  public func readSnapshot(
    _ queries: [SQLPagedQuery<ArchiveItem>], _ body: @Sendable ([ArchiveItem]) async throws -> Void
  ) async throws {
    // A request is a moment, and the next one is another.
    let statements = queries.map { $0.page(after: $0.start, limit: .max).now }
    let results = try await results(of: statements, .snapshot(level: location.level))
    guard results.count == queries.count else { throw KVError(.failed, "rqlite gave no result") }
    for (query, result) in zip(queries, results) {
      if let error = result.error { throw KVError(.failed, "rqlite: \(error)") }
      for start in stride(from: 0, to: result.rows.count, by: 2000) {
        let rows = result.rows[start..<min(start + 2000, result.rows.count)]
        try await body(try rows.map { try query.decode($0).row })
      }
    }
  }

  public func beginLoad() async throws -> any SQLLoad { RqliteLoad(self) }

  /// Closes the connections that nobody is using.
  public func close() async { await pool.closeIdle() }

  /// How long a node may take to answer while there are others that have not been asked.
  private static let firstPatience = Duration.seconds(1)

  private static let lostAnswer = KVError.lostAnswer(of: "rqlite")

  private enum Access {
    case read(level: String)
    /// All queries see the same.
    case snapshot(level: String)
    /// Whether it may be sent again after it may have been carried out.
    case write(isIdempotent: Bool)
  }

  /// Sends statements until they are answered, by one node after the other.
  private func results(of statements: [SQLStatement], _ access: Access) async throws -> [RqliteResult] {
    let body = Self.body(statements)
    let (path, isRead, isIdempotent) =
      switch access {
      case .read(let level): ("/db/query?norwtime&level=\(level)", true, true)
      case .snapshot(let level): ("/db/query?transaction&norwtime&level=\(level)", true, true)
      case .write(let isIdempotent): ("/db/execute?transaction&norwtime", false, isIdempotent)
      }
    let deadline = ContinuousClock.now + location.timeout
    var backoff = Backoff(first: .milliseconds(20), cap: .milliseconds(500))
    var missing: Set<String> = []
    var mayHaveRun = false
    // A node that is frozen answers nothing, and need not be waited for to the end where another may be asked.
    var patience = Self.firstPatience
    while true {
      let node = cluster.preferred
      let isLastChance = !isIdempotent || cluster.nodes.count == 1
      let end = isLastChance ? deadline : min(deadline, .now + patience)
      do {
        let results = try await reply(of: node, at: path, body: body, by: end, isRead: isRead).results()
        if mayHaveRun, results.contains(where: { $0.error != nil }) { throw Self.lostAnswer }
        return results
      } catch let failure as RqliteFailure {
        if failure.mayHaveRun, !isRead {
          if !isIdempotent { throw Self.lostAnswer }
          mayHaveRun = true
        }
        let error = mayHaveRun ? Self.lostAnswer : failure.error(at: node)
        cluster.avoid(node)
        logger.debug("a node did not answer a request", metadata: ["node": "\(node)", "error": "\(error)"])
        switch failure.remedy {
        case .none: throw error
        case .anotherNode where failure.isTimeout && ContinuousClock.now < deadline && !isLastChance:
          // Once all have had so much time, each gets more.
          missing.insert(node)
          if missing.isSuperset(of: cluster.nodes) {
            missing = []
            patience *= 2
          }
        case .anotherNode:
          missing.insert(node)
          if missing.isSuperset(of: cluster.nodes) { throw error }
        case .patience:
          missing = []
          if ContinuousClock.now >= deadline { throw error }
          try await Task.sleep(for: backoff.next())
        }
      }
    }
  }

  /// The answer of a node, or of the one that it sends us to.
  private func reply(
    of node: String, at path: String, body: [UInt8], by deadline: ContinuousClock.Instant, isRead: Bool
  ) async throws -> HTTPReply {
    var node = node
    for _ in 0..<5 {
      let reply = try await send(to: node + path, body: body, by: deadline, mayBeCancelled: isRead)
      guard [301, 302, 307, 308].contains(reply.status), let location = reply.location else { return reply }
      guard let origin = RqliteCluster.origin(of: location) else {
        throw RqliteFailure("it redirects to what is no address")
      }
      if !cluster.nodes.contains(origin) { await learnNodes(from: node) }
      // Name and password are for the cluster's own nodes.
      guard cluster.nodes.contains(origin) else {
        throw RqliteFailure("it redirects to \(origin), which is no node of the cluster")
      }
      cluster.prefer(origin)
      node = origin
    }
    throw RqliteFailure("it redirects in a circle", remedy: .patience)
  }

  private func learnNodes(from node: String) async {
    let deadline = ContinuousClock.now + min(location.timeout, .seconds(5))
    guard let reply = try? await send(to: node + "/nodes", body: nil, by: deadline, mayBeCancelled: true)
    else {
      return
    }
    cluster.learn(from: reply)
  }

  private func send(
    to url: String, body: [UInt8]?, by deadline: ContinuousClock.Instant, mayBeCancelled: Bool
  ) async throws -> HTTPReply {
    // Whoever begins just before the end is given a fair time: what is cut short may have happened.
    let time = max(deadline - ContinuousClock.now, min(location.timeout, Self.firstPatience))
    return try await pool.with { session in
      let cancellation = Cancellation()
      return try await withTaskCancellationHandler {
        try await session.send(
          to: url, body: body, within: time, unless: cancellation)
      } onCancel: {
        if mayBeCancelled { cancellation.set() }
      }
    }
  }

  /// The statements as rqlite reads them: `[["sql", parameter, …], …]`.
  private static func body(_ statements: [SQLStatement]) -> [UInt8] {
    var body = Array("[".utf8)
    for statement in statements {
      body += Array((body.count > 1 ? ",[" : "[").utf8)
      body.appendJSONString(statement.sql)
      for parameter in statement.parameters {
        body.append(UInt8(ascii: ","))
        switch parameter {
        case .null: body += Array("null".utf8)
        case .integer(let integer): body += Array(String(integer).utf8)
        case .real(let real): body += Array(String(real).utf8)
        case .text(let string): body.appendJSONString(string)
        case .blob(let bytes):
          body += Array(("[" + bytes.map { String($0) }.joined(separator: ",") + "]").utf8)
        }
      }
      body.append(UInt8(ascii: "]"))
    }
    body.append(UInt8(ascii: "]"))
    return body
  }
}

/// The store in an rqlite cluster.
public typealias RqliteStore = SQLStore<RqliteDriver>

extension SQLStore where Driver == RqliteDriver {
  /// Opens a database; see ``RqliteLocation`` for how it is written.
  public init(rqlite connection: String, creating: Bool = true, logger: Logger = .silent) async throws {
    self.init(try await RqliteDriver(RqliteLocation(connection), creating: creating, logger: logger))
  }
}
