import KV

/// How a snapshot is written: a line that says what it is, sections of numbers, each with its length before it, and a checksum over all
/// sections. Numbers are little-endian.
enum SnapshotCoding {
  /// What every version begins with.
  static let mark = Array("kv-graph ".utf8)
  private static let magic = mark + Array("6\n".utf8)

  static func encode(_ contents: SnapshotContents) -> [UInt8] {
    let adjacency = contents.adjacency
    var writer = Writer()
    writer.bytes.reserveCapacity(
      adjacency.names.bytes.count + 17 * adjacency.nodeCount + 16 * adjacency.targets.count + 4096)
    writer.bytes += magic
    writer.add(contents.copy.databaseID)
    writer.add(contents.copy.mark)
    writer.add([Int64(contents.copy.sequence), Int64(adjacency.edgeCount)])
    writer.add(contents.undirected)
    writer.add((0..<Int32(adjacency.labels.count)).map { adjacency.labels[$0] })
    writer.add(adjacency.names.bytes)
    writer.add(adjacency.names.ends)
    writer.add(adjacency.isRecorded.map { $0 ? 1 : 0 } as [UInt8])
    writer.add(adjacency.offsets)
    writer.add(adjacency.targets)
    writer.add(adjacency.arcLabels)
    let incoming = adjacency.incoming
    writer.add(incoming.offsets)
    writer.add(incoming.edges)
    writer.add(incoming.sources)
    writer.append([writer.sum.value])
    return writer.bytes
  }

  /// `nil` where the bytes are not whole, were changed, or are of another version.
  /// - Parameters:
  ///   - size: how many bytes there are.
  ///   - read: fills the memory with the next bytes; false where it cannot.
  static func decode(size: Int, read: (UnsafeMutableRawBufferPointer) -> Bool) -> SnapshotContents? {
    withoutActuallyEscaping(read) { read in
      var reader = Reader(rest: size, read: read)
      return decode(&reader)
    }
  }

  private static func decode(_ reader: inout Reader) -> SnapshotContents? {
    guard reader.numbers(magic.count) == magic, let databaseID = reader.text(),
      let mark = reader.text(), let numbers: [Int64] = reader.section(), numbers.count == 2,
      let undirected = reader.texts(), let labels = reader.texts(), let names: [UInt8] = reader.section(),
      let ends: [Int] = reader.section(), let recorded: [UInt8] = reader.section(),
      let offsets: [Int32] = reader.section(), let targets: [Int32] = reader.section(),
      let arcLabels: [Int32] = reader.section(), let incomingOffsets: [Int32] = reader.section(),
      let incomingEdges: [Int32] = reader.section(), let sources: [Int32] = reader.section()
    else { return nil }
    let sum = reader.sum.value
    guard let written: [UInt64] = reader.numbers(1), written == [sum], reader.rest == 0 else { return nil }
    // The checksum vouches for what is inside of the sections; that they fit together is seen here all the same.
    let (nodes, edges) = (ends.count, Int(numbers[1]))
    func areBounds(_ offsets: [Int32], of count: Int) -> Bool {
      offsets.count == nodes + 1 && offsets.first == 0 && offsets.last.map { Int($0) } == count
        && zip(offsets, offsets.dropFirst()).allSatisfy { $0 <= $1 }
    }
    guard areBounds(offsets, of: targets.count), recorded.count == nodes, arcLabels.count == targets.count,
      ends.last ?? 0 == names.count, zip(ends, ends.dropFirst()).allSatisfy({ $0 <= $1 }),
      targets.allSatisfy({ $0 >= 0 && $0 < nodes }),
      arcLabels.allSatisfy({ ($0 >= 0 ? $0 : ~$0) < labels.count }),
      areBounds(incomingOffsets, of: edges), incomingEdges.count == edges, sources.count == edges,
      incomingEdges.allSatisfy({ $0 >= 0 && $0 < targets.count }),
      sources.allSatisfy({ $0 >= 0 && $0 < nodes })
    else { return nil }
    return SnapshotContents(
      copy: GraphCopy(databaseID: databaseID, mark: mark, sequence: Int(numbers[0])), undirected: undirected,
      adjacency: Adjacency(
        names: SortedTexts(bytes: names, ends: ends), isRecorded: recorded.map { $0 != 0 },
        labels: LabelTable(labels, UndirectedTypes(undirected)), edgeCount: edges, offsets: offsets,
        targets: targets, arcLabels: arcLabels,
        incoming: IncomingEdges(offsets: incomingOffsets, edges: incomingEdges, sources: sources)))
  }

  private struct Writer {
    var bytes: [UInt8] = []
    private(set) var sum = Checksum()

    mutating func append<Number: FixedWidthInteger>(_ numbers: [Number]) {
      if Number(1).littleEndian == Number(1) {
        numbers.withUnsafeBytes { bytes.append(contentsOf: $0) }
      } else {
        numbers.map(\.littleEndian).withUnsafeBytes { bytes.append(contentsOf: $0) }
      }
    }

    mutating func add<Number: FixedWidthInteger>(_ numbers: [Number]) {
      append([Int64(numbers.count)])
      let start = bytes.count
      append(numbers)
      bytes.withUnsafeBytes { sum.add(UnsafeRawBufferPointer(rebasing: $0[start...])) }
    }

    mutating func add(_ text: String) { add(Array(text.utf8)) }

    mutating func add(_ texts: [String]) {
      add([Int64(texts.count)])
      for text in texts { add(text) }
    }
  }

  private struct Reader {
    /// How many bytes are left.
    private(set) var rest: Int
    private(set) var sum = Checksum()
    private let read: (UnsafeMutableRawBufferPointer) -> Bool

    init(rest: Int, read: @escaping (UnsafeMutableRawBufferPointer) -> Bool) {
      (self.rest, self.read) = (rest, read)
    }

    /// Read into the memory that they stay in.
    mutating func numbers<Number: FixedWidthInteger>(_ count: Int, summed: Bool = false) -> [Number]? {
      let width = MemoryLayout<Number>.size
      guard count >= 0, count <= rest / width else { return nil }
      rest -= count * width
      var isRead = true
      let numbers = [Number](unsafeUninitializedCapacity: count) { buffer, filled in
        let raw = UnsafeMutableRawBufferPointer(
          rebasing: UnsafeMutableRawBufferPointer(buffer)[..<(count * width)])
        isRead = read(raw)
        guard isRead else { return }
        if summed { sum.add(UnsafeRawBufferPointer(raw)) }
        if Number(1).littleEndian != Number(1) {
          for index in 0..<count { buffer[index] = Number(littleEndian: buffer[index]) }
        }
        filled = count
      }
      return isRead ? numbers : nil
    }

    mutating func section<Number: FixedWidthInteger>() -> [Number]? {
      guard let count: [Int64] = numbers(1) else { return nil }
      return numbers(Int(count[0]), summed: true)
    }

    mutating func text() -> String? {
      let bytes: [UInt8]? = section()
      return bytes.flatMap { String(validating: $0, as: UTF8.self) }
    }

    mutating func texts() -> [String]? {
      guard let count: [Int64] = section(), count.count == 1, count[0] >= 0, count[0] <= rest else {
        return nil
      }
      var texts: [String] = []
      for _ in 0..<count[0] {
        guard let text = text() else { return nil }
        texts.append(text)
      }
      return texts
    }
  }
}
