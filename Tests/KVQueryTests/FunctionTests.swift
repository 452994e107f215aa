import KV
import KVGraph
import KVSQLite
import TestSupport
import Testing

@testable import KVQuery

/// Functions and operators, each by what it makes of values.
@Suite struct FunctionTests {
  private func answer(_ query: String) async throws -> String {
    let graph = Graph(try await TestBackend.sqlite.store())
    let found = Collected()
    try await graph.query(query) { row in
      found.lines.append("\(row[0])")
      return true
    }
    return found.lines.joined(separator: "; ")
  }

  private static let texts: [(String, String)] = [
    ("replace('aXbXc', 'X', '--')", "a--b--c"), ("replace('aaa', 'aa', 'b')", "ba"),
    ("replace('abc', '', 'x')", "abc"), ("replace('e\u{301}', 'e', 'a')", "a\u{301}"),
    ("split('a,b,,c,', ',')", #"["a", "b", "", "c", ""]"#), ("split('', ',')", #"[""]"#),
    ("split('été', 't')", #"["é", "é"]"#), ("split('aXYbX', 'XY')", #"["a", "bX"]"#),
    ("trim('xxaxbx', 'x')", "axb"), ("ltrim('abca', 'ab')", "ca"), ("btrim('  a ')", "a"),
    ("trim(BOTH 'x' FROM 'xax')", "a"), ("trim(leading 'x' from 'xax')", "ax"),
    ("trim(TRAILING FROM ' a ') + '|'", " a|"), ("[both IN [' b '] | trim(both) + '|']", #"["b|"]"#),
    ("CASE 3 WHEN 1, 3 THEN 'a' ELSE 'b' END", "a"), ("CASE 5 WHEN < 3, > 4 THEN 'out' ELSE 'in' END", "out"),
    ("CASE 4 WHEN < 3, > 4 THEN 'out' WHEN 4 THEN 'at' END", "at"),
    ("CASE null WHEN 1 THEN 2 WHEN IS NULL THEN 'none' END", "none"),
    ("CASE 1 WHEN null, IS NOT NULL THEN 'some' END", "some"), ("CASE null WHEN null THEN 1 ELSE 2 END", "2"),
    ("size([i IN range(1, 300) WHERE CASE rand() WHEN < 0.5 THEN 1 WHEN >= 0.5 THEN 2 END IS NULL])", "0"),
    ("CASE CASE 5 WHEN > 3 THEN 'a' END WHEN 'b' THEN 1 WHEN = 'a' THEN 2 END", "2"),
    ("upper('é')", "É"), ("char_length('e\u{301}')", "2"),
    // Code by code, as all texts are compared.
    ("'e\u{301}' =~ '..'", "true"), ("'\u{e9}' =~ 'e\u{301}'", "false"), ("'ÄB' =~ '(?i)äb'", "true"),
    ("'a\\r\\nb' =~ '(?s)a..b'", "true"), ("'ab' =~ 'a'", "false"),
  ]

  private static let numbers: [(String, String)] = [
    ("round(0.49999999999999994)", "0.0"), ("round(4503599627370497.0)", "4503599627370497.0"),
    ("round(-1.5)", "-1.0"), ("round(2.5)", "3.0"), ("round(-0.2)", "0.0"), ("round(0.0 / 0)", "NaN"),
    ("round(1.005, 2)", "1.01"), ("round(-1.55, 1)", "-1.6"), ("round(9.999, 2)", "10.0"),
    ("round(1.25, 1, 'half_even')", "1.2"), ("round(1.35, 1, 'HALF_EVEN')", "1.4"),
    ("round(1.25, 1, 'HALF_DOWN')", "1.2"), ("round(1.251, 1, 'HALF_DOWN')", "1.3"),
    ("round(0.06, 0, 'UP')", "1.0"), ("round(-0.06, 0, 'FLOOR')", "-1.0"),
    ("round(-1.9, 0, 'CEILING')", "-1.0"),
    ("round(1.99, 1, 'DOWN')", "1.9"), ("round(-0.04, 1)", "0.0"), ("round(1e-7, 3)", "0.0"),
    ("round(1e300, 5)", "1e+300"), ("round(1.5, 9223372036854775807)", "1.5"), ("round(null, 1)", "null"),
    ("[x IN [-9223372036854775807 - 1] | [x % -1, x % 10, x % -9223372036854775807]]", "[[0, -8, -1]]"),
    ("isNaN(0.0 / 0)", "true"), ("ceiling(1.2)", "2.0"), ("ln(1)", "0.0"), ("tanh(0)", "0.0"),
    ("nullIf(1, 1.0)", "null"), ("nullIf(1, null)", "1"), ("nullIf(null, 1)", "null"),
    ("datetime({epochMillis: -9223372036854775808})", "-292275055-05-16T16:47:04.192Z"),
    ("datetime.fromepochmillis(-1).epochMillis", "-1"), ("toIntegerOrNull([])", "null"),
    ("toIntegerList(['1', 'x', 2.5, null])", "[1, null, 2, null]"),
    ("toBooleanList(['true', 1])", "[true, null]"), ("toStringOrNull(1)", "1"),
  ]

  private static let aggregations: [(String, String)] = [
    ("[9223372036854775807, 1, -1] AS x RETURN sum(x)", "9223372036854775807"),
    ("[9223372036854775807, 9223372036854775807] AS x RETURN avg(x)", "9.223372036854776e+18"),
    ("[1, 2.5] AS x RETURN sum(x)", "3.5"), ("[null] AS x RETURN sum(x)", "0"),
    ("[duration('P1D'), duration('PT2H'), null] AS x RETURN sum(x)", "P1DT2H"),
    ("[duration('P1D'), duration('PT2H')] AS x RETURN avg(x)", "PT13H"),
    ("[1e308, 1e308, 1.0, 1] AS x RETURN avg(x)", "5e+307"),
    ("[1.0 / 0.0, 1.0] AS x RETURN avg(x)", "Infinity"),
    ("[duration('PT1H'), duration('PT1H')] AS x RETURN sum(DISTINCT x)", "PT1H"),
  ]

  @Test(arguments: texts + numbers)
  func aValueIsMade(_ expression: String, _ expected: String) async throws {
    #expect(try await answer("RETURN \(expression)") == expected)
  }

  @Test(arguments: aggregations)
  func manyValuesAreMadeOne(_ unwound: String, _ expected: String) async throws {
    #expect(try await answer("UNWIND \(unwound)") == expected)
  }
}
