import ArgumentParser
import KV

/// How a list is printed.
struct OutputOptions: ParsableArguments {
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case json, jsonl, table
  }

  @Option(help: "json: one array; jsonl: a record a line; table: columns.") var output = Format.json

  var recordPrinter: ListPrinter<Record> {
    ListPrinter(output, json: JSON.init, header: ["KEY", "VERSION", "TYPE", "VALUE"]) {
      [$0.key, String($0.version), $0.type, $0.value.text]
    }
  }

  @MainActor
  func print(_ records: [Record]) throws {
    var printer = recordPrinter
    for record in records { try printer.print(record) }
    try printer.finish()
  }

  @MainActor
  func print<Item>(
    _ items: some Sequence<Item>, as json: @escaping (Item) -> JSON, header: [String],
    row: @escaping (Item) -> [String]
  ) throws {
    var printer = ListPrinter(output, json: json, header: header, row: row)
    for item in items { try printer.print(item) }
    try printer.finish()
  }
}

/// Prints a list element by element, for all of them as one text would need several times their memory; a table, whose columns
/// are as wide as their widest cell, is printed at the end.
struct ListPrinter<Item> {
  private let format: OutputOptions.Format
  private let json: (Item) -> JSON
  private let row: (Item) -> [String]
  private var rows: [[String]]
  private var isEmpty = true

  init(
    _ format: OutputOptions.Format, json: @escaping (Item) -> JSON, header: [String],
    row: @escaping (Item) -> [String]
  ) {
    (self.format, self.json, self.row) = (format, json, row)
    rows = [header]
  }

  @MainActor
  mutating func print(_ item: Item) throws {
    defer { isEmpty = false }
    switch format {
    case .json:
      try Output.document((isEmpty ? "[" : ",") + "\n  " + json(item).pretty(inside: 1), terminator: "")
    case .jsonl: try Output.document(json(item).text)
    case .table: rows.append(row(item).map(\.onOneLine))
    }
  }

  @MainActor
  func finish() throws {
    switch format {
    case .json: try Output.document(isEmpty ? "[]" : "\n]")
    case .jsonl: return
    case .table:
      let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
      for row in rows {
        // The last is as long as it is.
        let cells = row.indices.map { column in
          column == row.count - 1
            ? row[column] : row[column] + String(repeating: " ", count: widths[column] - row[column].count)
        }
        try Output.line(cells.joined(separator: "  "))
      }
    }
  }
}
