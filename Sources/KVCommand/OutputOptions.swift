import ArgumentParser
import KV

/// How a list of records is printed.
struct OutputOptions: ParsableArguments {
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case json, jsonl, table
  }

  @Option(help: "json: one array; jsonl: a record a line; table: columns.") var output = Format.json

  @MainActor
  func print(_ records: [Record]) throws {
    try print(records, as: JSON.init, header: ["KEY", "VERSION", "TYPE", "VALUE"]) {
      [$0.key.oneLine, String($0.version), $0.type.oneLine, $0.value.text]
    }
  }

  @MainActor
  func print<Item>(
    _ items: [Item], as json: (Item) -> JSON, header: [String], row: (Item) -> [String]
  ) throws {
    switch output {
    case .json: try printArray(items.lazy.map(json))
    case .jsonl: for item in items { try Output.line(json(item).text) }
    case .table: try printTable(header: header, rows: items.map(row))
    }
  }

  /// Prints the elements one by one, for all of them as one text would need several times their memory.
  @MainActor
  private func printArray(_ elements: some Sequence<JSON>) throws {
    var separator = "["
    for element in elements {
      try Output.text(separator + "\n  " + element.pretty(inside: 1))
      separator = ","
    }
    try Output.line(separator == "[" ? "[]" : "\n]")
  }

  /// Columns as wide as their widest cell; the last as long as it is.
  @MainActor
  private func printTable(header: [String], rows: [[String]]) throws {
    let widths = header.indices.map { column in ([header] + rows).map { $0[column].count }.max() ?? 0 }
    for row in [header] + rows {
      let cells = row.indices.map { column in
        column == row.count - 1
          ? row[column] : row[column] + String(repeating: " ", count: widths[column] - row[column].count)
      }
      try Output.line(cells.joined(separator: "  "))
    }
  }
}
