/// What is done with an edge that is parallel to one that came before in the same file.
public enum ParallelPolicy: String, Sendable, CaseIterable {
  /// It gets a key: its own id or key in the file, or else a number from 2 on.
  case keep
  /// The first, or the last, of them is taken.
  case first, last
  case error
}

/// Tells parallel edges by hashes of their keys. Memory: 16 bytes an edge and the keys of parallel ones.
///
/// Two edges whose hashes are equal by chance (once in a million files of ten million edges) are taken for parallel ones: then
/// one of them has a key that it could do without.
struct ParallelEdges {
  private var seen: Set<UInt64> = []
  /// How many edges have had a key that came more than once.
  private var counts: [[UInt8]: Int] = [:]
  /// How many were given a key.
  private(set) var keyed = 0
  /// How many were left out.
  private(set) var dropped = 0

  /// The edge as it is to be stored; `nil` where it is left out.
  /// - Parameters:
  ///   - id: what the file calls it.
  ///   - total: how many of its key there are in the file, where it is the last that counts.
  mutating func place(_ edge: Edge, id: String?, _ policy: ParallelPolicy, total: Int?) throws -> Edge? {
    let key = Array(edge.key.utf8)
    if policy == .last, edge.parallelKey == nil, let total, total > 1 {
      counts[key, default: 0] += 1
      if counts[key] == total { return edge }
      dropped += 1
      return nil
    }
    if seen.insert(Self.hash(key)).inserted { return edge }
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
      if seen.insert(Self.hash(Array(edge.key.utf8))).inserted { return edge }
    }
    var number = counts[key] ?? 1
    repeat {
      number += 1
      edge.parallelKey = String(number)
    } while !seen.insert(Self.hash(Array(edge.key.utf8))).inserted
    counts[key] = number
    return edge
  }

  /// FNV-1a, and a mix at its end: the same for the same key in each import, as numbering has to be.
  static func hash(_ key: [UInt8]) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in key { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    hash ^= hash >> 32
    hash = hash &* 0xD6E8_FEB8_6659_FD93
    return hash ^ hash >> 32
  }
}

/// An edge stands in a file more than once.
struct RepeatedEdge: Error {}
