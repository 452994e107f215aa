import Testing

@testable import KV

@Suite struct NumberOrderTests {
  @Test("numbers compare to the last digit, whatever their size and however they are written")
  func order() throws {
    let ascending = [
      "-1e99999999999999999999", "-1e400", "-12345678901234567891", "-12345678901234567890.5",
      "-9007199254740993",
      "-9007199254740992.0", "-1", "-0.1", "-1e-400", "0", "1e-99999999999999999999", "1e-400", "0.1",
      "0.10000000000000000001",
      "1", "1.5", "9007199254740992", "9007199254740992.5", "9007199254740993", "12345678901234567890",
      "12345678901234567891", "1e400", "1e99999999999999999999",
    ]
    for (i, left) in ascending.enumerated() {
      for (j, right) in ascending.enumerated() {
        #expect(
          try JSON(parsing: left).numericOrder(to: JSON(parsing: right)) == (i < j ? -1 : i == j ? 0 : 1),
          "\(left) \(right)")
      }
    }
    for (left, right) in [("1", "1.0"), ("1e2", "100"), ("-0", "0"), ("0.0e5", "-0.00"), ("1200e-2", "12.0")]
    {
      #expect(try JSON(parsing: left).numericOrder(to: JSON(parsing: right)) == 0)
    }
    #expect(try JSON(parsing: "1").numericOrder(to: JSON("1")) == nil)
  }

  @Test("a value of hundreds of levels is printed and patched in time that grows with its text")
  func deepValues() throws {
    let text =
      String(repeating: #"{"a":["#, count: 400) + "\"" + String(repeating: "x", count: 1_000_000) + "\""
      + String(repeating: "]}", count: 400)
    let value = try JSON(parsing: text)
    #expect(try JSON(parsing: value.pretty) == value)
    let patch = String(repeating: #"{"b":"#, count: 900) + "[1]" + String(repeating: "}", count: 900)
    let merged = try value.merged(with: JSON(parsing: patch)).merged(with: JSON(parsing: #"{"a":null}"#))
    #expect(try merged == JSON(parsing: patch))
  }

  @Test("an object keeps the last of members with the same name, and no number is infinite")
  func composition() {
    #expect(JSON(members: [("a", JSON(1)), ("b", JSON(2)), ("a", JSON(3))]).text == #"{"b":2,"a":3}"#)
    let many = (0..<40).map { ("m\($0 % 20)", JSON($0)) }
    #expect(JSON(members: many).members?.count == 20)
    #expect(!JSON(elements: Array(repeating: JSON(members: []), count: 2000)).isTooDeep)
  }
}
