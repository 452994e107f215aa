import KV
import Testing

@testable import KVGraph

@Suite struct PredicateTests {
  static let data =
    #"{"since":"2024-03-01","n":12345678901234567,"w":1.50,"active":true,"none":null,"a":{"b":[1,{"c":"x"}]},"od d":1,"and":2}"#

  @Test(
    "conditions hold as they read",
    arguments: [
      (#"since >= "2024-01-15""#, true), (#"since < "2024""#, false), ("w = 1.5", true), ("w != 1.50", false),
      ("n = 12345678901234567", true), ("n = 12345678901234568", false), ("n > 1e16", true),
      ("w <= 1.5 and w >= 1.5", true),
      ("active = true", true), ("active", nil), ("not active = false", true), ("none = null", true),
      ("missing = null", true), ("exists none", true), ("exists missing", false),
      ("not exists missing", true),
      (#"missing != "x""#, true), (#"missing < "x""#, false), (#"a.b.1.c = "x""#, true), ("a.b.0 = 1", true),
      ("a.b.7 = 1", false),
      (#"w = "1.5""#, false), ("`od d` = 1", true), ("`and` = 2", true),
      (
        #"@type = "likes" and @from.type = "User" and @from.id = "a b" and @to.type = "Post" and @to.id = "1""#,
        true
      ),
      (#"@type = "x" or @to.id = "1" and w = 2"#, false), (#"(@type = "likes" or w = 2) and n > 0"#, true),
      ("not w = 2 and w = 1.5", true), ("not (w = 2 or w = 1.5)", false), (#""a" = "\u0061""#, true),
      ("1 < w", true),
      ("w = -1.5e0", false), ("a = a", true), ("a < a", false),
      // A mark that begins a text does not join its quote, nor a joiner a sign.
      ("n != \"\u{301}x\"", true), ("exists `\u{301}`", false), ("n != \"\u{200D}\"", true),
      ("exists e\u{301}t", false), ("exists नी", false),
    ])
  func conditions(_ text: String, _ expected: Bool?) throws {
    let edge = Edge(
      from: NodeReference(type: "User", id: "a b"), to: NodeReference(type: "Post", id: "1"), type: "likes",
      data: try JSON(parsing: Self.data))
    guard let expected else {
      #expect(throws: KVError.self) { try EdgePredicate(text) }
      return
    }
    #expect(try EdgePredicate(text).admits(edge) == expected)
  }

  @Test(
    "what does not parse is a usage error that names the column",
    arguments: [
      ("", 1), ("a", 2), ("a =", 4), ("a = 1 b", 7), ("(a = 1", 7), ("a = 1)", 6), ("a == 1", 4),
      ("a = 'x'", 5),
      ("a = \"x", 5), ("a & b", 3), ("@foo = 1", 1), ("@ = 1", 3), ("a. = 1", 4), ("a = 1 and", 10),
      ("not", 4),
      ("exists", 7), ("`a = 1", 1), ("a = 1.2.3", 5), ("and = 1", 1), ("a = 01", 5),
    ])
  func errors(_ text: String, _ column: Int) throws {
    let error = #expect(throws: KVError.self) { try EdgePredicate(text) }
    #expect(error?.code == .usage)
    #expect(error?.message.contains("column \(column):") == true, "\(text): \(error?.message ?? "")")
  }

  @Test("a condition nested too deep is refused, not a crash")
  func depth() {
    let text = String(repeating: "(", count: 100_000)
    #expect(throws: KVError.self) { try EdgePredicate(text) }
  }
}
