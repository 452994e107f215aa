/// A key/value store. Everything else is written on these few methods.
///
/// A method that returns has happened, durably; a method that throws has changed nothing.
/// All of them throw ``KVError``, or `CancellationError` where the task that calls them was cancelled.
public protocol Store: Sendable {
  /// The record under a key, or `nil`.
  func get(_ key: String) async throws -> Record?

  /// The records found, in key order. One request for any number of keys.
  func get(_ keys: [String]) async throws -> [Record]

  /// Records in key order. Cost: the records read plus `page.offset`.
  func records(_ selection: Selection, page: Page) async throws -> [Record]

  func count(_ selection: Selection) async throws -> Int

  /// The changes from a sequence number on, in commit order.
  func stream(from sequence: Int, limit: Int?, type: String?) async throws -> [StreamEntry]

  /// The sequence number of the latest change; 0 on a new store.
  func streamSequence() async throws -> Int

  /// Forgets the changes up to and including a sequence number (`nil`: all of them), and returns how many there were.
  /// ``streamSequence()`` stays.
  func trimStream(through sequence: Int?) async throws -> Int

  /// Returns when the stream may have grown, or after the time given: what a reader at the end of it waits for.
  /// - Parameter mark: what the last such wait returned, 0 before the first; so nothing is missed that came in between.
  func waitForChanges(since mark: Int, atMost time: Duration) async throws -> Int

  /// Takes a lease, or extends one that the holder has already; one that has run out may be taken from anybody. Time is
  /// the database's.
  /// - Returns: the lease as it was written; `nil` where somebody else holds it.
  func acquireLock(_ name: String, holder: String, duration: Duration) async throws -> Lock?

  /// Gives a lease up. Throws not found where there is none (or only one of somebody else's that has run out), and a
  /// conflict where somebody else holds it.
  func releaseLock(_ name: String, holder: String) async throws

  /// The lease of a name, also when it has run out.
  func lock(_ name: String) async throws -> Lock?

  /// Applies all mutations in one transaction, in order, or none of them.
  ///
  /// - Returns: a result for each mutation.
  /// - Throws: a conflict whose `mutationIndex` names the mutation whose expectation failed.
  func mutate(_ mutations: [Mutation]) async throws -> [MutationResult]

  /// Runs many writes in one transaction: committed when `body` returns, undone when it throws.
  func load<T: Sendable>(_ body: @Sendable (any BulkLoad) async throws -> T) async throws -> T
}

extension Store {
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
    try await version(of: .put(key: key, value: value, type: type, expecting: expecting))
  }

  /// The version that a put or a patch made.
  func version(of mutation: Mutation) async throws -> Int {
    guard case .put(let version)? = try await mutate([mutation]).first else {
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
    try await version(of: .patch(key: key, with: patch, type: type, expecting: expecting))
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

/// Checks that a value can be stored. One that was put together may be deeper than any that is read, and a NUL inside a string is JSON, but PostgreSQL cannot hold it: it is refused
/// everywhere, so that data can move.
public func validate(value: JSON) throws {
  if value.containsEscapedNUL {
    throw KVError(.invalidData, "the value contains \\u0000, which not every database can hold")
  }
  if value.isTooDeep {
    throw KVError(
      .invalidData, "the value is nested deeper than \(JSON.maximumDepth) levels, with what is around it")
  }
}
