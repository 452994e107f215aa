import KV

/// Reads lists of edges without a header: pairs, pairs with a weight or a type, NetworkX's edge and adjacency
/// lists (https://networkx.org/documentation/stable/reference/readwrite/), SNAP's, KONECT's, NCOL, LGL
/// (https://igraph.org/c/doc/igraph-Foreign.html), TGF, SIF and other triples.
///
/// Which it is, and what separates the fields, is told from the beginning. Lines that begin with `#` or
/// `%` are comments, and so is what follows a `#` between blanks.
struct ListReader: GraphReader {
  private var lines: LineInput
  private let form: ListForm
  private let isText: Bool
  private var ready = ItemQueue()
  private var saysDirection: Bool
  /// Whether the line between nodes and edges was read.
  private var isAfterNodes = false
  /// The node whose neighbors follow, and of a list that counts them how many.
  private var node: String?
  private var neighborsLeft = 0
  private var lastLine = 1

  init(_ read: @escaping () throws -> [UInt8], isText: Bool, fileName: String) throws {
    var bytes: [UInt8] = []
    var isWhole = false
    var wanted = ListSample.size
    var sample: ListSample
    repeat {
      while bytes.count < wanted, !isWhole {
        let chunk = try read()
        isWhole = chunk.isEmpty
        bytes += chunk
      }
      sample = ListSample(bytes, isWhole: isWhole, fileName: fileName)
      wanted *= 4
    } while sample.rows.isEmpty && !isWhole && wanted <= ListSample.largest
    form = try ListForm(sample, fileName: fileName)
    let (start, isShort) = (bytes, isWhole)
    var isFirst = true
    lines = LineInput {
      defer { isFirst = false }
      return isFirst ? start : isShort ? [] : try read()
    }
    self.isText = isText
    saysDirection = form.isDirected == nil
  }

  /// Whether every complete line of a text's beginning is one of a list, and one of them is an edge.
  static func mayRead(_ sample: [UInt8], isWhole: Bool) -> Bool {
    guard !sample.contains(0) else { return false }
    let sample = ListSample(sample, isWhole: isWhole, fileName: "")
    guard let form = try? ListForm(sample, fileName: "") else { return false }
    if [.tgf, .lgl, .counted].contains(form.kind) { return true }
    let most = form.kind == .neighbors || form.kind == .konect ? Int.max : 3
    return sample.rows.contains { (2...most).contains($0.line.fields.count) }
      && sample.rows.allSatisfy { form.fits($0.line) && !Self.isOfOtherFormat($0.line) }
  }

  /// JSON, XML and Pajek have lines of few words too, and so have languages of diagrams, settings, and trees that are drawn.
  private static func isOfOtherFormat(_ line: ListLine) -> Bool {
    guard let first = line.fields.first, let byte = first.utf8.first else { return false }
    return "{[<*".utf8.contains(byte) || ["@startuml", "CREATE", "MERGE", "MATCH"].contains(first)
      || line.fields.contains { field in
        signs.contains(field) || field.hasSuffix("{") || field.utf8.count > 1 && field.hasSuffix(":")
      }
  }

  private static let signs: Set = [
    "->", "<-", "-->", "<--", "--", "->>", "-->>", "=>", "<->", "<-->", "=", ":=", "├──", "└──", "│",
  ]

  var mayListNodes: Bool { if case .pairs = form.kind { false } else { true } }

  mutating func next() throws -> (item: ImportedItem, line: Int)? {
    while true {
      if let item = ready.next() { return item }
      guard let line = try lines.next() else {
        if neighborsLeft == 0 { return nil }
        throw JSONError(
          reason: "the file ends where \(neighborsLeft) neighbors of \(JSON.shown(node ?? "")) are wanted",
          line: lastLine,
          column: 1)
      }
      lastLine = line.number
      let bytes = line.bytes.trimmed
      guard let first = bytes.first else { continue }
      if first == UInt8(ascii: "#") {
        if bytes.count == 1 { isAfterNodes = true }
        if form.kind == .lgl { beginNeighbors(bytes, line: line.number) }
      } else if first != UInt8(ascii: "%") {
        if !saysDirection, let isDirected = form.isDirected {
          ready.append(.directed(isDirected), line: line.number)
          saysDirection = true
        }
        for item in items(of: bytes) { ready.append(item, line: line.number) }
      }
    }
  }

  private mutating func beginNeighbors(_ bytes: ArraySlice<UInt8>, line: Int) {
    let words = ListLine(bytes, separatedBy: .blanks)
    guard words.problem == nil, words.fields.count == 2 else {
      node = nil
      return ready.append(.invalid(refusal(of: words, bytes, wanted: "# and a node's name are")), line: line)
    }
    node = words.fields[1]
    ready.append(.node(ImportedNode(name: .id(words.fields[1]))), line: line)
  }

