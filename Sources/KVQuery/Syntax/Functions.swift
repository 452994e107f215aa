/// The functions that there are, in small letters.
enum Functions {
  /// As they are written, for advice.
  static let spelled: [String: String] = {
    var spelled: [String: String] = [:]
    let names =
      [
        "isNaN", "elementId", "startNode", "endNode", "toUpper", "toLower", "isEmpty", "nullIf", "stDev",
        "stDevP",
        "percentileCont", "percentileDisc",
      ]
      + ["Integer", "Float", "String", "Boolean"].flatMap { ["to\($0)", "to\($0)OrNull", "to\($0)List"] }
    for name in names { spelled[name.lowercased()] = name }
    return spelled
  }()

  /// How many arguments each takes.
  static let arities: [String: ClosedRange<Int>] = {
    var arities: [String: ClosedRange<Int>] = [
      "round": 1...3, "atan2": 2...2, "e": 0...0, "pi": 0...0, "rand": 0...0, "timestamp": 0...0,
      "range": 2...3, "coalesce": 1...Int.max, "nullif": 2...2, "substring": 2...3, "left": 2...2,
      "right": 2...2, "replace": 3...3, "split": 2...2, "trim": 1...2, "ltrim": 1...2, "rtrim": 1...2,
    ]
    for name in [
      "abs", "ceil", "floor", "sign", "sqrt", "exp", "log", "log10", "sin", "cos", "tan", "cot", "asin",
      "acos", "atan", "sinh", "cosh", "tanh", "coth", "degrees", "radians", "haversin", "isnan",
      "size", "length", "head", "last", "tail", "reverse", "keys", "labels", "type", "id", "elementid", "key",
      "properties", "nodes", "relationships", "edges", "startnode", "endnode", "cost", "exists", "toupper",
      "tolower", "isempty",
    ] { arities[name] = 1...1 }
    for kind in ["integer", "float", "string", "boolean"] {
      for form in ["", "ornull", "list"] { arities["to" + kind + form] = 1...1 }
    }
    return arities.merging(temporal) { own, _ in own }
  }()

  static let aggregations: [String: ClosedRange<Int>] = [
    "count": 1...1, "sum": 1...1, "avg": 1...1, "min": 1...1, "max": 1...1, "collect": 1...1, "stdev": 1...1,
    "stdevp": 1...1, "percentilecont": 2...2, "percentiledisc": 2...2,
  ]

  /// What GQL and Neo4j call them besides.
  static let synonyms = [
    "lower": "tolower", "upper": "toupper", "btrim": "trim", "char_length": "size",
    "character_length": "size",
    "cardinality": "size", "path_length": "length", "element_id": "elementid", "ceiling": "ceil", "ln": "log",
    "collect_list": "collect", "stddev_samp": "stdev", "stddev_pop": "stdevp",
    "percentile_cont": "percentilecont", "percentile_disc": "percentiledisc",
  ]

  /// Those that need no data of the edges that they are given.
  static let withoutData: Set<String> = [
    "count", "type", "id", "elementid", "key", "startnode", "endnode", "length", "nodes", "cost", "size",
  ]
}
