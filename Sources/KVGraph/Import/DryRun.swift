import KV

/// Says what a load would do to each record, and writes nothing. It remembers the keys it was given, and so finds one that comes twice,
/// also in different files.
public actor DryRun: BulkLoad {
  private let store: any RecordReading
  /// The types of the records that were there or would be, by their keys' bytes: canonically equivalent texts are different keys.
  private var types: [ByteKey: String] = [:]
  /// How many records of this load came with the policy `error`.
  private var position = 0

  /// A dry run against the records of a store, which it only reads.
  public init(_ store: any RecordReading) { self.store = store }

  /// Begins another load, whose records are counted anew.
  func beginLoad() { position = 0 }

  /// What writing each of the records would do. Throws a conflict as `BulkLoad/put(_:onConflict:)` does. Cost: a read of the
  /// records with these keys.
  public func put(_ records: [NewRecord], onConflict policy: ConflictPolicy) async throws -> [BulkOutcome] {
    for record in records { try record.validate() }
    for record in try await store.get(records.map(\.key)) {
      let key = ByteKey(record.key)
      if types[key] == nil { types[key] = record.type }
    }
    var outcomes: [BulkOutcome] = []
    for (index, record) in records.enumerated() {
      let place = policy == .error ? position : index
      position += policy == .error ? 1 : 0
      let key = ByteKey(record.key)
      guard let known = types[key] else {
        types[key] = record.type
        outcomes.append(.added)
        continue
      }
      if policy == .error {
        throw KVError(
          .conflict, "\(record.key) exists already", mutationIndex: place, key: record.key)
      }
      if !known.hasSameBytes(as: record.type), known != "json" {
        throw KVError(
          .conflict, "key \(JSON(record.key)) is there as a record of another type", reason: .otherType,
          mutationIndex: place, key: record.key)
      }
      if policy == .replace { types[key] = record.type }
      outcomes.append(policy == .skip ? .skipped : .replaced)
    }
    return outcomes
  }
}
