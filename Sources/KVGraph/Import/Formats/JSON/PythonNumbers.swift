/// The numbers that Python's `json` writes and JSON has not.
enum PythonNumbers {
  private static let words = ["-Infinity", "Infinity", "NaN"].map { Array($0.utf8) }

  /// The text with these numbers in quotes; `nil` where there is none.
  static func quoted(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    var text: [UInt8] = []
    var isInString = false
    var hasWords = false
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if isInString {
        text.append(byte)
        if byte == UInt8(ascii: "\\"), index + 1 < bytes.count {
          index += 1
          text.append(bytes[index])
        } else if byte == UInt8(ascii: "\"") {
          isInString = false
        }
      } else if let word = words.first(where: { bytes[index...].starts(with: $0) }) {
        text += [UInt8(ascii: "\"")] + word + [UInt8(ascii: "\"")]
        index += word.count - 1
        hasWords = true
      } else {
        if byte == UInt8(ascii: "\"") { isInString = true }
        text.append(byte)
      }
      index += 1
    }
    return hasWords ? text : nil
  }
}
