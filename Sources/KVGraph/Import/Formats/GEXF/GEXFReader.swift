import KV

/// Reads GEXF 1.0 to 1.3 (https://gexf.net) as Gephi, NetworkX and kv write it.
///
/// What stands in the tag of a node or an edge, as `label`, `weight` and `start`, is an attribute too. Nodes
/// inside a node have an attribute `parent`. A mutual edge is two. Where a value changes with time the last
/// counts, and pictures are named and passed over.
struct GEXFReader: GraphReader {
  private typealias Tag = XMLReader<GEXFName>.Tag

  private enum Owner { case gexf, graph, attributes, attribute, text, group, node, edge, leaf }

  private var xml: XMLReader<GEXFName>
  private var keys = DeclaredAttributes(isShared: false)
  private var elements: GEXFElements
  private let isText: Bool
  private var owners: [Owner] = []
  private var open: [GEXFElement] = []
  /// What the attributes that follow are declared for.
  private var domain = "node"
  /// The attribute that a default belongs to.
  private var key: Int?
  /// How deep inside of what is passed over.
  private var skipped = 0
  private var ready = ItemQueue()

  init(_ read: @escaping () throws -> [UInt8], isText: Bool) throws {
    xml = try XMLReader(read, format: "GEXF")
    elements = GEXFElements(isText: isText)
    self.isText = isText
  }

  mutating func next() throws -> (item: ImportedItem, line: Int)? {
    while true {
      if let item = ready.next() { return item }
      guard let tag = try xml.next() else { return nil }
      if skipped > 0 {
        skipped += tag.isEnd ? -1 : 1
      } else if tag.isEnd {
        try end(tag)
      } else {
        try begin(tag)
      }
    }
  }

  private mutating func ignore(_ name: String?, _ tag: Tag) {
    if let name { ready.append(.ignored(name), line: tag.line) }
    skipped = 1
  }

  private mutating func begin(_ tag: Tag) throws {
    guard let owner = owners.last else {
      guard tag.name == .gexf else {
        throw JSONError(
          reason: "the document is no gexf but \(xml.qualifiedName(of: tag).shownInReason)", line: tag.line,
          column: 1)
      }
      return owners.append(.gexf)
    }
    switch (owner, tag.name) {
    case (.gexf, .graph): beginGraph(tag)
    case (.gexf, .meta), (.attribute, .options): ignore(nil, tag)
    case (.graph, .attributes):
      domain = xml.value(of: .class, in: tag) ?? "node"
      owners.append(.attributes)
    case (.attributes, .attribute): beginAttribute(tag)
    case (.attribute, .default): owners.append(.text)
    case (.graph, .nodes), (.graph, .edges), (.node, .nodes), (.node, .edges): owners.append(.group)
    case (.group, .node), (.graph, .node), (.group, .edge), (.graph, .edge): beginElement(tag)
    case (.node, .attvalues), (.node, .parents), (.node, .spells), (.node, .slices), (.edge, .attvalues),
      (.edge, .spells), (.edge, .slices):
      owners.append(.leaf)
    case (.leaf, .attvalue): addValue(tag)
    case (.leaf, .parent):
      owners.append(.leaf)
      if let parent = xml.value(of: .for, in: tag) { open[open.count - 1].parents.append(parent) }
    case (.leaf, .spell), (.leaf, .slice): addSpan(tag)
    default: ignore(xml.qualifiedName(of: tag), tag)
    }
  }

  private mutating func end(_ tag: Tag) throws {
    switch owners.popLast() {
    case .text:
      if let key {
        if !keys.keys[key].hasDefault { elements.addDefault(of: keys.keys[key], xml.bytes(tag.text)) }
        keys.markDefault(of: key)
      }
    case .attribute: key = nil
    case .node, .edge:
      guard let element = open.popLast() else { return }
      let line = element.line
      for item in elements.finish(element, ignored: { ready.append(.ignored($0), line: line) }) {
        ready.append(item, line: line)
      }
      if element.isNode {
        try elements.defaults.node.check(bytesRead: xml.bytesRead, line: line)
      } else {
        try elements.defaults.edge.check(bytesRead: xml.bytesRead, line: line)
      }
    default: break
    }
  }

