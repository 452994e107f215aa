import KV

/// What the statements of a flowchart have said so far of its nodes and subgraphs.
struct MermaidDocument {
  private struct Node {
    var id: String
    var label: String?
    /// The number of its subgraph.
    var cluster: Int?
    var click: String?
    var line: Int
  }

  private struct Subgraph {
    var id: String
    var title: String
    var isOpen = true
  }

  private(set) var isOurs = false
  /// Whether it is what `kv graph view` draws, with the data of edges below their types.
  private var isDrawing = false
  private var nodes: [Node] = []
  /// By the bytes of their ids.
  private var places: [ByteKey: Int] = [:]
  private var subgraphs: [Subgraph] = []
  private var subgraphNumbers: [ByteKey: Int] = [:]
  private var open: [Int] = []
  private var links: Set<ByteKey> = []
  /// In a file of ours, nodes that an edge has named: a label that comes later would be another name.
  private var used: Set<Int> = []
  private var given = 0

  var openSubgraph: String? { open.last.map { subgraphs[$0].title } }
  func isLink(_ id: String) -> Bool { links.contains(ByteKey(id)) }

  mutating func add(comment: [UInt8]) {
    guard nodes.isEmpty else { return }
    isDrawing = isDrawing || comment[...].trimmed.elementsEqual("kv view".utf8)
    isOurs = isOurs || isDrawing || comment[...].trimmed.elementsEqual("kv".utf8)
  }

  mutating func add(_ statement: MermaidStatement, line: Int) throws(MermaidFault) -> MermaidEdges {
    if statement.isProperties { return MermaidEdges() }
    var groups: [[Int]] = []
    for group in statement.groups {
      var numbers: [Int] = []
      for node in group { numbers.append(try number(of: node, line: line)) }
      groups.append(numbers)
    }
    for link in statement.links { if let id = link.id { links.insert(ByteKey(id)) } }
    let edges = try MermaidEdges(groups: groups, links: statement.links)
    if isOurs, !statement.links.isEmpty { used.formUnion(groups.joined()) }
    return edges
  }

  private mutating func number(of node: MermaidStatement.Node, line: Int) throws(MermaidFault) -> Int {
    let bytes = ByteKey(node.id)
    let number = places[bytes] ?? nodes.count
    if number == nodes.count {
      places[bytes] = number
      nodes.append(Node(id: node.id, line: line))
    }
    if let label = node.label {
      if isOurs, used.contains(number), !name(of: number).hasSameBytes(as: label) {
        throw MermaidFault("an edge stands before the name of", Array(node.id.utf8)[...])
      }
      nodes[number].label = label
    }
    // The innermost that is open; once it is closed, the node stays there.
    if let current = open.last, nodes[number].cluster.map({ subgraphs[$0].isOpen }) ?? true {
      nodes[number].cluster = current
    }
    return number
  }

  mutating func beginSubgraph(_ text: ArraySlice<UInt8>) throws(MermaidFault) {
    var rest = text
    var id = ""
    var title: String?
    if rest.first == UInt8(ascii: "\"") {
      title = MermaidShape.label(rest)
    } else {
      let word = rest.prefix { $0 > 0x20 && !"[({".utf8.contains($0) }
      rest = rest.dropFirst(word.count).trimmed
      id = String(decoding: word, as: UTF8.self)
      if rest.isEmpty {
        title = id
      } else {
        title = try MermaidShape.takeLabel(from: &rest)
        // Several words are a title without an id.
        if title == nil { (id, title) = ("", MermaidShape.label(text)) }
      }
    }
    let shown = title.flatMap { $0.isEmpty ? nil : $0 } ?? id
    open.append(subgraphs.count)
    subgraphNumbers[ByteKey(id)] = subgraphs.count
    subgraphs.append(Subgraph(id: id, title: shown))
  }

  /// Whether there was one.
  mutating func endSubgraph() -> Bool {
    guard let number = open.popLast() else { return false }
    subgraphs[number].isOpen = false
    return true
  }

  /// `click A "address"` or `click A href "address"`; what else it does is not data.
  mutating func add(click text: ArraySlice<UInt8>, line: Int) throws(MermaidFault) -> ImportedItem? {
    let id = text.prefix { $0 > 0x20 }
    var rest = text.dropFirst(id.count).trimmed
    if rest.starts(with: "href".utf8) { rest = rest.dropFirst(4).trimmed }
    guard !isOurs, rest.first == UInt8(ascii: "\"") else { return .ignored("click") }
    let address = try MermaidShape.takeQuoted(from: &rest)
    let number = try number(of: MermaidStatement.Node(id: String(decoding: id, as: UTF8.self)), line: line)
    nodes[number].click = address
    return rest.trimmed.first == UInt8(ascii: "\"") ? .ignored("tooltip") : nil
  }

  private func name(of number: Int) -> String {
    isOurs ? nodes[number].label ?? nodes[number].id : nodes[number].id
  }

  private func nodeName(_ number: Int) -> NodeName {
    let name = name(of: number)
    guard isOurs else { return .id(name) }
    // Never an address, whatever its id begins with.
    return NodeReference(name).map(NodeName.node) ?? .text(name)
  }

  func item(of link: MermaidStatement.Link, from: Int, to: Int) -> ImportedItem {
    if link.isInvisible { return .ignored("~~~") }
    let isBackward = link.hasHead.start && !link.hasHead.end
    var edge = ImportedEdge(
      from: nodeName(isBackward ? to : from), to: nodeName(isBackward ? from : to),
      isDirected: link.hasHead.start != link.hasHead.end, id: link.id)
    if let id = link.id { edge.attributes.append(("id", JSON(id))) }
    if isDrawing, let text = link.text {
      // A drawing writes the data below the type.
      let lines = text.split(separator: "\n", maxSplits: 1).map(String.init)
      edge.type = lines.first
      if lines.count > 1 {
        edge.attributes.append(
          (try? JSON(parsing: lines[1])).map { (ExportedAttributes.data, $0) } ?? ("label", JSON(lines[1])))
      }
    } else if isOurs {
      edge.type = link.text
    } else if let text = link.text {
      edge.attributes.append(("label", JSON(text)))
    }
    return .edge(edge)
  }

  mutating func nextNode() -> (item: ImportedItem, line: Int)? {
    guard given < nodes.count else { return nil }
    let node = nodes[given]
    given += 1
    if isOurs {
      return (
        node.id == "notice" ? .ignored("notice") : .node(ImportedNode(name: nodeName(given - 1))),
        node.line
      )
    }
    var attributes: [(name: String, value: JSON)] = []
    let title = subgraphNumbers[ByteKey(node.id)].map { subgraphs[$0].title }
    if let label = node.label ?? title, label != node.id { attributes.append(("label", JSON(label))) }
    if let cluster = node.cluster, !subgraphs[cluster].title.isEmpty {
      attributes.append(("cluster", JSON(subgraphs[cluster].title)))
    }
    if let click = node.click { attributes.append(("click", JSON(click))) }
    return (.node(ImportedNode(name: .id(node.id), attributes: attributes)), node.line)
  }
}
