/// The key of an edge's record, its parts as they stand there, escaped by ``KeyPart``:
///
///     graph/edge/<FromType>/<FromID>/<EdgeType>/<ToType>/<ToID>
///     graph/edge/<FromType>/<FromID>/<EdgeType>/<ToType>/<ToID>/<Key>
///
/// The second is of an edge that a key tells from parallel ones. This is the one place that knows; what the databases' own
/// languages have to know is made from it.
package struct EdgeKey: Sendable {
  package static let prefix = "graph/edge/"
  /// The first text after all that begin with ``prefix``.
  package static let end = "graph/edge0"

  /// A node as in keys: `<Type>/<ID>`.
  package var from: String
  package var type: String
  package var to: String
  package var key: String?

  package init(from: String, type: String, to: String, key: String? = nil) {
    self.from = from
    self.type = type
    self.to = to
    self.key = key
  }

  /// - Parameter label: an edge's type, and its key behind a slash where it has one.
  package init(from: String, label: String, to: String) {
    let parts = label.split(separator: "/", maxSplits: 1)
    self.init(
      from: from, type: parts.first.map(String.init) ?? "", to: to,
      key: parts.count > 1 ? String(parts[1]) : nil)
  }

  /// `nil` where the key is not of these parts, each written exactly as escaping writes it.
  package init?(_ key: String) {
    var key = key
    guard let parts = key.withUTF8({ EdgeKeyParts($0) }) else { return nil }
    let bytes = key.utf8
    func part(_ range: Range<Int>) -> String {
      let start = bytes.index(bytes.startIndex, offsetBy: range.lowerBound)
      return String(key[start..<bytes.index(start, offsetBy: range.count)])
    }
    self.init(from: part(parts.from), type: part(parts.type), to: part(parts.to), key: parts.key.map(part))
  }

  /// The type, and the key behind a slash where there is one.
  package var label: String { type + (key.map { "/" + $0 } ?? "") }

  package var text: String { Self.prefix + from + "/" + type + "/" + to + (key.map { "/" + $0 } ?? "") }
}

extension EdgeKey {
  /// How many slashes a key holds that has the part `<Key>`.
  package static let slashesWithKey = prefix.utf8.count { $0 == UInt8(ascii: "/") } + 5
  /// Where the node that the edge enters stands among what the slashes part, from 1: its type, and after it its id.
  package static let targetPosition = prefix.utf8.count { $0 == UInt8(ascii: "/") } + 4
}

private let prefix = Array(EdgeKey.prefix.utf8)

/// Where the parts of an edge's key are.
package struct EdgeKeyParts {
  package var from: Range<Int>
  package var type: Range<Int>
  package var to: Range<Int>
  package var key: Range<Int>?

  /// `nil` as for ``EdgeKey``.
  package init?(_ key: UnsafeBufferPointer<UInt8>) {
    let start = EdgeKey.prefix.utf8.count
    guard key.count > start, key.starts(with: prefix) else { return nil }
    var slashes = (0, 0, 0, 0, 0)
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
        case 4: slashes.4 = index
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
    guard count >= 4, previous != UInt8(ascii: "/") else { return nil }
    if hasEscapes {
      let parts = String(decoding: key, as: UTF8.self).split(separator: "/")
      guard parts.allSatisfy({ KeyPart.unescapeCanonical(String($0)) != nil }) else { return nil }
    }
    let end = count == 5 ? slashes.4 : key.count
    from = start..<slashes.1
    type = slashes.1 + 1..<slashes.2
    to = slashes.2 + 1..<end
    self.key = count == 5 ? end + 1..<key.count : nil
  }
}
