import KV

/// An answer that is no list: an object of JSON, lines for people, and rows of a table.
struct Report {
  var json: JSON
  var lines: [String]
  var header: [String]
  var rows: [[Cell]]
}

extension ListOptions {
  @MainActor
  func print(_ report: Report) throws {
    switch chosen ?? .text {
    case .json, .jsonl:
      try print(
        report, as: Listing(header: [], json: { $0.json }, row: { _ in [] }), inPipe: .json, onTerminal: .json
      )
    case .text:
      try print(
        report.lines, as: Listing(header: [], json: { JSON($0) }, row: { _ in [] }, text: { $0 }),
        inPipe: .text,
        onTerminal: .text)
    case .table, .csv:
      try print(
        report.rows, as: Listing(header: report.header, json: { _ in .null }, row: { $0 }), inPipe: .table)
    }
  }
}
