import KV

/// SQLite's binary JSON, described at sqlite.org/jsonb.html, read and (for numbers) written without SQLite's help:
/// a library before 3.45 has none.
extension JSON {
  /// A bare number as JSONB. Written as text, the column's numeric affinity would turn `1.0` into `1`.
  package var jsonb: [UInt8] {
    let digits = Array(text.utf8)
    let isInteger = digits.allSatisfy { $0 == UInt8(ascii: "-") || (0x30...0x39).contains($0) }
    let type: UInt8 = isInteger ? 3 : 5
    switch digits.count {
    case 0...11: return [UInt8(digits.count) << 4 | type] + digits
    case 12...0xFF: return [0xC0 | type, UInt8(digits.count)] + digits
    case 0x100...0xFFFF: return [0xD0 | type] + bigEndian(digits.count, 2) + digits
    default: return [0xE0 | type] + bigEndian(digits.count, 4) + digits
    }
  }

  package init(jsonb bytes: [UInt8]) throws {
    var reader = JSONBReader(bytes: bytes[...])
    try reader.readElement(depth: 0)
    guard reader.bytes.isEmpty else { throw JSONBError(reason: "bytes after the JSONB value") }
    try self.init(parsing: reader.output)
  }
}

private func bigEndian(_ number: Int, _ width: Int) -> [UInt8] {
  (0..<width).reversed().map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
}

struct JSONBError: Error, CustomStringConvertible {
  var reason: String
  var description: String { reason }
}

private struct JSONBReader {
  var bytes: ArraySlice<UInt8>
  var output: [UInt8] = []

  mutating func readElement(depth: Int) throws {
    guard depth <= JSON.maximumDepth else {
      throw JSONBError(reason: "nested deeper than \(JSON.maximumDepth) levels")
    }
    let (type, payload) = try readHeader()
    switch type {
    case 0: output += Array("null".utf8)
    case 1: output += Array("true".utf8)
    case 2: output += Array("false".utf8)
    case 3, 5: output += payload
    case 4: try writeInteger5(payload)
    case 6: try writeFloat5(payload)
    case 7, 8: quote(payload)
    case 9: try writeText5(payload)
    case 10: writeRaw(payload)
    case 11, 12: try readContainer(payload, isObject: type == 12, depth: depth)
    default: throw JSONBError(reason: "unknown JSONB type \(type)")
    }
  }

  private mutating func readHeader() throws -> (type: UInt8, payload: ArraySlice<UInt8>) {
    guard let head = bytes.popFirst() else { throw JSONBError(reason: "the JSONB value is cut off") }
    var size = Int(head >> 4)
    if size > 11 {
      let width = 1 << (size - 12)
      guard bytes.count >= width, width < 8 || (bytes.first ?? 0) < 0x80 else {
        throw JSONBError(reason: "the JSONB value is cut off")
      }
      size = bytes.prefix(width).reduce(0) { $0 << 8 | Int($1) }
      bytes = bytes.dropFirst(width)
    }
    guard bytes.count >= size else { throw JSONBError(reason: "the JSONB value is cut off") }
    let payload = bytes.prefix(size)
    bytes = bytes.dropFirst(size)
    return (head & 0x0F, payload)
  }

  private mutating func readContainer(
    _ payload: ArraySlice<UInt8>, isObject: Bool, depth: Int
  ) throws {
    let rest = bytes
    bytes = payload
    output.append(UInt8(ascii: isObject ? "{" : "["))
    var isFirst = true
    while let head = bytes.first {
      if !isFirst { output.append(UInt8(ascii: ",")) }
      isFirst = false
      if isObject {
        guard (7...10).contains(head & 0x0F) else {
          throw JSONBError(reason: "a JSONB member name is no text")
        }
        try readElement(depth: depth + 1)
        output.append(UInt8(ascii: ":"))
      }
      try readElement(depth: depth + 1)
    }
    output.append(UInt8(ascii: isObject ? "}" : "]"))
    bytes = rest
  }

  private mutating func quote(_ payload: some Sequence<UInt8>) {
    output.append(UInt8(ascii: "\""))
    output += payload
    output.append(UInt8(ascii: "\""))
  }

  private mutating func writeRaw(_ payload: ArraySlice<UInt8>) {
    output += Array(JSON(String(decoding: payload, as: UTF8.self)).text.utf8)
  }

  /// JSON5 integers: hexadecimal, or with a plus sign.
  private mutating func writeInteger5(_ payload: ArraySlice<UInt8>) throws {
    var text = String(decoding: payload, as: UTF8.self)[...]
    let sign = text.hasPrefix("-") ? "-" : ""
    if text.hasPrefix("-") || text.hasPrefix("+") { text.removeFirst() }
    guard text.hasPrefix("0x") || text.hasPrefix("0X") else {
      output += Array((sign + text).utf8)
      return
    }
    guard let number = UInt64(text.dropFirst(2), radix: 16) else {
      throw JSONBError(reason: "a JSONB hexadecimal number is out of range")
    }
    output += Array((sign + String(number)).utf8)
  }

  /// JSON5 numbers with a bare point: `.5`, `5.`.
  private mutating func writeFloat5(_ payload: ArraySlice<UInt8>) throws {
    var text = String(decoding: payload, as: UTF8.self)[...]
    let sign = text.hasPrefix("-") ? "-" : ""
    if text.hasPrefix("-") || text.hasPrefix("+") { text.removeFirst() }
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let whole = parts[0].isEmpty ? "0" : String(parts[0])
    guard parts.count == 2 else {
      output += Array((sign + whole).utf8)
      return
    }
    let needsDigit = !(parts[1].utf8.first.map { (0x30...0x39).contains($0) } ?? false)
    output += Array((sign + whole + "." + (needsDigit ? "0" : "") + parts[1]).utf8)
  }

  /// JSON5 strings: more escapes than JSON knows.
  private mutating func writeText5(_ payload: ArraySlice<UInt8>) throws {
    var rest = payload
    var text: [UInt8] = []
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\") else {
        // A double quote may stand bare in a single-quoted JSON5 string.
        text += byte == UInt8(ascii: "\"") ? Array("\\\"".utf8) : [byte]
        continue
      }
      guard let escape = rest.popFirst() else { throw JSONBError(reason: "a JSONB text ends in a backslash") }
      switch escape {
      case UInt8(ascii: "'"): text.append(escape)
      case UInt8(ascii: "v"): text += Array("\\u000b".utf8)
      case UInt8(ascii: "0"): text += Array("\\u0000".utf8)
      case UInt8(ascii: "x"):
        text += Array("\\u00".utf8) + rest.prefix(2)
        rest = rest.dropFirst(2)
      case 0x0A: break
      case 0x0D: if rest.first == 0x0A { rest = rest.dropFirst() }
      case 0xE2 where rest.prefix(2) == [0x80, 0xA8] || rest.prefix(2) == [0x80, 0xA9]:
        rest = rest.dropFirst(2)
      default: text += [byte, escape]
      }
    }
    quote(text)
  }
}
