extension JSON {
  /// Whether arrays and objects are nested deeper than ``maximumDepth``: never where a text was parsed, but whoever puts
  /// values together adds levels. Cost: linear in texts of more than 2,000 bytes, nothing for shorter ones.
  package var isTooDeep: Bool {
    // A level takes two bytes.
    guard text.utf8.count > 2 * Self.maximumDepth else { return false }
    return withBytes { bytes in
      var depth = 0
      var index = 0
      while index < bytes.count {
        switch bytes[index] {
        case UInt8(ascii: "\""): index = bytes.endOfString(from: index)
        case UInt8(ascii: "{"), UInt8(ascii: "["):
          depth += 1
          if depth > Self.maximumDepth { return true }
        case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
        default: break
        }
        index += 1
      }
      return false
    }
  }
}
