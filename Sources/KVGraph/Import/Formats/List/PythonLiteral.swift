import KV

/// Values as Python's `repr` writes them (https://docs.python.org/3/reference/lexical_analysis.html), as
/// JSON: tuples and sets are arrays, keys that are no strings their text, `inf` and `nan` text. NumPy's
/// `np.float64(1.5)` is what is inside.
struct PythonLiteral {
  private static let deepest = 100
  private var rest: ArraySlice<UInt8>

  /// The members of a dict, or `nil` where the text is none. JSON's objects are dicts too.
  static func members(of text: String) -> [(name: String, value: JSON)]? {
    var literal = PythonLiteral(rest: Array(text.utf8)[...])
    guard literal.take("{"), let members = literal.dict(depth: 0), literal.isAtEnd else { return nil }
    return members
  }

  private var isAtEnd: Bool {
    mutating get {
      skipBlanks()
      return rest.isEmpty
    }
  }

  private mutating func skipBlanks() { rest = rest.drop { $0.isBlank } }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipBlanks()
    guard let byte = rest.first, byte == UInt8(ascii: character) else { return false }
    rest.removeFirst()
    return true
  }

  /// - Parameter firstKey: the key whose value comes next, where it was read.
  private mutating func dict(depth: Int, firstKey: JSON? = nil) -> [(name: String, value: JSON)]? {
    var members = ElementAttributes()
    var readKey = firstKey
    while readKey != nil || !take("}") {
      if readKey == nil {
        readKey = value(depth: depth + 1)
        guard take(":") else { return nil }
      }
      guard let key = readKey, let value = value(depth: depth + 1) else { return nil }
      members.set(key.string ?? key.text, value)
      readKey = nil
      guard take(",") || rest.first == UInt8(ascii: "}") else { return nil }
    }
    return members.inOrder
  }

  private mutating func elements(until end: Unicode.Scalar, depth: Int) -> [JSON]? {
    var elements: [JSON] = []
    while !take(end) {
      guard let element = value(depth: depth + 1) else { return nil }
      elements.append(element)
      guard take(",") || rest.first == UInt8(ascii: end) else { return nil }
    }
    return elements
  }

  private mutating func value(depth: Int) -> JSON? {
    guard depth < Self.deepest else { return nil }
    if take("[") { return elements(until: "]", depth: depth).map(JSON.init(elements:)) }
    if take("(") { return tuple(depth: depth) }
    if take("{") { return dictOrSet(depth: depth) }
    skipBlanks()
    if let quote = rest.first, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") { return string() }
    let word = rest.prefix {
      $0.isDigit || "+-._".utf8.contains($0) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20)
    }
    rest = rest.dropFirst(word.count)
    let text = String(decoding: word, as: UTF8.self)
    switch text {
    case "True", "true", "np.True_": return JSON(true)
    case "False", "false", "np.False_": return JSON(false)
    case "None", "null": return .null
    case "inf", "-inf", "nan": return JSON(text)
    case "set": return take("(") && take(")") ? JSON(elements: []) : nil
    default: break
    }
    if text.hasPrefix("np.") {
      guard take("("), let value = value(depth: depth + 1), take(")") else { return nil }
      return value
    }
    guard let number = try? JSON(parsing: text), number.kind == .number else { return nil }
    return number
  }

  /// What stands in brackets without a comma is no tuple.
  private mutating func tuple(depth: Int) -> JSON? {
    if take(")") { return JSON(elements: []) }
    guard let first = value(depth: depth + 1) else { return nil }
    if take(")") { return first }
    guard take(",") else { return nil }
    return elements(until: ")", depth: depth).map { JSON(elements: [first] + $0) }
  }

  private mutating func dictOrSet(depth: Int) -> JSON? {
    if take("}") { return JSON(members: []) }
    guard let first = value(depth: depth + 1) else { return nil }
    if take(":") {
      return dict(depth: depth, firstKey: first).map { JSON(members: $0.map { ($0.name, $0.value) }) }
    }
    guard take(",") || rest.first == UInt8(ascii: "}") else { return nil }
    return elements(until: "}", depth: depth).map { JSON(elements: [first] + $0) }
  }

  private mutating func string() -> JSON? {
    guard let quote = rest.popFirst() else { return nil }
    var text: [UInt8] = []
    while let byte = rest.popFirst() {
      if byte == quote { return String(validating: text, as: UTF8.self).map { JSON($0) } }
      if byte != UInt8(ascii: "\\") {
        text.append(byte)
      } else if let escaped = escape() {
        text += escaped
      } else {
        return nil
      }
    }
    return nil
  }

  /// What a backslash and what follows stand for.
  private mutating func escape() -> [UInt8]? {
    guard let letter = rest.popFirst() else { return nil }
    let digits: Int
    switch letter {
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "/"): return [letter]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "x"): digits = 2
    case UInt8(ascii: "u"): digits = 4
    case UInt8(ascii: "U"): digits = 8
    default: return nil
    }
    guard let code = hexadecimal(digits) else { return nil }
    if let scalar = Unicode.Scalar(code) { return Array(String(Character(scalar)).utf8) }
    // JSON's pair of surrogates.
    guard code & 0xFC00 == 0xD800, rest.starts(with: #"\u"#.utf8) else { return nil }
    rest = rest.dropFirst(2)
    guard let low = hexadecimal(4), low & 0xFC00 == 0xDC00 else { return nil }
    return Unicode.Scalar(0x10000 + (code & 0x3FF) << 10 + low & 0x3FF).map {
      Array(String(Character($0)).utf8)
    }
  }

  private mutating func hexadecimal(_ count: Int) -> UInt32? {
    let digits = rest.prefix(count)
    guard digits.count == count, digits.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") })
    else { return nil }
    rest = rest.dropFirst(count)
    return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
  }
}
