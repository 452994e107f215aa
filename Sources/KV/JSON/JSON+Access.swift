extension JSON {
  /// The value `null`.
  public static let null = JSON(trusted: "null")

  /// A JSON string. Only what must be escaped is: quotes, backslashes and what is below U+0020. Cost: linear in the text.
  public init(_ string: String) {
    var string = string
    text = string.withUTF8 { bytes in
      guard bytes.standForThemselves else {
        var escaped: [UInt8] = []
        escaped.appendJSONString(bytes)
        return String(decoding: escaped, as: UTF8.self)
      }
      return String(unsafeUninitializedCapacity: bytes.count + 2) { text in
        text[0] = UInt8(ascii: "\"")
        let end = text[1...].initialize(fromContentsOf: bytes)
        text[end] = UInt8(ascii: "\"")
        return bytes.count + 2
      }
    }
  }
  /// A JSON number without fraction or exponent.
  public init(_ number: Int) { text = String(number) }
  /// `true` or `false`.
  public init(_ boolean: Bool) { text = boolean ? "true" : "false" }

  /// An object with the members in this order. Of those with the same name the last stays.
  public init(members: [(String, JSON)]) {
    let members = members.lastOfEachName
    var bytes: [UInt8] = []
    bytes.reserveCapacity(members.reduce(2) { $0 + $1.0.utf8.count + $1.1.text.utf8.count + 4 })
    bytes.append(UInt8(ascii: "{"))
    for (name, value) in members {
      if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
      bytes.appendJSONString(name)
      bytes.append(UInt8(ascii: ":"))
      bytes.append(contentsOf: value.text.utf8)
    }
    bytes.append(UInt8(ascii: "}"))
    self.init(trusted: bytes)
  }

  /// An array of the elements in this order. Cost: linear in their texts.
  public init(elements: [JSON]) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(elements.reduce(2) { $0 + $1.text.utf8.count + 1 })
    bytes.append(UInt8(ascii: "["))
    for element in elements {
      if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
      bytes.append(contentsOf: element.text.utf8)
    }
    bytes.append(UInt8(ascii: "]"))
    self.init(trusted: bytes)
  }

  /// The text of a string value, or `nil` for any other kind.
  public var string: String? {
    guard kind == .string else { return nil }
    return withBytes { JSON.unquoted($0[...]) }
  }

  /// What a JSON string, quotes and all, stands for.
  static func unquoted(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> String {
    let inside = bytes.dropFirst().dropLast()
    guard inside.contains(UInt8(ascii: "\\")) else { return String(decoding: inside, as: UTF8.self) }
    return String(decoding: unescape(Array(inside)[...]), as: UTF8.self)
  }

  /// The members of an object in the order written, or `nil` for any other kind. Cost: linear in the text.
  public var members: [(name: String, value: JSON)]? {
    guard kind == .object else { return nil }
    return withBytes { bytes in
      var members: [(name: String, value: JSON)] = []
      members.reserveCapacity(4)
      var name: String?
      JSON.eachChild(of: bytes) { child in
        if let known = name {
          members.append((known, JSON(trusted: String(decoding: bytes[child], as: UTF8.self))))
          name = nil
        } else {
          name = JSON.unquoted(bytes[child])
        }
      }
      return members
    }
  }

  /// The elements of an array, or `nil` for any other kind. Cost: linear in the text.
  public var elements: [JSON]? {
    guard kind == .array else { return nil }
    return withBytes { bytes in
      var elements: [JSON] = []
      JSON.eachChild(of: bytes) {
        elements.append(JSON(trusted: String(decoding: bytes[$0], as: UTF8.self)))
      }
      return elements
    }
  }

  /// A member of an object by name. Cost: linear in the text; for several members use ``members``.
  public subscript(name: String) -> JSON? {
    members?.first { $0.name.hasSameBytes(as: name) }?.value
  }

  func withBytes<T>(_ body: (UnsafeBufferPointer<UInt8>) -> T) -> T {
    var text = text
    return text.withUTF8(body)
  }

  /// Where the texts directly inside an array or object are; an object's names and values alternate.
  @inline(__always)
  private static func eachChild(of bytes: UnsafeBufferPointer<UInt8>, _ body: (Range<Int>) -> Void) {
    var depth = 0
    var start = 1
    var index = 0
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "\""): index = bytes.endOfString(from: index)
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        if depth == 0, index > start { body(start..<index) }
      case UInt8(ascii: ","), UInt8(ascii: ":"):
        if depth == 1 {
          body(start..<index)
          start = index + 1
        }
      default: break
      }
      index += 1
    }
  }
}

