/// A text as a key of a dictionary or a set, by its bytes: strings that Unicode calls canonically equivalent are equal in Swift, and are
/// different keys, ids and names here.
package struct ByteKey: Hashable, Sendable {
  private let bytes: [UInt8]

  package init(_ text: String) { bytes = Array(text.utf8) }
  package init(_ text: Substring) { bytes = Array(text.utf8) }
  package init(_ bytes: [UInt8]) { self.bytes = bytes }
  package init(_ bytes: ArraySlice<UInt8>) { self.bytes = Array(bytes) }

  /// At once: an array hashes its elements one by one.
  package func hash(into hasher: inout Hasher) { bytes.withUnsafeBytes { hasher.combine(bytes: $0) } }

  package var text: String { String(decoding: bytes, as: UTF8.self) }
}

extension ByteKey: Comparable {
  package static func < (left: ByteKey, right: ByteKey) -> Bool {
    left.bytes.lexicographicallyPrecedes(right.bytes)
  }
}

extension [String] {
  /// Whether one of them is a text to the byte.
  package func hasBytes(of text: String) -> Bool { contains { $0.utf8.elementsEqual(text.utf8) } }
}
