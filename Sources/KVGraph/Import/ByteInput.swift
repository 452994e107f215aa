#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Bytes by the chunk, with the line they are on.
struct ByteInput {
  private let read: () throws -> [UInt8]
  private var chunk: [UInt8] = []
  private var position = 0
  private(set) var line = 1

  init(_ read: @escaping () throws -> [UInt8]) { self.read = read }

  mutating func peek() throws -> UInt8? {
    if position == chunk.count {
      chunk = try read()
      position = 0
    }
    return position < chunk.count ? chunk[position] : nil
  }

  mutating func take() throws -> UInt8? {
    guard let byte = try peek() else { return nil }
    position += 1
    if byte == 0x0A { line += 1 }
    return byte
  }

  /// Makes bytes that were taken the next ones again. They hold no line's end.
  mutating func putBack(_ bytes: [UInt8]) {
    chunk = bytes + chunk[position...]
    position = 0
  }

  mutating func skipWhitespace() throws {
    while let byte = try peek(), Self.isWhitespace(byte) { _ = try take() }
  }

  mutating func takeWhitespace(into bytes: inout [UInt8]) throws {
    while let byte = try peek(), Self.isWhitespace(byte) {
      bytes.append(byte)
      _ = try take()
    }
  }

  private static func isWhitespace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
  }

  /// What is left of the line that the input stands on, without its end; the input stays where it is.
  ///
  /// `nil` where the line's end has not been read yet, unless `readingOn`.
  mutating func restOfLine(readingOn: Bool) throws -> ArraySlice<UInt8>? {
    var searched = position
    while true {
      if let end = chunk.firstLineFeed(from: searched) { return chunk[position..<end] }
      guard readingOn else { return nil }
      let known = chunk.count - position
      if try !readOn() { return chunk[position...] }
      searched = known
    }
  }

  /// The first byte after a line that is not whitespace; `nil` at the end of the file.
  mutating func byte(afterLineOf count: Int) throws -> UInt8? {
    var offset = count
    while true {
      if let byte = chunk[(position + offset)...].first(where: { !Self.isWhitespace($0) }) { return byte }
      offset = chunk.count - position
      if try !readOn() { return nil }
    }
  }

  /// Adds the next chunk to what is left of this one; `false` at the end of the file.
  private mutating func readOn() throws -> Bool {
    let more = try read()
    if position > 0 { chunk.removeSubrange(..<position) }
    position = 0
    chunk += more
    return !more.isEmpty
  }

  /// Passes over bytes of ``restOfLine(readingOn:)``.
  mutating func skip(_ count: Int) { position += count }

  /// From a quote to the one that closes it.
  mutating func takeString(into bytes: inout [UInt8]) throws {
    var isEscaped = false
    var isInside = false
    while let byte = try take() {
      bytes.append(byte)
      if isEscaped {
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if byte == UInt8(ascii: "\"") {
        if isInside { return }
        isInside = true
      }
    }
  }

  /// One value, as far as brackets and quotes tell; the parser judges it.
  mutating func takeValue(into bytes: inout [UInt8]) throws {
    var depth = 0
    while let byte = try peek() {
      switch byte {
      case UInt8(ascii: "\""):
        try takeString(into: &bytes)
        if depth == 0 { return }
        continue
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if depth == 0 { return }
        depth -= 1
      case UInt8(ascii: ","): if depth == 0 { return }
      default: break
      }
      bytes.append(byte)
      _ = try take()
      if depth == 0, byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") { return }
    }
  }
}

extension [UInt8] {
  fileprivate func firstLineFeed(from start: Int) -> Int? {
    withUnsafeBytes { bytes in
      guard start < bytes.count, let base = bytes.baseAddress,
        let found = memchr(base + start, 0x0A, bytes.count - start)
      else { return nil }
      return UnsafeRawPointer(found) - base
    }
  }
}

extension ByteInput {
  /// All that is left.
  mutating func takeRest(into bytes: inout [UInt8]) throws {
    while let byte = try take() { bytes.append(byte) }
  }
}
