import KV

/// Finds what a load would do, and writes nothing. Remembers each key, so that a file that names one twice is found out.
public actor DryRun: BulkLoad {
  private let store: any Store
  /// By bytes: canonically equivalent texts are different keys.
  private var keys: Set<[UInt8]> = []
  private var position = 0

  public init(_ store: any Store) { self.store = store }

  public func put(_ records: [NewRecord], onConflict policy: ConflictPolicy) async throws -> [BulkOutcome] {
    let stored = Set(try await store.get(records.map(\.key)).map { Array($0.key.utf8) })
    return try records.map { record in
      defer { position += policy == .error ? 1 : 0 }
      let key = Array(record.key.utf8)
      let isNew = keys.insert(key).inserted && !stored.contains(key)
      switch policy {
      case _ where isNew: return .added
      case .skip: return .skipped
      case .replace: return .replaced
      case .error:
        var conflict = KVError(.conflict, "\(record.key) exists already")
        (conflict.key, conflict.mutationIndex) = (record.key, position)
        throw conflict
      }
    }
  }
}
