import KV

/// A whole graph as it was at one point of the database's stream.
struct SnapshotContents {
  /// The name of the database.
  var databaseID: String
  /// The last change that is in it.
  var sequence: Int
  /// What that change was, so that another history is told from this one.
  var anchor: UInt64
  var undirected: [String]
  var adjacency: Adjacency

  /// What tells one change from another.
  static func anchor(of entry: StreamEntry) -> UInt64 {
    let record = entry.record
    var sum = Checksum()
    for text in [
      "\(entry.sequence)", entry.action.rawValue, record.key, "\(record.version)", record.type,
      record.created,
      record.value.text,
    ] {
      sum.add(Array(text.utf8))
      sum.add([0xFF])
    }
    return sum.value
  }
}

/// A sum over bytes that tells a damaged file: words are mixed in one after the other (a xor, a multiplication, a shift).
struct Checksum {
  private(set) var value: UInt64 = 0x9E37_79B9_7F4A_7C15

  private mutating func mix(_ word: UInt64) {
    value = (value ^ word) &* 0xFF51_AFD7_ED55_8CCD
    value ^= value >> 32
  }

  mutating func add(_ bytes: some Collection<UInt8>) {
    mix(UInt64(bytes.count))
    let isContiguous: Void? = bytes.withContiguousStorageIfAvailable { buffer in
      let raw = UnsafeRawBufferPointer(buffer)
      var index = 0
      while index + 8 <= raw.count {
        mix(UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)))
        index += 8
      }
      var tail: UInt64 = 0
      while index < raw.count {
        tail = tail << 8 | UInt64(raw[index])
        index += 1
      }
      mix(tail)
    }
    if isContiguous == nil { for byte in bytes { mix(UInt64(byte)) } }
  }
}
