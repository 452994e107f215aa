/// A key/value store with a stream of its changes and leases. Everything else is written on these few methods.
///
/// A method that returns has happened, durably; a method that throws has changed nothing, unless its error says that it cannot know.
/// All throw ``KVError``, or `CancellationError` where the calling task was cancelled, though what is done at once may be done all the
/// same; ``BulkLoading/load(_:)`` throws what its body throws as well. Negative limits and offsets are usage errors.
///
/// A layer over a store, such as one that keeps writes back, is a type that conforms to the small protocols that it changes and
/// passes on the rest.
public protocol Store: RecordReading, RecordWriting, BulkLoading, ChangeStreaming, Leasing {
  /// Closes the connections that nobody is using at the moment, so that files and servers are free of them. They are opened again by
  /// the next use; a store that is given up closes them too. A database that lives in memory stays.
  func close() async
}

/// Reads of records.
public protocol RecordReading: Sendable {
  /// The record under a key, or `nil`. Cost: one request.
  func get(_ key: String) async throws -> Record?

  /// The records found, in key order. Cost: one request for any number of keys.
  func get(_ keys: [String]) async throws -> [Record]

  /// Records in key order. Cost: the records read plus `page.offset`.
  func records(_ selection: Selection, page: Page) async throws -> [Record]

  /// How many records a selection has. Cost: a read of their keys.
  func count(_ selection: Selection) async throws -> Int
}

/// Writes of records.
public protocol RecordWriting: Sendable {
  /// Applies all mutations in one transaction, in order, or none of them.
  ///
  /// Durable when it returns. Cost: one transaction, which writers that wait at the same time may share; a read first where there
  /// are patches.
  /// - Returns: a result for each mutation.
  /// - Throws: a conflict whose `mutationIndex` names the mutation whose expectation failed; unavailable where an answer was lost,
  ///   with a message that says whether it may have happened.
  func mutate(_ mutations: [Mutation]) async throws -> [MutationResult]
}

/// Writes of more records than one request should hold.
public protocol BulkLoading: Sendable {
  /// Runs many writes in one transaction: committed when `body` returns, undone when it throws or its task is cancelled.
  ///
  /// Others see nothing of it before. The body must not write to the store but through the load.
  @discardableResult
  func load<T: Sendable>(_ body: @Sendable (any BulkLoad) async throws -> T) async throws -> T

  /// Whether a load that fails leaves nothing behind, whatever its size. Where it does not, the error's `recordsKept` says how much.
  var loadsAreAtomic: Bool { get }
}

/// The stream of changes: each change of a record, in commit order, under a sequence number that only grows.
public protocol ChangeStreaming: Sendable {
  /// The changes from a sequence number on, in commit order. None is skipped that was committed before one that is returned.
  /// - Parameters:
  ///   - sequence: the first number that is wanted; 0 for all there is.
  ///   - limit: at most so many; `nil` for all.
  ///   - type: only changes of records of this type; `nil` for all.
  func stream(from sequence: Int, limit: Int?, type: String?) async throws -> [StreamEntry]

  /// The sequence number of the latest change; 0 on a new store.
  func streamSequence() async throws -> Int

  /// Forgets the changes up to and including a sequence number (`nil`: all of them), and returns how many there were.
  /// ``streamSequence()`` stays.
  func trimStream(through sequence: Int?) async throws -> Int

  /// The sequence number of the last change that ``trimStream(through:)`` forgot; 0 where it has forgotten none, and where another
  /// program has.
  func trimmedSequence() async throws -> Int

  /// Returns when the stream may have grown, or after the time given: what a reader at the end of it waits for.
  /// - Parameter time: how long to wait at most.
  /// - Parameter cursor: what the last such wait returned, or ``NotificationCursor/start``; so nothing is missed that came in between.
  func waitForChanges(since cursor: NotificationCursor, atMost time: Duration) async throws
    -> NotificationCursor
}

/// Leases on names. Time is the database's.
public protocol Leasing: Sendable {
  /// Takes a lease, or extends one that the holder has already; one that has run out may be taken by anybody.
  /// - Returns: the lease as it was written; `nil` where somebody else has it.
  /// - Throws: a usage error for an empty name or holder, or a duration that is not more than 0.
  func acquireLease(_ name: String, holder: String, duration: Duration) async throws -> Lease?

  /// Gives a lease up. Throws not found where there is none (or only one of somebody else's that has run out), and a
  /// conflict where somebody else has it.
  func releaseLease(_ name: String, holder: String) async throws

  /// The lease of a name, also when it has run out; `nil` where there is none.
  func lease(_ name: String) async throws -> Lease?

  /// All leases, those that have run out too, by name. Cost: one request.
  func leases() async throws -> [Lease]
}

/// How far somebody who waits for notifications has heard them. It is good for the store that gave it, as long as the process lives.
public struct NotificationCursor: Sendable, Hashable {
  /// How many notifications the store had counted.
  public let count: Int

  /// For a store that counts notifications itself.
  public init(count: Int) { self.count = count }

  /// Of somebody who has not waited yet.
  public static let start = NotificationCursor(count: 0)
}
