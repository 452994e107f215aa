import KV

/// Reads comma-separated values (RFC 4180), or with semicolons or tabs where the header has them.
///
/// The header names the columns. Edges: `from_type`, `from_id`, `to_type`, `to_id`, or `from` and `to` (`source` and
/// `target`) as `Type:id`; `edge_type` or `type`; and `data`, which is JSON, or any columns, which become the members
/// of the data. Nodes: `id`, `type`, and any columns as attributes. Of such a column an empty cell is left out, and what
/// JSON would write as a number or a boolean is one.
struct CSVElementReader: ElementReader {
  private var input: ByteInput
  private let separator: UInt8
  private let columns: [String]
  private let isNodes: Bool
  /// Columns that are members of the data, or attributes.
  private let attributes: [Int]

  private static let places: Set = [
    "from", "to", "source", "target", "from_type", "from_id", "to_type", "to_id", "edge_type", "type", "data",
  ]

  init(_ read: @escaping () throws -> [UInt8]) throws {
    input = ByteInput(read)
    try input.skipWhitespace()
    let line = input.line
    let header = try input.restOfLine(readingOn: true) ?? []
    separator =
      [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")].first { header.contains($0) }
      ?? UInt8(ascii: ",")
    let columns = try Self.readRow(&input, separator) ?? []
    func has(_ names: String...) -> Bool { names.contains { columns.contains($0) } }
    let isEdges = has("from", "source", "from_id") && has("to", "target", "to_id")
    isNodes = !isEdges && has("id")
    guard isEdges || isNodes else {
      throw JSONError(
        reason:
          "neither JSON nor GraphML, and as CSV its header names no from_id and to_id, no from and to, and no id",
        line: line, column: 1)
    }
    if let name = Dictionary(grouping: columns, by: { $0 }).first(where: { $0.value.count > 1 })?.key {
      throw JSONError(reason: "the header names \(JSON(name)) twice", line: line, column: 1)
    }
    let places = isNodes ? ["id", "type"] : Self.places
    attributes = columns.indices.filter { !places.contains(columns[$0]) }
    if !isNodes, columns.contains("data"), let other = attributes.first {
      throw JSONError(
        reason: "the header names both data and \(JSON(columns[other])); data holds all there is", line: line,
        column: 1)
    }
    self.columns = columns
  }

  mutating func next() throws -> ImportElement? {
    while true {
      let line = input.line
      guard let row = try Self.readRow(&input, separator) else { return nil }
      if row.count == 1, row[0].isEmpty { continue }
      return ImportElement(
        section: isNodes ? .nodes : .edges, form: .own, content: content(of: row), line: line)
    }
  }

  private func content(of row: [String]) -> ImportElement.Content {
    guard row.count == columns.count else {
      return .invalid("\(row.count) cells where the header has \(columns.count)")
    }
    func cell(_ names: String...) -> String? {
      for name in names {
        if let column = columns.firstIndex(of: name), !row[column].isEmpty { return row[column] }
      }
      return nil
    }
    var members: [(name: String, value: JSON)] = []
    let attributes = attributes.filter { !row[$0].isEmpty }.map { (columns[$0], Self.value(row[$0])) }
    if isNodes {
      for name in ["id", "type"] { if let text = cell(name) { members.append((name, JSON(text))) } }
      return .object(members + attributes)
    }
    for (name, type, id, texts) in [
      ("from", "from_type", "from_id", ["from", "source"]), ("to", "to_type", "to_id", ["to", "target"]),
    ] {
      if let text = cell(id) {
        let type = cell(type).map { [("type", JSON($0))] } ?? []
        members.append((name, JSON(members: [("id", JSON(text))] + type)))
      } else if let text = texts.lazy.compactMap({ cell($0) }).first {
        members.append((name, JSON(text)))
      }
    }
    if let text = cell("edge_type", "type") { members.append(("type", JSON(text))) }
    if let text = cell("data") {
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

  /// The cells up to the end of the line, or beyond it where it is quoted. `nil` at the end of the file.
  private static func readRow(_ input: inout ByteInput, _ separator: UInt8) throws -> [String]? {
    guard try input.peek() != nil else { return nil }
    var row: [String] = []
    var cell: [UInt8] = []
    func end() { row.append(String(decoding: cell, as: UTF8.self)) }
    while let byte = try input.take() {
      switch byte {
      case separator:
        end()
        cell = []
      case UInt8(ascii: "\"") where cell.isEmpty:
        try readQuoted(&input, into: &cell)
        let next = try input.peek()
        guard next == nil || next == separator || next == 0x0A || next == 0x0D else {
          throw JSONError(
            reason: "expected the cell to end after its closing quote", line: input.line, column: 1)
        }
      case 0x0D where try input.peek() == 0x0A: break
      case 0x0A:
        end()
        return row
      default: cell.append(byte)
      }
    }
    end()
    return row
  }

  private static func readQuoted(_ input: inout ByteInput, into cell: inout [UInt8]) throws {
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
