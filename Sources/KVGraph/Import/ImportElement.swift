import KV

/// A node or an edge as a file holds it, before anything is made of it.
struct ImportElement {
  enum Section: Sendable {
    case nodes, edges
  }

  enum Content {
    case object([(name: String, value: JSON)])
    case value(JSON)
    /// What is wrong with an element after which the file can be read on.
    case invalid(String)
  }

  /// Where in the file it stands: what it is, unless its form says so itself.
  var section: Section
  /// How it is written; `nil` where only its own members can tell.
  var form: ImportForm?
  var content: Content
  /// Where it begins, from 1.
  var line: Int
}

/// How nodes and edges are written down.
enum ImportForm: Sendable {
  /// Edges with `from`, `to`, `type` and `data`; nodes with `type`, `id` and attributes.
  case own
  /// Edges with `source`, `target` and attributes; nodes with `id` and attributes. GraphML's too.
  case nodeLink
  /// The same inside `data`.
  case cytoscape
  /// Edges with `source`, `target`, `relation` and `metadata`; nodes with `label` and `metadata`.
  case jgf
  /// Nodes with `labels` and `properties`; relationships with `label`, `start`, `end` and `properties`.
  case apoc
}

/// Reads the elements of a file one after another.
protocol ElementReader {
  /// The next element; `nil` at the end. Throws ``JSONError`` where nothing after it can be read.
  mutating func next() throws -> ImportElement?
}

extension ImportSource {
  /// A reader for the format, or for the one that the first bytes tell.
  func elements(_ options: ImportOptions, skippingInvalid: Bool) throws -> any ElementReader {
    let read = try open()
    var start: [UInt8] = []
    var first: UInt8?
    while first == nil {
      let chunk = try read()
      if chunk.isEmpty { break }
      start += chunk
      if start.count >= 3 || start.first != 0xEF {
        if start.starts(with: byteOrderMark) { start.removeFirst(3) }
        first = start.first { $0 > 0x20 }
      }
    }
    // What has been looked at is read again.
    var pending = start
    let replay: () throws -> [UInt8] = {
      if pending.isEmpty { return try read() }
      defer { pending = [] }
      return pending
    }
    if start.starts(with: [0x1F, 0x8B]) {
      throw JSONError(reason: "the file is compressed; try zcat FILE | kv graph import -", line: 1, column: 1)
    }
    let isLines = options.format == .jsonl || options.format == .apoc
    switch (options.format, first) {
    case (.csv, _): return try CSVElementReader(replay)
    case (.graphML, _), (.auto, UInt8(ascii: "<")): return try GraphMLElementReader(replay)
    case (.auto, let byte?) where byte != UInt8(ascii: "{") && byte != UInt8(ascii: "["):
      return try CSVElementReader(replay)
    default:
      return JSONElementReader(
        replay, form: options.format.form, isLines: isLines, skipsInvalid: skippingInvalid)
    }
  }
}

private let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

extension ImportFormat {
  /// `nil` where the elements tell.
  var form: ImportForm? {
    switch self {
    case .auto, .csv: nil
    case .json, .jsonl: .own
    case .nodeLink, .graphML: .nodeLink
    case .cytoscape: .cytoscape
    case .jgf: .jgf
    case .apoc: .apoc
    }
  }
}
