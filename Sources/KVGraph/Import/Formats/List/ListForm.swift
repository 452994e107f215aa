import KV

/// What the columns of a list without a header are, as far as its beginning tells.
struct ListForm {
  enum Kind: Equatable {
    /// `a b`, and a third field that is a number or a type.
    case pairs(thirdIsWeight: Bool)
    /// `a relation b c …`; `a` alone is a node.
    case relations
    /// `a b c …`: from the first to each other.
    case neighbors
    /// `a 2`, and that many lines of a neighbor and its edge's data.
    case counted
    /// `from to weight time`, the last two not always.
    case konect
    /// Nodes, a line `#`, and edges.
    case tgf
    /// `# node` and its neighbors, a line each.
    case lgl
  }

  let kind: Kind
  let separator: ListLine.Separator
  /// `nil` where the file says nothing of it.
  let isDirected: Bool?

  /// Throws ``JSONError`` where the list is one that cannot be read.
  init(_ sample: ListSample, fileName: String) throws {
    separator = sample.separator
    let first = sample.lines.first
    if let first, first.bytes.starts(with: "%%MatrixMarket".utf8) {
      throw JSONError(
        reason: "a Matrix Market file, which is no list of edges", line: first.number, column: 1)
    }
    if let first, let konect = Self.konect(first) {
      guard konect != .bipartite else {
        throw JSONError(
          reason: "a bipartite list, where a number is one node on the left and another on the right;"
            + " name the nodes apart and add a header", line: first.number, column: 1)
      }
      (kind, isDirected) = (.konect, konect == .directed)
      return
    }
    let isLGL = !Self.isSIF(fileName) && sample.isLGL
    // LGL has undirected edges only.
    isDirected = isLGL ? false : nil
    kind =
      isLGL
      ? .lgl
      : sample.isTGF
        ? .tgf : sample.isCounted ? .counted : try Self.kindByColumns(sample, fileName: fileName)
  }

  /// Cytoscape's triples, which are known by the name alone.
  static func isSIF(_ fileName: String) -> Bool { hasEnding(".sif", fileName) }

  /// The nodes of LDBC Graphalytics, an id a line, beside the edges in `.e` (https://ldbcouncil.org/benchmarks/graphalytics/).
  static func isNodeList(_ fileName: String) -> Bool { hasEnding(".v", fileName) }

  private static func hasEnding(_ ending: String, _ fileName: String) -> Bool {
    let name = fileName.lowercased()
    return ["", ".gz", ".zst"].contains { name.hasSuffix(ending + $0) }
  }

  enum Konect { case directed, undirected, bipartite }

  /// What KONECT's first line says (http://konect.cc/downloads/).
  static func konect(_ line: ListSample.Line) -> Konect? {
    guard line.bytes.first == UInt8(ascii: "%") else { return nil }
    let words = ListLine(line.bytes.dropFirst(), separatedBy: .blanks).fields
    guard words.count == 2 else { return nil }
    switch words[0] {
    case "sym": return .undirected
    case "asym": return .directed
    case "bip": return .bipartite
    default: return nil
    }
  }

  private static let sifWords: Set = ["pp", "pd", "pr", "rc", "cr", "gl", "pm", "mp"]

  private static func kindByColumns(_ sample: ListSample, fileName: String) throws -> Kind {
    if isSIF(fileName) { return .relations }
    if sample.isOfNetworkX { return .neighbors }
    let rows = sample.fields
    if isNodeList(fileName), rows.allSatisfy({ $0.count == 1 }) { return .neighbors }
    let triples = rows.filter { $0.count >= 3 }
    if !triples.isEmpty, rows.allSatisfy({ $0.count == 1 || $0.count > 1 && sifWords.contains($0[1]) }) {
      return .relations
    }
    let firsts = Set(rows.compactMap(\.first))
    if areNeighbors(rows, firsts: firsts) { return .neighbors }
    if let long = sample.rows.first(where: { $0.line.fields.count > 3 && $0.line.problem == nil }) {
      let areNumbers = triples.allSatisfy { ImportedNumber.isOne($0[2]) }
      let haveNumbers = triples.allSatisfy { ImportedNumber.isOne($0[0]) && !ImportedNumber.isOne($0[1]) }
      let ends = firsts.union(triples.flatMap { $0.dropFirst(2) })
      if !areNumbers || haveNumbers, rows.allSatisfy({ $0.count != 2 }),
        triples.allSatisfy({ !ends.contains($0[1]) })
      {
        return .relations
      }
      if areNumbers || rows.allSatisfy({ $0.count > 3 }) {
        throw JSONError(
          reason: "\(long.line.fields.count) fields, and a list without a header has two or three;"
            + " add a header that names the columns", line: long.number, column: 1)
      }
    }
    let thirds = rows.filter { $0.count == 3 }
    // One that is no number among many is refused, and not a type.
    let weights = thirds.count { ListForm.weight($0[2]) != nil }
    if weights * 2 > thirds.count || thirds.isEmpty { return .pairs(thirdIsWeight: true) }
    let hasPairs = rows.contains { $0.count == 2 }
    return !hasPairs && areTriples(thirds, firsts: firsts) ? .relations : .pairs(thirdIsWeight: false)
  }

