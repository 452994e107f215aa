/// One part of a key: every UTF-8 byte but `A–Z a–z 0–9 - _ . ~ $ & + : = @` is `%XX` in capital hex.
package enum KeyPart {
  /// All that parts are made of, the frequent ones first: SQLite's functions look through them from the left.
  package static let characters =
    "0123456789aeionrstlcdumphgyfbvkwjxzqABCDEFGHIJKLMNOPQRSTUVWXYZ-_.~$&+:=@%"

  package static func escape(_ text: String) -> String {
    if text.utf8.allSatisfy(isPlain) { return text }
    var bytes: [UInt8] = []
    appendEscaped(text, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  package static func appendEscaped(_ text: String, to bytes: inout [UInt8]) {
    let start = bytes.count
    bytes.append(contentsOf: text.utf8)
    if bytes[start...].allSatisfy(isPlain) { return }
    bytes.removeSubrange(start...)
    let hex = Array("0123456789ABCDEF".utf8)
    for byte in text.utf8 {
      if isPlain(byte) {
        bytes.append(byte)
      } else {
        bytes += [UInt8(ascii: "%"), hex[Int(byte >> 4)], hex[Int(byte & 15)]]
      }
    }
  }

  /// `nil` where the part is empty, or escaping what it stands for does not give it again.
  package static func unescapeCanonical(_ part: String) -> String? {
    guard !part.isEmpty else { return nil }
    if part.utf8.allSatisfy(isPlain) { return part }
    guard let text = String(percentDecoding: part), escape(text) == part else { return nil }
    return text
  }

  package static func isPlain(_ byte: UInt8) -> Bool {
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
