import KV

/// Reads a network of Pajek (http://mrvar.fdv.uni-lj.si/pajek/, "Pajek - Reference Manual", 5.3) as Pajek,
/// NetworkX and igraph write it.
///
/// A node is named by its label where all have one of their own, else by its number. `*Arcs` and `*Arcslist`
/// are directed, `*Edges` and `*Edgeslist` not; the name of a relation is the edges' type. What follows the
/// network, such as partitions and further networks, is named and passed over.
struct PajekReader: GraphReader {
  private enum Section {
    case none, vertices, arcs, edges, arcsList, edgesList, matrix
    /// What is no part of the network; `isNetwork` until another part of the file begins.
    case ignored(isNetwork: Bool)
  }

  private var lines: LineInput
  private let isText: Bool
  private var section = Section.none
  private var isOwn = false
  private var isDirected: Bool?
  private var vertices: PajekVertices?
  /// Of two kinds of vertices, how many are of the first.
  private var rows: Int?
  private var cells = 0
  private var relation: String?
  private var relations: [String: String] = [:]
  private var ready = ItemQueue()
  private var givesNodes = false
  private var isAtEnd = false

  init(_ read: @escaping () throws -> [UInt8], isText: Bool) throws {
    lines = LineInput(read)
    self.isText = isText
  }

  mutating func next() throws -> (item: ImportedItem, line: Int)? {
    while true {
      if givesNodes {
        if let (node, line) = vertices?.next(isOwn: isOwn) { return (.node(node), line) }
        givesNodes = false
      }
      if let item = ready.next() { return item }
      if isAtEnd { return nil }
      guard let line = try lines.next() else {
        isAtEnd = true
        if vertices == nil { throw JSONError(reason: "the file has no *Vertices", line: 1, column: 1) }
        endVertices(line: lines.number)
        continue
      }
      let text = line.bytes.trimmed
      guard let first = text.first else { continue }
      if first == UInt8(ascii: "%") {
        if line.number == 1 { isOwn = text.elementsEqual(PajekWriter.mark.utf8) }
        continue
      }
      guard let fields = PajekLine(text) else {
        if case .ignored = section { continue }
        let isUTF8 = String(validating: text, as: UTF8.self) != nil
        ready.append(.invalid(isUTF8 ? "a text in quotes does not end" : "invalid UTF-8"), line: line.number)
        continue
      }
      if first == UInt8(ascii: "*") {
        try begin(fields.fields, line: line.number)
      } else {
        take(fields, line: line.number)
      }
    }
  }

  private mutating func endVertices(line: Int) {
    if case .matrix = section, let vertices, cells < matrixSize(of: vertices) {
      ready.append(.invalid("the matrix has fewer cells than vertices"), line: line)
    }
    guard case .vertices = section else { return }
    vertices?.end()
    givesNodes = true
    section = .none
  }

  private mutating func begin(_ fields: [PajekLine.Field], line: Int) throws {
    let word = fields[0].text.lowercased()
    if case .ignored(isNetwork: false) = section, word == "*vertices" { return }
    if case .ignored(isNetwork: true) = section, Self.isPartOfNetwork(word) { return }
    endVertices(line: line)
    switch word {
    case "*network":
      guard vertices == nil else { return ignore("further network", isNetwork: true, line: line) }
      if fields.count > 1 { ready.append(.ignored("name of the network"), line: line) }
    case "*vertices":
      guard vertices == nil else { return ignore("further network", isNetwork: true, line: line) }
      guard fields.count > 1, let count = fields[1].number, (0...Int(Int32.max)).contains(count) else {
        throw JSONError(reason: "*Vertices does not say how many", line: line, column: 1)
      }
      if fields.count > 2 {
        rows = fields[2].number.flatMap { (0...count).contains($0) ? $0 : nil }
        ready.append(.ignored("second number of *Vertices"), line: line)
      }
      vertices = PajekVertices(count: count, line: line, isText: isText)
      section = .vertices
    case let word where Self.isPartOfNetwork(word):
      guard vertices != nil else {
        throw JSONError(reason: "\(fields[0].text) stands before *Vertices", line: line, column: 1)
      }
      beginEdges(word, fields, line: line)
    default: ignore(fields[0].text, isNetwork: false, line: line)
    }
  }

  private static func isPartOfNetwork(_ word: String) -> Bool {
    ["*vertices", "*arcs", "*edges", "*arcslist", "*edgeslist", "*matrix"].contains(word)
  }

  private mutating func ignore(_ what: String, isNetwork: Bool, line: Int) {
    section = .ignored(isNetwork: isNetwork)
    ready.append(.ignored(what), line: line)
  }

