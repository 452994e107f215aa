/// Long quoted texts in Graphviz's language. Its lexer holds 16,384 bytes of one, so that longer ones stand in pieces, `"…" + "…"`.
package enum DOTPieces {
  static let most = 8192

  /// - Parameter quoted: a text between quotes, as it stands in a file.
  package static func joined(_ quoted: String) -> String {
    guard quoted.utf8.count > most else { return quoted }
    let bytes = Array(quoted.utf8)
    return String(decoding: joined(bytes, [0..<bytes.count]), as: UTF8.self)
  }

  /// - Parameter texts: where texts between quotes stand in a file, in its order.
  static func joined(_ file: [UInt8], _ texts: [Range<Int>]) -> [UInt8] {
    var result: [UInt8] = []
    var written = 0
    for text in texts where text.count > most {
      var (start, last) = (text.lowerBound, text.lowerBound)
      var place = start + 1
      while place < text.upperBound - 1 {
        // What follows a backslash belongs to it.
        place += file[place] == backslash ? 2 : 1
        if place - start > most, last > start {
          result += file[written..<last] + Array("\" + \"".utf8)
          (written, start) = (last, last)
        }
        if place < text.upperBound - 1, mayEnd(file, before: place) { last = place }
      }
    }
    return result + file[written...]
  }

  private static let backslash = UInt8(ascii: "\\")

  /// Between two characters; the lexer loses a line's end that stands alone between two quotes or backslashes.
  private static func mayEnd(_ file: [UInt8], before place: Int) -> Bool {
    func isMark(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\"") || byte == backslash }
    return file[place] & 0xC0 != 0x80 && !(file[place] == 0x0A && isMark(file[place + 1]))
      && !(file[place - 1] == 0x0A && isMark(file[place - 2]))
  }
}
