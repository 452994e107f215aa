/// The lines of a text, without their ends (LF or CRLF).
struct LineInput {
  private var input: ByteInput

  init(_ read: @escaping () throws -> [UInt8]) { input = ByteInput(read) }

  /// The number of the line that is next, from 1.
  var number: Int { input.line }

  /// The next line and its number, from 1; `nil` at the end of the file.
  mutating func next() throws -> (bytes: ArraySlice<UInt8>, number: Int)? {
    guard try input.peek() != nil, let line = try input.restOfLine(readingOn: true) else { return nil }
    let number = input.line
    input.skip(line.count)
    _ = try input.take()
    return (line.last == 0x0D ? line.dropLast() : line, number)
  }
}
