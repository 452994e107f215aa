import KV

/// Makes puts of patches: of what a key holds, read beforehand, and of what earlier mutations of the same batch do to it.
///
/// A put made so expects what was found. Where it fails, somebody else has written in between, and the reading begins
/// again.
struct PatchResolution {
  /// What the patched keys hold, by their bytes.
  private var stored: [ByteKey: Record] = [:]
  /// For a patch the last deletion of a part of a selection that has taken its key, both by their places. Which records
  /// these are only the database can tell: first it is taken that none has, and when that proves wrong one after another.
  private var removals: [Int: Int] = [:]

  static func isNeeded(for mutations: [Mutation]) -> Bool { mutations.contains { $0.patchedKey != nil } }

  mutating func read(_ mutations: [Mutation], with get: ([String]) async throws -> [Record]) async throws {
    let records = try await get(mutations.compactMap(\.patchedKey))
    stored = Dictionary(records.map { (ByteKey($0.key), $0) }) { first, _ in first }
  }

  /// Mutations without patches, each at its own place.
  struct Resolved {
    var mutations: [Mutation] = []
    /// Set where the last patch's own expectation cannot be met by what its key is taken to hold. Two puts stand for that
    /// patch then, one that checks what was taken, and one that always fails.
    var failure: FailedExpectation?
  }

  func resolve(_ mutations: [Mutation]) -> Resolved {
    var current = stored
    var resolved = Resolved()
    for (index, mutation) in mutations.enumerated() {
      switch mutation {
      case .patch(let key, let patch, let type, let expecting):
        let bytes = ByteKey(key)
        let record = current[bytes]
        let found = record.map { Expectation.version($0.version) } ?? .absent
        let value = (record?.value ?? .null).merged(with: patch)
        resolved.mutations.append(.put(key: key, value: value, type: type, expecting: found))
        if !expecting.holds(at: record?.version) {
          resolved.mutations.append(.put(key: key, value: .null, expecting: .absent))
          resolved.failure = FailedExpectation(
            mutation: index,
            error: expecting.conflict(key: key, found: record?.version, mutationIndex: index))
          return resolved
        }
        current[bytes] = Self.record(after: record, key: key, value: value, type: type)
        continue
      case .put(let key, let value, let type, _):
        let bytes = ByteKey(key)
        current[bytes] = Self.record(after: current[bytes], key: key, value: value, type: type)
      case .expect, .expectNoEdges: break
      case .delete(let key):
        current[ByteKey(key)] = nil
      case .deleteSelection(let selection, .all):
        current = current.filter { !selection.contains($1) }
      case .deleteSelection:
        for (patch, removal) in removals where removal == index {
          if let key = mutations[patch].patchedKey { current[ByteKey(key)] = nil }
        }
      }
      resolved.mutations.append(mutation)
    }
    return resolved
  }

  /// Reads again after the database refused the put of a patch. If nothing has changed, what was taken of the deletions
  /// before it was wrong.
  mutating func revise(
    _ mutations: [Mutation], refused index: Int, with get: ([String]) async throws -> [Record]
  )
    async throws
  {
    guard let key = mutations[index].patchedKey else { return }
    let before = stored[ByteKey(key)]
    try await read(mutations, with: get)
    let isUnchanged = before?.version == stored[ByteKey(key)]?.version
    if isUnchanged { removals[index] = removal(of: key, before: removals[index] ?? index, in: mutations) }
  }

  /// The last deletion before a place that may have removed the key, but none before another patch of the key: that one
  /// was carried out, so what it leaves is known.
  private func removal(of key: String, before place: Int, in mutations: [Mutation]) -> Int? {
    for (index, mutation) in mutations[..<place].enumerated().reversed() {
      switch mutation {
      case .deleteSelection(let selection, let page) where page != .all && selection.isPossible(for: key):
        return index
      case .patch(let patched, _, _, _) where patched.hasSameBytes(as: key): return nil
      default: continue
      }
    }
    return nil
  }

  private static func record(after record: Record?, key: String, value: JSON, type: String) -> Record {
    // A version that cannot grow is refused when it is written.
    let version = (record?.version ?? 0).addingReportingOverflow(1)
    return Record(
      key: key, version: version.overflow ? .max : version.partialValue, value: value, type: type, created: ""
    )
  }
}

/// What a mutation expected is not what is there.
struct FailedExpectation: Error {
  /// Its place among the mutations.
  var mutation: Int
  /// What the caller is told.
  var error: KVError
}

extension Mutation {
  fileprivate var patchedKey: String? { if case .patch(let key, _, _, _) = self { key } else { nil } }
}
