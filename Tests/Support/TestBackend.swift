import KV

/// All that kv does in a database.
public typealias Database = GraphStore & Scheduler & Archiving

/// A kind of database that the conformance suite runs against.
public struct TestBackend: Sendable, CustomStringConvertible {
  public let description: String
  /// Whether `1E2` may come back as `100`.
  public var keepsNumbersByValue = false
  let make: @Sendable () async throws -> any TestDatabase

  /// A new, empty database.
  public func database() async throws -> any TestDatabase { try await make() }

  /// The store in a new, empty database.
  public func store() async throws -> any Database { try await make().open() }

  public static let all: [TestBackend] = [.sqlite] + postgres + [.rqlite]
}

/// One database of a test's own.
public protocol TestDatabase: Sendable {
  /// Opens the store once more, as another process would.
  func open() async throws -> any Database

  /// Opens it as what may only be read.
  func openOnlyToRead() async throws -> any Database

  /// Runs SQL behind the store's back, and gives the first column as text.
  @discardableResult
  func query(_ sql: String) async throws -> [String]

  /// The column of `locks` that says when a lease runs out.
  var leaseExpiry: String { get }
}

extension TestDatabase {
  private var isPostgres: Bool { leaseExpiry == "lock_until" }

  /// Adds a trigger of another program that refuses rows, before they are written, where a condition on `new` holds.
  public func refuse(_ event: String, on table: String, where condition: String, saying words: String)
    async throws
  {
    let name = "guard_\(table)_\(event)"
    guard isPostgres else {
      try await query(
        "create trigger \(name) before \(event) on \(table) when \(condition) begin select raise(abort, '\(words)'); end"
      )
      return
    }
    try await query(
      """
      create function \(name)() returns trigger language plpgsql as $$
      begin if \(condition) then raise exception '\(words)'; end if; return new; end $$
      """)
    try await query(
      "create trigger \(name) before \(event) on \(table) for each row execute function \(name)()")
  }

  /// Opens the store as if a-h/kv had made its tables, whose index records of edges are kept then.
  public func keepingIndexRecords() async throws -> any Database {
    _ = try await open()
    try await query("update kv_extension_setting set value = 'kept'")
    return try await open()
  }

  /// Lets a lease run out, without waiting for it.
  public func expireLease(_ name: String) async throws {
    try await query("update locks set \(leaseExpiry) = '2001-01-01T00:00:00Z' where name = '\(name)'")
  }

  /// Lets all leases on tasks run out.
  public func expireTaskLeases() async throws {
    try await query("update tasks set lock_expires_at = '2001-01-01T00:00:00Z' where status = 'running'")
  }

  /// Makes all pending tasks due.
  public func makeTasksDue() async throws {
    try await query("update tasks set scheduled_for = '2001-01-01T00:00:00Z' where status = 'pending'")
  }
}