  private mutating func beginGraph(_ tag: Tag) {
    owners.append(.graph)
    let type = xml.value(of: .defaultedgetype, in: tag) ?? "undirected"
    elements.isMutual = GEXFElements.isMutual(type)
    guard let isDirected = GEXFElements.isDirected(type) else {
      ready.append(.ignored("defaultedgetype \(type.shownInReason)"), line: tag.line)
      return
    }
    ready.append(.directed(isDirected), line: tag.line)
  }

  private mutating func beginAttribute(_ tag: Tag) {
    owners.append(.attribute)
    guard let id = xml.place(of: .id, in: tag) else { return }
    let title = xml.value(of: .title, in: tag) ?? xml.string(id)
    var type = xml.value(of: .type, in: tag).map { DeclaredType($0) } ?? .unknown
    var name = elements.table.number(of: title)
    if type.isString, title.utf8.starts(with: GEXFWriter.jsonPrefix.utf8) {
      let bytes = title.utf8.dropFirst(GEXFWriter.jsonPrefix.utf8.count)
      name = elements.table.number(of: String(decoding: bytes, as: UTF8.self))
      type = .json
    }
    key = keys.declare(
      xml.bytes(id), DeclaredAttributes.Key(name: name, title: title, domain: domain, type: type))
  }

  private mutating func beginElement(_ tag: Tag) {
    let isNode = tag.name == .node
    var element = elements.begin(isNode: isNode, line: tag.line, isInside: !open.isEmpty)
    var parent = isNode ? open.last?.id : nil
    for attribute in xml.attributes(of: tag) {
      let text = xml.string(attribute.value)
      switch (xml.name(of: attribute), isNode) {
      case (.id, true): element.id = text
      // The ids of kv's own edges say no more than the edges.
      case (.id, false) where text.utf8.starts(with: GEXFWriter.edgePrefix.utf8): break
      case (.id, false):
        element.id = text
        element.others.append(("id", JSON(text)))
      case (.label, _): element.others.append(("label", JSON(text)))
      case (.pid, true): parent = text
      case (.source, false): element.source = text
      case (.target, false): element.target = text
      case (.type, false): element.type = text
      case (.kind, false): element.kind = text.isEmpty ? nil : text
      default:
        let name = xml.text(of: attribute)
        if name.hasPrefix("xml:") || name.hasPrefix("xmlns") { continue }
        element.others.append(
          (
            name,
            name == "weight"
              ? ImportedNumber.value(of: text, isText: false) : ImportedValue.of(text, isText: isText)
          ))
      }
    }
    if let parent { element.parents.append(parent) }
    open.append(element)
    owners.append(isNode ? .node : .edge)
  }

  private mutating func addValue(_ tag: Tag) {
    owners.append(.leaf)
    let last = open.count - 1
    guard let id = xml.place(of: .for, in: tag) ?? xml.place(of: .id, in: tag),
      let value = xml.place(of: .value, in: tag)
    else { return ready.append(.ignored("attvalue without for or value"), line: tag.line) }
    let key = keys.key(xml.bytes(id), for: open[last].isNode ? .node : .edge, &elements.table)
    if elements.add(xml.bytes(value), of: keys.keys[key], to: &open[last]) {
      ready.append(.ignored("earlier values of dynamic attributes"), line: tag.line)
    }
  }

  private mutating func addSpan(_ tag: Tag) {
    owners.append(.leaf)
    let members = xml.attributes(of: tag).map { attribute in
      (xml.text(of: attribute), ImportedValue.of(xml.string(attribute.value), isText: isText))
    }
    let name = tag.name == .slice ? "slices" : "spells"
    open[open.count - 1].spans.append((name, JSON(members: members)))
  }
}
