import KV

/// What is done with parallel edges of one file: edges of the same type from and to the same nodes. An edge whose key in the file is that
/// of an edge before it is invalid whatever the policy.
public enum ParallelPolicy: String, Sendable, CaseIterable {
  /// All are taken; each after the first gets a key: its id in the file, where no edge before has that, or else a number from 2 on.
  case keep
  /// Only the first, or only the last, of them is taken.
  case first, last
  /// Each after the first is invalid data, with the reason `KVError.Reason.parallelEdge`.
  case error
}

/// Tells parallel edges by hashes of their keys. Memory: 11 to 21 bytes an edge and the keys of parallel ones.
///
/// Two edges whose hashes are equal by chance (once in a million files of ten million edges) are taken for parallel ones: then
/// one of them has a key that it could do without.
struct ParallelEdges {
  private var seen = HashTable()
  /// How many edges have had a key that came more than once.
  private var counts: [ByteKey: Int] = [:]
  /// How many were given a key.
  private(set) var keyed = 0
  /// How many were left out.
  private(set) var dropped = 0

  /// The edge as it is to be stored, with its key; `nil` where it is left out.
  /// - Parameters:
  ///   - id: what the file calls it.
  ///   - total: how many of its key there are in the file, where it is the last that counts.
  mutating func place(_ edge: Edge, id: String?, _ policy: ParallelPolicy, total: Int?) throws
    -> (edge: Edge, key: String)?
  {
    let text = edge.key
    if policy == .last, edge.parallelKey == nil, let total, total > 1 {
      let key = ByteKey(text)
      counts[key, default: 0] += 1
      if counts[key] == total { return (edge, text) }
      dropped += 1
      return nil
    }
    if seen.insert(Self.hash(text)) { return (edge, text) }
    if edge.parallelKey != nil || policy == .error {
      throw RepeatedEdge()
    }
    if policy == .first {
      dropped += 1
      return nil
    }
    keyed += 1
    var edge = edge
    if let id, !id.isEmpty {
      edge.parallelKey = id
      let text = edge.key
      if seen.insert(Self.hash(text)) { return (edge, text) }
    }
    let key = ByteKey(text)
    var number = counts[key] ?? 1
    var numbered = text
    repeat {
      number += 1
      edge.parallelKey = String(number)
      numbered = edge.key
    } while !seen.insert(Self.hash(numbered))
    counts[key] = number
    return (edge, numbered)
  }

  /// Forgets the edges, of which no more come: the memory is the database's, which sorts them now.
  mutating func end() { (seen, counts) = (HashTable(), [:]) }

  /// FNV-1a, and a mix at its end: the same for the same key in each import, as numbering has to be.
  static func hash(_ text: String) -> UInt64 {
    var text = text
    return text.withUTF8 { hash($0) }
  }

  private static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    hash ^= hash >> 32
    hash = hash &* 0xD6E8_FEB8_6659_FD93
    return hash ^ hash >> 32
  }
}

/// An edge stands in a file more than once.
struct RepeatedEdge: Error {}

/// Hashes, each once. In parts that grow one by one, so that never more than a part is there twice.
struct HashTable: Sendable {
  private var parts = [Part](repeating: Part(), count: 64)

  /// - Returns: whether it is new.
  mutating func insert(_ hash: UInt64) -> Bool { parts[Int(hash >> 58)].insert(hash) }

  private struct Part: Sendable {
    /// 0 where a slot is free; at most three quarters are taken.
    private var slots = [UInt64](repeating: 0, count: 1 << 6)
    private var count = 0

    mutating func insert(_ hash: UInt64) -> Bool {
      let hash = hash == 0 ? 1 : hash
      guard put(hash) else { return false }
      count += 1
      if count * 4 > slots.count * 3 {
        let all = slots
        slots = [UInt64](repeating: 0, count: slots.count * 2)
        for hash in all where hash != 0 { _ = put(hash) }
      }
      return true
    }

    private mutating func put(_ hash: UInt64) -> Bool {
      let mask = slots.count - 1
      var slot = Int(truncatingIfNeeded: hash) & mask
      while slots[slot] != 0 {
        if slots[slot] == hash { return false }
        slot = (slot + 1) & mask
      }
      slots[slot] = hash
      return true
    }
  }
}
