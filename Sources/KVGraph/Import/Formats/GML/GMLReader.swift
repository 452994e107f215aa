import KV

/// Reads GML (https://web.archive.org/web/20190207140002/http://www.fim.uni-passau.de/index.php?id=17297&L=1)
/// as NetworkX and igraph write it, a node or an edge at a time.
///
/// A node is named by its `id`, a number that only counts for kv, whose files name nodes by `label`. Lists
/// are objects, a name that comes several times has an array, and NetworkX's markers of short lists are
/// undone. Of a multigraph's edge `key` tells it from others; it is an attribute too unless it only counts
/// them.
struct GMLReader: GraphReader {
  private var tokens: GMLTokenizer
  private var place = Place.beforeGraph
  private var isOwn = false
  private var isMultigraph = false
  private var saysEncoding = false
  private var edgeCount = 0
  /// Labels by id, in kv's own files.
  private var labels: [String: String] = [:]

  private enum Place { case beforeGraph, inGraph, afterGraph }

  init(_ read: @escaping () throws -> [UInt8], isText: Bool) throws { tokens = GMLTokenizer(read) }

  mutating func next() throws -> (item: ImportedItem, line: Int)? {
    while let token = try tokens.next() {
      let line = tokens.line
      switch token {
      case .close where place == .inGraph: place = .afterGraph
      case .word(let word):
        let name = GMLText.decoded(word)
        let item = try place == .inGraph ? itemOfGraph(name) : itemOfFile(name)
        if let item { return (item, line) }
      case .text(let text): throw unexpected(JSON.shown(GMLText.decoded(text)))
      case .open: throw unexpected("[")
      case .close: throw unexpected("]")
      }
    }
    switch place {
    case .beforeGraph: throw JSONError(reason: "the file has no graph [ … ]", line: tokens.line, column: 1)
    case .inGraph: throw JSONError(reason: "the file ends inside graph [ … ]", line: tokens.line, column: 1)
    case .afterGraph:
      guard tokens.hasLatin1, !saysEncoding else { return nil }
      saysEncoding = true
      return (.note("texts that are no UTF-8 are read as ISO 8859-1"), tokens.line)
    }
  }

  private func unexpected(_ what: String) -> JSONError {
    JSONError(reason: "a name was expected where \(what) stands", line: tokens.line, column: 1)
  }

  private mutating func itemOfFile(_ name: String) throws -> ImportedItem? {
    switch name.lowercased() {
    case "graph":
      guard place == .beforeGraph else {
        _ = try tokens.value(of: name)
        return .ignored("further graph")
      }
      guard case .open? = try tokens.next() else {
        throw JSONError(reason: "graph is not followed by [ … ]", line: tokens.line, column: 1)
      }
      place = .inGraph
      return .graph(isDirected: false)
    case "creator":
      let creator = try tokens.value(of: name)
      if place == .beforeGraph { isOwn = creator.string == GMLWriter.creator }
      return nil
    default: return try itemOfOther(name)
    }
  }

  private mutating func itemOfOther(_ name: String) throws -> ImportedItem? {
    _ = try tokens.value(of: name)
    if ["creator", "version", "comment"].contains(name.lowercased()) { return nil }
    return .ignored("attribute \(name) of the graph")
  }

  private mutating func itemOfGraph(_ name: String) throws -> ImportedItem? {
    switch name {
    case "node": return try list(name, GMLWriter.ownNodeNames) { try $0.node($1) }
    case "edge":
      defer { edgeCount += 1 }
      return try list(name, GMLWriter.ownEdgeNames) { try $0.edge($1) }
    case "directed":
      let value = try tokens.value(of: name)
      guard let number = value.plainText.flatMap(Double.init) else {
        return .invalid("directed is \(JSON.shown(value.plainText ?? value.text)), neither 0 nor 1")
      }
      return .directed(number != 0)
    case "multigraph":
      isMultigraph = try tokens.value(of: name).plainText != "0"
      return nil
    default: return try itemOfOther(name)
    }
  }

  private mutating func list(
    _ name: String, _ ownNames: Set<String>, _ item: (inout Self, GMLList) throws -> ImportedItem
  ) throws -> ImportedItem? {
    guard let token = try tokens.next() else {
      throw JSONError(reason: "the file ends inside graph [ … ]", line: tokens.line, column: 1)
    }
    switch token {
    case .open: return try item(&self, try tokens.list(name, ownNames: isOwn ? ownNames : nil))
    case .word(let value), .text(let value):
      return .invalid("\(name) is \(JSON.shown(GMLText.decoded(value))) and no list")
    case .close: throw JSONError(reason: "\(name) has no value", line: tokens.line, column: 1)
    }
  }

  private mutating func node(_ list: GMLList) throws -> ImportedItem {
    var list = list
    guard let id = list.take("id") else { return .invalid("the node has no id") }
    guard var name = id.plainText else { return .invalid("the node's id is \(JSON.shown(id.text))") }
    if isOwn {
      guard let label = list.take("label")?.string else { return .invalid("the node \(name) has no label") }
      labels[name] = label
      name = label
    }
    var type: String?
    if let value = list.take("type", where: { $0.string?.isEmpty == false }) { type = value.string }
    return .node(ImportedNode(name: .id(name), type: type, attributes: list.attributes))
  }

  private mutating func edge(_ list: GMLList) throws -> ImportedItem {
    var list = list
    var ends: [NodeName] = []
    for end in ["source", "target"] {
      guard let value = list.take(end) else { return .invalid("the edge has no \(end)") }
      guard let id = value.plainText else { return .invalid("\(end) is \(JSON.shown(value.text))") }
      guard isOwn else {
        ends.append(.id(id))
        continue
      }
      guard let label = labels[id] else { return .invalid("\(end) is \(JSON.shown(id)), which no node has") }
      ends.append(.id(label))
    }
    var key: String?
    if isMultigraph {
      if isOwn {
        _ = list.take("key")
      } else {
        key = list.takeCount("key", below: edgeCount) ?? list["key"]?.plainText
      }
    }
    var type: String?
    for name in [(name: String, value: JSON)].edgeTypeNames where type == nil {
      type = list.take(name, where: { $0.string?.isEmpty == false })?.string
    }
    var edge = ImportedEdge(from: ends[0], to: ends[1])
    (edge.type, edge.id) = (type, key ?? list["id"]?.plainText)
    edge.attributes = list.attributes
    return .edge(edge)
  }
}

extension GMLList {
  fileprivate mutating func take(_ name: String, where isWanted: (JSON) -> Bool) -> JSON? {
    guard let value = self[name], isWanted(value) else { return nil }
    return take(name)
  }

  /// A number that may be how many edges came before.
  fileprivate mutating func takeCount(_ name: String, below count: Int) -> String? {
    take(name) { value in value.kind == .number && Int(value.text).map { (0...count).contains($0) } == true }?
      .text
  }
}
