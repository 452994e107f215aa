import KV

/// The rows of a CSV text (RFC 4180, or with another separator), whose lines end in LF, CRLF or CR.
struct CSVRows {
  struct Row {
    var cells: [String]
    /// What makes the row useless; the next one can be read all the same.
    var problem: String?
  }

  private var input: ByteInput
  let separator: UInt8
  private static let blank = UInt8(ascii: " ")
  /// Whether blanks before and after cells that are not quoted are none of them.
  var trimsBlanks = false

  /// - Parameter isHeader: whether cells whose line begins with `#` are the header; where they are not, the line is a comment.
  init(_ read: @escaping () throws -> [UInt8], isHeader: ([String]) throws -> Bool) throws {
    input = ByteInput(read)
    // The header is looked at first, for its separator, and then read like any row.
    var header: [UInt8] = []
    while true {
      try input.skipWhitespace()
      while let byte = try input.peek(), byte != 0x0A, byte != 0x0D, header.count < 1 << 16 {
        header.append(byte)
        _ = try input.take()
      }
      // As Excel begins a table whose cells it would take apart otherwise.
      if header.count == 5, header.starts(with: "sep=".utf8) {
        header = []
        continue
      }
      if header.first != UInt8(ascii: "#") { break }
      let cells = try Self.cells(of: header, isHeader)
      if (try? isHeader(cells)) == true { break }
      header = []
      while let byte = try input.peek(), byte != 0x0A, byte != 0x0D { _ = try input.take() }
    }
    separator = Self.separator(in: header[...], isHeader)
    input.putBack(header)
  }

  private static func cells(of line: [UInt8], _ isHeader: ([String]) throws -> Bool) throws -> [String] {
    var pieces = [line][...]
    let separator = separator(in: line[...], isHeader)
    var rows = CSVRows(input: ByteInput { pieces.popFirst() ?? [] }, separator: separator)
    return try rows.next()?.cells ?? []
  }

  private init(input: ByteInput, separator: UInt8) { (self.input, self.separator) = (input, separator) }

  /// The separator that a header has outside of quotes; where it has none a comma, or blanks where these make a header of it.
  private static func separator(in header: ArraySlice<UInt8>, _ isHeader: ([String]) throws -> Bool) -> UInt8
  {
    var isQuoted = false
    let separators = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t"), UInt8(ascii: "|")]
    for byte in header {
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      if !isQuoted, separators.contains(byte) { return byte }
    }
    let words = header.split(separator: blank).map { String(decoding: $0, as: UTF8.self) }
    return words.count > 1 && (try? isHeader(words)) == true ? blank : separators[0]
  }

  var line: Int { input.line }

  /// The cells up to the end of the line, or beyond it where one is quoted. `nil` at the end of the file.
  mutating func next() throws -> Row? {
    guard try input.peek() != nil else { return nil }
    var row = Row(cells: [])
    var cell: [UInt8] = []
    var isQuoted = false
    if separator == Self.blank { try skipBlanks() }
    func end() {
      guard let text = String(validating: cell, as: UTF8.self) else {
        row.problem = "invalid UTF-8"
        row.cells.append("")
        return
      }
      row.cells.append(trimsBlanks && !isQuoted ? text.trimmed : text)
    }
    while let byte = try input.take() {
      switch byte {
      case separator:
        end()
        (cell, isQuoted) = ([], false)
        if separator == Self.blank { try skipBlanks() }
      case UInt8(ascii: "\"") where !isQuoted && cell.allSatisfy({ $0 == Self.blank }):
        (cell, isQuoted) = ([], true)
        try takeQuoted(into: &cell)
        if separator != Self.blank { try skipBlanks() }
        let next = try input.peek()
        if next != nil, next != separator, next != 0x0A, next != 0x0D {
          row.problem = "expected the cell to end after its closing quote"
        }
      case 0x0D, 0x0A:
        if byte == 0x0D, try input.peek() == 0x0A { _ = try input.take() }
        end()
        return row
      default: cell.append(byte)
      }
    }
    end()
    return row
  }

  private mutating func skipBlanks() throws {
    while try input.peek() == Self.blank { _ = try input.take() }
  }

  private mutating func takeQuoted(into cell: inout [UInt8]) throws {
    let line = input.line
    while let byte = try input.take() {
      guard byte == UInt8(ascii: "\"") else {
        cell.append(byte)
        continue
      }
      guard try input.peek() == UInt8(ascii: "\"") else { return }
      cell.append(byte)
      _ = try input.take()
    }
    throw JSONError(reason: "the quoted cell does not end", line: line, column: 1)
  }
}
