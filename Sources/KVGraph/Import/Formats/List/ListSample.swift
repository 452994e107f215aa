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
    let entries = lines.filter { !$0.isComment }
    let isKonect = lines.first.flatMap(ListForm.konect) != nil
    let separator = isKonect ? .blanks : Self.separator(of: entries, mayBeComma: !ListForm.isSIF(fileName))
    self.separator = separator
    rows = entries.map { (ListLine($0.bytes, separatedBy: separator), $0.number) }
  }

  /// The first of tab, comma and blanks that stands somewhere and separates fields in each line; the first that stands somewhere, where
  /// there is none such.
  private static func separator(of lines: [Line], mayBeComma: Bool) -> ListLine.Separator {
    let heads = lines.map { $0.bytes.prefix { $0 != UInt8(ascii: "{") }.trimmed }
    func stands(_ byte: Unicode.Scalar) -> Bool { heads.contains { $0.contains(UInt8(ascii: byte)) } }
    var candidates: [ListLine.Separator] = stands("\t") ? [.tab] : []
    if mayBeComma, stands(","), !hasDecimalCommas(heads) { candidates.append(.comma) }
    candidates.append(.blanks)
    let whole = candidates.first { candidate in
      lines.allSatisfy { line in
        let line = ListLine(line.bytes, separatedBy: candidate)
        return line.problem == nil && line.fields.count > 1
      }
    }
    return whole ?? candidates[0]
  }

  /// Whether blanks stand between two names and a weight with a comma for its point.
  private static func hasDecimalCommas(_ heads: [ArraySlice<UInt8>]) -> Bool {
    heads.allSatisfy { head in
      let fields = ListLine(head, separatedBy: .blanks).fields
      return fields.count == 3 && !fields[0].contains(",") && !fields[1].contains(",")
        && ListForm.weight(fields[2]) != nil
    }
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
