import KV

/// The last changes that a snapshot knows, by which another history of the same database is told from its own, as after an old backup was
/// restored: one change alone may be the same in both, such as a value that is written again and again.
struct SnapshotAnchors {
  /// How many are kept.
  static let most = 256

  /// The numbers of the changes in the stream, at least one, and what tells one change from another there.
  private(set) var sequences: [Int] = []
  private(set) var sums: [UInt64] = []

  /// `nil` where there are none.
  init?(_ entries: [StreamEntry]) {
    if entries.isEmpty { return nil }
    add(entries)
  }

  /// `nil` where they are not what such lists can be.
  init?(sequences: [Int], sums: [UInt64]) {
    guard !sums.isEmpty, sequences.count == sums.count, zip(sequences, sequences.dropFirst()).allSatisfy(<)
    else { return nil }
    (self.sequences, self.sums) = (sequences, sums)
  }

  var count: Int { sums.count }
  var first: Int { sequences[0] }
  var last: Int { sequences[sequences.count - 1] }

  mutating func add(_ entries: some Sequence<StreamEntry>) {
    for entry in entries {
      sequences.append(entry.sequence)
      sums.append(Self.sum(of: entry))
    }
    sequences = sequences.suffix(Self.most)
    sums = sums.suffix(Self.most)
  }

  /// How many of the entries, which come in order, are these changes; `nil` where one is another or is not there. The first may have been
  /// trimmed off the stream.
  func length(of entries: [StreamEntry]) -> Int? {
    guard let first = entries.first?.sequence, first <= last else { return nil }
    let left = sequences.drop { $0 < first }
    let known = entries.prefix { $0.sequence <= last }
    guard known.map(\.sequence) == Array(left), known.map(Self.sum) == sums.suffix(left.count) else {
      return nil
    }
    return known.count
  }

  private static func sum(of entry: StreamEntry) -> UInt64 {
    let record = entry.record
    var sum = Checksum()
    for text in [
      "\(entry.sequence)", entry.action.rawValue, record.key, "\(record.version)", record.type,
      record.created, record.value.text,
    ] {
      sum.add(Array(text.utf8))
      sum.add([0xFF])
    }
    return sum.value
  }
}
