import KV
import KVGraph

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Evaluator {
  func function(_ call: FunctionCall, _ row: Row, _ aggregates: [Value]) async throws -> Value {
    let name = call.function
    let place = call.place
    if name == "coalesce" {
      for argument in call.arguments {
        let value = try await value(of: argument, row, aggregates)
        if !value.isNull { return value }
      }
      return .null
    }
    var values: [Value] = []
    for argument in call.arguments { values.append(try await value(of: argument, row, aggregates)) }
    func wrong(_ what: String) -> KVError {
      place.error("\(call.name)() needs \(what), not \(values.map(\.kind).joined(separator: ", "))")
    }
    switch name {
    case "e": return .float(M_E)
    case "pi": return .float(.pi)
    case "rand": return .float(Double.random(in: 0..<1))
    case "timestamp": return .integer(now.seconds * 1000 + now.nanoseconds / 1_000_000)
    case "exists":
      // Of a pattern, whether there is a match.
      if case .subquery? = call.arguments.first { return values[0] }
      return .boolean(!values[0].isNull)
    case "nullif": return Value.equals(values[0], values[1]) == true ? .null : values[0]
    default: break
    }
    if values.contains(where: \.isNull) { return .null }
    if Functions.temporal[name] != nil { return try temporal(name, values, place) }
    switch name {
    case "abs":
      if case .integer(let number) = values[0] {
        guard number != .min else { throw place.error("the result is too large for an integer") }
        return .integer(abs(number))
      }
      guard let number = values[0].number else { throw wrong("a number") }
      return .float(abs(number))
    case "sign":
      guard let number = values[0].number else { throw wrong("a number") }
      return .integer(number > 0 ? 1 : number < 0 ? -1 : 0)
    case "isnan":
      guard let number = values[0].number else { throw wrong("a number") }
      return .boolean(number.isNaN)
    case "round": return .float(try rounded(values, place, wrong))
    case "ceil", "floor", "sqrt", "exp", "log", "log10", "sin", "cos", "tan", "cot", "asin", "acos", "atan",
      "sinh", "cosh", "tanh", "coth", "degrees", "radians", "haversin":
      guard let number = values[0].number else { throw wrong("a number") }
      return .float(Self.math(name, number))
    case "atan2":
      guard let first = values[0].number, let second = values[1].number else { throw wrong("numbers") }
      return .float(atan2(first, second))
    case "tointeger", "tofloat", "tostring", "toboolean":
      guard let converted = Self.converted(name, values[0]) else {
        throw wrong(name == "toboolean" ? "a string or a boolean" : "a number or a string")
      }
      return converted
    case "tointegerornull", "tofloatornull", "tostringornull", "tobooleanornull":
      return Self.converted(String(name.dropLast("ornull".count)), values[0]) ?? .null
    case "tointegerlist", "tofloatlist", "tostringlist", "tobooleanlist":
      guard case .list(let elements) = values[0] else { throw wrong("a list") }
      return .list(elements.map { Self.converted(String(name.dropLast("list".count)), $0) ?? .null })
    case "size":
      switch values[0] {
      case .list(let elements): return .integer(elements.count)
      case .string(let text): return .integer(text.unicodeScalars.count)
      case .map(let members): return .integer(members.count)
      default: throw wrong("a list or a string")
      }
    case "isempty":
      switch values[0] {
      case .list(let elements): return .boolean(elements.isEmpty)
      case .string(let text): return .boolean(text.isEmpty)
      case .map(let members): return .boolean(members.isEmpty)
      default: throw wrong("a list, a string or a map")
      }
    case "length":
      guard case .path(let path) = values[0] else { throw wrong("a path") }
      return .integer(path.edges.count)
    case "head", "last", "tail":
      guard case .list(let elements) = values[0] else { throw wrong("a list") }
      return name == "head"
        ? elements.first ?? .null
        : name == "last" ? elements.last ?? .null : .list(Array(elements.dropFirst()))
    case "reverse":
      switch values[0] {
      case .list(let elements): return .list(elements.reversed())
      case .string(let text): return .string(String(String.UnicodeScalarView(text.unicodeScalars.reversed())))
      default: throw wrong("a list or a string")
      }
    case "range": return try range(values, place, wrong)
    case "keys":
      let names = try await properties(of: values[0], at: place).names
      return .list(names.map { .string($0) })
    case "properties": return .map(try await properties(of: values[0], at: place))
    case "labels":
      guard case .node(let node) = values[0] else { throw wrong("a node") }
      try values[0].checkIsThere(place)
      try await graph.load([node])
      return .list(node.labels.map { .string($0) })
    case "type":
      guard case .edge(let edge) = values[0] else { throw wrong("an edge") }
      return .string(edge.type)
    case "id", "elementid":
      switch values[0] {
      case .node(let node): return .string("\(node.reference)")
      case .edge(let edge): return .string(edge.arrow)
      default: throw wrong("a node or an edge")
      }
    case "key":
      guard case .edge(let edge) = values[0] else { throw wrong("an edge") }
      return edge.parallelKey.map { .string($0) } ?? .null
    case "cost":
      guard case .path(let path) = values[0] else { throw wrong("a path") }
      guard let cost = path.cost else { return .null }
      if path.costIsFloat, cost.value.isFinite { return .float(cost.value) }
      let text = JSON(cost).text
      guard cost.value.isFinite, Int(text) != nil || !text.allSatisfy(\.isNumber) else {
        throw place.error("the cost is too large for \(cost.value.isFinite ? "an integer" : "a number")")
      }
      return Int(text).map { .integer($0) } ?? .float(cost.value)
    case "nodes":
      guard case .path(let path) = values[0] else { throw wrong("a path") }
      return .list(path.nodes.map { .node($0) })
    case "relationships", "edges":
      guard case .path(let path) = values[0] else { throw wrong("a path") }
      return .list(path.edges.map { .edge($0) })
    case "elements":
      guard case .path(let path) = values[0] else { throw wrong("a path") }
      let nodes = path.nodes.map { Value.node($0) }
      return .list(nodes.prefix(1) + zip(path.edges, nodes.dropFirst()).flatMap { [.edge($0), $1] })
    case "same", "all_different":
      let areElements = values.allSatisfy { value in
        switch value {
        case .node, .edge: true
        default: false
        }
      }
      if !areElements { throw wrong("nodes or edges") }
      return .boolean(Set(values.map { ValueKey(values: [$0]) }).count == (name == "same" ? 1 : values.count))
    case "startnode", "endnode":
      guard case .edge(let edge) = values[0] else { throw wrong("an edge") }
      return .node(name == "startnode" ? edge.from : edge.to)
    case "isdirected":
      guard case .edge(let edge) = values[0] else { throw wrong("an edge") }
      return .boolean(edge.isDirected)
    default: return try text(name, values, place, wrong)
    }
  }

  private static func math(_ name: String, _ number: Double) -> Double {
    switch name {
    case "ceil": number.rounded(.up)
    case "floor": number.rounded(.down)
    case "sqrt": number.squareRoot()
    case "exp": exp(number)
    case "log": log(number)
    case "log10": log10(number)
    case "sin": sin(number)
    case "cos": cos(number)
    case "tan": tan(number)
    case "cot": 1 / tan(number)
    case "asin": asin(number)
    case "acos": acos(number)
    case "atan": atan(number)
    case "sinh": sinh(number)
    case "cosh": cosh(number)
    case "tanh": tanh(number)
    case "coth": 1 / tanh(number)
    case "degrees": number * 180 / .pi
    case "radians": number * .pi / 180
    default: (1 - cos(number)) / 2
    }
  }

  /// `nil` where a value of this kind is never converted.
  private static func converted(_ name: String, _ value: Value) -> Value? {
    switch (name, value) {
    case ("tostring", .string), ("toboolean", .boolean), ("tointeger", .integer), ("tofloat", .float):
      return value
    case ("tostring", .integer), ("tostring", .float), ("tostring", .boolean), ("tostring", .temporal),
      ("tostring", .duration):
      return .string(value.description)
    case ("toboolean", .string(let text)):
      switch text.lowercased() {
      case "true": return .boolean(true)
      case "false": return .boolean(false)
      default: return .null
      }
    case ("tointeger", .float(let number)):
      return Int(exactly: number.rounded(.towardZero)).map { .integer($0) } ?? .null
    case ("tointeger", .string(let text)):
      if let number = Int(text) { return .integer(number) }
      return number(in: text).flatMap { Int(exactly: $0.rounded(.towardZero)) }.map { .integer($0) } ?? .null
    case ("tofloat", .integer(let number)): return .float(Double(number))
    case ("tofloat", .string(let text)): return number(in: text).map { .float($0) } ?? .null
    default: return nil
    }
  }

  /// The number that a text is, in decimal digits, or in the words that floats are printed in.
  private static func number(in text: String) -> Double? {
    let isDecimal = text.utf8.allSatisfy { "0123456789.eE+-".utf8.contains($0) }
    return isDecimal || ["NaN", "Infinity", "-Infinity"].contains(text) ? Double(text) : nil
  }

  private func rounded(_ values: [Value], _ place: Place, _ wrong: (String) -> KVError) throws -> Double {
    guard let number = values[0].number else { throw wrong("a number") }
    if values.count == 1 {
      // Halves go up, and no sum is rounded on the way.
      let below = number.rounded(.down)
      // A zero has no sign.
      return (number - below < 0.5 ? below : number.rounded(.up)) + 0
    }
    guard case .integer(let places) = values[1] else { throw wrong("a number and how many places it keeps") }
    if places < 0 { throw place.error("round() keeps at least 0 places, and here are \(places)") }
    if values.count == 2, places == 0 { return try rounded([values[0]], place, wrong) }
    guard values.count > 2 else { return number.rounded(toPlaces: places, .halfUp) }
    guard case .string(let name) = values[2], let mode = DecimalRounding(rawValue: name.uppercased()) else {
      let modes = DecimalRounding.allCases.map(\.rawValue).joined(separator: ", ")
      throw place.error("round() goes by \(modes), and not by \(values[2])")
    }
    return number.rounded(toPlaces: places, mode)
  }

  private func range(_ values: [Value], _ place: Place, _ wrong: (String) -> KVError) throws -> Value {
    let numbers = values.compactMap { value -> Int? in
      if case .integer(let number) = value { number } else { nil }
    }
    guard numbers.count == values.count else { throw wrong("integers") }
    let step = numbers.count > 2 ? numbers[2] : 1
    if step == 0 { throw place.error("the step of range() is 0") }
    let (first, last) = (numbers[0], numbers[1])
    if step > 0 ? first > last : first < last { return .list([]) }
    let count = (Double(last) - Double(first)) / Double(step)
    guard count < 10_000_000 else { throw place.error("range() of more than 10 million") }
    try memory.allow(40 * Int(count.rounded(.up)), for: "range()", at: place)
    return .list(stride(from: first, through: last, by: step).map { .integer($0) })
  }

  private func text(
    _ name: String, _ values: [Value], _ place: Place, _ wrong: (String) -> KVError
  ) throws -> Value {
    guard case .string(let text)? = values.first else { throw wrong("a string") }
    let scalars = Array(text.unicodeScalars)
    func string(_ scalars: some Sequence<Unicode.Scalar>) -> Value {
      .string(String(String.UnicodeScalarView(scalars)))
    }
    func integer(_ number: Int) throws -> Int {
      guard case .integer(let value) = values[number] else { throw wrong("a string and integers") }
      if value < 0 { throw place.error("\(name)() needs integers of at least 0, and \(value) is less") }
      return value
    }
    switch name {
    case "toupper": return .string(text.uppercased())
    case "tolower": return .string(text.lowercased())
    case "trim", "ltrim", "rtrim":
      var isTrimmed: (Unicode.Scalar) -> Bool = { $0.properties.isWhitespace }
      if values.count > 1 {
        guard case .string(let characters) = values[1] else { throw wrong("strings") }
        let set = Set(characters.unicodeScalars)
        isTrimmed = { set.contains($0) }
      }
      var rest = scalars[...]
      if name != "rtrim" { rest = rest.drop(while: isTrimmed) }
      if name != "ltrim" { while let last = rest.last, isTrimmed(last) { rest.removeLast() } }
      return string(rest)
    case "left": return string(scalars.prefix(try integer(1)))
    case "right": return string(scalars.suffix(try integer(1)))
    case "substring":
      let rest = scalars.dropFirst(try integer(1))
      return string(values.count > 2 ? rest.prefix(try integer(2)) : rest)
    case "replace":
      guard case .string(let old) = values[1], case .string(let new) = values[2] else {
        throw wrong("strings")
      }
      if old.isEmpty { return .string(text) }
      var replaced: [UInt8] = []
      var isFirst = true
      try text.forEachPart(separatedBy: old) { part in
        if !isFirst { replaced += new.utf8 }
        isFirst = false
        replaced += part
        try memory.allow(replaced.count, for: "replace()", at: place)
      }
      return .string(String(decoding: replaced, as: UTF8.self))
    default:
      guard case .string(let separator) = values[1] else { throw wrong("strings") }
      if separator.isEmpty { return .list(scalars.map { .string(String($0)) }) }
      var parts: [Value] = []
      try text.forEachPart(separatedBy: separator) { part in
        parts.append(.string(String(decoding: part, as: UTF8.self)))
        try memory.allow(text.utf8.count + 40 * parts.count, for: "split()", at: place)
      }
      return .list(parts)
    }
  }
}

extension String {
  /// Goes through what stands between the places of a text that is not empty, as UTF-8. Bytes are compared: an accent by itself is found, though
  /// it is one character with the letter before it.
  fileprivate func forEachPart(
    separatedBy separator: String, _ visit: (ArraySlice<UInt8>) throws -> Void
  ) rethrows {
    let (bytes, separator) = (Array(utf8), Array(separator.utf8))
    var (start, place) = (0, 0)
    while place + separator.count <= bytes.count {
      if bytes[place] == separator[0], bytes[place...].starts(with: separator) {
        try visit(bytes[start..<place])
        place += separator.count
        start = place
      } else {
        place += 1
      }
    }
    try visit(bytes[start...])
  }
}
