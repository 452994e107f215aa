import KV

/// What the columns of a CSV file with a header are. Letter case and blanks around names do not matter.
struct CSVHeader {
  /// A column of attributes.
  struct Attribute {
    var column: Int
    var name: String
    var type: CSVType
  }

  /// The columns of a node.
  struct End {
    var type: Int?
    var id: Int
    /// The space of ids that Neo4j's headers may name.
    var space: String?
    /// The label of nodes that have no other.
    var label: String?
  }

  enum Kind {
    case nodes(id: End, type: Int?, labels: Int?)
    case edges(from: End, to: End, type: Int?)
    /// Our own: edges, and nodes where there is no other end.
    case own(from: End, to: End, type: Int?, key: Int?, directed: Int?)
  }

  let columns: [String]
  let kind: Kind
  let attributes: [Attribute]
  /// A column of edges whose cells are the whole of their data, as JSON.
  let data: Int?
  /// Of edges: what tells parallel ones apart.
  let id: Int?
  /// Gephi's column that says whether an edge is directed.
  let direction: Int?
  /// Columns that the header itself says are to be passed over.
  let ignored: [String]
  /// Whether blanks stand around names, and so around cells.
  let hasBlanks: Bool
  /// Whether it is a list as `kv graph nodes` and `kv graph edges` print it, whose ends are `Type:id`.
  let isListed: Bool

  private static let lists = [["type", "id", "attributes"], ["from", "type", "to", "key", "data"]]

  private static let ends: [(from: String, to: String)] = [
    ("from", "to"), ("source", "target"), ("src", "dst"), ("start", "end"),
  ]

  /// Whether a cell is a word that stands above columns of a graph, and hardly names a node.
  static func isName(_ cell: String) -> Bool { names.contains(cell.trimmed.lowercased()) }

  private static let names: Set = [
    "name", "label", "type", "relation", "relationship", "interaction", "predicate", "weight", "score",
    "combined_score",
    "parent", "child", "node1", "node2", "id1", "id2", "subject", "object", "count", "timestamp",
  ]

  /// Whether one end of an edge is named, and no other.
  static func hasLoneEnd(_ header: [String]) -> Bool {
    let names = Set(header.map { $0.trimmed.lowercased() })
    func has(_ end: String) -> Bool { ["", "_id", "id"].contains { names.contains(end + $0) } }
    return ends.contains { has($0.from) != has($0.to) }
  }

  /// The ends of LDBC's edges: `Person.id|Person.id`, `Forum.id|Person.id`; or two columns of one name.
  private static func namedAlike(_ names: [String]) -> (from: End, to: End)? {
    guard names.count > 1, !names[0].isEmpty else { return nil }
    let types = names.prefix(2).map { name -> String? in
      guard name.lowercased().hasSuffix(".id"), name.utf8.count > 3 else { return nil }
      return String(name.dropLast(3))
    }
    guard names[0] == names[1] || types.allSatisfy({ $0 != nil }) else { return nil }
    return (End(id: 0, space: types[0]), End(id: 1, space: types[1]))
  }

  /// Whether the names tell a graph, though they may contradict each other. Throws where columns that are asked for are not there.
  static func isOne(_ header: [String], _ options: ImportOptions) throws -> Bool {
    do {
      return try CSVHeader(header, options) != nil
    } catch let error as KVError where error.code == .invalidData {
      return true
    }
  }

