import KV

/// A file of an import, which may be read more than once.
struct ImportFile: Sendable {
  let source: ImportSource

  /// What the file says, item by item, with errors that name the file and the line.
  func items(_ options: ImportOptions) -> Items { Items(source, options) }

  struct Items {
    private let source: ImportSource
    private let options: ImportOptions
    private var reader: (any GraphReader)?

    fileprivate init(_ source: ImportSource, _ options: ImportOptions) {
      self.source = source
      self.options = options
    }

    /// Whether the file may list nodes.
    mutating func mayListNodes() throws -> Bool {
      try open()
      return reader?.mayListNodes ?? true
    }

    mutating func next() throws -> (item: ImportedItem, line: Int)? {
      try open()
      do {
        return try reader?.next()
      } catch let error as JSONError {
        throw named(error)
      }
    }

    private mutating func open() throws {
      if reader != nil { return }
      do {
        reader = try source.reader(options)
      } catch let error as JSONError {
        throw named(error)
      } catch let error as UnknownFormat {
        throw KVError(.invalidData, "\(source.name):1: \(error.message)", reason: error.reason)
      }
    }

    /// An error of a reader, with the file.
    private func named(_ error: JSONError) -> KVError {
      KVError(.invalidData, "\(source.name):\(error.line): \(error.reason)")
    }
  }
}
