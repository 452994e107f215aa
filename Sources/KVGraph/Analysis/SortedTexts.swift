/// Texts in the order of their bytes, numbered in it: the names of an adjacency's nodes.
struct SortedTexts: Sendable {
  private(set) var bytes: [UInt8] = []
  private(set) var ends: [Int] = []

  var count: Int { ends.count }
  var numbers: Range<Int32> { 0..<Int32(count) }

  init() {}

  /// - Parameter ends: where each text ends; increasing, and the last of them the number of bytes, which is not checked.
  init(bytes: [UInt8], ends: [Int]) { (self.bytes, self.ends) = (bytes, ends) }

  /// - Parameter text: stands behind all that there are, which is not checked.
  mutating func append(_ text: some Sequence<UInt8>) {
    bytes.append(contentsOf: text)
    ends.append(bytes.count)
  }

  /// Some of other texts, behind all that there are.
  mutating func append(_ other: SortedTexts, _ numbers: Range<Int>) {
    if numbers.isEmpty { return }
    let start = other.range(of: numbers.lowerBound).lowerBound
    let shift = bytes.count - start
    bytes += other.bytes[start..<other.ends[numbers.upperBound - 1]]
    ends += other.ends[numbers].lazy.map { $0 + shift }
  }

  subscript(number: Int32) -> String { String(decoding: bytes[range(of: Int(number))], as: UTF8.self) }

  func bytes(of number: Int32) -> ArraySlice<UInt8> { bytes[range(of: Int(number))] }

  private func range(of number: Int) -> Range<Int> { (number == 0 ? 0 : ends[number - 1])..<ends[number] }

  func find(_ text: String) -> Int32? {
    let place = place(of: text)
    return place < count && bytes(of: Int32(place)).elementsEqual(text.utf8) ? Int32(place) : nil
  }

  /// How many texts stand before one.
  func place(of text: String) -> Int {
    let wanted = Array(text.utf8)
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if bytes(of: Int32(middle)).lexicographicallyPrecedes(wanted) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low
  }
}
