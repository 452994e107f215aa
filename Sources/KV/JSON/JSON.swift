/// One JSON value, exactly as it was written: numbers, escapes and the order of members are kept to the letter.
///
/// Only whitespace between tokens goes, and of members with the same name only the last stays. A `JSON` is
/// always valid by RFC 8259 and without lone surrogates. One that was parsed is at most ``maximumDepth`` deep;
/// one that was put together may be deeper, and no store takes it then. Equality is equality of the text's bytes.
///
///     let value = try JSON(parsing: #"{"n": 12345678901234567890, "n": 1.0}"#)
///     value.text          // {"n":1.0}
///     value["n"]?.text    // 1.0
public struct JSON: Sendable {
  /// The minified text.
  public let text: String

  /// How many levels of arrays and objects a text that is parsed, or a value that is stored, may have.
  public static let maximumDepth = 1000

  /// Reads one value; only whitespace may surround it. Throws ``JSONError``. Cost: linear in the text.
  public init(parsing text: String) throws(JSONError) {
    var text = text
    self = try text.withUTF8 { bytes in Result { () throws(JSONError) in try JSON(parsing: bytes) } }.get()
  }

  /// Reads one value from UTF-8; only whitespace may surround it. Throws ``JSONError``. Cost: linear in the text.
  public init(parsing bytes: [UInt8]) throws(JSONError) {
    self = try bytes.withUnsafeBufferPointer { bytes in
      Result { () throws(JSONError) in try JSON(parsing: bytes) }
    }.get()
  }

  /// Reads one value from UTF-8, which is copied; only whitespace may surround it. Throws ``JSONError``. Cost: linear in the text.
  public init(parsing bytes: UnsafeBufferPointer<UInt8>) throws(JSONError) {
    var parser = JSONParser(bytes)
    text = try parser.parseDocument()
  }

  /// Reads one value in which others stand so many levels deep, each of which may have as many levels as any.
  package init(parsing bytes: [UInt8], around levels: Int) throws(JSONError) {
    text = try bytes.withUnsafeBufferPointer { bytes in
      Result { () throws(JSONError) in
        var parser = JSONParser(bytes, maximumDepth: Self.maximumDepth + levels)
        return try parser.parseDocument()
      }
    }.get()
  }

  /// Takes a text that is known to be what this type holds.
  package init(trusted text: String) { self.text = text }
  package init(trusted bytes: [UInt8]) { text = String(decoding: bytes, as: UTF8.self) }

  /// The six kinds of JSON values: `object`, `array`, `string`, `number`, `boolean` (`true` and `false`) and `null`.
  public enum Kind: Sendable {
    /// Members with names, in order.
    case object
    /// Elements in order.
    case array
    /// A text in quotes.
    case string
    /// A number of any size.
    case number
    /// `true` or `false`.
    case boolean
    /// `null`.
    case null
  }

  /// The kind of the value, by the first byte of its text. Cost: constant.
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
  /// Whether the texts are the same, byte by byte: `1.0` is not `1`.
  public static func == (left: JSON, right: JSON) -> Bool { left.text.hasSameBytes(as: right.text) }
  /// Hashes the text's bytes.
  public func hash(into hasher: inout Hasher) {
    for byte in text.utf8 { hasher.combine(byte) }
  }
}

extension JSON: CustomStringConvertible {
  /// The minified text.
  public var description: String { text }
}

/// Where a text stops being JSON, and why.
public struct JSONError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is wrong, in one line for people, without the place.
  public var reason: String
  /// The line in which reading stopped, from 1.
  public var line: Int
  /// The byte of that line at which reading stopped, from 1.
  public var column: Int

  /// An error of these parts.
  public init(reason: String, line: Int, column: Int) {
    self.reason = reason
    self.line = line
    self.column = column
  }

  /// The line, the column and the reason, in one line.
  public var description: String { "line \(line), column \(column): \(reason)" }
}
