import KV

/// Reads the lines of a dump.
@MainActor
final class DumpReader {
  private let name: String
  private let read: () throws -> [UInt8]
  private var buffer: [UInt8] = []
  private var position = 0
  private var line = 0
  private var end: ArchiveCounts?

  /// - Parameter read: gives the next bytes, none at the end.
  init(_ name: String, _ read: @escaping () throws -> [UInt8]) { (self.name, self.read) = (name, read) }

  /// The first line.
  func readStart() throws {
    guard let bytes = try nextLine() else { throw fault("the file is empty: expected a dump") }
    guard let json = try? JSON(parsing: Array(bytes)), json["kv"] == "dump" else {
      throw fault("this is no dump of kv's: the first line would say so")
    }
    _ = try parse(bytes)
  }

  /// The next items; `nil` at the end.
  func nextItems() throws -> [ArchiveItem]? {
    var items: [ArchiveItem] = []
    while items.count < 500, let bytes = try nextLine() {
      if bytes.isEmpty { continue }
      if end != nil { throw fault("something follows the end of the dump") }
      switch try parse(bytes) {
      case .start: throw fault("a second dump begins inside the first")
      case .item(let item): items.append(item)
      case .end(let counts): end = counts
      }
    }
    return items.isEmpty ? nil : items
  }

  /// Whether all has been there.
  func checkEnd(_ counts: ArchiveCounts) throws {
    guard let end else { throw fault("the dump is cut off: it has no end") }
    guard end == counts else {
      throw fault("the dump is not whole: it says that it holds \(end.line), and here are \(counts.line)")
    }
  }

  private func parse(_ bytes: ArraySlice<UInt8>) throws -> ArchiveLine {
    do {
      return try ArchiveLine(try JSON(parsing: Array(bytes), around: ArchiveLine.levels))
    } catch let error as KVError {
      throw fault(error.message)
    } catch let error as JSONError {
      throw fault("not JSON: \(error.reason)")
    }
  }

  private func fault(_ reason: String) -> KVError {
    KVError(.invalidData, "\(name), line \(max(line, 1)): \(reason)")
  }

  /// Without its line feed.
  private func nextLine() throws -> ArraySlice<UInt8>? {
    var searched = position
    while true {
      if let feed = buffer[searched...].firstIndex(of: 0x0A) {
        defer { position = feed + 1 }
        line += 1
        return buffer[position..<feed]
      }
      searched = buffer.count - position
      buffer.removeFirst(position)
      position = 0
      let chunk = try read()
      if chunk.isEmpty {
        guard !buffer.isEmpty else { return nil }
        defer { buffer = [] }
        line += 1
        return buffer[...]
      }
      buffer += chunk
    }
  }
}
