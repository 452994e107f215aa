import KV
import Testing

@testable import KVSQLite

@Suite struct JSONBTests {
  /// Bytes as SQLite 3.45 and later write them, and the JSON that they stand for.
  @Test(
    arguments: [
      ([0x00], "null"), ([0x01], "true"), ([0x02], "false"), ([0x13, 0x31], "1"),
      ([0x35, 0x31, 0x2E, 0x30], "1.0"),
      ([0x44, 0x30, 0x78, 0x31, 0x46], "31"), ([0x26, 0x2E, 0x35], "0.5"), ([0x26, 0x35, 0x2E], "5.0"),
      ([0x17, 0x61], "\"a\""), ([0x28, 0x5C, 0x6E], "\"\\n\""), ([0x29, 0x5C, 0x27], "\"'\""),
      ([0x1A, 0x0A], "\"\\n\""),
      ([0x0B], "[]"), ([0x0C], "{}"), ([0x4B, 0x13, 0x31, 0x13, 0x32], "[1,2]"),
      ([0x4C, 0x17, 0x61, 0x13, 0x31], "{\"a\":1}"), ([0xC3, 0x01, 0x37], "7"),
      ([0xD3, 0x00, 0x01, 0x37], "7"),
      ([0xE3, 0, 0, 0, 1, 0x37], "7"), ([0xF3, 0, 0, 0, 0, 0, 0, 0, 1, 0x37], "7"),
    ] as [([UInt8], String)])
  func reads(_ bytes: [UInt8], _ text: String) throws {
    #expect(try JSON(jsonb: bytes).text == text)
  }

  @Test(
    arguments: [
      [], [0x0D], [0x0F], [0x23, 0x31], [0xC3], [0xFB, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
      [0x13, 0x61],
      [0x1C, 0x00], [0x2C, 0x17, 0x61], [0x00, 0x00], [0x17, 0x22], [0x2C, 0x00, 0x00], [0x17, 0xFF],
    ] as [[UInt8]])
  func refuses(_ bytes: [UInt8]) {
    #expect(throws: (any Error).self) { try JSON(jsonb: bytes) }
  }

  @Test(arguments: [
    "0", "-1", "1.0", "1e400", String(repeating: "9", count: 300), String(repeating: "9", count: 70_000),
  ])
  func numbersRoundTrip(_ text: String) throws {
    #expect(try JSON(jsonb: JSON(parsing: text).jsonb).text == text)
  }

  @Test func nestingIsLimited() {
    var bytes: [UInt8] = [0x0B]
    for _ in 0..<2000 {
      let size = bytes.count
      bytes = [0xEB] + (0..<4).reversed().map { UInt8(truncatingIfNeeded: size >> ($0 * 8)) } + bytes
    }
    #expect(throws: (any Error).self) { try JSON(jsonb: bytes) }
  }
}
