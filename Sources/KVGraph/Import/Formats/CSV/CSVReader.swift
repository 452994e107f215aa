import KV

/// Reads tables with a header, whose cells stand between commas, semicolons or tabs: of edges or of nodes, as ``CSVHeader`` tells.
///
/// An empty cell is none. Of an attribute without a type what JSON would write as a number or a boolean is one.
struct CSVReader: GraphReader {
  private var rows: CSVRows
  private let header: CSVHeader
  private let options: ImportOptions
  private var ignored: [String]

  init(_ read: @escaping () throws -> [UInt8], _ options: ImportOptions) throws {
    rows = try CSVRows(read) { try CSVHeader.isOne($0, options) }
    self.options = options
    let line = rows.line
    func refusal(_ reason: String) -> JSONError { JSONError(reason: reason, line: line, column: 1) }
    guard let row = try rows.next(), row.problem == nil else {
      throw refusal("the header is not a row of UTF-8 text")
    }
    let found: CSVHeader?
    do {
      found = try CSVHeader(row.cells, options)
    } catch let error as KVError where error.code == .invalidData {
      throw refusal(error.message)
    }
    guard let header = found else {
      throw UnknownFormat(columns: row.cells)
    }
    self.header = header
    rows.trimsBlanks = header.hasBlanks
    ignored = header.ignored.map { "the column \(JSON($0))" }
  }

  var mayListNodes: Bool { if case .edges = header.kind { false } else { true } }

  mutating func next() throws -> (item: ImportedItem, line: Int)? {
    if let name = ignored.popLast() { return (.ignored(name), rows.line) }
    while true {
      let line = rows.line
      guard let row = try rows.next() else { return nil }
      if row.cells == [""] || row.cells.allSatisfy(\.isEmpty), row.problem == nil { continue }
      do {
        return (try item(of: row), line)
      } catch let error as KVError {
        return (.invalid(error.message), line)
      }
    }
  }

  private func item(of row: CSVRows.Row) throws -> ImportedItem {
    if let problem = row.problem { throw KVError(.invalidData, problem) }
    var cells = row.cells
    // A short row ends in empty cells; a long one may.
    while cells.count > header.columns.count, cells.last?.isEmpty == true { cells.removeLast() }
    guard cells.count <= header.columns.count else {
      throw KVError(.invalidData, "\(cells.count) cells where the header has \(header.columns.count)")
    }
    cells += repeatElement("", count: header.columns.count - cells.count)
    switch header.kind {
    case .nodes(let id, let type, let labels):
      return .node(try node(cells, id, type, labels))
    case .edges(let from, let to, let type): return .edge(try edge(cells, from, to, type))
    case .own(let from, let to, let type, let key, let directed):
      if cells[to.id].isEmpty, let node = try ownNode(cells, from) { return .node(node) }
      var edge = try edge(cells, from, to, type)
      edge.key = text(key, cells)
      if text(directed, cells) == "false" { edge.isDirected = false }
      return .edge(edge)
    }
  }

  private func text(_ column: Int?, _ cells: [String]) -> String? {
    column.flatMap { cells[$0].isEmpty ? nil : cells[$0] }
  }

  private func node(_ cells: [String], _ id: CSVHeader.End, _ type: Int?, _ labels: Int?) throws
    -> ImportedNode
  {
    guard let name = text(id.id, cells) else { throw missing(id.id, "node") }
    var node = ImportedNode(name: .id(name, space: id.space), type: text(type, cells))
    node.attributes = try data(cells).map(ownAttributes) ?? attributes(cells)
    let labels = text(labels, cells) ?? ""
    let names = labels.split(separator: labels.hasPrefix(":") ? ":" : ";").map { $0.trimmed }
    node.type = names.first ?? node.type ?? id.label
    if names.count > 1 {
      node.attributes.append((ExportedAttributes.labels, JSON(elements: names.map { JSON($0) })))
    }
    return node
  }

  private func missing(_ column: Int, _ what: String) -> KVError {
    KVError(.invalidData, "the \(what) has no \(JSON(header.columns[column]))")
  }

  private func ownNode(_ cells: [String], _ end: CSVHeader.End) throws -> ImportedNode? {
    guard let type = text(end.type, cells), let id = text(end.id, cells) else { return nil }
    return ImportedNode(
      name: .node(NodeReference(type: type, id: id)),
      attributes: ownAttributes(try data(cells) ?? JSON(members: [])))
  }

  private func ownAttributes(_ value: JSON) -> Members {
    if let members = value.members, !members.isEmpty { return members }
    return [(ExportedAttributes.whole, value)]
  }

  private func edge(_ cells: [String], _ from: CSVHeader.End, _ to: CSVHeader.End, _ type: Int?) throws
    -> ImportedEdge
  {
    func end(_ end: CSVHeader.End) throws -> NodeName {
      guard let id = text(end.id, cells) else { throw missing(end.id, "edge") }
      guard let type = text(end.type, cells) else {
        return header.isListed ? .text(id) : .id(id, space: end.space)
      }
      return .node(NodeReference(type: type, id: id))
    }
    var edge = ImportedEdge(from: try end(from), to: try end(to), type: text(type, cells))
    edge.id = text(header.id, cells)
    if let direction = text(header.direction, cells) {
      // Gephi writes whether the edge is directed where others write its type.
      switch direction.lowercased() {
      case "directed": edge.isDirected = true
      case "undirected", "mutual": edge.isDirected = false
      default: edge.type = direction
      }
    }
    if let value = try data(cells) {
      edge.attributes = [(ExportedAttributes.data, value)]
    } else {
      edge.attributes = try attributes(cells)
    }
    return edge
  }

  private func data(_ cells: [String]) throws -> JSON? {
    guard let text = text(header.data, cells) else { return nil }
    do {
      return try JSON(parsing: text)
    } catch {
      throw KVError(.invalidData, "\"data\" is not JSON: \(error)")
    }
  }

  private func attributes(_ cells: [String]) throws -> Members {
    try header.attributes.compactMap { attribute in
      guard let cell = text(attribute.column, cells) else { return nil }
      guard let value = attribute.type.value(cell, keepsText: options.keepsText) else {
        throw KVError(
          .invalidData,
          "\(JSON(attribute.name)) is \(JSON(cell).shown), which is no \(attribute.type.name)")
      }
      if attribute.type == .plain || attribute.name.hasPrefix("@json.") {
        return TextAttribute.read(attribute.name, cell, isText: options.keepsText)
      }
      return (attribute.name, value)
    }
  }
}
