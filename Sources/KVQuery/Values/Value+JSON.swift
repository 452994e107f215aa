import KV
import KVGraph

extension Value {
  /// As JSON in which nothing is mistaken for something else: a map is `{"map":{…}}`, a node `{"node":{…}}`, and so on.
  public var json: JSON {
    switch self {
    case .map(let members):
      return JSON(members: [
        ("map", JSON(members: members.map { ($0.name, $0.value.json) }))
      ])
    case .list(let values): return JSON(elements: values.map(\.json))
    case .node(let node): return JSON(members: [("node", node.json(\.json))])
    case .edge(let edge): return JSON(members: [("edge", edge.json(\.json))])
    case .path(let path):
      var parts: [JSON] = []
      for (place, node) in path.nodes.enumerated() {
        parts.append(JSON(members: [("node", node.json(\.json))]))
        if place < path.edges.count {
          parts.append(JSON(members: [("edge", path.edges[place].json(\.json))]))
        }
      }
      return JSON(members: [("path", JSON(elements: parts))])
    case .float(let number):
      return plainJSON ?? JSON(members: [("float", JSON(number.nameOfNoNumber))])
    default: return plainJSON ?? .null
    }
  }

  /// A parameter: JSON, in which `{"float":"NaN"}` is what ``json`` makes of such a number, and `{"date":"…"}` and its like are times, in any
  /// form in which a query takes them; so inside of lists and objects too. What only looks so stays an object.
  public init(parameter json: JSON) {
    if let elements = json.elements {
      self = .list(elements.map { Value(parameter: $0) })
    } else if let members = json.members {
      let text = members.count == 1 ? members[0].value.string : nil
      self =
        text.flatMap { Value(named: members[0].name, $0) }
        ?? .map(Members(members.lazy.map { ($0.name, Value(parameter: $0.value)) }))
    } else {
      self = Value(json)
    }
  }

  /// A float that is no number, or a time; `nil` for other names and texts.
  private init?(named name: String, _ text: String) {
    if name == "float" {
      guard let number = ["NaN": Double.nan, "Infinity": .infinity, "-Infinity": -.infinity][text] else {
        return nil
      }
      self = .float(number)
    } else {
      self.init(temporal: name, text, isAsPrinted: false)
    }
  }

  /// For JSON Lines: data as it is, and what is of the graph in short.
  public var plain: JSON {
    switch self {
    case .temporal, .duration: JSON(description)
    case .list(let values): JSON(elements: values.map(\.plain))
    case .map(let members):
      JSON(members: members.map { ($0.name, $0.value.plain) })
    default: plainJSON ?? JSON(description)
    }
  }

  /// As data; `nil` for what is none: nodes, edges, paths, and floats that JSON has no number for.
  var plainJSON: JSON? { data(isStored: false) }

  /// The same as an attribute keeps it: a large float in all its digits, for PostgreSQL would make an integer of `1e+17`.
  var storedJSON: JSON? { data(isStored: true) }

  private func data(isStored: Bool) -> JSON? {
    switch self {
    case .null: return .null
    case .boolean(let value): return JSON(value)
    case .integer(let value): return JSON(value)
    case .float(let number):
      guard number.isFinite else { return nil }
      // A float is told from an integer.
      let text = isStored ? number.digits : "\(number)"
      return try? JSON(parsing: text.contains(".") || text.contains("e") ? text : text + ".0")
    case .string(let text): return JSON(text)
    case .list(let values):
      let elements = values.compactMap { $0.data(isStored: isStored) }
      return elements.count == values.count ? JSON(elements: elements) : nil
    case .map(let members):
      let pairs = members.compactMap { name, value in
        value.data(isStored: isStored).map { (name, $0) }
      }
      return pairs.count == members.count ? JSON(members: pairs) : nil
    case .temporal(let temporal):
      return JSON(members: [(temporal.kind.rawValue, JSON(temporal.description))])
    case .duration(let duration): return JSON(members: [("duration", JSON(duration.description))])
    case .node, .edge, .path: return nil
    }
  }

