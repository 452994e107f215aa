import KV

/// Reads GraphML (http://graphml.graphdrawing.org) as NetworkX, igraph, yEd, Neo4j, TinkerPop and kv write
/// it.
///
/// Data of a key is an attribute of its name and type. Nodes inside a node have an attribute `parent`. XML
/// attributes of nodes and edges that GraphML knows nothing of are attributes too.
struct GraphMLReader: GraphReader {
  private typealias Tag = XMLReader<GraphMLName>.Tag

  /// An element that has been entered.
  private enum Owner { case graphml, key, graph, node, edge, data }

  private var xml: XMLReader<GraphMLName>
  private var keys = DeclaredAttributes(isShared: true)
  private var elements: GraphMLElements
  private let isText: Bool
  private var owners: [Owner] = []
  private var open: [GraphMLElement] = []
  private var data: GraphMLData?
  /// The key that a default belongs to.
  private var key: Int?
  /// For each open graph what it is inside of, and whether its edges are directed.
  private var graphs: [(parent: String?, isDirected: Bool?)] = []
  private var isDirected: Bool?
  /// How deep inside of what is passed over.
  private var skipped = 0
  private var ready = ItemQueue()

  init(_ read: @escaping () throws -> [UInt8], isText: Bool) throws {
    xml = try XMLReader(read, format: "GraphML")
    elements = GraphMLElements(isText: isText)
    self.isText = isText
  }

  mutating func next() throws -> (item: ImportedItem, line: Int)? {
    while true {
      if let item = ready.next() { return item }
      guard let tag = try xml.next() else { return nil }
      if skipped > 0 {
        skipped += tag.isEnd ? -1 : 1
      } else if owners.last == .data {
        if tag.isEnd { endInData(tag) } else { beginInData(tag) }
      } else {
        if tag.isEnd { try end(tag) } else { try begin(tag) }
      }
    }
  }

  private mutating func ignore(_ name: String, _ tag: Tag) {
    ready.append(.ignored(name), line: tag.line)
    skipped = 1
  }

  private mutating func begin(_ tag: Tag) throws {
    guard let owner = owners.last else {
      guard tag.name == .graphml else {
        throw JSONError(
          reason: "the document is no graphml but \(xml.qualifiedName(of: tag).shownInReason)",
          line: tag.line,
          column: 1)
      }
      return owners.append(.graphml)
    }
    switch (tag.name, owner) {
    case (.data, .node), (.data, .edge), (.data, .graph), (.data, .graphml): beginData(tag, owner)
    case (.default, .key):
      if let key { data = GraphMLData(key: key, place: .default, isSpace: hasSpace(tag)) }
      if data == nil { skipped = 1 } else { owners.append(.data) }
    case (.desc, _), (.port, _), (.hyperedge, _), (.locator, _): ignore(xml.qualifiedName(of: tag), tag)
    case (_, .key): ignore(xml.qualifiedName(of: tag).shownInReason, tag)
    case (.node, _), (.edge, _): beginElement(tag)
    case (.graph, _): beginGraph(tag)
    case (.key, _): beginKey(tag)
    default: ignore("the element \(xml.qualifiedName(of: tag).shownInReason)", tag)
    }
  }

  private mutating func end(_ tag: Tag) throws {
    switch owners.popLast() {
    case .node, .edge:
      guard let element = open.popLast() else { return }
      let line = element.line
      let item = elements.finish(element) { ready.append(.ignored($0), line: line) }
      ready.append(item, line: line)
      if element.isNode {
        try elements.defaults.node.check(bytesRead: xml.bytesRead, line: line)
      } else {
        try elements.defaults.edge.check(bytesRead: xml.bytesRead, line: line)
      }
    case .graph:
      _ = graphs.popLast()
      if let outer = graphs.last?.isDirected { say(isDirected: outer, line: tag.line) }
    case .key: key = nil
    default: break
    }
  }

  private mutating func say(isDirected: Bool, line: Int) {
    if self.isDirected != isDirected { ready.append(.directed(isDirected), line: line) }
    self.isDirected = isDirected
  }

  private mutating func beginGraph(_ tag: Tag) {
    let text = xml.value(of: .edgedefault, in: tag)
    let isDirected: Bool? = text == "directed" ? true : text == "undirected" ? false : nil
    if let text, isDirected == nil {
      ready.append(.ignored("edgedefault \(text.shownInReason)"), line: tag.line)
    }
    let parent = open.last.flatMap { $0.isNode ? $0.id : nil }
    graphs.append((parent, isDirected ?? graphs.last?.isDirected))
    owners.append(.graph)
    if let isDirected { say(isDirected: isDirected, line: tag.line) }
  }

