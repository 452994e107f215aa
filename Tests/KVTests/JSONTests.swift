import TestSupport
import Testing

@testable import KV

@Suite struct JSONTests {
  @Test("accepts what RFC 8259 allows, and keeps it", arguments: JSONCases.accepted)
  func accepts(_ text: String, _ stored: String) throws {
    #expect(try JSON(parsing: text).text == stored)
  }

  @Test("refuses what RFC 8259 does not allow", arguments: JSONCases.refused)
  func refuses(_ bytes: [UInt8]) {
    #expect(throws: JSONError.self) { try JSON(parsing: bytes) }
  }

  @Test func depthIsLimited() throws {
    let deep = { String(repeating: "[", count: $0) + String(repeating: "]", count: $0) }
    #expect(try JSON(parsing: deep(1000)).text == deep(1000))
    let error = #expect(throws: JSONError.self) { try JSON(parsing: deep(1001)) }
    #expect(error?.reason.contains("1000") == true)
    #expect(throws: JSONError.self) { try JSON(parsing: String(repeating: "[", count: 100_000)) }
  }

  @Test("of members with one name the last stays, at any size and depth")
  func lastDuplicateWins() throws {
    #expect(try JSON(parsing: #"{"a":1,"b":2,"a":3}"#).text == #"{"b":2,"a":3}"#)
    #expect(
      try JSON(parsing: #"{"a":{"x":1,"x":2},"a":{"y":1,"y":[{"z":1,"z":2}]}}"#).text
        == #"{"a":{"y":[{"z":2}]}}"#)
    #expect(try JSON(parsing: #"{"\u0061":1,"a":2}"#).text == #"{"a":2}"#)
    let many = (0..<100).flatMap { _ in (0..<40).map { "\"k\($0)\":\($0)" } }.joined(separator: ",")
    let once = (0..<40).map { "\"k\($0)\":\($0)" }.joined(separator: ",")
    #expect(try JSON(parsing: "{" + many + "}").text == "{" + once + "}")
  }

  @Test("of members with one name, however it is written, the last stays: like a list that is searched")
  func lastDuplicateWinsInAnyObject() throws {
    var random = SeededRandom()
    for _ in 0..<300 {
      let names = Int.random(in: 1...50, using: &random)
      let escapes = Bool.random(using: &random)
      var written: [String] = []
      var kept: [(name: Int, member: String)] = []
      for value in 0..<Int.random(in: 0...60, using: &random) {
        let name = Int.random(in: 0..<names, using: &random)
        let letter = escapes && Bool.random(using: &random) ? "\\u006B" : "k"
        let member = "\"\(letter)\(name)\":\(value)"
        written.append(member)
        kept.removeAll { $0.name == name }
        kept.append((name, member))
      }
      let object = try JSON(parsing: "{" + written.joined(separator: ",") + "}")
      #expect(object.text == "{" + kept.map(\.member).joined(separator: ",") + "}", "seed \(random.seed)")
    }
  }

  @Test func canonicallyEquivalentNamesAreDifferent() throws {
    let value = try JSON(parsing: "{\"\u{E9}\":1,\"e\u{301}\":2}")
    #expect(value.members?.count == 2)
    #expect(value["e\u{301}"]?.text == "2")
  }

  @Test func prettyPrintsSortedWithExactNumbers() throws {
    let value = try JSON(parsing: #"{"b":[1.0,1e400,12345678901234567890],"a":{},"c":[],"B":null}"#)
    #expect(
      value.pretty == """
        {
          "B": null,
          "a": {},
          "b": [
            1.0,
            1e400,
            12345678901234567890
          ],
          "c": []
        }
        """)
  }

  @Test func errorsSayWhere() {
    let error = #expect(throws: JSONError.self) { try JSON(parsing: "{\n  \"a\": 1,\n  x\n}") }
    #expect(error?.line == 3 && error?.column == 3)
    let trailing = #expect(throws: JSONError.self) { try JSON(parsing: "{} {}") }
    #expect(trailing?.reason == "text after the JSON value")
  }

  @Test("any string survives quoting and reading back")
  func stringsRoundTrip() throws {
    var random = SeededRandom()
    for _ in 0..<500 {
      let text = random.text(upTo: 20)
      let json = JSON(text)
      #expect(try JSON(parsing: json.text) == json, "seed \(random.seed)")
      #expect(json.string.map { Array($0.utf8) } == Array(text.utf8), "seed \(random.seed)")
    }
    #expect(JSON("\u{0}\u{1F}\"\\\n").text == #""\u0000\u001f\"\\\n""#)
  }

  @Test func textsAreWrittenWithoutNeedlessEscapes() throws {
    let text = #"{"k\u00e9":["Andr\u00e9","\ud83d\ude00 \/ \"q\" \\ \n\u0001",1.50,"é\\"]}"#
    #expect(
      try JSON(parsing: text).withPlainTexts.text == #"{"ké":["André","😀 / \"q\" \\ \n\u0001",1.50,"é\\"]}"#)
    for text in [#""a\\u00e9""#, #"["a","b"]"#, #"{"a":{"b":"c"}}"#] {
      #expect(try JSON(parsing: text).withPlainTexts.text == text)
    }
  }

  @Test func noticesEscapedNUL() throws {
    #expect(try JSON(parsing: #"["a\u0000"]"#).containsEscapedNUL)
    #expect(try !JSON(parsing: #"["a\\u0000"]"#).containsEscapedNUL)
  }
}

/// Our table of the corner cases that public test suites for RFC 8259 parsers agree on (`y_` and `n_`), and what this
/// parser chose where the RFC leaves a choice (`i_`).
enum JSONCases {
  static let accepted: [(String, String)] = [
    ("[[]   ]", "[[]]"), ("[\"\"]", "[\"\"]"), ("[]", "[]"), ("[\"a\"]", "[\"a\"]"), ("[false]", "[false]"),
    ("[null, 1, \"1\", {}]", "[null,1,\"1\",{}]"), ("[1\n]", "[1]"), (" [1]", "[1]"), ("[2] ", "[2]"),
    ("[123e65]", "[123e65]"), ("[0e+1]", "[0e+1]"), ("[0e1]", "[0e1]"), ("[ 4]", "[4]"),
    (
      "[-0.000000000000000000000000000000000000000000000000000000000000000000000000000001]",
      "[-0.000000000000000000000000000000000000000000000000000000000000000000000000000001]"
    ),
    ("[20e1]", "[20e1]"), ("[-0]", "[-0]"), ("[-123]", "[-123]"), ("[1E22]", "[1E22]"), ("[1E-2]", "[1E-2]"),
    ("[123.456e78]", "[123.456e78]"), ("{\"\":0}", "{\"\":0}"),
    ("{\"foo\\u0000bar\": 42}", "{\"foo\\u0000bar\":42}"),
    ("{\"a\":\"b\",\"a\":\"b\"}", "{\"a\":\"b\"}"),
    ("[\"\\u0060\\u012a\\u12AB\"]", "[\"\\u0060\\u012a\\u12AB\"]"),
    ("[\"\\uD801\\udc37\"]", "[\"\\uD801\\udc37\"]"),
    ("[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]", "[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]"),
    ("[\"\u{7F}\"]", "[\"\u{7F}\"]"), ("[\"\u{2028}\"]", "[\"\u{2028}\"]"),
    ("[\"\u{10FFFF}\"]", "[\"\u{10FFFF}\"]"),
    ("42", "42"), ("\"\"", "\"\""), ("true", "true"), ("null", "null"), ("\t\r\n true \n", "true"),
    ("-0.1", "-0.1"), ("[\"\\uDBFF\\uDFFE\"]", "[\"\\uDBFF\\uDFFE\"]"),
    // The RFC's choice: numbers of any size.
    ("[1.5e+9999]", "[1.5e+9999]"), ("[-1e+9999]", "[-1e+9999]"),
    ("[123123e-10000000]", "[123123e-10000000]"),
    ("[100000000000000000000]", "[100000000000000000000]"),
  ]

