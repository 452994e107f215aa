import KV

/// The part of a Markdown file between `<!-- kv:begin -->` and `<!-- kv:end -->`, each on a line of its own, in which a diagram is kept;
/// with a name, as `<!-- kv:begin services -->`, where there are several.
struct MarkdownSection {
  private let file: FileArgument
  private let name: String

  /// - Parameter argument: `README.md`, or `README.md#services` for the part of this name.
  init(_ argument: FileArgument) {
    guard let sign = argument.bytes.lastIndex(of: UInt8(ascii: "#")) else {
      (file, name) = (argument, "")
      return
    }
    file = FileArgument(bytes: Array(argument.bytes[..<sign]))
    name = String(decoding: argument.bytes[(sign + 1)...], as: UTF8.self)
  }

  private func marker(_ word: String) -> [UInt8] {
    Array("<!-- kv:\(word)\(name.isEmpty ? "" : " " + name) -->".utf8)
  }

  /// Throws where the file is not there, or has no such part.
  @MainActor
  func check() throws { _ = try place(in: Self.lines(of: Input.file(file))) }

  private static func lines(of bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
  }

  /// The lines of the marks.
  private func place(in lines: [ArraySlice<UInt8>]) throws -> (begin: Int, end: Int) {
    func isMarker(_ line: ArraySlice<UInt8>, _ word: String) -> Bool {
      let blanks: Set<UInt8> = [0x20, 0x09, 0x0D]
      let rest = line.drop { blanks.contains($0) }
      let own = rest.prefix(
        (rest.lastIndex { !blanks.contains($0) } ?? rest.startIndex - 1) - rest.startIndex + 1)
      return own.elementsEqual(marker(word))
    }
    let begins = lines.indices.filter { isMarker(lines[$0], "begin") }
    guard let begin = begins.first, begins.count == 1,
      let end = lines[begin...].firstIndex(where: { isMarker($0, "end") })
    else {
      let pair = ["begin", "end"].map { String(decoding: marker($0), as: UTF8.self) }
      throw KVError(
        .invalidData,
        begins.count > 1
          ? "\(file) has the line \(pair[0]) \(begins.count) times; give the parts names, as <!-- kv:begin NAME -->, and name one with \(file)#NAME"
          : "\(file) has no lines \(pair[0]) and, below it, \(pair[1]); put them where the diagram is to stand"
      )
    }
    return (begin, end)
  }

  /// Puts text in the place of what stands there. A file that holds it already is left as it is.
  @MainActor
  func replace(with text: String) throws {
    let bytes = try Input.file(file)
    var lines = Self.lines(of: bytes)
    let (begin, end) = try place(in: lines)
    let isCRLF = lines[begin].last == 0x0D
    let new = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast(
      text.hasSuffix("\n") ? 1 : 0
    )
    .map { Array($0.utf8)[...] + (isCRLF ? [0x0D] : []) }
    lines.replaceSubrange(begin + 1..<end, with: new)
    let changed = Array(lines.joined(separator: [UInt8(ascii: "\n")]))
    if changed != bytes { try Output.file(file, changed) }
  }
}
