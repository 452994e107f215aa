/// Lines of columns that stand below one another.
struct TextTable {
  private let widths: [Int]
  private let isBounded: Bool

  /// - Parameters:
  ///   - rows: as many cells in each, without line ends; columns are as wide as these need.
  ///   - width: how wide a line may be; the widest columns are cut where it is less than they need. `nil` for any.
  init(_ rows: [[String]], width: Int?) {
    var widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    if let width {
      // Two spaces stand between columns.
      var surplus = widths.reduce(0, +) + 2 * (widths.count - 1) - width
      while surplus > 0, let widest = widths.indices.max(by: { widths[$0] < widths[$1] }), widths[widest] > 8
      {
        let second = widths.indices.filter { $0 != widest }.map { widths[$0] }.max() ?? 0
        let cut = min(surplus, max(1, widths[widest] - max(second, 8)))
        widths[widest] -= cut
        surplus -= cut
      }
    }
    (self.widths, isBounded) = (widths, width != nil)
  }

  /// A row as a line. What is wider than its column is cut where lines may be no wider, and else stands out.
  func line(_ row: [String]) -> String {
    let cells = row.indices.map { column in
      let width = widths[column]
      let cell = isBounded && row[column].count > width ? row[column].prefix(width - 1) + "…" : row[column]
      // The last is as long as it is.
      return column == row.count - 1
        ? cell : cell + String(repeating: " ", count: max(0, width - cell.count))
    }
    let line = cells.joined(separator: "  ")
    return String(
      line.prefix(upTo: line.lastIndex { $0 != " " }.map(line.index(after:)) ?? line.startIndex))
  }
}
