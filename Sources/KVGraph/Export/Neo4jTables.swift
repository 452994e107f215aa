import KV

/// The columns of a table that neo4j-admin imports (neo4j.com/docs/operations-manual, "CSV header format").
struct Neo4jColumns {
  private enum Kind: String {
    case string, boolean, long, double
  }

  private var names: [(name: String, kind: Kind)] = []
  private var places: [ByteKey: Int] = [:]
  /// The attribute that is the whole of a row, and whose column takes the attributes that come back otherwise than they were from
  /// columns of their own.
  private let whole: String
  private static let marks = [ExportedAttributes.parallelKey, ExportedAttributes.undirected]

  init(whole: String) { self.whole = whole }

  mutating func note(_ attributes: [(name: String, value: JSON)]) {
    for (name, value) in attributes {
      guard let kind = Self.kind(of: value), Self.canBeColumn(name) else { continue }
      let key = ByteKey(name)
      if let place = places[key] {
        if names[place].kind == .long, kind == .double { names[place].kind = .double }
      } else {
        places[key] = names.count
        names.append((name, kind))
      }
    }
  }

  private static func canBeColumn(_ name: String) -> Bool {
    !name.isEmpty && name.trimmed == name && (!name.hasPrefix("@") || marks.contains(name))
  }

  /// `nil` for what a cell of no kind holds.
  private static func kind(of value: JSON) -> Kind? {
    switch value.kind {
    case .string: value.string?.isEmpty == false ? .string : nil
    case .boolean: .boolean
    case .number: Int(value.text) != nil ? .long : .double
    case .null, .array, .object: nil
    }
  }

  func header(_ own: [String]) -> String {
    Neo4jTable.line(own + names.map { "\($0.name):\($0.kind.rawValue)" } + ["@json.\(whole):string"])
  }

  /// The cells of a row: in columns of their own, and where they would come back otherwise in one together too.
  func cells(_ attributes: [(name: String, value: JSON)]) -> [String] {
    var cells = [String](repeating: "", count: names.count + 1)
    for (name, value) in attributes where Self.marks.contains(name) {
      if let place = places[ByteKey(name)] { cells[place] = value.string ?? value.text }
    }
    let own = attributes.filter { !Self.marks.contains($0.name) && $0.name != whole }
    let places = own.map(place)
    for (place, (_, value)) in zip(places, own) {
      if let place { cells[place] = value.string ?? value.text }
    }
    if let given = attributes.first(where: { $0.name == whole }) {
      cells[names.count] = given.value.text
    } else if places.contains(nil)
      || zip(places, places.dropFirst()).contains(where: { ($0 ?? 0) >= ($1 ?? 0) })
    {
      cells[names.count] = JSON(members: own.map { ($0.name, $0.value) }).text
    }
    return cells
  }

  /// The column of an attribute; `nil` where it would come back as something else.
  private func place(of attribute: (name: String, value: JSON)) -> Int? {
    guard let place = places[ByteKey(attribute.name)], let kind = Self.kind(of: attribute.value),
      kind == names[place].kind || kind == .long && names[place].kind == .double
    else { return nil }
    return place
  }
}

enum Neo4jTable {
  static func line(_ cells: [String]) -> String {
    cells.map { CSVCell.text($0, separator: ",") }.joined(separator: ",")
  }

  /// Throws where a type is no label there.
  static func row(_ node: ExportedNode, _ columns: Neo4jColumns) throws -> String {
    var (labels, attributes) = ([node.reference.type], node.attributes)
    guard isLabel(node.reference.type) else {
      throw KVError(
        .invalidData, "neo4j-csv cannot hold the type \(JSON(node.reference.type)); export it as json")
    }
    if let all = attributes.labels(of: node.reference), all.allSatisfy(isLabel) {
      labels = all
      attributes.removeLast()
    }
    return line(["\(node.reference)", labels.joined(separator: ";")] + columns.cells(attributes))
  }

  private static func isLabel(_ text: String) -> Bool {
    !text.contains(";") && !text.hasPrefix(":") && text.trimmed == text
  }

  static func row(_ edge: ExportedEdge, _ columns: Neo4jColumns) -> String {
    line(["\(edge.edge.from)", "\(edge.edge.to)", edge.edge.type] + columns.cells(attributes(of: edge)))
  }

  static func attributes(of edge: ExportedEdge) -> [(name: String, value: JSON)] {
    edge.mark(unless: true) + edge.attributes
  }
}
