import KV

/// One part of a key: every UTF-8 byte but `A–Z a–z 0–9 - _ . ~ $ & + : = @` is `%XX` in capital hex.
enum KeyPart {
  static func escape(_ text: String) -> String {
    if text.utf8.allSatisfy(isPlain) { return text }
    let hex = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      if isPlain(byte) {
        bytes.append(byte)
      } else {
        bytes += [UInt8(ascii: "%"), hex[Int(byte >> 4)], hex[Int(byte & 15)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// `nil` where a `%` has no two hexadecimal digits after it, or the bytes are no UTF-8.
  static func unescape(_ text: some StringProtocol) -> String? {
    if !text.utf8.contains(UInt8(ascii: "%")) { return String(text) }
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard let high = rest.popFirst(), let low = rest.popFirst(),
        let value = UInt8(String(decoding: [high, low], as: UTF8.self), radix: 16)
      else { return nil }
      bytes.append(value)
    }
    return String(validating: bytes, as: UTF8.self)
  }

  /// As ``unescape(_:)``, but only where the part is not empty and escaping gives the same text again.
  static func unescapeCanonical(_ part: some StringProtocol) -> String? {
    guard !part.isEmpty else { return nil }
    if part.utf8.allSatisfy(isPlain) { return String(part) }
    guard let text = unescape(part), escape(text) == part else { return nil }
    return text
  }

  static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
      UInt8(ascii: "~"), UInt8(ascii: "$"), UInt8(ascii: "&"), UInt8(ascii: "+"), UInt8(ascii: ":"),
      UInt8(ascii: "="), UInt8(ascii: "@"):
      true
    default: false
    }
  }
}
