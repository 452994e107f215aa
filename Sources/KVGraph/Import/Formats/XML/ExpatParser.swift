import CExpat
import KV

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// libexpat's parser, and the tags that it has read of the last chunk.
///
/// What an entity may stand for is limited, nothing outside of the file is read, and an entity that is
/// defined nowhere is an error: leaving it out would be another text.
final class ExpatParser {
  struct Tag {
    var isEnd: Bool
    /// The name's number, or -1.
    var name: Int
    var qualified: Range<Int>
    var text: Range<Int>
    var attributes: Range<Int>
    var line: Int
  }

  struct Attribute {
    /// The name's number, or -1.
    var name: Int
    var qualified: Range<Int>
    var value: Range<Int>
  }

  /// What makes the file useless after the tags that were read.
  private(set) var failure: (any Error)?
  private(set) var bytes: [UInt8] = []
  private(set) var tags: [Tag] = []
  private(set) var attributes: [Attribute] = []
  private(set) var bytesRead = 0
  /// How many bytes have been read since the last one that anything came of.
  private(set) var stalled = 0
  private var textStart = 0
  private var hasRoot = false
  private let parser: CExpat.XML_Parser
  private let format: String
  private let names: XMLNames
  private var entities = XMLEntities()
  private var hasDoctype = false

  /// - Parameter names: those that tags and attributes are to be known by.
  init(format: String, names: [String]) throws {
    if let reason = kv_expat_missing() {
      throw KVError(.failed, "\(format) needs libexpat: \(String(cString: reason))")
    }
    guard let parser = XML_ParserCreate(nil) else { throw KVError(.failed, "libexpat does not start") }
    self.parser = parser
    self.format = format
    self.names = XMLNames(names)
    XML_SetUserData(parser, Unmanaged.passUnretained(self).toOpaque())
    kv_expat_limit_expansion(parser, 10, 1 << 20)
    XML_SetElementHandler(
      parser, { data, name, attributes in ExpatParser.of(data)?.begin(name, attributes) },
      { data, name in ExpatParser.of(data)?.end(name) })
    XML_SetCharacterDataHandler(parser) { data, text, count in
      ExpatParser.of(data)?.bytes.append(contentsOf: UnsafeRawBufferPointer(start: text, count: Int(count)))
    }
    XML_SetStartDoctypeDeclHandler(parser) { data, _, _, _, _ in ExpatParser.of(data)?.hasDoctype = true }
    XML_SetEntityDeclHandler(parser) { data, name, isParameter, value, count, _, _, _, _ in
      guard let name, isParameter == 0 else { return }
      let value = UnsafeRawBufferPointer(start: value, count: value == nil ? 0 : Int(count))
      ExpatParser.of(data)?.entities.define(String(cString: name), as: value)
    }
    XML_SetSkippedEntityHandler(parser) { data, name, _ in
      if let name { ExpatParser.of(data)?.refuse(entity: String(cString: name)) }
    }
    XML_SetExternalEntityRefHandler(parser) { _, _, _, _, _ in 0 }
  }

  deinit { XML_ParserFree(parser) }

  private static func of(_ data: UnsafeMutableRawPointer?) -> ExpatParser? {
    data.map { Unmanaged<ExpatParser>.fromOpaque($0).takeUnretainedValue() }
  }

  private var line: Int { Int(clamping: XML_GetCurrentLineNumber(parser)) }

  private func refuse(_ reason: String) {
    failure = failure ?? JSONError(reason: reason, line: line, column: 1)
  }

  private func refuse(entity name: String) { refuse("the entity &\(name); is defined nowhere") }

  private func begin(
    _ name: UnsafePointer<CChar>?, _ attributes: UnsafeMutablePointer<UnsafePointer<CChar>?>?
  ) {
    guard failure == nil, let name else { return }
    hasRoot = true
    if hasDoctype { checkEntities() }
    let text = textStart..<bytes.count
    let (number, count) = names.number(of: name, skippingPrefix: true)
    let qualified = append(name, count)
    let first = self.attributes.count
    var next = attributes
    while let attribute = next, let name = attribute.pointee, let value = attribute[1] {
      let (number, count) = names.number(of: name, skippingPrefix: false)
      let qualified = number < 0 ? append(name, count) : 0..<0
      self.attributes.append(
        Attribute(name: number, qualified: qualified, value: append(value, strlen(value))))
      next = attribute + 2
    }
    textStart = bytes.count
    tags.append(
      Tag(
        isEnd: false, name: number, qualified: qualified, text: text,
        attributes: first..<self.attributes.count, line: line))
  }

  private func end(_ name: UnsafePointer<CChar>?) {
    guard failure == nil, let name else { return }
    let text = textStart..<bytes.count
    let number = names.number(of: name, skippingPrefix: true).number
    textStart = bytes.count
    tags.append(
      Tag(isEnd: true, name: number, qualified: 0..<0, text: text, attributes: 0..<0, line: line))
  }

  private func append(_ text: UnsafePointer<CChar>, _ count: Int) -> Range<Int> {
    let start = bytes.count
    bytes.append(contentsOf: UnsafeRawBufferPointer(start: text, count: count))
    return start..<bytes.count
  }

  /// Where a definition may stand elsewhere, which is not read, libexpat leaves unknown entities out of
  /// attributes, and tells nobody.
  private func checkEntities() {
    var (offset, size): (Int32, Int32) = (0, 0)
    guard let context = XML_GetInputContext(parser, &offset, &size) else { return }
    let count = min(XML_GetCurrentByteCount(parser), size - offset)
    let tag = UnsafeRawBufferPointer(start: context + Int(offset), count: Int(max(count, 0)))
    if let name = entities.undefined(in: tag) { refuse(entity: name) }
  }

  /// libexpat counts in 32 bits.
  private static let largestPiece = 1 << 24

  /// Forgets the tags of the chunk before.
  func parse(_ chunk: [UInt8], isLast: Bool) {
    if !tags.isEmpty {
      bytes.removeSubrange(..<textStart)
      textStart = 0
      tags.removeAll(keepingCapacity: true)
      attributes.removeAll(keepingCapacity: true)
    }
    let before = bytes.count
    var rest = chunk[...]
    repeat {
      let piece = rest.prefix(Self.largestPiece)
      rest = rest.dropFirst(piece.count)
      parse(piece, isLast: isLast && rest.isEmpty)
    } while !rest.isEmpty && failure == nil
    stalled = tags.isEmpty && bytes.count == before ? stalled + chunk.count : 0
  }

  private func parse(_ piece: ArraySlice<UInt8>, isLast: Bool) {
    let status = piece.withUnsafeBytes {
      XML_Parse(parser, $0.baseAddress?.assumingMemoryBound(to: CChar.self), Int32($0.count), isLast ? 1 : 0)
    }
    bytesRead += piece.count
    guard status != XML_STATUS_OK, failure == nil else { return }
    let code = XML_GetErrorCode(parser)
    let reason = XML_ErrorString(code).map { String(cString: $0) } ?? "an error"
    switch code {
    case XML_ERROR_NO_ELEMENTS where !hasRoot: refuse("the file ends before its first element")
    case XML_ERROR_NO_ELEMENTS, XML_ERROR_UNCLOSED_TOKEN, XML_ERROR_PARTIAL_CHAR,
      XML_ERROR_UNCLOSED_CDATA_SECTION:
      isLast ? refuse("the file ends inside the \(format)") : refuse("as \(format): \(reason)")
    default: refuse("as \(format): \(reason)")
    }
  }
}
