import KV

/// Reads Mermaid's flowcharts (mermaid.js.org/syntax/flowchart.html) by the statement.
///
/// Nodes come at the end, for any statement may add to one: the text in its shape is its attribute `label`
/// where it differs from the id, the title of the innermost subgraph is `cluster`, the address of a `click`
/// is `click`. The text of a link is the edge's `label`. How things look is passed over. After a line `%% kv`
/// before the first node the file is one of ours: labels are names, and texts of links are types.
struct MermaidReader: GraphReader {
  private var statements: MermaidStatements
  private var document = MermaidDocument()
  private var hasStarted = false
  /// What the last statement says of edges, and how far it has been given.
  private var pending = MermaidEdges()
  private var item: ImportedItem?
  private var line = 1
  private var isAtEnd = false
  /// Whether it stands in a fence, as in Markdown.
  private var isFenced = false

  init(_ read: @escaping () throws -> [UInt8], isText: Bool) throws { statements = MermaidStatements(read) }

  mutating func next() throws -> (item: ImportedItem, line: Int)? {
    if !hasStarted { try start() }
    while true {
      if let item {
        self.item = nil
        return (item, line)
      }
      if let (link, from, to) = pending.next() { return (document.item(of: link, from: from, to: to), line) }
      if isAtEnd { return document.nextNode() }
      try readOn()
    }
  }

  private mutating func readOn() throws {
    let statement = try statements.next()
    line = statements.line
    switch statement {
    case nil:
      if let open = document.openSubgraph {
        throw JSONError(reason: "the file ends inside the subgraph \(JSON(open))", line: line, column: 1)
      }
      isAtEnd = true
    case .comment(let text): document.add(comment: text)
    case .code(let bytes):
      guard let text = String(validating: bytes, as: UTF8.self) else {
        item = .invalid("text that is not UTF-8")
        return
      }
      do { try read(bytes, text) } catch { item = .invalid(error.reason) }
    }
  }

  private static let appearance: Set<Substring> = [
    "style", "classDef", "class", "linkStyle", "direction", "accTitle:", "accTitle", "accDescr:", "accDescr",
  ]

  private mutating func read(_ bytes: [UInt8], _ text: String) throws(MermaidFault) {
    let word = text.prefix { !$0.isWhitespace }
    let rest = text.dropFirst(word.count)
    switch word {
    case "subgraph":
      if document.openSubgraph != nil { item = .ignored("the subgraph around another") }
      try document.beginSubgraph(bytes.dropFirst(word.utf8.count).trimmed)
    case "```" where isFenced: isAtEnd = true
    case "end" where rest.allSatisfy(\.isWhitespace):
      if !document.endSubgraph() { item = .invalid("end without a subgraph") }
    case "click": item = try document.add(click: bytes.dropFirst(word.utf8.count).trimmed, line: line)
    case _ where Self.appearance.contains(word): break
    default:
      pending = try document.add(try MermaidStatement(bytes, isLink: document.isLink), line: line)
    }
  }

  /// Up to `flowchart LR`.
  private mutating func start() throws {
    hasStarted = true
    try skipFrontMatter()
    while let statement = try statements.next() {
      line = statements.line
      switch statement {
      case .comment(let text): document.add(comment: text)
      case .code(let bytes):
        let word = String(decoding: bytes.prefix { $0 > 0x20 }, as: UTF8.self)
        if word == "```mermaid", !isFenced {
          isFenced = true
          continue
        }
        guard ["graph", "flowchart", "flowchart-elk"].contains(word) else { throw refusal(of: word) }
        let direction = bytes.dropFirst(word.utf8.count).trimmed
        guard
          ["", "TB", "TD", "BT", "LR", "RL", "<", ">", "^", "v"].contains(
            String(decoding: direction, as: UTF8.self))
        else {
          throw JSONError(reason: MermaidFault("no direction is", direction).reason, line: line, column: 1)
        }
        item = .directed(true)
        return
      }
    }
    throw JSONError(reason: "the file holds no flowchart", line: line, column: 1)
  }

  private func refusal(of word: String) -> JSONError {
    let kind = word.prefix { $0 != ":" }
    let reason =
      Self.otherDiagrams.contains { kind.hasPrefix($0) }
      ? "this is \(kind), and only a flowchart is a graph"
      : MermaidFault("neither graph nor flowchart but", Array(word.utf8)[...]).reason
    return JSONError(reason: reason, line: line, column: 1)
  }

  private static let otherDiagrams = [
    "sequenceDiagram", "classDiagram", "stateDiagram", "erDiagram", "journey", "gantt", "pie",
    "quadrantChart",
    "requirementDiagram", "gitGraph", "C4", "mindmap", "timeline", "zenuml", "sankey", "xychart", "block",
    "packet",
    "kanban", "architecture", "radar", "treemap", "info",
  ]

  /// YAML between two lines `---`.
  private mutating func skipFrontMatter() throws {
    try statements.skipWhitespace()
    guard try statements.isAtDash() else { return }
    line = statements.currentLine
    guard let first = try statements.takeLine(), first[...].trimmed.elementsEqual("---".utf8) else {
      throw JSONError(reason: "neither graph nor flowchart at the beginning", line: line, column: 1)
    }
    while let bytes = try statements.takeLine() {
      if bytes[...].trimmed.elementsEqual("---".utf8) { return }
    }
    throw JSONError(reason: "the file ends inside the front matter", line: line, column: 1)
  }
}
