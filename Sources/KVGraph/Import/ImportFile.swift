import KV

/// A file of an import, which may be read more than once.
struct ImportFile: Sendable {
  let source: ImportSource

  /// What the file says, item by item, with errors that name the file and the line.
  func items(_ options: ImportOptions) throws -> Items { Items(source, options) }

  struct Items {
    private let source: ImportSource
    private let options: ImportOptions
    private var reader: (any GraphReader)?

    fileprivate init(_ source: ImportSource, _ options: ImportOptions) {
      self.source = source
      self.options = options
    }

    mutating func next() throws -> (item: ImportedItem, line: Int)? {
      do {
        if reader == nil { reader = try source.reader(options) }
        return try reader?.next()
      } catch let error as JSONError {
        throw KVError(.invalidData, "\(source.name):\(error.line): \(error.reason)")
      }
    }
  }
}
