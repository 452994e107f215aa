import KV

/// How a snapshot is written: a line that says what it is, sections of numbers and bytes, each with its length before it, and a checksum over all.
/// Numbers are little-endian.
enum SnapshotCoding {
  private static let magic = Array("kv-graph 1\n".utf8)

  static func encode(_ contents: SnapshotContents) -> [UInt8] {
    let adjacency = contents.adjacency
    var writer = Writer()
    writer.bytes.reserveCapacity(
      adjacency.names.bytes.count + 13 * adjacency.nodeCount + 8 * adjacency.targets.count + 4096)
    writer.bytes += magic
    writer.add(contents.databaseID)
    writer.add([Int64(contents.sequence), Int64(bitPattern: contents.anchor), Int64(adjacency.edgeCount)])
    writer.add(contents.undirected)
    writer.add((0..<Int32(adjacency.labels.count)).map { adjacency.labels[$0] })
    writer.add(adjacency.names.bytes)
    writer.add(adjacency.names.ends.map { Int64($0) })
    writer.add(adjacency.isRecorded.map { $0 ? 1 : 0 } as [UInt8])
    writer.add(adjacency.offsets)
    writer.add(adjacency.targets)
    writer.add(adjacency.arcLabels)
    var sum = Checksum()
    sum.add(writer.bytes)
    writer.append([sum.value])
    return writer.bytes
  }

  /// `nil` where the bytes are not whole, were changed, or are of another version.
  static func decode(_ bytes: [UInt8]) -> SnapshotContents? {
    guard bytes.count >= magic.count + 8, bytes.starts(with: magic) else { return nil }
    var sum = Checksum()
    sum.add(bytes[..<(bytes.count - 8)])
    var reader = Reader(bytes: bytes, position: bytes.count - 8)
    guard let written: [UInt64] = reader.numbers(1), written == [sum.value] else { return nil }
    reader = Reader(bytes: bytes, position: magic.count)
    guard let databaseID = reader.text(), let numbers: [Int64] = reader.section(), numbers.count == 3,
      let undirected = reader.texts(), let labels = reader.texts(), let names: [UInt8] = reader.section(),
      let ends: [Int64] = reader.section(), let recorded: [UInt8] = reader.section(),
      let offsets: [Int32] = reader.section(), let targets: [Int32] = reader.section(),
      let arcLabels: [Int32] = reader.section(), reader.position == bytes.count - 8
    else { return nil }
    // The checksum vouches for what is inside of the sections; that they fit together is seen here all the same.
    let nodes = ends.count
    guard offsets.count == nodes + 1, recorded.count == nodes, arcLabels.count == targets.count,
      offsets.first == 0, offsets.last.map({ Int($0) }) == targets.count,
      zip(offsets, offsets.dropFirst()).allSatisfy({ $0 <= $1 }),
      Int(ends.last ?? 0) == names.count, zip(ends, ends.dropFirst()).allSatisfy({ $0 <= $1 }),
      targets.allSatisfy({ $0 >= 0 && $0 < nodes }),
      arcLabels.allSatisfy({ ($0 >= 0 ? $0 : ~$0) < labels.count })
    else { return nil }
    return SnapshotContents(
      databaseID: databaseID, sequence: Int(numbers[0]), anchor: UInt64(bitPattern: numbers[1]),
      undirected: undirected,
      adjacency: Adjacency(
        names: SortedTexts(bytes: names, ends: ends.map { Int($0) }), isRecorded: recorded.map { $0 != 0 },
        labels: LabelTable(labels, UndirectedTypes(undirected)), edgeCount: Int(numbers[2]), offsets: offsets,
        targets: targets, arcLabels: arcLabels))
  }

  private struct Writer {
    var bytes: [UInt8] = []

    mutating func append<Number: FixedWidthInteger>(_ numbers: [Number]) {
      if Number(1).littleEndian == Number(1) {
        numbers.withUnsafeBytes { bytes.append(contentsOf: $0) }
      } else {
        numbers.map(\.littleEndian).withUnsafeBytes { bytes.append(contentsOf: $0) }
      }
    }

    mutating func add<Number: FixedWidthInteger>(_ numbers: [Number]) {
      append([Int64(numbers.count)])
      append(numbers)
    }

    mutating func add(_ text: String) { add(Array(text.utf8)) }

    mutating func add(_ texts: [String]) {
      append([Int64(texts.count)])
      for text in texts { add(text) }
    }
  }

  private struct Reader {
    let bytes: [UInt8]
    var position: Int

    mutating func numbers<Number: FixedWidthInteger>(_ count: Int) -> [Number]? {
      let width = MemoryLayout<Number>.size
      guard count >= 0, count <= (bytes.count - position) / width else { return nil }
      let start = position
      position += count * width
      return bytes.withUnsafeBytes { raw in
        [Number](unsafeUninitializedCapacity: count) { buffer, filled in
          UnsafeMutableRawBufferPointer(buffer).copyMemory(
            from: UnsafeRawBufferPointer(rebasing: raw[start..<start + count * width]))
          if Number(1).littleEndian != Number(1) {
            for index in buffer.indices { buffer[index] = Number(littleEndian: buffer[index]) }
          }
          filled = count
        }
      }
    }

    mutating func section<Number: FixedWidthInteger>() -> [Number]? {
      guard let count: [Int64] = numbers(1) else { return nil }
      return numbers(Int(count[0]))
    }

    mutating func text() -> String? {
      let bytes: [UInt8]? = section()
      return bytes.flatMap { String(validating: $0, as: UTF8.self) }
    }

    mutating func texts() -> [String]? {
      guard let count: [Int64] = numbers(1), count[0] >= 0, count[0] <= bytes.count else { return nil }
      var texts: [String] = []
      for _ in 0..<count[0] {
        guard let text = text() else { return nil }
        texts.append(text)
      }
      return texts
    }
  }
}
