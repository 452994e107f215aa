/// A character by its name or number, `&amp;` or `&#38;` in HTML, `#amp;` or `#38;` in Mermaid.
enum HTMLEntity {
  /// What stands for more bytes than this is no entity.
  private static let maximumLength = 12

  /// The text that an entity stands for, and of how many bytes it is; `nil` where there is none.
  static func text(at bytes: ArraySlice<UInt8>, marker: UInt8) -> (text: String, count: Int)? {
    let window = bytes.prefix(maximumLength)
    guard window.first == marker, let end = window.firstIndex(of: UInt8(ascii: ";")) else { return nil }
    var name = String(decoding: window[(window.startIndex + 1)..<end], as: UTF8.self)
    let count = end - window.startIndex + 1
    if let scalar = CharacterReferences.named[name] { return (String(scalar), count) }
    if marker != UInt8(ascii: "#") {
      guard name.first == "#" else { return nil }
      name.removeFirst()
    }
    let isHexadecimal = name.first == "x" || name.first == "X"
    let digits = isHexadecimal ? name.dropFirst() : name[...]
    guard digits.first?.isHexDigit == true,
      let scalar = UInt32(digits, radix: isHexadecimal ? 16 : 10).flatMap(Unicode.Scalar.init)
    else { return nil }
    return (String(scalar), count)
  }
}
