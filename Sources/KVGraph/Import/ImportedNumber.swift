import KV

/// What counts as a number where a format wants one: JSON's, and also `.5`, `+1`, `nan` and `inf`.
enum ImportedNumber {
  static func isOne(_ text: String) -> Bool {
    let isHexadecimal = text.utf8.contains { $0 | 0x20 == UInt8(ascii: "x") }
    return !isHexadecimal && Double(text) != nil
  }

  /// What stands where a format wants a number: one, or what else it is.
  /// - Parameter isText: whether nothing but text is wanted.
  static func value(of text: String, isText: Bool) -> JSON {
    (isText ? nil : json(Array(text.utf8)[...])) ?? ImportedValue.of(text, isText: isText)
  }

  /// The number that a word is, as JSON writes it; `nil` for what JSON has no number for.
  static func json(_ word: ArraySlice<UInt8>) -> JSON? {
    for candidate in [word, inJSON(word)] {
      guard let candidate,
        let number = candidate.withUnsafeBufferPointer({ try? JSON(parsing: $0) }), number.kind == .number
      else { continue }
      return number
    }
    return nil
  }

  /// A number without the plus and with the zeros that others may leave out: `1.E+30`, `.5`, `007`.
  private static func inJSON(_ word: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    var rest = word
    var result: ArraySlice<UInt8> = []
    if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
      rest.removeFirst()
      if sign == UInt8(ascii: "-") { result.append(sign) }
    }
    let whole = rest.prefix { $0.isDigit }
    rest = rest.dropFirst(whole.count)
    let significant = whole.drop { $0 == UInt8(ascii: "0") }
    result += significant.isEmpty ? [UInt8(ascii: "0")] : significant
    guard rest.first == UInt8(ascii: ".") else { return whole.isEmpty ? nil : result + rest }
    let fraction = rest.dropFirst().prefix { $0.isDigit }
    if whole.isEmpty, fraction.isEmpty { return nil }
    rest = rest.dropFirst(fraction.count + 1)
    result.append(UInt8(ascii: "."))
    result += fraction.isEmpty ? [UInt8(ascii: "0")] : fraction
    return result + rest
  }
}
