import KV

/// Reads XML (https://www.w3.org/TR/xml) a chunk at a time: its tags one after another, each with the text
/// before it.
///
/// Names and values are places in the bytes that the parser holds until the next tag is asked for, so that a
/// string is made only of what is wanted.
struct XMLReader<Name: RawRepresentable & CaseIterable & Hashable> where Name.RawValue == String {
  struct Tag {
    var isEnd: Bool
    /// Without a namespace's prefix; `nil` where it is none of the format's names.
    var name: Name?
    /// From the tag before.
    var text: Range<Int>
    /// From 1.
    var line: Int
    fileprivate var qualified: Range<Int>
    fileprivate var attributes: Range<Int>
  }

  private let read: () throws -> [UInt8]
  private let parser: ExpatParser
  private let names = Array(Name.allCases)
  private var position = 0
  private var isAtEnd = false

  /// - Parameter format: for what is said about the file.
  init(_ read: @escaping () throws -> [UInt8], format: String) throws {
    self.read = read
    parser = try ExpatParser(format: format, names: Name.allCases.map(\.rawValue))
  }

  var bytesRead: Int { parser.bytesRead }

  /// The next tag; `nil` at the end of the file.
  mutating func next() throws -> Tag? {
    while position == parser.tags.count {
      if let failure = parser.failure { throw failure }
      if isAtEnd { return nil }
      position = 0
      // A parser that has to look at the start of a long token again and again is given twice as much each
      // time.
      var chunk: [UInt8] = []
      repeat {
        let more = try read()
        isAtEnd = more.isEmpty
        if chunk.isEmpty { chunk = more } else { chunk += more }
      } while !isAtEnd && chunk.count < parser.stalled
      parser.parse(chunk, isLast: isAtEnd)
    }
    let tag = parser.tags[position]
    position += 1
    return Tag(
      isEnd: tag.isEnd, name: name(tag.name), text: tag.text, line: tag.line, qualified: tag.qualified,
      attributes: tag.attributes)
  }

  private func name(_ number: Int) -> Name? { number < 0 ? nil : names[number] }

  func string(_ range: Range<Int>) -> String { String(decoding: parser.bytes[range], as: UTF8.self) }

  func bytes(_ range: Range<Int>) -> ArraySlice<UInt8> { parser.bytes[range] }

  /// The tag's name as it stands in the file.
  func qualifiedName(of tag: Tag) -> String { string(tag.qualified) }

  func hasAttributes(_ tag: Tag) -> Bool { !tag.attributes.isEmpty }

  /// Where the value of an attribute is. Cost: linear in the tag's attributes.
  func place(of name: Name, in tag: Tag) -> Range<Int>? {
    for index in tag.attributes {
      let number = parser.attributes[index].name
      if number >= 0, names[number] == name { return parser.attributes[index].value }
    }
    return nil
  }

  func value(of name: Name, in tag: Tag) -> String? { place(of: name, in: tag).map(string) }

  func attributes(of tag: Tag) -> ArraySlice<ExpatParser.Attribute> { parser.attributes[tag.attributes] }

  /// `nil` where it is none of the format's names.
  func name(of attribute: ExpatParser.Attribute) -> Name? { name(attribute.name) }

  /// The attribute's name as it stands in the file.
  func text(of attribute: ExpatParser.Attribute) -> String {
    name(attribute.name)?.rawValue ?? string(attribute.qualified)
  }
}

/// What stood in a file, for people: at most so much of it, control characters escaped.
extension String {
  var shownInReason: String { JSON(String(prefix(60))).description }
}
