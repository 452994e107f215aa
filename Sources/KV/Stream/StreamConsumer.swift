/// A named, durable position in the stream, held by one consumer at a time.
///
///     let consumer = StreamConsumer(store, stream: "mails", as: "host-1")
///     while !Task.isCancelled {
///       let changes = try await consumer.nextBatch()
///       ...
///       try await consumer.commit(changes)
///     }
///     try await consumer.release()
///
/// Every change is delivered at least once and in order: what was not committed comes again, to this consumer or to
/// the next that gets the lease. Whoever gets the lease writes the position's record anew, so that the commit of one
/// that has lost it without noticing finds another version, and is refused. Its methods are called by one task, one after
/// another.
public actor StreamConsumer {
  /// What there is to read.
  public enum Batch: Sendable, Equatable {
    /// The next changes, in commit order; at least one.
    case changes([StreamEntry])
    /// No change: the end of the stream was reached, or the position was written by somebody else, or the lease ran out, while
    /// the consumer took over. Read again later.
    case nothing
    /// Somebody else holds the lease.
    case leased(to: String)
  }

  /// Where a position that is not there yet begins.
  public enum Start: Sendable, Equatable {
    /// With the first change that the stream holds.
    case beginning
    /// With the next change.
    case now
    /// With the change of this sequence number, or the first after it.
    case sequence(Int)
  }

  private let store: any Store
  private let stream: String
  private let consumer: String
  private let type: String?
  private let prefix: String?
  private let start: Start
  private let lease: Duration
  private let clock = ContinuousClock()
  /// Of the last wait for changes.
  private var cursor = NotificationCursor.start

  private struct TakenLease {
    /// The next sequence number to be read.
    var sequence: Int
    /// Of the position's record.
    var version: Int
    /// By our own clock, counted from before the request.
    var until: ContinuousClock.Instant
    /// The last sequence number that was read.
    var seen = 0
    /// The last sequence number up to which there is nothing for this consumer, committed or not.
    var passed = 0
  }

  /// `nil` while somebody else may have the lease, or has moved the position.
  private var taken: TakenLease?
  /// Whether the lease was acquired, and not given up.
  private var mayHoldLease = false

  /// - Parameters:
  ///   - store: where the stream and the position are.
  ///   - stream: the name of the position.
  ///   - consumer: who holds the lease; two that run at once need different names.
  ///   - type: only changes of records of this type.
  ///   - prefix: only changes of keys that begin so.
  ///   - start: where to begin if the position is not there yet.
  ///   - lease: how long others wait, at most, for a consumer that has stopped reading. A read extends it when half or less is
  ///     left, so a batch may take at least half of it.
  public init(
    _ store: any Store, stream: String, as consumer: String, type: String? = nil, prefix: String? = nil,
    from start: Start = .beginning, lease: Duration = .seconds(300)
  ) {
    self.store = store
    self.stream = stream
    self.consumer = consumer
    self.type = type
    self.prefix = prefix
    self.start = start
    self.lease = lease
  }

  /// The changes that were forgotten before this consumer could read them, as of when it took the lease last: those after its position
  /// that `trimStream(through:)` took. `nil` where there are none.
  public private(set) var missed: ClosedRange<Int>?

  /// The next changes, without waiting. Takes the lease or extends it. What is not committed comes again, but for a
  /// caller who asks for what comes after a sequence number that it has seen. One that commits nothing asks for what comes after 0
  /// at first. Cost: a request for the changes, and one for the position, which may have been moved.
  public func read(limit: Int = 10, after seen: Int? = nil) async throws -> Batch {
    if limit < 1 { throw KVError(.usage, "a consumer reads at least one change, not \(limit)") }
    var taken: TakenLease
    if let current = self.taken, clock.now < current.until - lease / 2 {
      taken = current
    } else {
      let until = clock.now + lease
      let key = ConsumerPosition.key(of: stream)
      guard try await store.acquireLease(key, holder: consumer, duration: lease) != nil else {
        (self.taken, mayHoldLease) = (nil, false)
        return .leased(to: try await store.lease(key)?.holder ?? "another consumer")
      }
      mayHoldLease = true
      if let current = self.taken, clock.now < current.until {
        taken = current
        taken.until = until
      } else {
        guard let new = try await takeOver(until: until) else { return .nothing }
        taken = new
      }
    }
    self.taken = taken
    let done = max(taken.passed, seen ?? 0)
    let start = max(taken.sequence, done == .max ? .max : done + 1)
    // More at once where most may be of other keys.
    let most = prefix == nil ? limit : max(limit, 1000)
    let changes = try await store.stream(from: start, limit: most, type: type)
    if try await store.get(ConsumerPosition.key(of: stream))?.version != taken.version {
      // Somebody has moved it, and what comes next is something else.
      self.taken = nil
      return try await read(limit: limit, after: seen)
    }
    guard let last = changes.last else { return .nothing }
    self.taken?.seen = max(taken.seen, last.sequence)
    let wanted = changes.filter { $0.record.key.utf8.starts(with: (prefix ?? "").utf8) }.prefix(limit)
    if !wanted.isEmpty { return .changes(Array(wanted)) }
    self.taken?.passed = last.sequence
    do {
      // What is not for this consumer is done with, but for a caller who commits nothing.
      if seen == nil { try await commit(through: last.sequence) }
    } catch let error as KVError where error.code == .conflict {
      return .nothing
    }
    return changes.count < most ? .nothing : try await read(limit: limit, after: seen)
  }

  /// Reads the true position and fences off whoever held the lease before. `nil` where somebody wrote in between.
  private func takeOver(until: ContinuousClock.Instant) async throws -> TakenLease? {
    let record = try await store.get(ConsumerPosition.key(of: stream))
    let sequence: Int
    if let record {
      sequence = try ConsumerPosition(record).sequence
      let trimmed = try await store.trimmedSequence()
      missed = sequence > 0 && sequence <= trimmed ? sequence...trimmed : nil
    } else {
      switch start {
      case .beginning: sequence = 0
      case .now: sequence = try await store.streamSequence() + 1
      case .sequence(let first):
        if first < 0 { throw KVError(.usage, "the sequence number \(first) is negative") }
        // Whoever began later would miss what comes until then.
        let latest = try await store.streamSequence()
        guard first - 1 <= latest else {
          throw KVError(
            .conflict, "a consumer cannot begin with the change \(first): the latest is \(latest)")
        }
        sequence = first
      }
    }
    let position = ConsumerPosition(name: stream, type: type, sequence: sequence)
    do {
      let expected = record.map { Expectation.version($0.version) } ?? .absent
      _ = try await store.mutate([position.mutation(expecting: expected)])
    } catch let error as KVError where error.code == .conflict {
      return nil
    }
    // Whoever was paused until now has no lease any more, though it was written.
    guard clock.now < until else { return nil }
    return TakenLease(sequence: sequence, version: (record?.version ?? 0) + 1, until: until)
  }

  /// The next changes, as soon as there are any and this consumer has the lease. The wait between two reads grows up to the cap of
  /// `waiting`, and begins anew with each call.
  /// - Parameters:
  ///   - limit: at most so many changes.
  ///   - seen: a sequence number that the caller has seen: only later changes are given.
  ///   - waiting: how long to wait between two looks.
  ///   - whenHeld: told once by whom the lease is held, if it is.
  ///   - whenUnavailable: told why the database cannot be reached, which is then tried again and again; without it that is
  ///     thrown.
  /// - Throws: `CancellationError` where the task is cancelled while it waits.
  public func nextBatch(
    limit: Int = 10, after seen: Int? = nil, waiting: Backoff = Backoff(),
    whenHeld: @Sendable (String) -> Void = { _ in }, whenUnavailable: (@Sendable (String) -> Void)? = nil
  ) async throws -> [StreamEntry] {
    var waiting = waiting
    var hasTold = false
    while true {
      try Task.checkCancellation()
      do {
        switch try await read(limit: limit, after: seen) {
        case .changes(let changes): return changes
        case .nothing: break
        case .leased(let holder):
          if !hasTold { whenHeld(holder) }
          hasTold = true
        }
        cursor = try await store.waitForChanges(since: cursor, atMost: waiting.next())
      } catch let error as KVError where error.code == .unavailable {
        guard let whenUnavailable else { throw error }
        whenUnavailable(error.message)
        // A database that is away wakes nobody.
        try await Task.sleep(for: waiting.next())
      }
    }
  }

  /// The next changes, again and again, as soon as there are any and the lease is ours. Throws `CancellationError` where the task that
  /// reads it is cancelled; what is not committed before the next batch is asked for comes again.
  public nonisolated func batches(
    limit: Int = 10, waiting: Backoff = Backoff()
  ) -> AsyncThrowingStream<[StreamEntry], any Error> {
    AsyncThrowingStream { try await self.nextBatch(limit: limit, waiting: waiting) }
  }

  /// Moves the position past a batch.
  public func commit(_ changes: [StreamEntry]) async throws {
    guard let last = changes.last else { return }
    try await commit(through: last.sequence)
  }

  /// Moves the position past a sequence number.
  /// - Throws: a conflict where the lease was lost and somebody else has taken it, or where no change has that number
  ///   yet; the next read goes on from the true position once the lease is ours again.
  public func commit(through sequence: Int) async throws {
    if sequence < 0 { throw KVError(.usage, "the sequence number \(sequence) is negative") }
    guard let taken else { throw lost }
    if sequence > taken.seen || sequence == .max { try await store.checkIsReached(sequence) }
    let position = ConsumerPosition(name: stream, type: type, sequence: sequence + 1)
    do {
      _ = try await store.mutate([position.mutation(expecting: .version(taken.version))])
      self.taken?.sequence = sequence + 1
      self.taken?.version += 1
    } catch let error as KVError where error.code == .conflict {
      self.taken = nil
      throw lost
    } catch let error as KVError where error.code == .unavailable {
      // Whether it was committed is not known, and so not at what version the position is.
      self.taken = nil
      throw error
    }
  }

  /// Gives the lease up, so that another consumer need not wait for its end.
  public func release() async throws {
    guard mayHoldLease else { return }
    (taken, mayHoldLease) = (nil, false)
    do {
      try await store.releaseLease(ConsumerPosition.key(of: stream), holder: consumer)
    } catch let error as KVError where error.code == .conflict || error.code == .notFound {
      // Lost already.
    }
  }

  private var lost: KVError {
    KVError(.conflict, "the consumer \(JSON(stream)) was taken over or moved; nothing was committed")
  }
}
