import KV

/// Lets the tasks of one process that wait for one record each ask for them together.
struct CoalescedReads: Sendable {
  private static let maximum = 1000

  private let reads: RequestCoalescer<String, Record?>

  init(
    record: @escaping @Sendable (String) async throws -> Record?,
    records: @escaping @Sendable ([String]) async throws -> [Record]
  ) {
    reads = RequestCoalescer(
      fitting: { min($0.count, Self.maximum) },
      alone: record,
      together: { await Self.answer($0, with: records) })
  }

  private static func answer(
    _ reads: [RequestCoalescer<String, Record?>.Waiting], with records: ([String]) async throws -> [Record]
  ) async {
    do {
      let records = try await records(reads.map(\.request))
      // By their bytes: Swift takes keys that Unicode calls equivalent for equal.
      let found = Dictionary(records.map { (Array($0.key.utf8), $0) }) { first, _ in first }
      for read in reads { read.continuation.resume(returning: found[Array(read.request.utf8)]) }
    } catch {
      for read in reads { read.continuation.resume(throwing: error) }
    }
  }

  func record(_ key: String) async throws -> Record? { try await reads.answer(key) }
}