  /// A number, which may have a comma for its point where other fields stand between blanks or tabs.
  static func weight(_ field: String) -> String? {
    if ImportedNumber.isOne(field) { return field }
    let text = field.replacing(",", with: ".", maxReplacements: 1)
    return ImportedNumber.isOne(text) ? text : nil
  }

  /// NetworkX's adjacency list has a line for each node, of one field where nothing follows.
  private static func areNeighbors(_ rows: [[String]], firsts: Set<String>) -> Bool {
    guard firsts.count == rows.count, rows.contains(where: { $0.count == 1 || $0.count > 3 }),
      Set(rows.map(\.count)).count > 1
    else { return false }
    // A number of nodes or edges above a list is a line of one field too.
    guard let first = rows.firstIndex(where: { $0.count > 1 }),
      rows[first...].contains(where: { $0.count == 1 || $0.count > 3 })
    else { return false }
    let further = rows.filter { $0.count > 2 }
    return rows.contains { $0.count > 1 && $0[1] != $0[0] && firsts.contains($0[1]) }
      && (further.isEmpty || further.contains { $0.dropFirst(2).contains(where: firsts.contains) })
  }

  /// Whether the column in the middle says how the others are related: it names fewer things that also begin
  /// a line, or, where that does not tell, fewer things altogether.
  private static func areTriples(_ rows: [[String]], firsts: Set<String>) -> Bool {
    let seconds = rows.count { firsts.contains($0[1]) }
    let thirds = rows.count { firsts.contains($0[2]) }
    if seconds != thirds { return thirds > seconds }
    return seconds == 0 && Set(rows.map { $0[1] }).count < Set(rows.map { $0[2] }).count
  }

  /// Whether a line has as many fields as the form allows.
  func fits(_ line: ListLine) -> Bool {
    guard line.problem == nil else { return false }
    let count = line.fields.count
    switch kind {
    case .pairs: return line.data != nil || count == 2 || count == 3
    case .relations: return count != 2
    case .neighbors, .counted: return true
    case .konect: return (2...4).contains(count)
    case .tgf, .lgl: return true
    }
  }
}

extension ListSample {
  private func words(_ line: Line) -> [String] { ListLine(line.bytes, separatedBy: .blanks).fields }

  /// Nodes of different names, `#`, and edges between those.
  fileprivate var isTGF: Bool {
    guard lines.count(where: \.isHash) == 1, let middle = lines.firstIndex(where: \.isHash) else {
      return false
    }
    let nodes = lines[..<middle].filter { !$0.isComment }.compactMap { words($0).first }
    let names = Set(nodes)
    return !nodes.isEmpty && names.count == nodes.count
      && lines[(middle + 1)...].filter { !$0.isComment }
        .allSatisfy { words($0).count > 1 && words($0).prefix(2).allSatisfy(names.contains) }
  }

  /// Whether it begins as NetworkX's adjacency lists do, and no other list of its: the program, when it ran, the graph's name.
  fileprivate var isOfNetworkX: Bool {
    lines.count > 2 && lines[0].isComment && lines[1].bytes.starts(with: "# GMT ".utf8) && lines[2].isComment
  }

  /// NetworkX's multiline adjacency list: some neighbor has data in braces as its second field, and the counts agree.
  fileprivate var isCounted: Bool {
    var left = 0
    var hasData = false
    for line in lines where !line.isComment {
      guard let entry = CountedLine(line.bytes) else { return false }
      if left == 0 {
        guard let count = entry.count else { return false }
        left = count
      } else {
        guard entry.rest == nil || entry.isData else { return false }
        hasData = hasData || entry.isData
        left -= 1
      }
    }
    return hasData
  }

  /// `# name` first, and lines of one field, or of two where the second is a number and some name has a `#`
  /// too.
  fileprivate var isLGL: Bool {
    guard lines.first?.bytes.first == UInt8(ascii: "#") else { return false }
    var names: Set<String> = []
    var neighbors: [[String]] = []
    for line in lines {
      guard line.bytes.first == UInt8(ascii: "#") else {
        neighbors.append(words(line))
        continue
      }
      let name = words(line)
      guard name.count == 2, name[0] == "#", names.insert(name[1]).inserted else { return false }
    }
    // A pair between commas, and no name.
    if !neighbors.isEmpty, neighbors.allSatisfy({ $0.count == 1 && $0[0].contains(",") }) { return false }
    let isEachOne = neighbors.allSatisfy { $0.count == 1 || $0.count == 2 && ImportedNumber.isOne($0[1]) }
    let isSure = neighbors.contains { $0.count == 1 } || neighbors.contains { names.contains($0[0]) }
    return isEachOne && isSure
  }
}