  private mutating func items(of bytes: ArraySlice<UInt8>) -> [ImportedItem] {
    switch form.kind {
    case .counted: return [counted(bytes)]
    case .tgf: return [isAfterNodes ? labelledEdge(bytes) : labelledNode(bytes)]
    case .lgl: return [neighbor(bytes)]
    case .pairs, .relations, .neighbors, .konect: break
    }
    let line = ListLine(bytes, separatedBy: form.separator)
    let fields = line.fields
    func refused(_ wanted: String) -> [ImportedItem] { [.invalid(refusal(of: line, bytes, wanted: wanted))] }
    guard line.problem == nil else { return refused("") }
    guard !fields.prefix(2).contains(""), let from = fields.first else {
      return [.invalid("a field is empty in \(Self.shown(bytes))")]
    }
    switch form.kind {
    case .neighbors: return many(from, fields.dropFirst(), type: nil)
    case .relations:
      return fields.count == 2
        ? refused("one, three or more are") : many(from, fields.dropFirst(2), type: fields.dropFirst().first)
    case .konect:
      guard (2...4).contains(fields.count) else { return refused("two to four are") }
      var edge = ImportedEdge(from: .id(from), to: .id(fields[1]))
      for (name, text) in zip(["weight", "time"], fields.dropFirst(2)) {
        edge.attributes.append((name, value(text)))
      }
      return [.edge(edge)]
    case .pairs(let thirdIsWeight):
      if let data = line.data { return [edge(from, fields[1], data: data)] }
      guard fields.count == 2 || fields.count == 3 else { return refused("two or three are") }
      var edge = ImportedEdge(from: .id(from), to: .id(fields[1]))
      if fields.count == 3, thirdIsWeight {
        guard let weight = ListForm.weight(fields[2]) else {
          return [.invalid("the weight is \(JSON.shown(fields[2])), which is no number")]
        }
        edge.attributes = [("weight", value(weight))]
      } else if fields.count == 3 {
        edge.type = fields[2].isEmpty ? nil : fields[2]
      }
      return [.edge(edge)]
    case .tgf, .lgl, .counted: return []
    }
  }

  private mutating func counted(_ bytes: ArraySlice<UInt8>) -> ImportedItem {
    guard let line = CountedLine(bytes) else { return .invalid("invalid UTF-8") }
    if neighborsLeft == 0 {
      guard let count = line.count else {
        return .invalid("a node and the number of its neighbors are wanted: \(Self.shown(bytes))")
      }
      (node, neighborsLeft) = (line.name, count)
      return .node(ImportedNode(name: .id(line.name)))
    }
    neighborsLeft -= 1
    if let rest = line.rest { return edge(node ?? "", line.name, data: rest) }
    return .edge(ImportedEdge(from: .id(node ?? ""), to: .id(line.name)))
  }

  private func value(_ text: String) -> JSON { ImportedNumber.value(of: text, isText: isText) }

  private func many(_ from: String, _ to: ArraySlice<String>, type: String?) -> [ImportedItem] {
    if to.isEmpty { return [.node(ImportedNode(name: .id(from)))] }
    return to.map { to in
      to.isEmpty
        ? .invalid("a field is empty in the line of \(JSON.shown(from))")
        : .edge(ImportedEdge(from: .id(from), to: .id(to), type: type))
    }
  }

  private func edge(_ from: String, _ to: String, data: String) -> ImportedItem {
    guard let members = PythonLiteral.members(of: data) else {
      return .invalid("the data is \(JSON.shown(data)), which is no dict of Python")
    }
    var edge = ImportedEdge(from: .id(from), to: .id(to), attributes: members)
    edge.type = edge.attributes.takeType(from: [(name: String, value: JSON)].edgeTypeNames)
    edge.id = edge.attributes.text(of: "id")
    return .edge(edge)
  }

  /// The first words, and the rest of the line.
  private func words(_ count: Int, _ bytes: ArraySlice<UInt8>) -> (words: [String], rest: String?)? {
    var rest = bytes
    var words: [String] = []
    while words.count < count, !rest.isEmpty {
      let word = rest.prefix { !$0.isBlank }
      guard let text = String(validating: word, as: UTF8.self) else { return nil }
      words.append(text)
      rest = rest.dropFirst(word.count).trimmed
    }
    guard let label = String(validating: rest, as: UTF8.self) else { return nil }
    return (words, label.isEmpty ? nil : label)
  }

  private func labels(_ label: String?) -> [(name: String, value: JSON)] {
    label.map { [("label", value($0))] } ?? []
  }

  private func labelledNode(_ bytes: ArraySlice<UInt8>) -> ImportedItem {
    guard let (words, label) = words(1, bytes) else { return .invalid("invalid UTF-8") }
    return .node(ImportedNode(name: .id(words[0]), attributes: labels(label)))
  }

  private func labelledEdge(_ bytes: ArraySlice<UInt8>) -> ImportedItem {
    guard let (words, label) = words(2, bytes) else { return .invalid("invalid UTF-8") }
    guard words.count == 2 else {
      return .invalid("1 field where two nodes are wanted: \(Self.shown(bytes))")
    }
    return .edge(ImportedEdge(from: .id(words[0]), to: .id(words[1]), attributes: labels(label)))
  }

  private func neighbor(_ bytes: ArraySlice<UInt8>) -> ImportedItem {
    let line = ListLine(bytes, separatedBy: .blanks)
    guard line.problem == nil, line.data == nil, (1...2).contains(line.fields.count) else {
      return .invalid(refusal(of: line, bytes, wanted: "one or two are"))
    }
    guard let node else { return .invalid("the neighbor \(JSON.shown(line.fields[0])) of no node") }
    var edge = ImportedEdge(from: .id(node), to: .id(line.fields[0]))
    if line.fields.count == 2 { edge.attributes = [("weight", value(line.fields[1]))] }
    return .edge(edge)
  }

  private func refusal(of line: ListLine, _ bytes: ArraySlice<UInt8>, wanted: String) -> String {
    if let problem = line.problem { return "\(problem): \(Self.shown(bytes))" }
    let count = line.fields.count + (line.data == nil ? 0 : 1)
    return "\(count) \(count == 1 ? "field" : "fields") where \(wanted) wanted: \(Self.shown(bytes))"
  }

  private static func shown(_ bytes: ArraySlice<UInt8>) -> String {
    JSON.shown(String(decoding: bytes.prefix(400), as: UTF8.self))
  }
}
