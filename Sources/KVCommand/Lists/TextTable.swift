import KVGraphView

/// Lines of columns that stand below one another.
struct TextTable {
  private let widths: [Int]
  private let isBounded: Bool

  /// - Parameters:
  ///   - rows: as many cells in each, without line ends; columns are as wide as these need.
  ///   - width: how wide a line may be on a terminal; the widest columns are cut where it is less than they need. `nil` for any.
  init(_ rows: [[String]], width: Int?) {
    var widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].columns }.max() ?? 0 }
    if let width, !widths.isEmpty {
      // Two spaces stand between columns.
      let room = width - 2 * (widths.count - 1)
      let least = max(min(8, room / widths.count), 1)
      var surplus = widths.reduce(0, +) - room
      while surplus > 0, let widest = widths.indices.max(by: { widths[$0] < widths[$1] }),
        widths[widest] > least
      {
        let second = widths.indices.filter { $0 != widest }.map { widths[$0] }.max() ?? 0
        let cut = min(surplus, max(1, widths[widest] - max(second, least)))
        widths[widest] -= cut
        surplus -= cut
      }
    }
    (self.widths, isBounded) = (widths, width != nil)
  }

  /// A row as a line. What is wider than its column is cut where lines may be no wider, and else stands out.
  func line(_ row: [String]) -> String {
    let cells = zip(row, widths).map { cell, width in
      var cell = cell
      var columns = cell.columns
      if isBounded, columns > width {
        var left = width - 1
        cell = cell.fitted(to: &left) + "…"
        columns = cell.columns
      }
      return cell + String(repeating: " ", count: max(0, width - columns))
    }
    let line = cells.joined(separator: "  ")
    return String(
      line.prefix(upTo: line.lastIndex { $0 != " " }.map(line.index(after:)) ?? line.startIndex))
  }
}