  /// `nil` where the names are none that tell a graph. Throws where they do and contradict each other.
  init?(_ header: [String], _ options: ImportOptions) throws {
    var names = header.map { $0.trimmed }
    // A header that other programs take for a comment.
    if let first = names.first, first.hasPrefix("#"), first.count > 1 {
      names[0] = String(first.dropFirst()).trimmed
    }
    columns = names
    hasBlanks = names != header
    isListed = Self.lists.contains(names)
    let plain = names.map { $0.lowercased() }
    func column(_ wanted: String...) -> Int? {
      wanted.lazy.compactMap { name in plain.firstIndex(of: name) }.first
    }
    // `Source Node`, `fromNodeId`.
    let joined = plain.map { $0.filter { !" _-".contains($0) } }
    func column(ofEnd name: String) -> Int? {
      column(name + "_id", name + "id", name)
        ?? ["id", "", "node", "nodeid"].lazy.compactMap { joined.firstIndex(of: name + $0) }.first
    }
    func column(named name: String?) -> Int? {
      name.flatMap { name in names.firstIndex(of: name) ?? plain.firstIndex(of: name.lowercased()) }
    }
    func requireColumns(_ wanted: [String?]) throws {
      for case let name? in wanted where column(named: name) == nil {
        throw KVError(.usage, "no column is called \(JSON(name)); there are \(UnknownFormat.list(names))")
      }
    }
    let parsed = names.map { CSVColumnName($0) }
    let isNeo4j = parsed.contains { [":start_id", ":end_id", ":id", ":label", ":type"].contains($0.role) }
    let isNeptune = plain.contains { ["~id", "~from", "~to", "~label"].contains($0) }
    func role(_ name: String) -> Int? { isNeo4j ? parsed.firstIndex { $0.role == name } : nil }
    var (from, to): (End?, End?)
    if let start = role(":start_id"), let end = role(":end_id") {
      (from, to) = (End(id: start, space: parsed[start].space), End(id: end, space: parsed[end].space))
    } else if isNeptune, let start = column("~from"), let end = column("~to") {
      (from, to) = (End(id: start), End(id: end))
    } else if let start = column(named: options.columns.from), let end = column(named: options.columns.to) {
      (from, to) = (End(id: start), End(id: end))
    } else {
      for pair in Self.ends where from == nil {
        guard let start = column(ofEnd: pair.from), let end = column(ofEnd: pair.to) else { continue }
        from = End(type: column(pair.from + "_type"), id: start)
        to = End(type: column(pair.to + "_type"), id: end)
      }
    }
    if from == nil, let ends = Self.namedAlike(names) { (from, to) = ends }
    if let start = from?.id, to?.id == start {
      // Two columns of one name are the ends in their order.
      to = names[(start + 1)...].firstIndex(of: names[start]).map { End(id: $0) }
    }
    let isOwn = column("edge_key") != nil && from?.type != nil || isListed
    let edgeType =
      role(":type") ?? column("edge_type", "~label", "type", "relation", "relationship", "interaction")
    let isGephi = names.contains("Source") && names.contains("Target") && names.contains("Type")
    direction = isGephi && from != nil ? names.firstIndex(of: "Type") : nil
    let nodeID =
      role(":id") ?? column(named: options.columns.id)
      ?? (isNeptune ? column("~id") : column("id", "node_id", "nodeid"))
    var used: [Int?] = []
    if let from, let to {
      try requireColumns([options.columns.from, options.columns.to])
      let type = edgeType == direction ? nil : edgeType
      kind =
        isOwn
        ? .own(from: from, to: to, type: type, key: column("edge_key", "key"), directed: column("directed"))
        : .edges(from: from, to: to, type: type)
      id = isNeptune ? column("~id") : column("id") ?? column("key")
      data = column("data")
      used = [from.type, from.id, to.type, to.id, type, direction]
      if isOwn { used += [column("edge_key", "key"), column("directed")] }
      if isOwn || data != nil { used.append(data) }
    } else if let nodeID {
      try requireColumns([options.columns.id])
      let labels = role(":label") ?? (isNeptune ? column("~label") : column("labels"))
      let type = labels == nil ? column("type") : nil
      kind = .nodes(
        id: End(
          id: nodeID, space: isNeo4j ? parsed[nodeID].space : nil, label: isNeo4j ? parsed[nodeID].label : nil
        ),
        type: type, labels: labels)
      (id, data) = (nil, isListed ? column("attributes") : nil)
      used = [nodeID, type, labels, data]
      // Of one table alone, what is named has to be there; of several, the others may have it.
      if options.isOneFile || column(named: options.columns.from) != nil
        || column(named: options.columns.to) != nil
      {
        try requireColumns([options.columns.from, options.columns.to])
      }
    } else {
      try requireColumns([options.columns.from, options.columns.to, options.columns.id])
      return nil
    }
    var others = names
    if let from, let to, names[from.id] == names[to.id] { others.remove(at: max(from.id, to.id)) }
    if let name = Dictionary(grouping: others, by: { Array($0.utf8) }).values.first(where: { $0.count > 1 })?[
      0]
    {
      throw KVError(.invalidData, "the header names \(JSON(name)) twice")
    }
    var attributes: [Attribute] = []
    var ignored: [String] = []
    for (place, name) in names.enumerated() where !used.contains(place) {
      if isNeo4j, parsed[place].role == ":ignore" {
        ignored.append(name)
        continue
      }
      let typed = (isNeo4j || isNeptune) ? parsed[place].typed : nil
      // The id of an edge in Neptune's tables.
      let plainName = isNeptune && name.lowercased() == "~id" ? "id" : name
      // A column without a name is what pandas makes of its index.
      attributes.append(
        Attribute(
          column: place, name: typed?.name ?? (plainName.isEmpty ? "index" : plainName),
          type: typed?.type ?? (plainName != name ? .text : .plain)))
    }
    (self.attributes, self.ignored) = (attributes, ignored)
    if data != nil, let other = attributes.first {
      throw KVError(
        .invalidData, "the header names both data and \(JSON(names[other.column])); data holds all there is")
    }
  }
}