extension [(String, JSON)] {
  fileprivate var lastOfEachName: Self {
    // Most are few, and a set costs more than looking at each pair.
    if count <= 16 {
      for (index, member) in enumerated()
      where self[..<index].contains(where: { $0.0.hasSameBytes(as: member.0) }) {
        return withoutRepetitions
      }
      return self
    }
    return Set(map { ByteKey($0.0) }).count == count ? self : withoutRepetitions
  }

  private var withoutRepetitions: Self {
    var names: Set<ByteKey> = []
    return reversed().filter { names.insert(ByteKey($0.0)).inserted }.reversed()
  }
}

// Text is put together as bytes: appending to a string costs several times as much.
extension [UInt8] {
  /// The string as a JSON string. Only what must be escaped is.
  package mutating func appendJSONString(_ string: String) {
    var string = string
    string.withUTF8 { appendJSONString($0) }
  }

  fileprivate mutating func appendJSONString(_ bytes: UnsafeBufferPointer<UInt8>) {
    append(UInt8(ascii: "\""))
    bytes.standForThemselves ? append(contentsOf: bytes) : appendEscaped(bytes)
    append(UInt8(ascii: "\""))
  }

  private mutating func appendEscaped(_ bytes: UnsafeBufferPointer<UInt8>) {
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): self += [UInt8(ascii: "\\"), byte]
      case 0x0A: self += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
      case 0x0D: self += [UInt8(ascii: "\\"), UInt8(ascii: "r")]
      case 0x09: self += [UInt8(ascii: "\\"), UInt8(ascii: "t")]
      case 0..<0x20:
        self += Array((byte < 16 ? "\\u000" : "\\u00").utf8) + Array(String(byte, radix: 16).utf8)
      default: append(byte)
      }
    }
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Where the JSON string that begins at a place has its closing quote. The text is known to be valid.
  func endOfString(from start: Int) -> Int {
    var index = start + 1
    while self[index] != UInt8(ascii: "\"") { index += self[index] == UInt8(ascii: "\\") ? 2 : 1 }
    return index
  }

  /// Whether nothing must be escaped in a JSON string of these bytes.
  fileprivate var standForThemselves: Bool {
    allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
  }
}

/// The bytes that a JSON string's inside stands for. The input is known to be valid.
func unescape(_ raw: ArraySlice<UInt8>) -> [UInt8] {
  var result: [UInt8] = []
  result.reserveCapacity(raw.count)
  var rest = raw
  func hex(_ digits: ArraySlice<UInt8>) -> UInt32 { digits.reduce(0) { $0 << 4 | UInt32(hexDigit($1) ?? 0) } }
  while let byte = rest.popFirst() {
    guard byte == UInt8(ascii: "\\"), let escape = rest.popFirst() else {
      result.append(byte)
      continue
    }
    switch escape {
    case UInt8(ascii: "b"): result.append(0x08)
    case UInt8(ascii: "f"): result.append(0x0C)
    case UInt8(ascii: "n"): result.append(0x0A)
    case UInt8(ascii: "r"): result.append(0x0D)
    case UInt8(ascii: "t"): result.append(0x09)
    case UInt8(ascii: "u"):
      var code = hex(rest.prefix(4))
      rest = rest.dropFirst(4)
      if code & 0xFC00 == 0xD800 {
        code = 0x10000 + (code & 0x3FF) << 10 + hex(rest.dropFirst(2).prefix(4)) & 0x3FF
        rest = rest.dropFirst(6)
      }
      if let scalar = Unicode.Scalar(code) { result.append(contentsOf: Array(String(scalar).utf8)) }
    default: result.append(escape)
    }
  }
  return result
}

extension JSON {
  /// Whether a string or member name holds U+0000, which JSON can only write as `\u0000`.
  package var containsEscapedNUL: Bool {
    var text = text
    return text.withUTF8 { bytes in
      var index = bytes.firstIndex(of: UInt8(ascii: "\\")) ?? bytes.count
      while index < bytes.count {
        guard bytes[index] == UInt8(ascii: "\\") else {
          index += 1
          continue
        }
        if bytes[(index + 1)...].starts(with: "u0000".utf8) { return true }
        index += 2
      }
      return false
    }
  }
}
