import KV

/// A whole graph as it was at one point of the database's stream.
struct SnapshotContents {
  var copy: GraphCopy
  var undirected: [String]
  var adjacency: Adjacency
}

/// A sum over bytes that tells a damaged file: words are mixed in one after the other (a xor, a multiplication, a shift), in four sums
/// beside each other.
struct Checksum {
  private var lanes: (UInt64, UInt64, UInt64, UInt64) = (
    0x9E37_79B9_7F4A_7C15, 0xC2B2_AE3D_27D4_EB4F, 0x1656_67B1_9E37_79F9, 0x27D4_EB2F_1656_67C5
  )

  var value: UInt64 {
    var sum = lanes.0
    for lane in [lanes.1, lanes.2, lanes.3] { Self.mix(lane, into: &sum) }
    return sum
  }

  private static func mix(_ word: UInt64, into lane: inout UInt64) {
    lane = (lane ^ word) &* 0xFF51_AFD7_ED55_8CCD
    lane ^= lane >> 32
  }

  mutating func add(_ bytes: [UInt8]) { bytes.withUnsafeBytes { add($0) } }

  mutating func add(_ raw: UnsafeRawBufferPointer) {
    func word(_ index: Int) -> UInt64 {
      UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: index, as: UInt64.self))
    }
    Self.mix(UInt64(raw.count), into: &lanes.0)
    var index = 0
    while index + 32 <= raw.count {
      Self.mix(word(index), into: &lanes.0)
      Self.mix(word(index + 8), into: &lanes.1)
      Self.mix(word(index + 16), into: &lanes.2)
      Self.mix(word(index + 24), into: &lanes.3)
      index += 32
    }
    var tail: UInt64 = 0
    while index < raw.count {
      tail = tail << 8 | UInt64(raw[index])
      index += 1
      if index % 8 == 0 || index == raw.count {
        Self.mix(tail, into: &lanes.0)
        tail = 0
      }
    }
  }
}
