import KV

/// An edge's key taken apart, its parts still escaped.
struct EdgeKey: Sendable {
  static let prefix = "graph/edge/"

  var from: String
  var type: String
  var to: String

  init(from: String, type: String, to: String) {
    self.from = from
    self.type = type
    self.to = to
  }

  /// `nil` where the key is not of five parts, each written exactly as escaping writes it.
  init?(_ key: String) {
    var key = key
    guard let parts = key.withUTF8({ EdgeKeyParts($0) }) else { return nil }
    let bytes = key.utf8
    func part(_ range: Range<Int>) -> String {
      let start = bytes.index(bytes.startIndex, offsetBy: range.lowerBound)
      return String(key[start..<bytes.index(start, offsetBy: range.count)])
    }
    (from, type, to) = (part(parts.from), part(parts.type), part(parts.to))
  }

  var text: String { Self.prefix + from + "/" + type + "/" + to }
}

private let prefix = Array(EdgeKey.prefix.utf8)

/// Where the parts of an edge's key are.
struct EdgeKeyParts {
  var from: Range<Int>
  var type: Range<Int>
  var to: Range<Int>

  /// `nil` as for ``EdgeKey``.
  init?(_ key: UnsafeBufferPointer<UInt8>) {
    let start = EdgeKey.prefix.utf8.count
    guard key.count > start, key.starts(with: prefix) else { return nil }
    var slashes = (0, 0, 0, 0)
    var count = 0
    var hasEscapes = false
    var previous = UInt8(ascii: "/")
    for index in start..<key.count {
      let byte = key[index]
      if byte == UInt8(ascii: "/") {
        if previous == byte { return nil }
        switch count {
        case 0: slashes.0 = index
        case 1: slashes.1 = index
        case 2: slashes.2 = index
        case 3: slashes.3 = index
        default: return nil
        }
        count += 1
      } else if byte == UInt8(ascii: "%") {
        hasEscapes = true
      } else if !KeyPart.isPlain(byte) {
        return nil
      }
      previous = byte
    }
    guard count == 4, previous != UInt8(ascii: "/") else { return nil }
    if hasEscapes {
      let parts = String(decoding: key, as: UTF8.self).split(separator: "/")
      guard parts.allSatisfy({ KeyPart.unescapeCanonical(String($0)) != nil }) else { return nil }
    }
    from = start..<slashes.1
    type = slashes.1 + 1..<slashes.2
    to = slashes.2 + 1..<key.count
  }
}
