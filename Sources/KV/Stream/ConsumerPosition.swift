/// How far a consumer has read the stream: the record `github.com/a-h/kv/stream/<name>`.
public struct ConsumerPosition: Sendable, Equatable {
  /// The name of the position, which is the `stream` of a ``StreamConsumer``.
  public var name: String
  /// Only changes of records of this type; `nil` for all.
  public var type: String?
  /// The next sequence number to be read.
  public var sequence: Int
  /// When the position was last written, as its writer's clock had it: RFC 3339, UTC.
  public var lastUpdated: String

  /// A position as of now, by this machine's clock; by default at the start of the stream. Nothing is written.
  init(name: String, type: String? = nil, sequence: Int = 0) {
    self.name = name
    self.type = type
    self.sequence = sequence
    lastUpdated = "\(Timestamp.now())"
  }

  /// The record's key, which is also the name of the consumer's lease.
  package static func key(of name: String) -> String { "github.com/a-h/kv/stream/" + name }

  /// The error for a consumer that is not there.
  package static func missing(_ name: String) -> KVError {
    KVError(.notFound, "no consumer \(JSON(name))", reason: .noConsumer)
  }

  static let recordType = "StreamConsumerStatus"
  /// What a-h/kv writes for a consumer of all types.
  private static let allTypes = "all"

  init(_ record: Record) throws {
    guard let members = record.value.members,
      let sequence = members.first(where: { $0.name == "seq" }).flatMap({ Int($0.value.text) })
    else { throw KVError(.invalidData, "the consumer record \(JSON(record.key)) holds no position") }
    func text(_ name: String) -> String? { members.first { $0.name == name }?.value.string }
    name = text("name") ?? String(record.key.dropFirst(Self.key(of: "").count))
    type = Self.type(text("ofType"))
    self.sequence = max(0, sequence)
    lastUpdated = text("lastUpdated") ?? record.created
  }

  /// A type as a-h/kv names it: `all` stands for every type.
  package static func type(_ name: String?) -> String? { name == allTypes ? nil : name }

  func mutation(expecting: Expectation) -> Mutation {
    .put(key: Self.key(of: name), value: JSON(self), type: Self.recordType, expecting: expecting)
  }

  fileprivate var members: [(String, JSON)] {
    [
      ("name", JSON(name)), ("ofType", JSON(type ?? Self.allTypes)), ("seq", JSON(sequence)),
      ("lastUpdated", JSON(lastUpdated)),
    ]
  }
}

extension JSON {
  /// `{"name","ofType","seq","lastUpdated"}`, as it is stored.
  public init(_ position: ConsumerPosition) { self = JSON(members: position.members) }
}

extension Store {
  /// Where a consumer stands, or `nil` where there is none of that name.
  public func consumerPosition(_ name: String) async throws -> ConsumerPosition? {
    try await get(ConsumerPosition.key(of: name)).map(ConsumerPosition.init)
  }

  /// Where each consumer stands, by name. Cost: one request.
  public func consumerPositions() async throws -> [ConsumerPosition] {
    try await records(.prefix(ConsumerPosition.key(of: "")), page: .all).map { try ConsumerPosition($0) }
  }

  /// Moves a consumer so that it goes on after a sequence number. Throws not found where there is no such consumer, and a
  /// conflict where no change has that number yet; a consumer that is running notices, and goes on from there too.
  public func commitConsumer(_ name: String, through sequence: Int) async throws {
    while true {
      try Task.checkCancellation()
      guard let record = try await get(ConsumerPosition.key(of: name)) else {
        throw ConsumerPosition.missing(name)
      }
      try await checkIsReached(sequence)
      let type = try ConsumerPosition(record).type
      let position = ConsumerPosition(name: name, type: type, sequence: sequence + 1)
      do {
        _ = try await mutate([position.mutation(expecting: .version(record.version))])
        return
      } catch let error as KVError where error.code == .conflict {
        continue
      }
    }
  }

  /// Throws a conflict where no change has this number yet: whoever went on after it would miss those that come until then.
  func checkIsReached(_ sequence: Int) async throws {
    if sequence == .max {
      throw KVError(
        .invalidData, "the change \(sequence) has the last number there is: no position is after it")
    }
    let latest = try await streamSequence()
    if sequence > latest {
      throw KVError(
        .conflict, "there is no change \(sequence) yet, the latest is \(latest); nothing was committed")
    }
  }

  /// Forgets a consumer's position. Throws not found where there is none.
  public func deleteConsumer(_ name: String) async throws {
    if try await delete([ConsumerPosition.key(of: name)]) == 0 { throw ConsumerPosition.missing(name) }
  }
}
