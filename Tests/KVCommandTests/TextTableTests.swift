import KVGraphView
import Testing

@testable import KVCommand

/// Columns as a terminal counts them.
@Suite struct TextTableTests {
  @Test func columnsStandBelowOneAnotherWhateverTheyHold() {
    let rows = [["KEY", "N"], ["user/王小明", "1"], ["é🏳️‍🌈", "22"], ["plain", ""]]
    let table = TextTable(rows, width: nil)
    let lines = rows.map(table.line)
    #expect(lines == ["KEY          N", "user/王小明  1", "é🏳️‍🌈          22", "plain"])
  }

  @Test(arguments: [80, 40, 30, 12])
  func noLineIsWiderThanTheTerminal(_ width: Int) {
    let rows = [
      ["ID", "NAME", "STATUS", "WHEN"],
      ["0b5ed58c-3c40-4f3a", "王小明王小明王小明", "pending", "2026-01-01T00:00:00Z and more"],
    ]
    let table = TextTable(rows, width: width)
    for row in rows {
      let line = table.line(row)
      #expect(line.columns <= width, "\(line)")
    }
    #expect(table.line(rows[1]).contains("…") == (width < 80))
  }
}
