/// A database as a whole: what a dump holds, and a copy carries over.
public protocol Archiving: Sendable {
  /// Gives all that the database holds to `body`, piece by piece, as it was at one moment, whatever others write meanwhile.
  ///
  /// The order is that of ``ArchiveItem``'s cases: attribute indexes by label and attribute, settings by name, records by key, changes by
  /// sequence number, the sequence number of the latest change, tasks by time of creation and id, and the leases by name that have not run
  /// out. Cost: a read of all; rqlite, which keeps no moment beyond a request, gives all in one answer.
  /// - Parameters:
  ///   - stream: whether the changes are among it.
  ///   - body: is given some thousand items at a time, none twice.
  /// - Throws: what `body` throws, as the store's other methods do, and `CancellationError`.
  func archive(stream: Bool, _ body: @Sendable ([ArchiveItem]) async throws -> Void) async throws

  /// Writes a whole database into this one, which must be empty, in one transaction: done when `body` returns, undone when it throws
  /// or its task is cancelled. Versions, times and sequence numbers stay as they are, as far as the database can hold them, and the
  /// stream gets no change that is not written.
  ///
  /// rqlite, which has no transaction beyond a request, gets all in one request. Attribute indexes are made when all is there.
  /// - Throws: a conflict where the database holds something already.
  func restore<T: Sendable>(_ body: @Sendable (any ArchiveWriting) async throws -> T) async throws -> T
}

/// The writing end of ``Archiving/restore(_:)``.
public protocol ArchiveWriting: Sendable {
  /// Writes the items, which come in the order in which ``Archiving/archive(stream:_:)`` gives them.
  ///
  /// What the database refuses is thrown by this call, by a later one, or by ``Archiving/restore(_:)``.
  /// - Throws: invalid data for a key or a value that no database of kv's may hold.
  func write(_ items: [ArchiveItem]) async throws
}

/// A thing that a database holds.
public enum ArchiveItem: Sendable, Equatable {
  /// An attribute index; what it holds is made anew.
  case index(AttributeIndex)
  /// What the database keeps about itself.
  case setting(name: String, value: String)
  /// A record, positions of consumers and edges among them.
  case record(Record)
  /// A change of the stream.
  case change(StreamEntry)
  /// The sequence number of the latest change, which the stream may hold no more.
  case sequence(Int)
  /// A task in any state.
  case task(ScheduledTask)
  /// A lease that has not run out.
  case lease(Lease)
}

/// How many things of each kind there are.
public struct ArchiveCounts: Sendable, Equatable {
  /// Records, of whatever type.
  public var records = 0
  /// Changes of the stream.
  public var changes = 0
  /// Tasks in any state.
  public var tasks = 0
  /// Leases that have not run out.
  public var leases = 0

  /// No things.
  public init() {}

  /// Counts what is a record, a change, a task or a lease.
  public mutating func count(_ items: some Sequence<ArchiveItem>) {
    for item in items {
      switch item {
      case .record: records += 1
      case .change: changes += 1
      case .task: tasks += 1
      case .lease: leases += 1
      case .index, .setting, .sequence: break
      }
    }
  }

  /// How many there are of all kinds.
  public var all: Int { records + changes + tasks + leases }
}