  private mutating func beginKey(_ tag: Tag) {
    owners.append(.key)
    guard let id = xml.place(of: .id, in: tag) else { return }
    let word = xml.value(of: .yfilesType, in: tag)
    let title = xml.value(of: .name, in: tag) ?? word ?? xml.string(id)
    key = keys.declare(
      xml.bytes(id),
      DeclaredAttributes.Key(
        name: elements.table.number(of: title), title: title, domain: xml.value(of: .for, in: tag) ?? "all",
        type: type(ofKey: tag), isDrawing: word != nil))
  }

  private func type(ofKey tag: Tag) -> DeclaredType {
    if xml.value(of: .kvType, in: tag) == "json" { return .json }
    if xml.place(of: .list, in: tag) != nil { return .array }
    return xml.value(of: .attributeType, in: tag).map { DeclaredType($0) } ?? .unknown
  }

  private mutating func beginElement(_ tag: Tag) {
    let isNode = tag.name == .node
    var element = elements.begin(isNode: isNode, line: tag.line, isInside: !open.isEmpty)
    if isNode { element.parent = graphs.last?.parent }
    for attribute in xml.attributes(of: tag) {
      let text = xml.string(attribute.value)
      switch (xml.name(of: attribute), isNode) {
      case (.id, _): elements.setID(text, of: &element)
      case (.source, false): element.source = text
      case (.target, false): element.target = text
      case (.directed, false):
        switch text {
        case "true", "1": element.isDirected = true
        case "false", "0": element.isDirected = false
        default: element.problem = "\(text.shownInReason) is no boolean, which \"directed\" is"
        }
      case (.label, false), (.labels, true): element.label = text
      default:
        let name = xml.text(of: attribute)
        let isXML = name.hasPrefix("xml:") || name.hasPrefix("xmlns") || name.hasPrefix("parse.")
        if !isXML { element.others.append((name, text)) }
      }
    }
    open.append(element)
    owners.append(isNode ? .node : .edge)
  }

  private func hasSpace(_ tag: Tag) -> Bool { xml.place(of: .space, in: tag) != nil }

  private mutating func beginData(_ tag: Tag, _ owner: Owner) {
    guard let id = xml.place(of: .key, in: tag) else { return ignore("data without a key", tag) }
    let place: GraphMLData.Place = owner == .node || owner == .edge ? .element : .graph
    let domain: DeclaredAttributes.Domain = owner == .node ? .node : owner == .edge ? .edge : .graph
    let key = keys.key(xml.bytes(id), for: domain, &elements.table)
    data = GraphMLData(
      key: key, place: place, isSpace: hasSpace(tag), isJSON: xml.value(of: .kvType, in: tag) == "json")
    owners.append(.data)
  }

  private mutating func beginInData(_ tag: Tag) {
    guard var data = data.take() else { return }
    defer { self.data = data }
    data.begin(text: xml.bytes(tag.text), hasAttributes: xml.hasAttributes(tag))
    if data.place == .element {
      var drawing = open[open.count - 1].drawing.take() ?? GraphMLDrawing()
      let isLabels = ["NodeLabels", "EdgeLabels"].contains(keys.keys[data.key].title)
      if drawing.begin(tag, xml, takesLabels: isLabels) { data.depth += 1 } else { skipped = 1 }
      for name in drawing.ignored { ready.append(.ignored(name), line: tag.line) }
      drawing.ignored = []
      open[open.count - 1].drawing = drawing
    } else {
      data.depth += 1
    }
  }

  private mutating func endInData(_ tag: Tag) {
    guard var data = data.take() else { return }
    if data.depth > 0 {
      data.depth -= 1
      if data.place == .element { open[open.count - 1].drawing?.end(tag, xml) }
      self.data = data
      return
    }
    owners.removeLast()
    let text = data.text.isEmpty ? xml.bytes(tag.text) : (data.text + xml.bytes(tag.text))[...]
    var key = keys.keys[data.key]
    if data.isJSON { key.type = .json }
    switch data.place {
    case .graph:
      if !text.isWhitespace || data.hasContent {
        ready.append(.ignored("data \(key.title) of the graph"), line: tag.line)
      }
    case .default:
      if data.isData(text, key), !key.hasDefault {
        keys.markDefault(of: data.key)
        elements.addDefault(of: key, text)
      }
    case .element:
      guard data.isData(text, key) else { return }
      if key.isDrawing {
        ready.append(.ignored("\(key.title) of yFiles"), line: tag.line)
      } else {
        elements.add(text, of: key, to: &open[open.count - 1])
      }
    }
  }
}