/// A name in the header of a table of Neo4j or Neptune: `age:int`, `:START_ID(Person)`, `personId:ID`, `name:String(single)`.
struct CSVColumnName {
  /// `:start_id` and its like.
  let role: String?
  let space: String?
  /// Of `{label:Person}` behind an id.
  let label: String?
  /// `nil` where the name names no type.
  let typed: (name: String, type: CSVType)?

  init(_ name: String) {
    var text = name[...]
    var label: String?
    if text.hasSuffix("}"), let open = text.lastIndex(of: "{") {
      for option in text[text.index(after: open)...].dropLast().split(separator: ",") {
        let parts = option.split(separator: ":", maxSplits: 1).map { String($0).trimmed }
        if parts.count == 2, parts[0].lowercased() == "label" { label = parts[1] }
      }
      text = text[..<open]
    }
    guard let colon = text.lastIndex(of: ":") else {
      (role, space, self.label, typed) = (nil, nil, nil, nil)
      return
    }
    var type = text[text.index(after: colon)...].lowercased()
    var parameter: String?
    if let open = type.firstIndex(of: "("), type.last == ")" {
      let length = type[type.index(after: open)...].count - 1
      parameter = String(text.dropLast().suffix(length))
      type = String(type[..<open])
    }
    let isRole = ["start_id", "end_id", "id", "label", "type", "ignore"].contains(type)
    role = isRole ? ":" + type : nil
    space = isRole ? parameter : nil
    self.label = isRole ? label : nil
    typed = isRole ? nil : CSVType(type).map { (String(text[..<colon]), $0) }
  }
}

/// What the cells of a column hold.
enum CSVType: Equatable {
  /// Numbers and booleans where they look so.
  case plain
  case text, integer, number, boolean
  indirect case array(CSVType)

  init?(_ name: String) {
    if name.hasSuffix("[]") {
      // Neo4j has no lists of lists.
      let type = String(name.dropLast(2))
      guard !type.hasSuffix("[]"), let element = CSVType(type) else { return nil }
      self = .array(element)
      return
    }
    switch name {
    case "int", "integer", "long", "byte", "short": self = .integer
    case "float", "double", "number": self = .number
    case "boolean", "bool": self = .boolean
    case "string", "char", "point", "date", "localtime", "time", "localdatetime", "datetime", "duration":
      self = .text
    default: return nil
    }
  }

  /// `nil` where the cell is nothing of the type.
  func value(_ cell: String, keepsText: Bool) -> JSON? {
    switch self {
    case .plain: return TextAttribute.read("", cell, isText: keepsText).value
    case .text: return JSON(cell)
    case .number: return ImportedNumber.json(Array(cell.trimmed.utf8)[...])
    case .integer:
      let text = cell.trimmed
      return text.utf8.allSatisfy { $0.isDigit || "+-".utf8.contains($0) }
        ? Self.number.value(text, keepsText: keepsText) : nil
    case .boolean: return ["true": true, "false": false][cell.trimmed.lowercased()].map { JSON($0) }
    case .array(let element):
      let parts = cell.split(separator: ";", omittingEmptySubsequences: false)
      let values = parts.compactMap { element.value(String($0), keepsText: keepsText) }
      return values.count == parts.count ? JSON(elements: values) : nil
    }
  }

  var name: String {
    switch self {
    case .plain, .text: "text"
    case .integer: "whole number"
    case .number: "number"
    case .boolean: "boolean"
    case .array(let element): "list of \(element.name)s"
    }
  }
}
