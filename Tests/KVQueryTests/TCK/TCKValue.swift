import Foundation
import KVGraph

@testable import KVQuery

/// A value as the TCK's tables write it: times are texts, and of nodes only labels and properties are known.
indirect enum TCKValue: Hashable {
  case null
  case boolean(Bool)
  case integer(Int)
  case float(Double)
  case string(String)
  case list([TCKValue])
  case map([String: TCKValue])
  case node(labels: Set<String>, properties: [String: TCKValue])
  case edge(type: String, properties: [String: TCKValue])
  /// By edge, whether it is walked along its direction, as a loop is in any case.
  case path(nodes: [TCKValue], edges: [TCKValue], isForward: [Bool])
  case notANumber

  init(_ value: Value) {
    switch value {
    case .null: self = .null
    case .boolean(let value): self = .boolean(value)
    case .integer(let value): self = .integer(value)
    case .float(let value): self = value.isNaN ? .notANumber : .float(value == 0 ? 0 : value)
    case .string(let value): self = .string(value)
    case .list(let values): self = .list(values.map { TCKValue($0) })
    case .map(let members): self = .map(Self.values(of: members))
    case .node(let node):
      self = .node(labels: Set(node.labels), properties: Self.values(of: node.properties))
    case .edge(let edge):
      self = .edge(type: edge.type, properties: Self.values(of: edge.properties ?? [:]))
    case .path(let path):
      self = .path(
        nodes: path.nodes.map { TCKValue(.node($0)) }, edges: path.edges.map { TCKValue(.edge($0)) },
        isForward: zip(path.nodes, path.edges).map { $0 === $1.from })
    case .temporal(let temporal): self = .string("\(temporal)")
    case .duration(let duration): self = .string("\(duration)")
    }
  }

  private static func values(of members: Value.Members) -> [String: TCKValue] {
    Dictionary(uniqueKeysWithValues: members.map { ($0.name, TCKValue($0.value)) })
  }

  /// With its lists sorted, where their order does not matter.
  var sorted: TCKValue {
    switch self {
    case .list(let values): .list(values.map(\.sorted).sorted { "\($0)" < "\($1)" })
    case .map(let members): .map(members.mapValues(\.sorted))
    default: self
    }
  }

  /// The value for a parameter.
  var parameter: Value {
    switch self {
    case .boolean(let value): .boolean(value)
    case .integer(let value): .integer(value)
    case .float(let value): .float(value)
    case .string(let value): .string(value)
    case .list(let values): .list(values.map(\.parameter))
    case .map(let members): .map(Value.Members(members.map { ($0.key, $0.value.parameter) }))
    case .notANumber: .float(.nan)
    case .null, .node, .edge, .path: .null
    }
  }
}

/// Reads the notation of the TCK's tables.
struct TCKNotation {
  struct Failure: Error, CustomStringConvertible { var description: String }

  private let text: [Character]
  private var position = 0

  static func value(of text: String) throws -> TCKValue {
    var notation = TCKNotation(text: Array(text))
    let value = try notation.value()
    notation.skipBlanks()
    guard notation.position == notation.text.count else { throw notation.unexpected }
    return value
  }

  private init(text: [Character]) { self.text = text }

  private var unexpected: Failure {
    Failure(description: "not understood at \(position): \(String(text))")
  }

  private mutating func skipBlanks() {
    while position < text.count, text[position].isWhitespace { position += 1 }
  }

  private mutating func take(_ sign: String) -> Bool {
    skipBlanks()
    guard text[position...].starts(with: sign) else { return false }
    position += sign.count
    return true
  }

  private mutating func require(_ sign: String) throws { if !take(sign) { throw unexpected } }

  private mutating func value() throws -> TCKValue {
    skipBlanks()
    guard position < text.count else { throw unexpected }
    switch text[position] {
    case "'": return .string(try string())
    case "(": return try node()
    case "<": return try path()
    case "{": return .map(try map())
    case "[":
      let start = position
      position += 1
      if take(":") {
        position = start
        return try edge()
      }
      return .list(try items())
    default: return try word()
    }
  }

  private mutating func word() throws -> TCKValue {
    let start = position
    while position < text.count,
      text[position].isLetter || text[position].isNumber || "+-.".contains(text[position])
    {
      position += 1
    }
    let word = String(text[start..<position])
    switch word {
    case "null": return .null
    case "true": return .boolean(true)
    case "false": return .boolean(false)
    case "NaN": return .notANumber
    case "Inf", "Infinity": return .float(.infinity)
    case "-Inf", "-Infinity": return .float(-.infinity)
    default: break
    }
    if let integer = Int(word) { return .integer(integer) }
    guard let number = Double(word) else { throw unexpected }
    return .float(number)
  }

  private mutating func string() throws -> String {
    position += 1
    var result = ""
    while position < text.count {
      let character = text[position]
      position += 1
      if character == "'" { return result }
      if character == "\\", position < text.count {
        let escaped = text[position]
        position += 1
        switch escaped {
        case "n": result += "\n"
        case "t": result += "\t"
        case "'", "\"", "\\": result.append(escaped)
        default: result += "\\\(escaped)"
        }
      } else {
        result.append(character)
      }
    }
    throw unexpected
  }

  private mutating func name() throws -> String {
    skipBlanks()
    let start = position
    if take("`") {
      while position < text.count, text[position] != "`" { position += 1 }
      position += 1
      return String(text[(start + 1)..<(position - 1)])
    }
    while position < text.count, text[position].isLetter || text[position].isNumber || text[position] == "_" {
      position += 1
    }
    guard position > start else { throw unexpected }
    return String(text[start..<position])
  }

  /// Behind the bracket.
  private mutating func items() throws -> [TCKValue] {
    if take("]") { return [] }
    var items = [try value()]
    while take(",") { items.append(try value()) }
    try require("]")
    return items
  }

  private mutating func map() throws -> [String: TCKValue] {
    try require("{")
    var members: [String: TCKValue] = [:]
    if take("}") { return members }
    repeat {
      let name = try name()
      try require(":")
      members[name] = try value()
    } while take(",")
    try require("}")
    return members
  }

  private mutating func properties() throws -> [String: TCKValue] {
    skipBlanks()
    return position < text.count && text[position] == "{" ? try map() : [:]
  }

  private mutating func node() throws -> TCKValue {
    try require("(")
    var labels: Set<String> = []
    while take(":") { labels.insert(try name()) }
    let properties = try properties()
    try require(")")
    return .node(labels: labels, properties: properties)
  }

  private mutating func edge() throws -> TCKValue {
    try require("[")
    try require(":")
    let type = try name()
    let properties = try properties()
    try require("]")
    return .edge(type: type, properties: properties)
  }

  private mutating func path() throws -> TCKValue {
    try require("<")
    var nodes = [try node()]
    var edges: [TCKValue] = []
    var isForward: [Bool] = []
    while !take(">") {
      isForward.append(!take("<-"))
      if isForward.last == true { try require("-") }
      edges.append(try edge())
      try require(isForward.last == true ? "->" : "-")
      nodes.append(try node())
    }
    return .path(nodes: nodes, edges: edges, isForward: isForward)
  }
}
