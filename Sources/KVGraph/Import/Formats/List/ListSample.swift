/// The beginning of a list, from which its form is told.
struct ListSample {
  /// How much is looked at, in bytes, and how much where that is all comments.
  static let (size, largest) = (1 << 16, 1 << 22)

  struct Line {
    var bytes: ArraySlice<UInt8>
    var number: Int
    var isComment: Bool { bytes.first == UInt8(ascii: "#") || bytes.first == UInt8(ascii: "%") }
    /// `#` alone, between the nodes and the edges of TGF.
    var isHash: Bool { bytes.count == 1 && bytes.first == UInt8(ascii: "#") }
  }

  /// Complete lines that are not blank, without blanks around them.
  let lines: [Line]
  /// Those that are no comments, taken apart.
  let rows: [(line: ListLine, number: Int)]
  let separator: ListLine.Separator

  /// - Parameter fileName: Cytoscape's `.sif` knows no commas.
  init(_ bytes: [UInt8], isWhole: Bool, fileName: String) {
    var size = Self.size
    var lines = Self.lines(bytes.prefix(size), isWhole: isWhole && bytes.count <= size)
    while bytes.count > size, lines.allSatisfy(\.isComment) {
      size *= 4
      lines = Self.lines(bytes.prefix(size), isWhole: isWhole && bytes.count <= size)
    }
    self.lines = lines
    let heads = lines.filter { !$0.isComment }.map { $0.bytes.prefix { $0 != UInt8(ascii: "{") } }
    let isKonect = lines.first.flatMap(ListForm.konect) != nil
    separator =
      if isKonect {
        .blanks
      } else if heads.contains(where: { $0.trimmed.contains(UInt8(ascii: "\t")) }) {
        .tab
      } else if !ListForm.isSIF(fileName), heads.contains(where: { $0.contains(UInt8(ascii: ",")) }) {
        .comma
      } else {
        .blanks
      }
    let separator = separator
    rows = lines.filter { !$0.isComment }.map { (ListLine($0.bytes, separatedBy: separator), $0.number) }
  }

  private static func lines(_ bytes: ArraySlice<UInt8>, isWhole: Bool) -> [Line] {
    var lines: [Line] = []
    var parts = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)[...]
    if !isWhole { parts.removeLast() }
    for (index, part) in parts.enumerated() {
      let trimmed = (part.last == 0x0D ? part.dropLast() : part).trimmed
      if !trimmed.isEmpty { lines.append(Line(bytes: trimmed, number: index + 1)) }
    }
    return lines
  }

  /// The fields of lines that have nothing else.
  var fields: [[String]] { rows.filter { $0.line.data == nil && $0.line.problem == nil }.map(\.line.fields) }
}
