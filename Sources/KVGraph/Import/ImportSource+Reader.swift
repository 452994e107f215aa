import KV

extension ImportSource {
  /// A reader for the format, or for the one that the beginning of the file tells.
  func reader(_ options: ImportOptions) throws -> any GraphReader {
    let read = try open()
    var start: [UInt8] = []
    var wanted = FormatSample.size
    var isWhole = false
    while start.count < wanted, !isWhole {
      let chunk = try read()
      isWhole = chunk.isEmpty
      start += chunk
      if start.count >= wanted, wanted < FormatSample.largest, FormatSample(start, isWhole: false).isBlank {
        wanted *= 4
      }
    }
    var text = UTF16Text(mark: start)
    if start.starts(with: [0xEF, 0xBB, 0xBF]) { start.removeFirst(3) }
    var beginning = text?.utf8(of: start.dropFirst(2)) ?? start
    // As old Macs ended lines.
    let endsLinesByReturns = beginning.contains(0x0D) && !beginning.contains(0x0A)
    func withLines(_ bytes: [UInt8]) -> [UInt8] {
      endsLinesByReturns ? bytes.map { $0 == 0x0D ? 0x0A : $0 } : bytes
    }
    beginning = withLines(beginning)
    var format = options.format
    if format == .auto {
      format =
        ListForm.isSIF(name) || ListForm.isNodeList(name)
        ? .list : try FormatSample(beginning, isWhole: isWhole).format(options)
    }
    // XML says itself what it is written in.
    if format.isXML { text = nil }
    // What has been looked at is read again.
    var pending = format.isXML ? start : beginning
    let replay: () throws -> [UInt8] = {
      if !pending.isEmpty {
        defer { pending = [] }
        return pending
      }
      while true {
        let piece = try read()
        guard let bytes = text?.utf8(of: piece) else { return format.isXML ? piece : withLines(piece) }
        // A piece may hold no whole character.
        if piece.isEmpty || !bytes.isEmpty { return withLines(bytes) }
      }
    }
    let isText = options.keepsText
    switch format {
    case .csv: return try CSVReader(replay, options)
    case .list: return try ListReader(replay, isText: isText, fileName: name)
    case .graphML: return try GraphMLReader(replay, isText: isText)
    case .gexf: return try GEXFReader(replay, isText: isText)
    case .gml: return try GMLReader(replay, isText: isText)
    case .pajek: return try PajekReader(replay, isText: isText)
    case .dot: return try DOTReader(replay, isText: isText)
    case .mermaid: return try MermaidReader(replay, isText: isText)
    case .auto, .json, .jsonl, .nodeLink, .cytoscape, .jgf, .apoc:
      let isLines = options.format == .jsonl
      return JSONReader(replay, form: options.format.form, isLines: isLines, options)
    }
  }
}

extension ImportFormat {
  fileprivate var isXML: Bool { self == .graphML || self == .gexf }

  /// `nil` where the elements tell.
  fileprivate var form: JSONForm? {
    switch self {
    case .json, .jsonl: .own
    case .nodeLink: .nodeLink
    case .cytoscape: .cytoscape
    case .jgf: .jgf
    case .apoc: .apoc
    default: nil
    }
  }
}

/// The beginning of a file, from which its format is told.
private struct FormatSample {
  /// How much is looked at, in bytes, and how much where that is all comments.
  static let (size, largest) = (1 << 16, 1 << 22)

  private let bytes: [UInt8]
  private let isWhole: Bool
  /// Without comments and blank lines at its beginning.
  private let text: Substring

  init(_ bytes: [UInt8], isWhole: Bool) {
    (self.bytes, self.isWhole) = (bytes, isWhole)
    text = Self.withoutComments(String(decoding: bytes, as: UTF8.self)[...])
  }

  /// Whether comments are all there is.
  var isBlank: Bool { text.isEmpty }

  /// Leaves out what C, shells and Mermaid take for comments.
  private static func withoutComments(_ text: Substring) -> Substring {
    var text = text
    while true {
      text = text.drop { $0.isWhitespace }
      if text.hasPrefix("/*") {
        guard let end = text.firstRange(of: "*/") else { return "" }
        text = text[end.upperBound...]
      } else if text.hasPrefix("//") || text.hasPrefix("#") || text.hasPrefix("%") {
        text = text.drop { !$0.isNewline }
      } else {
        return text
      }
    }
  }

