/// One JSON value, exactly as it was written: numbers, escapes and the order of members are kept to the letter.
///
/// Only whitespace between tokens goes, and of members with the same name only the last stays. A `JSON` is
/// always valid by RFC 8259, at most ``maximumDepth`` deep, and without lone surrogates, so that it can be
/// stored and printed anywhere. Equality is equality of the text.
///
///     let value = try JSON(parsing: #"{"n": 12345678901234567890, "n": 1.0}"#)
///     value.text          // {"n":1.0}
///     value["n"]?.text    // 1.0
public struct JSON: Sendable {
  /// The minified text.
  public let text: String

  /// Arrays and objects may be nested so deep.
  public static let maximumDepth = 1000

  /// Reads one value; only whitespace may surround it. Cost: linear in the text.
  public init(parsing text: String) throws {
    var text = text
    self = try text.withUTF8 { try JSON(parsing: $0) }
  }

  public init(parsing bytes: [UInt8]) throws {
    self = try bytes.withUnsafeBufferPointer { try JSON(parsing: $0) }
  }

  public init(parsing bytes: UnsafeBufferPointer<UInt8>) throws {
    var parser = JSONParser(bytes)
    text = try parser.parseDocument()
  }

  /// Takes a text that is known to be what this type holds.
  package init(trusted text: String) { self.text = text }
  package init(trusted bytes: [UInt8]) { text = String(decoding: bytes, as: UTF8.self) }

  public enum Kind: Sendable { case object, array, string, number, boolean, null }

  public var kind: Kind {
    switch text.utf8.first {
    case UInt8(ascii: "{"): .object
    case UInt8(ascii: "["): .array
    case UInt8(ascii: "\""): .string
    case UInt8(ascii: "t"), UInt8(ascii: "f"): .boolean
    case UInt8(ascii: "n"): .null
    default: .number
    }
  }
}

extension JSON: Hashable {
  // Swift's == on String is canonical equivalence; bytes are what is stored.
  public static func == (left: JSON, right: JSON) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }
  public func hash(into hasher: inout Hasher) {
    for byte in text.utf8 { hasher.combine(byte) }
  }
}

extension JSON: CustomStringConvertible {
  public var description: String { text }
}

/// Where a text stops being JSON, and why.
public struct JSONError: Error, Sendable, Equatable, CustomStringConvertible {
  public var reason: String
  /// Both from 1; the column counts bytes.
  public var line: Int
  public var column: Int

  public init(reason: String, line: Int, column: Int) {
    self.reason = reason
    self.line = line
    self.column = column
  }

  public var description: String { "line \(line), column \(column): \(reason)" }
}