  static let refused: [[UInt8]] =
    [
      "", " ", "[", "]", "{", "}", "[1", "[1,", "[1,]", "[,1]", "[1,,2]", "[\"a\",\n4\n,1,", "[1 true]",
      "[\"x\"]]",
      "[3[4]]", "[nul]", "[tru]", "[fals]", "nan", "[NaN]", "[Infinity]", "[-Infinity]", "[+1]", "[++1]",
      "[01]",
      "[-01]", "[-]", "[- 1]", "[.5]", "[-.5]", "[1.]", "[1.e3]", "[0.e1]", "[1e]", "[1e+]", "[0E]", "[1eE2]",
      "[0x1]", "[1_000]", "[1 000]", "[1a]", "[1.2a]", "[-1x]", "[\"\\a\"]", "[\"\\x00\"]", "[\"\\u00A\"]",
      "[\"\\u\"]", "[\"\\uD800\"]", "[\"\\uD800\\u\"]", "[\"\\uD800\\u1\"]", "[\"\\uDC00\"]",
      "[\"\\uD800x\"]",
      "[\"\\uD800\\uD800\"]", "[\"\\", "[\"\\\"]", "[\"a", "\"", "[\"new\nline\"]", "[\"\t\"]", "['a']",
      "[a]",
      "{a:1}", "{'a':1}", "{1:1}", "{\"a\"}", "{\"a\":}", "{\"a\" b}", "{\"a\" 1}", "{\"a\":1,}", "{,}",
      "{\"a\":1,,\"b\":2}",
      "{\"a\":\"a\" 123}", "{\"a\":1}}", "{\"a\":1}#", "{\"a\":/*c*/1}", "[1]//", "{}//", "[]x", "1 2", "2@",
      "<.>", "[<null>]",
      "\u{FEFF}[]", "[\u{A0}1]", "\u{C}[]", "[True]", "truee", "[\"a\":1]", "[\"a\" \"b\"]", "{\"a\":[}",
      "[{]}",
    ].map { Array($0.utf8) } + [
      [0x5B, 0x22, 0xFF, 0x22, 0x5D], [0x5B, 0x22, 0xC0, 0xAF, 0x22, 0x5D],
      [0x5B, 0x22, 0xED, 0xA0, 0x80, 0x22, 0x5D],
      [0x5B, 0x22, 0xF4, 0x90, 0x80, 0x80, 0x22, 0x5D], [0x5B, 0x22, 0xE5, 0x22, 0x5D],
      [0x5B, 0x22, 0x81, 0x22, 0x5D],
      [0x5B, 0x22, 0xE0, 0xFF], [0xFF, 0xFE, 0x5B, 0x00], [0x00], [0x5B, 0x00, 0x5D], [0x22, 0x00, 0x22],
      [0x5B, 0x22, 0xFC, 0x83, 0xBF, 0xBF, 0xBF, 0xBF, 0x22, 0x5D],
      [0x5B, 0x22, 0xF0, 0x80, 0x80, 0x80, 0x22, 0x5D],
    ]
}
