import KV

/// Reads comma-separated values (RFC 4180), or with semicolons or tabs where the header has them.
///
/// The header names the columns. Edges: `from_type`, `from_id`, `to_type`, `to_id`, or `from` and `to` (`source` and
/// `target`) as `Type:id`; `edge_type` or `type`; and `data`, which is JSON, or any columns, which become the members
/// of the data. Nodes: `id`, `type`, and any columns as attributes. Of such a column an empty cell is left out, and what
/// JSON would write as a number or a boolean is one.
struct CSVElementReader: ElementReader {
  private var rows: CSVRows
  private let columns: [String]
  private let isNodes: Bool
  private let from: End?
  private let to: End?
  private let type: Int?
  private let data: Int?
  /// Columns that are members of the data, or attributes.
  private let attributes: [Int]

  /// The columns of a node.
  private struct End {
    var type: Int?
    var id: Int
    /// Whether the id is one by itself, and not `Type:id`.
    var isBare: Bool
  }

  init(_ read: @escaping () throws -> [UInt8]) throws {
    rows = try CSVRows(read)
    let line = rows.line
    func refusal(_ reason: String) -> JSONError { JSONError(reason: reason, line: line, column: 1) }
    guard let header = try rows.next(), header.problem == nil else {
      throw refusal("the header is not a row of UTF-8 text")
    }
    let columns = header.cells
    func column(_ names: String...) -> Int? { names.lazy.compactMap { columns.firstIndex(of: $0) }.first }
    func end(_ name: String, _ other: String) -> End? {
      let type = column(name + "_type")
      guard let id = column(name + "_id", name, other) else { return nil }
      return End(type: type, id: id, isBare: type != nil || columns[id] == name + "_id")
    }
    let (from, to) = (end("from", "source"), end("to", "target"))
    isNodes = from == nil && to == nil && column("id") != nil
    guard isNodes || from != nil && to != nil else {
      throw refusal(
        "neither JSON nor GraphML, and as CSV its header names no from_id and to_id, no from and to, and no id"
      )
    }
    if let name = Dictionary(grouping: columns, by: { Array($0.utf8) }).values.first(where: { $0.count > 1 }
    )?[0] {
      throw refusal("the header names \(JSON(name)) twice")
    }
    (self.from, self.to) = (isNodes ? End(type: nil, id: column("id") ?? 0, isBare: true) : from, to)
    type = isNodes ? column("type") : column("edge_type", "type")
    data = isNodes ? nil : column("data")
    let used = [from?.type, self.from?.id, to?.type, to?.id, type, data]
    attributes = columns.indices.filter { !used.contains($0) }
    if data != nil, let other = attributes.first {
      throw refusal("the header names both data and \(JSON(columns[other])); data holds all there is")
    }
    self.columns = columns
  }

  mutating func next() throws -> ImportElement? {
    while true {
      let line = rows.line
      guard let row = try rows.next() else { return nil }
      if row.cells == [""], row.problem == nil { continue }
      return ImportElement(
        section: isNodes ? .nodes : .edges, form: .own, content: content(of: row), line: line)
    }
  }

  private func content(of row: CSVRows.Row) -> ImportElement.Content {
    if let problem = row.problem { return .invalid(problem) }
    let cells = row.cells
    guard cells.count == columns.count else {
      return .invalid("\(cells.count) cells where the header has \(columns.count)")
    }
    func cell(_ column: Int?) -> String? { column.flatMap { cells[$0].isEmpty ? nil : cells[$0] } }
    var members: [(name: String, value: JSON)] = []
    let attributes = attributes.filter { !cells[$0].isEmpty }.map { (columns[$0], Self.value(cells[$0])) }
    if let text = cell(type) { members.append(("type", JSON(text))) }
    if isNodes {
      if let id = cell(from?.id) { members.append(("id", JSON(id))) }
      return .object(members + attributes)
    }
    for (name, end) in [("from", from), ("to", to)] {
      guard let end, let id = cell(end.id) else { continue }
      let type = cell(end.type).map { [("type", JSON($0))] } ?? []
      members.append((name, end.isBare ? JSON(members: [("id", JSON(id))] + type) : JSON(id)))
    }
    if let text = cell(data) {
      do {
        members.append(("data", try JSON(parsing: text)))
      } catch {
        return .invalid("data is not JSON: \(error)")
      }
    } else if !attributes.isEmpty {
      members.append(("data", JSON(members: attributes)))
    }
    return .object(members)
  }

  private static func value(_ text: String) -> JSON {
    guard let json = try? JSON(parsing: text), json.kind == .number || json.kind == .boolean else {
      return JSON(text)
    }
    return json
  }
}

/// The rows of a CSV text, whose lines end in LF, CRLF or CR.
private struct CSVRows {
  struct Row {
    var cells: [String]
    /// What makes the row useless; the next one can be read all the same.
    var problem: String?
  }

  private var input: ByteInput
  private let separator: UInt8

  init(_ read: @escaping () throws -> [UInt8]) throws {
    input = ByteInput(read)
    try input.skipWhitespace()
    // The header is looked at first, for its separator, and then read like any row.
    var header: [UInt8] = []
    while let byte = try input.peek(), byte != 0x0A, byte != 0x0D, header.count < 1 << 16 {
      header.append(byte)
      _ = try input.take()
    }
    separator =
      [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")].first { header.contains($0) }
      ?? UInt8(ascii: ",")
    input.putBack(header)
  }

  var line: Int { input.line }

  /// The cells up to the end of the line, or beyond it where one is quoted. `nil` at the end of the file.
  mutating func next() throws -> Row? {
    guard try input.peek() != nil else { return nil }
    var row = Row(cells: [])
    var cell: [UInt8] = []
    func end() {
      guard let text = String(validating: cell, as: UTF8.self) else {
        row.problem = "invalid UTF-8"
        return
      }
      row.cells.append(text)
    }
    while let byte = try input.take() {
      switch byte {
      case separator:
        end()
        cell = []
      case UInt8(ascii: "\"") where cell.isEmpty:
        try takeQuoted(into: &cell)
        let next = try input.peek()
        if next != nil, next != separator, next != 0x0A, next != 0x0D {
          row.problem = "expected the cell to end after its closing quote"
        }
      case 0x0D, 0x0A:
        if byte == 0x0D, try input.peek() == 0x0A { _ = try input.take() }
        end()
        return row
      default: cell.append(byte)
      }
    }
    end()
    return row
  }

  private mutating func takeQuoted(into cell: inout [UInt8]) throws {
    let line = input.line
    while let byte = try input.take() {
      guard byte == UInt8(ascii: "\"") else {
        cell.append(byte)
        continue
      }
      guard try input.peek() == UInt8(ascii: "\"") else { return }
      cell.append(byte)
      _ = try input.take()
    }
    throw JSONError(reason: "the quoted cell does not end", line: line, column: 1)
  }
}