  private mutating func beginEdges(_ word: String, _ fields: [PajekLine.Field], line: Int) {
    switch word {
    case "*arcs": section = .arcs
    case "*edges": section = .edges
    case "*arcslist": section = .arcsList
    case "*edgeslist": section = .edgesList
    default: section = .matrix
    }
    cells = 0
    relation = nil
    if fields.count > 1, fields[1].text.hasPrefix(":") {
      let number = String(fields[1].text.dropFirst())
      if fields.count > 2 { relations[number] = fields[2].text }
      relation = relations[number] ?? number
    }
    let isDirected = word == "*arcs" || word == "*arcslist" || word == "*matrix"
    if isDirected != self.isDirected { ready.append(.directed(isDirected), line: line) }
    self.isDirected = isDirected
  }

  private mutating func take(_ line: PajekLine, line number: Int) {
    switch section {
    case .ignored: break
    case .none: ready.append(.invalid("the line belongs to no section"), line: number)
    case .vertices:
      if let problem = vertices?.add(line, line: number) { ready.append(.invalid(problem), line: number) }
    case .arcs, .edges: ready.append(edge(line, line: number), line: number)
    case .arcsList, .edgesList:
      guard let from = line.fields.first else { return }
      for to in line.fields.dropFirst() { ready.append(listed(from, to), line: number) }
    case .matrix: takeRow(line, line: number)
    }
  }

  /// An edge of a list of neighbors; a minus before one of the numbers says that it is a negative one.
  private func listed(_ from: PajekLine.Field, _ to: PajekLine.Field) -> ImportedItem {
    let ends = [from, to].map { end in
      end.number.map { $0 < 0 } == true ? PajekLine.Field(text: String(end.text.dropFirst())) : end
    }
    let isNegative = [from, to].contains { $0.number.map { $0 < 0 } ?? false }
    return edge(ends[0], ends[1], isNegative ? [PajekLine.Field(text: "-1")] : [], relation)
  }

  private mutating func edge(_ line: PajekLine, line number: Int) -> ImportedItem {
    var fields = line.fields[...]
    var relation = relation
    if let first = fields.first, !first.isQuoted, first.text.hasSuffix(":") {
      let number = String(first.text.dropLast())
      relation = relations[number] ?? number
      fields.removeFirst()
    }
    guard let from = fields.popFirst(), let to = fields.popFirst() else {
      return .invalid("the line names one vertex where two are wanted")
    }
    if fields.first?.isNumber == true, fields.dropFirst().first(where: { !$0.isInterval })?.isNumber == true {
      // The weight, and what older files say of a line by the place alone: its kind, its width, its color.
      ready.append(.ignored("attributes without names"), line: number)
      fields = fields.prefix(1)
    }
    return edge(from, to, Array(fields), relation)
  }

  private func edge(
    _ from: PajekLine.Field, _ to: PajekLine.Field, _ fields: [PajekLine.Field], _ relation: String?
  ) -> ImportedItem {
    var ends: [NodeName] = []
    for end in [from, to] {
      guard let name = vertices?.name(end) else {
        return .invalid(
          "the vertex \(JSON.shown(end.text)) is not a number from 1 to \(vertices?.count ?? 0)")
      }
      ends.append(name)
    }
    var attributes = ElementAttributes()
    var rest = fields[...]
    if let weight = rest.first, !weight.isInterval,
      weight.isNumber || rest.count(where: { !$0.isInterval }) % 2 == 1
    {
      attributes.set("weight", weight.value(isText: isText))
      rest.removeFirst()
    }
    if let problem = Array(rest).addPairs(to: &attributes, isText: isText) { return .invalid(problem) }
    var edge = ImportedEdge(from: ends[0], to: ends[1], type: relation, attributes: attributes.inOrder)
    if edge.type?.isEmpty != false {
      edge.type = edge.attributes.takeType(from: [(name: String, value: JSON)].edgeTypeNames)
    }
    edge.id = edge.attributes.text(of: "id")
    return .edge(edge)
  }

  /// Rows by columns.
  private func matrixSize(of vertices: PajekVertices) -> Int {
    rows.map { $0 * (vertices.count - $0) } ?? vertices.count * vertices.count
  }

  /// Every cell but 0 is the weight of an arc; rows may go over several lines.
  private mutating func takeRow(_ line: PajekLine, line number: Int) {
    guard let vertices else { return }
    let width = rows.map { vertices.count - $0 } ?? vertices.count
    for cell in line.fields {
      guard width > 0, cells / width < rows ?? vertices.count else {
        return ready.append(.invalid("the matrix has more cells than vertices"), line: number)
      }
      let (row, column) = (cells / width + 1, cells % width + 1 + (rows ?? 0))
      cells += 1
      if Double(cell.text) == 0 { continue }
      let ends = [row, column].map { PajekLine.Field(text: String($0)) }
      ready.append(edge(ends[0], ends[1], [cell], relation), line: number)
    }
  }
}
