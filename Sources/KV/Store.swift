/// A key/value store. Everything else is written on these few methods.
///
/// A method that returns has happened, durably; a method that throws has changed nothing.
/// All of them throw ``KVError``.
public protocol Store: Sendable {
  /// The records found, in key order. One request for any number of keys.
  func get(_ keys: [String]) async throws -> [Record]

  /// Records in key order. Cost: the records read plus `page.offset`.
  func records(_ selection: Selection, page: Page) async throws -> [Record]

  func count(_ selection: Selection) async throws -> Int

  /// The changes from a sequence number on, in commit order.
  func stream(from sequence: Int, limit: Int?, type: String?) async throws -> [StreamEntry]

  /// The sequence number of the latest change; 0 on a new store.
  func streamSequence() async throws -> Int

  /// Applies all mutations in one transaction, in order, or none of them.
  ///
  /// - Returns: a result for each mutation.
  /// - Throws: a conflict whose `mutationIndex` names the mutation whose expectation failed.
  func mutate(_ mutations: [Mutation]) async throws -> [MutationResult]

  /// Runs many writes in one transaction: committed when `body` returns, undone when it throws.
  func load<T: Sendable>(_ body: @Sendable (any BulkLoad) async throws -> T) async throws -> T
}

/// The writing end of ``Store/load(_:)``.
public protocol BulkLoad: Sendable {
  /// Writes the records in order; of an existing key it does what the policy says.
  ///
  /// With ``ConflictPolicy/error`` the conflict may be found as late as when the load is committed; then
  /// ``Store/load(_:)`` throws it, and its `mutationIndex` counts all records put with this policy.
  func put(_ records: [NewRecord], onConflict: ConflictPolicy) async throws -> BulkCounts
}

public struct NewRecord: Sendable, Equatable {
  public var key: String
  public var value: JSON
  public var type: String

  public init(key: String, value: JSON, type: String) {
    self.key = key
    self.value = value
    self.type = type
  }
}

/// What to do with a record that is already there.
public enum ConflictPolicy: String, Sendable, CaseIterable {
  case error, skip, replace
}

public struct BulkCounts: Sendable, Equatable {
  public var added = 0
  public var replaced = 0
  public var skipped = 0

  public init(added: Int = 0, replaced: Int = 0, skipped: Int = 0) {
    self.added = added
    self.replaced = replaced
    self.skipped = skipped
  }

  public static func += (sum: inout BulkCounts, more: BulkCounts) {
    sum.added += more.added
    sum.replaced += more.replaced
    sum.skipped += more.skipped
  }
}

extension Store {
  /// The record under a key, or `nil`.
  public func get(_ key: String) async throws -> Record? {
    try await get([key]).first
  }

  public func getPrefix(_ prefix: String, page: Page = .all) async throws -> [Record] {
    try await records(.prefix(prefix), page: page)
  }

  public func getRange(from: String, to: String, page: Page = .all) async throws -> [Record] {
    try await records(.range(from: from, to: to), page: page)
  }

  public func list(page: Page = .all) async throws -> [Record] {
    try await records(.all, page: page)
  }

  /// Writes a value and returns the key's new version.
  @discardableResult
  public func put(
    _ key: String, _ value: JSON, type: String = "json", expecting: Expectation = .any
  ) async throws -> Int {
    let results = try await mutate([.put(key: key, value: value, type: type, expecting: expecting)])
    guard case .put(let version)? = results.first else {
      throw KVError(.failed, "the store gave no version for the key it wrote")
    }
    return version
  }

  /// Deletes the keys in one transaction and returns how many there were.
  @discardableResult
  public func delete(_ keys: [String]) async throws -> Int {
    try await mutate(keys.map(Mutation.delete)).reduce(0) { sum, result in
      if case .deleted(let count) = result { sum + count } else { sum }
    }
  }
}

extension Store {
  /// Applies a merge patch (RFC 7396) to the value under a key, which is made where it is absent, and returns the new
  /// version. Without an expectation it is repeated when somebody else writes in between.
  @discardableResult
  public func patch(
    _ key: String, with patch: JSON, type: String = "json", expecting: Expectation = .any
  ) async throws -> Int {
    while true {
      let record = try await get(key)
      let value = (record?.value ?? .null).merged(with: patch)
      let found = record.map { Expectation.version($0.version) } ?? .absent
      if expecting != .any, expecting != found {
        throw expecting.conflict(key: key, found: record?.version)
      }
      do {
        return try await put(key, value, type: type, expecting: found)
      } catch let error as KVError where error.code == .conflict && expecting == .any {
        continue
      }
    }
  }

  /// Deletes a part of a selection in one transaction and returns how many records there were.
  @discardableResult
  public func delete(_ selection: Selection, page: Page = .all) async throws -> Int {
    guard case .deleted(let count)? = try await mutate([.deleteSelection(selection, page: page)]).first else {
      throw KVError(.failed, "the store did not say how much it deleted")
    }
    return count
  }

  /// Deletes the records whose keys begin with these bytes.
  @discardableResult
  public func deletePrefix(_ prefix: String, page: Page = .all) async throws -> Int {
    try await delete(.prefix(prefix), page: page)
  }

  /// Deletes the records from one key up to, but not with, another.
  @discardableResult
  public func deleteRange(from: String, to: String, page: Page = .all) async throws -> Int {
    try await delete(.range(from: from, to: to), page: page)
  }
}

/// Checks that a key can be stored: not empty, no NUL.
public func validate(key: String) throws {
  if key.isEmpty { throw KVError(.usage, "the key is empty") }
  if key.utf8.contains(0) { throw KVError(.usage, "the key contains a NUL character") }
}

/// Checks that a value can be stored. A NUL inside a string is JSON, but PostgreSQL cannot hold it: it is refused
/// everywhere, so that data can move.
public func validate(value: JSON) throws {
  if value.containsEscapedNUL {
    throw KVError(.invalidData, "the value contains \\u0000, which not every database can hold")
  }
}