  func format(_ options: ImportOptions) throws -> ImportFormat {
    // JSON and JSON Lines are told apart as they are read; a file with nothing in it is one without elements.
    guard let first = bytes.first(where: { $0 > 0x20 }) else { return .json }
    switch first {
    case UInt8(ascii: "{"), UInt8(ascii: "["): return .json
    case UInt8(ascii: "<"):
      if text.prefixMatch(of: /<(?:https?|urn|mailto):/) != nil { throw Self.triples }
      return try xmlFormat()
    default: break
    }
    if text.hasPrefix("@prefix") || text.hasPrefix("@base") { throw Self.triples }
    let words = text.prefix(200).split { $0.isWhitespace }.map { $0.lowercased() }
    switch words.first ?? "" {
    case "strict": return .dot
    case "digraph", "graph":
      if isDOT { return .dot }
      if isGML { return .gml }
      return .mermaid
    case "flowchart", "flowchart-elk", "---", "```mermaid": return .mermaid
    case let word where word.hasPrefix("digraph{") || word.hasPrefix("graph{"): return .dot
    case let word where word.hasPrefix("graph["): return .gml
    case let word where word.hasPrefix("*"): return .pajek
    case "sequencediagram", "classdiagram", "statediagram", "statediagram-v2", "erdiagram", "mindmap",
      "gantt", "pie":
      return .mermaid
    default: break
    }
    if text.isEmpty {
      // NetworkX's list of a graph without nodes is comments alone.
      guard isWhole, first == UInt8(ascii: "#") || first == UInt8(ascii: "%") else {
        throw refusal(options)
      }
      return .list
    }
    if try isTable(options) { return .csv }
    if isGML { return .gml }
    if !hasUnknownHeader(options), ListReader.mayRead(bytes, isWhole: isWhole) { return .list }
    throw refusal(options)
  }

  private static let triples = UnknownFormat(
    "it holds triples of RDF, which are not read; as CSV with from, type and to they are")

  private func xmlFormat() throws -> ImportFormat {
    var rest = text
    while let open = rest.firstIndex(of: "<") {
      rest = rest[rest.index(after: open)...]
      if rest.hasPrefix("!--") {
        guard let end = rest.firstRange(of: "-->") else { break }
        rest = rest[end.upperBound...]
        continue
      }
      guard let letter = rest.first, letter.isLetter || letter == "_" else { continue }
      let tag = rest.prefix { !$0.isWhitespace && $0 != ">" && $0 != "/" }
      let name = tag.split(separator: ":").last ?? tag
      return name == "gexf" ? .gexf : .graphML
    }
    return .graphML
  }

  /// `graph {`, with a name perhaps.
  private var isDOT: Bool {
    guard let open = text.firstIndex(where: { $0 == "{" || $0 == "[" }), text[open] == "{" else {
      return false
    }
    // Mermaid has braces too, but never before the end of its first line.
    let head = text[..<open]
    let lines = head.split(separator: "\n", omittingEmptySubsequences: false).map(\.trimmed)
    return lines.count == 1 || lines.dropFirst().allSatisfy(\.isEmpty)
      || head.split(whereSeparator: \.isWhitespace).count <= 2
  }

  /// `graph [` at the beginning of a line, perhaps after other keys.
  private var isGML: Bool {
    var rest = text.prefix(4000)
    while let found = rest.firstRange(of: "graph") {
      let isAtStart = found.lowerBound == text.startIndex || rest[..<found.lowerBound].last?.isNewline ?? true
      let after = rest[found.upperBound...].drop { $0.isWhitespace }
      if isAtStart || rest[..<found.lowerBound].last?.isWhitespace == true, after.first == "[" { return true }
      rest = rest[found.upperBound...]
    }
    return false
  }

  /// The first rows, as far as they are some, behind comments.
  private func rows(_ count: Int, _ options: ImportOptions) -> [[String]] {
    var given = false
    let read = {
      defer { given = true }
      return given ? [] : bytes
    }
    var reader = try? CSVRows(read) { try CSVHeader.isOne($0, options) }
    var rows: [[String]] = []
    while rows.count < count, let row = try? reader?.next(), row.problem == nil { rows.append(row.cells) }
    if rows.allSatisfy({ $0.count == 1 }) {
      return rows.map { ListLine(Array($0[0].utf8)[...], separatedBy: .blanks).fields }
    }
    return rows
  }

  /// Whether the first row names columns, though by no names that tell a graph: in a column of numbers it alone is none, or it says of a
  /// column what no other row has in it.
  private func hasUnknownHeader(_ options: ImportOptions) -> Bool {
    // The last row may not be whole.
    let rows = rows(100, options)
    guard let header = rows.first, header.count > 1, rows.count > 1 else { return false }
    if CSVHeader.hasLoneEnd(header) { return true }
    let others = rows.count > 2 ? rows.dropFirst().dropLast() : rows.dropFirst()
    if header.contains(where: { CSVHeader.isName($0) }) {
      let cells = Set(others.joined())
      return header.allSatisfy { !cells.contains($0) }
    }
    return header.indices.contains { column in
      ListForm.weight(header[column].trimmed) == nil
        && others.allSatisfy { $0.indices.contains(column) && Double($0[column].trimmed) != nil }
    }
  }

  private func isTable(_ options: ImportOptions) throws -> Bool {
    guard let header = rows(1, options).first else { return false }
    return try CSVHeader.isOne(header, options)
  }

  private func refusal(_ options: ImportOptions) -> UnknownFormat {
    if text.isEmpty { return UnknownFormat("its first \(bytes.count) bytes are comments") }
    let isBetweenBlanks = !text.prefix { !$0.isNewline }.contains { ",;\t|".contains($0) }
    if let header = rows(1, options).first, header.count > 1, !isBetweenBlanks || hasUnknownHeader(options) {
      return UnknownFormat(columns: header)
    }
    return UnknownFormat(
      "it begins with \(JSON(String(text.prefix(30)))), and is none of JSON, CSV with a header, lists of two or three fields a line, GraphML, GEXF, GML, Pajek, DOT and Mermaid"
    )
  }
}
