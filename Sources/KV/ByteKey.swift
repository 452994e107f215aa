#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A text as a key of a dictionary or a set, by its bytes: strings that Unicode calls canonically equivalent are equal in Swift, and are
/// different keys, ids and names here.
package struct ByteKey: Hashable, Sendable {
  package let text: String

  package init(_ text: String) { self.text = text }
  package init(_ text: Substring) { self.text = String(text) }
  package init(_ bytes: [UInt8]) { text = String(decoding: bytes, as: UTF8.self) }
  package init(_ bytes: ArraySlice<UInt8>) { text = String(decoding: bytes, as: UTF8.self) }

  package static func == (left: ByteKey, right: ByteKey) -> Bool { left.text.hasSameBytes(as: right.text) }

  package func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}

extension ByteKey: Comparable {
  package static func < (left: ByteKey, right: ByteKey) -> Bool {
    var (left, right) = (left.text, right.text)
    return left.withUTF8 { left in right.withUTF8 { left.lexicographicallyPrecedes($0) } }
  }
}

extension String {
  /// Whether another has the same bytes.
  package func hasSameBytes(as other: String) -> Bool {
    guard utf8.count == other.utf8.count else { return false }
    var (left, right) = (self, other)
    return left.withUTF8 { left in
      right.withUTF8 { right in
        guard let left = left.baseAddress, let start = right.baseAddress else { return true }
        return memcmp(left, start, right.count) == 0
      }
    }
  }
}

extension [String] {
  /// Whether one of them has a text's bytes.
  package func hasBytes(of text: String) -> Bool { contains { $0.hasSameBytes(as: text) } }
}
