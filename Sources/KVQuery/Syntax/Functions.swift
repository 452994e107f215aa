/// The functions that there are, in small letters.
enum Functions {
  /// How many arguments each takes, as they are written.
  private static let signatures: [String: ClosedRange<Int>] = {
    var signatures: [String: ClosedRange<Int>] = [
      "round": 1...3, "atan2": 2...2, "e": 0...0, "pi": 0...0, "rand": 0...0, "timestamp": 0...0,
      "range": 2...3, "coalesce": 1...Int.max, "nullIf": 2...2, "substring": 2...3, "left": 2...2,
      "right": 2...2, "replace": 3...3, "split": 2...2, "trim": 1...2, "lTrim": 1...2, "rTrim": 1...2,
      "same": 2...Int.max, "all_different": 2...Int.max,
    ]
    for name in [
      "abs", "ceil", "floor", "sign", "sqrt", "exp", "log", "log10", "sin", "cos", "tan", "cot", "asin",
      "acos", "atan", "sinh", "cosh", "tanh", "coth", "degrees", "radians", "haversin", "isNaN",
      "size", "length", "head", "last", "tail", "reverse", "keys", "labels", "type", "id", "elementId", "key",
      "properties", "nodes", "relationships", "edges", "startNode", "endNode", "isDirected", "cost", "exists",
      "toUpper", "toLower", "isEmpty", "elements",
    ] { signatures[name] = 1...1 }
    for kind in ["Integer", "Float", "String", "Boolean"] {
      for form in ["", "OrNull", "List"] { signatures["to" + kind + form] = 1...1 }
    }
    return signatures
  }()

  private static let aggregationSignatures: [String: ClosedRange<Int>] = [
    "count": 1...1, "sum": 1...1, "avg": 1...1, "min": 1...1, "max": 1...1, "collect": 1...1, "stDev": 1...1,
    "stDevP": 1...1, "percentileCont": 2...2, "percentileDisc": 2...2,
  ]

  static let arities = inSmallLetters(signatures).merging(temporal) { own, _ in own }
  static let aggregations = inSmallLetters(aggregationSignatures)

  private static func inSmallLetters(_ signatures: [String: ClosedRange<Int>]) -> [String: ClosedRange<Int>] {
    Dictionary(uniqueKeysWithValues: signatures.map { ($0.key.lowercased(), $0.value) })
  }

  /// A name in small letters as it is written, for advice.
  static func spelled(_ name: String) -> String {
    [signatures, aggregationSignatures].joined().map(\.key).first { $0.lowercased() == name } ?? name
  }

  /// What GQL and Neo4j call them besides.
  static let synonyms = [
    "lower": "tolower", "upper": "toupper", "btrim": "trim", "char_length": "size",
    "character_length": "size",
    "cardinality": "size", "path_length": "length", "element_id": "elementid", "ceiling": "ceil", "ln": "log",
    "collect_list": "collect", "stddev_samp": "stdev", "stddev_pop": "stdevp",
    "percentile_cont": "percentilecont", "percentile_disc": "percentiledisc",
  ]

  /// What stands for those that other languages have.
  static let elsewhere = [
    "touppercase": "toUpper", "ucase": "toUpper", "tolowercase": "toLower", "lcase": "toLower", "len": "size",
    "strlen": "size", "now": "datetime", "current_timestamp": "datetime", "today": "date",
    "ifnull": "coalesce",
    "nvl": "coalesce", "average": "avg", "mean": "avg", "array_agg": "collect", "random": "rand",
    "substr": "substring",
  ]

  /// Those that need no data of the edges that they are given.
  static let withoutData: Set<String> = [
    "count", "type", "id", "elementid", "key", "startnode", "endnode", "isdirected", "length", "nodes",
    "cost", "size", "same", "all_different",
  ]
}
