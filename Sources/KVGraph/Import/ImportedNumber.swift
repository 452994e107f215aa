/// What counts as a number where a format wants one: JSON's, and also `.5`, `+1`, `nan` and `inf`.
enum ImportedNumber {
  static func isOne(_ text: String) -> Bool {
    let isHexadecimal = text.utf8.contains { $0 | 0x20 == UInt8(ascii: "x") }
    return !isHexadecimal && Double(text) != nil
  }
}
