extension String {
  /// Undoes percent-encoding; `nil` where a `%` has no two hexadecimal digits after it, or the bytes are no UTF-8.
  package init?(percentDecoding text: String) {
    guard text.utf8.contains(UInt8(ascii: "%")) else {
      self = text
      return
    }
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard let high = rest.popFirst().flatMap(hexDigit), let low = rest.popFirst().flatMap(hexDigit) else {
        return nil
      }
      bytes.append(high << 4 | low)
    }
    self.init(validating: bytes, as: UTF8.self)
  }
}
