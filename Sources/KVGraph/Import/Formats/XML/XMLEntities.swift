/// The entities that a document may refer to.
struct XMLEntities {
  /// Those of XML itself, and those that the document defines.
  private var defined: Set = ["amp", "lt", "gt", "quot", "apos"]
  /// Those that the texts of others refer to, until the first tag.
  private var referred: Set<String> = []

  mutating func define(_ name: String, as value: UnsafeRawBufferPointer) {
    defined.insert(name)
    for name in Self.references(in: value) { referred.insert(name) }
  }

  /// One that is defined nowhere, in a tag as it stands in the file or in what an entity stands for.
  mutating func undefined(in tag: UnsafeRawBufferPointer) -> String? {
    if !referred.isEmpty {
      if let name = referred.subtracting(defined).min() { return name }
      referred = []
    }
    guard tag.contains(UInt8(ascii: "&")) else { return nil }
    // UTF-16 has a zero beside the bracket that the tag begins with.
    if tag.count > 1, tag[0] == 0 || tag[1] == 0 {
      let (high, low) = tag[0] == 0 ? (0, 1) : (1, 0)
      let units = stride(from: 0, to: tag.count - 1, by: 2).map {
        UInt16(tag[$0 + high]) << 8 | UInt16(tag[$0 + low])
      }
      let text = Array(String(decoding: units, as: UTF16.self).utf8)
      return text.withUnsafeBytes { bytes in Self.references(in: bytes).first { !defined.contains($0) } }
    }
    return Self.references(in: tag).first { !defined.contains($0) }
  }

  /// Without those to characters.
  private static func references(in bytes: UnsafeRawBufferPointer) -> [String] {
    var names: [String] = []
    var rest = bytes[...]
    while let start = rest.firstIndex(of: UInt8(ascii: "&")) {
      rest = rest[(start + 1)...]
      guard let end = rest.firstIndex(of: UInt8(ascii: ";")) else { break }
      let name = rest[..<end]
      rest = rest[(end + 1)...]
      if name.first != UInt8(ascii: "#") { names.append(String(decoding: name, as: UTF8.self)) }
    }
    return names
  }
}