  /// What `{"date":"2026-11-27"}` and its like are; `nil` for other names, and texts that are no such time.
  /// - Parameter isAsPrinted: whether only the text counts that would be printed, as in data, which an index finds by its letters.
  init?(temporal name: String, _ text: String, isAsPrinted: Bool) {
    if name == "duration" {
      guard let duration = try? TemporalParser.duration(text) else { return nil }
      self = .duration(duration)
    } else {
      guard let kind = Temporal.Kind(rawValue: name), let temporal = try? TemporalParser.parse(text, as: kind)
      else { return nil }
      self = .temporal(temporal)
    }
    if isAsPrinted, description != text { return nil }
  }
}

extension Double {
  /// Without an exponent where it is whole.
  fileprivate var digits: String {
    let parts = "\(self)".split(separator: "e+")
    guard parts.count == 2, let exponent = Int(parts[1]) else { return "\(self)" }
    let numerals = parts[0].split(separator: ".")
    let fraction = numerals.count == 2 && numerals[1] != "0" ? String(numerals[1]) : ""
    return numerals[0] + fraction + String(repeating: "0", count: exponent - fraction.utf8.count) + ".0"
  }

  /// What JSON has no number for. Whether a processor gives its NaN a sign does not matter.
  fileprivate var nameOfNoNumber: String { isNaN ? "NaN" : self > 0 ? "Infinity" : "-Infinity" }
}

extension QueryNode {
  /// `{"id","labels","properties","type"}`.
  /// - Parameter encode: makes JSON of an attribute.
  func json(_ encode: (Value) -> JSON) -> JSON {
    JSON(members: [
      ("type", JSON(reference.type)), ("id", JSON(reference.id)),
      ("labels", JSON(elements: labels.map { JSON($0) })), ("properties", properties.json(encode)),
    ])
  }
}

extension QueryEdge {
  /// `{"from","key","properties","to","type"}`.
  /// - Parameter encode: makes JSON of a member of its data.
  func json(_ encode: (Value) -> JSON) -> JSON {
    JSON(members: [
      ("from", JSON("\(from.reference)")), ("to", JSON("\(to.reference)")), ("type", JSON(type)),
      ("key", parallelKey.map { JSON($0) } ?? .null), ("properties", (properties ?? [:]).json(encode)),
    ])
  }
}

extension Value.Members {
  fileprivate func json(_ encode: (Value) -> JSON) -> JSON {
    JSON(members: map { ($0.name, encode($0.value)) })
  }
}

extension Value: CustomStringConvertible {
  /// For people: `User:alice`, `User:alice -[follows]-> User:bob`, and JSON for what is data.
  public var description: String {
    switch self {
    case .string(let text): text
    case .node(let node): "\(node.reference)"
    case .edge(let edge): "\(edge.arrow)"
    case .path(let path):
      path.edges.enumerated().reduce("\(path.nodes[0].reference)") { text, part in
        let (place, edge) = part
        let isForward = edge.from.reference == path.nodes[place].reference
        let arrow = !edge.isDirected ? ("-", "-") : isForward ? ("-", "->") : ("<-", "-")
        return text + " \(arrow.0)[\(edge.shownLabel)]\(arrow.1) \(path.nodes[place + 1].reference)"
      }
    case .list(let values): "[" + values.map { $0.quoted }.joined(separator: ", ") + "]"
    case .map(let members):
      "{" + members.map { "\($0.name): \($0.value.quoted)" }.joined(separator: ", ")
        + "}"
    case .float(let number) where !number.isFinite: number.nameOfNoNumber
    case .temporal(let temporal): "\(temporal)"
    case .duration(let duration): "\(duration)"
    default: plainJSON?.text ?? "null"
    }
  }

  private var quoted: String { if case .string(let text) = self { JSON(text).text } else { description } }
}

extension QueryEdge {
  /// As ``Edge`` is printed: `User:a -[follows]-> User:b`, `A:1 -[t#2]-> B:1`.
  var arrow: String { "\(from.reference) -[\(shownLabel)]-\(isDirected ? ">" : "") \(to.reference)" }

  fileprivate var shownLabel: String { parallelKey.map { "\(type)#\($0)" } ?? type }
}
