import KV
import KVGraph

/// Prints a list element by element, for all of them as one text would need several times their memory; a table, whose columns
/// are as wide as their widest cell, is printed at the end.
struct ListPrinter<Item> {
  private let listing: Listing<Item>
  private let format: ListFormat
  /// `nil` for standard output.
  private let file: FileArgument?
  /// Whether JSON is an object after another.
  private let objects: Bool
  private let colors: Bool
  private let window: Window
  private var bytes: [UInt8] = []
  /// The first rows of a table, by which it is laid out.
  private var rows: [[String]] = []
  private var table: TextTable?
  private(set) var seen = 0
  private(set) var printed = 0
  private var hasMore = false

  init(
    _ listing: Listing<Item>, as format: ListFormat, to file: FileArgument?, objects: Bool, colors: Bool,
    window: Window = .all
  ) {
    (self.listing, self.format, self.file, self.objects) = (listing, format, file, objects)
    (self.colors, self.window) = (colors, window)
  }

  /// - Returns: false where no more is wanted.
  @MainActor
  mutating func print(_ item: Item) throws -> Bool {
    seen += 1
    if seen <= window.offset { return true }
    if printed == window.limit ?? .max {
      hasMore = true
      return false
    }
    defer { printed += 1 }
    switch format {
    case .json where objects: try write(document: listing.json(item).pretty + "\n")
    case .json:
      try write(document: (printed == 0 ? "[" : ",") + "\n  " + listing.json(item).pretty(inside: 1))
    case .jsonl: try write(document: listing.json(item).text + "\n")
    case .csv:
      if printed == 0 { try writeHeader() }
      try write(document: Self.csv(listing.row(item).map(\.exact)))
    case .text: try write(line: listing.text(item))
    case .table: try write(row: listing.row(item).map { $0.short.onOneLine })
    }
    // A reader sees the first at once; the rest goes out by the block.
    if printed == 0, file == nil { try Output.flush() }
    return true
  }

  /// Ends the list, and says where it was cut how to go on.
  @MainActor
  mutating func finish() throws {
    switch format {
    case .json where !objects: try write(document: printed == 0 ? "[]\n" : "\n]\n")
    case .csv where printed == 0: try writeHeader()
    case .table: try layOut()
    case .json, .jsonl, .csv, .text: break
    }
    if let file { try Output.file(file, bytes) }
    // What is said of it on standard error comes behind it.
    if file == nil, Output.isTerminal { try Output.flush() }
    guard hasMore else { return }
    try Output.noteMore(than: printed, limit: window.limit) {
      Arguments.command(offset: window.offset + printed, limit: $0)
    }
  }

  @MainActor
  private mutating func writeHeader() throws {
    if listing.header.isEmpty { return }
    try write(document: Self.csv(listing.names))
  }

  private static func csv(_ cells: [String]) -> String {
    cells.map { CSVCell.text($0, separator: ",") }.joined(separator: ",") + "\n"
  }

  /// How many rows a table is laid out by; so many are held.
  private static var mostHeld: Int { 10_000 }

  @MainActor
  private mutating func write(row: [String]) throws {
    if let table { return try write(line: table.line(row)) }
    rows.append(row)
    if rows.count == Self.mostHeld { try layOut() }
  }

  /// Writes the header and the rows that are held, once.
  @MainActor
  private mutating func layOut() throws {
    if listing.header.isEmpty || table != nil { return }
    let table = TextTable(
      [listing.header] + rows, width: file == nil && Output.isTerminal ? Output.columns : nil)
    let header = table.line(listing.header)
    if colors, file == nil { try Output.styled(header) } else { try write(line: header) }
    for row in rows { try write(line: table.line(row)) }
    (self.table, rows) = (table, [])
  }

  @MainActor
  private mutating func write(line: String) throws {
    guard file == nil else {
      bytes += Array(line.onOneLine.utf8) + [0x0A]
      return
    }
    try Output.line(line)
  }

  @MainActor
  private mutating func write(document: String) throws {
    guard file == nil else {
      bytes += document.utf8
      return
    }
    try Output.document(document, terminator: "")
  }
}
