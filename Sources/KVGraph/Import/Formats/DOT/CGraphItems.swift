import CGraphviz
import KV

/// What libcgraph's graphs hold, as items.
struct CGraphItems {
  typealias Graph = UnsafeMutablePointer<Agraph_t>
  private typealias Node = UnsafeMutablePointer<Agnode_t>
  private typealias Symbol = UnsafeMutablePointer<Agsym_t>

  private(set) var items: [ImportedItem] = []
  private let isText: Bool
  private let nodeAttributes: [ByteKey: Int]
  private let invalidByte: (line: Int, isThere: Bool)
  private var isLatin1 = false
  /// Where a node stands among the items, by the bytes of its name.
  private var places: [ByteKey: Int] = [:]

  init(isText: Bool, nodeAttributes: [ByteKey: Int], invalidByte: (line: Int, isThere: Bool)) {
    self.isText = isText
    self.nodeAttributes = nodeAttributes
    self.invalidByte = invalidByte
  }

  mutating func add(_ graph: Graph) throws {
    try setEncoding(graph)
    items.append(.directed(agisdirected(graph) != 0))
    addIgnoredAttributes(graph)
    let clusters = addClusters(graph)
    let symbols = symbols(of: graph, AGNODE)
    var names: [Node: String] = [:]
    let graphName = string(agnameof(graph))
    var next = agfstnode(graph)
    while let node = next {
      let name = DOTText.name(string(agnameof(node)))
      names[node] = name
      var attributes = attributes(
        of: node, symbols, labels: [UInt8(ascii: "N"): name, UInt8(ascii: "G"): graphName])
      if let cluster = clusters[node], !attributes.list.contains(where: { $0.name == "cluster" }) {
        attributes.set("cluster", JSON(cluster))
      }
      var list = attributes.list
      let type = list.takeType(from: ["type"])
      add(ImportedNode(name: .id(name), type: type, attributes: list))
      next = agnxtnode(graph, node)
    }
    addEdges(graph, names, graphName)
  }

  private mutating func add(_ node: ImportedNode) {
    guard case .id(let name, _) = node.name else { return }
    let bytes = ByteKey(name)
    guard let place = places[bytes], case .node(var known) = items[place] else {
      places[bytes] = items.count
      items.append(.node(node))
      return
    }
    var attributes = ElementAttributes()
    for (name, value) in known.attributes + node.attributes { attributes.set(name, value) }
    known.type = node.type ?? known.type
    known.attributes = attributes.inOrder
    items[place] = .node(known)
  }

  /// In the order of the file: cgraph gives them node by node, and numbers them.
  private mutating func addEdges(_ graph: Graph, _ names: [Node: String], _ graphName: String) {
    var edges: [(tail: Node, edge: UnsafeMutablePointer<Agedge_t>)] = []
    var next = agfstnode(graph)
    while let node = next {
      var nextEdge = agfstout(graph, node)
      while let edge = nextEdge {
        edges.append((node, edge))
        nextEdge = agnxtout(graph, edge)
      }
      next = agnxtnode(graph, node)
    }
    edges.sort { $0.edge.pointee.base.tag.seq < $1.edge.pointee.base.tag.seq }
    let symbols = symbols(of: graph, AGEDGE)
    let arrow = agisdirected(graph) != 0 ? "->" : "--"
    for (tail, edge) in edges {
      let from = names[tail] ?? ""
      let to = edge.pointee.node.flatMap { names[$0] } ?? ""
      let attributes = attributes(
        of: edge, symbols,
        labels: [
          UInt8(ascii: "T"): from, UInt8(ascii: "H"): to, UInt8(ascii: "E"): from + arrow + to,
          UInt8(ascii: "G"): graphName,
        ])
      var list = attributes.list
      for port in ["tailport", "headport"] where list.take(port) != nil {
        items.append(.ignored("port"))
      }
      let type = list.takeType(from: Members.edgeTypeNames)
      // Written for people, by the writer of ours as well.
      if let type, attributes.hasPlainLabel, list["label"] == ImportedValue.of(type, isText: isText) {
        _ = list.take("label")
      }
      let key = agnameof(edge).map { string($0) }.flatMap { $0.isEmpty ? nil : $0 }
      // cgraph has it for the name of the edge. A number only counts, as NetworkX writes it.
      if let key, Int(key) == nil { list.append(("key", ImportedValue.of(key, isText: isText))) }
      items.append(
        .edge(
          ImportedEdge(
            from: .id(from), to: .id(to), type: type, id: key ?? attributes.id, attributes: list)))
    }
  }

  /// Every attribute of a kind that the file names, in that order; cgraph sorts them by name.
  private func symbols(of graph: Graph, _ kind: Int32) -> [(symbol: Symbol, name: String)] {
    var symbols: [Symbol] = []
    var next = agnxtattr(graph, kind, nil)
    while let symbol = next {
      symbols.append(symbol)
      next = agnxtattr(graph, kind, symbol)
    }
    let inOrder = symbols.sorted { $0.pointee.id < $1.pointee.id }.map { ($0, string($0.pointee.name)) }
    return kind == AGNODE ? withLabelInPlace(inOrder) : inOrder
  }

  /// A drawing gives all graphs that are read after it a label of nodes, before their own attributes.
  private func withLabelInPlace(_ symbols: [(symbol: Symbol, name: String)]) -> [(
    symbol: Symbol, name: String
  )] {
    guard let label = symbols.first, label.name == "label",
      let place = nodeAttributes[ByteKey(label.name)]
    else { return symbols }
    let others = symbols.dropFirst()
    let before = others.prefix { nodeAttributes[ByteKey($0.name)].map { $0 < place } ?? false }
    return before + [label] + others.dropFirst(before.count)
  }

  private func attributes<T>(
    of object: UnsafeMutablePointer<T>, _ symbols: [(symbol: Symbol, name: String)], labels: [UInt8: String]
  ) -> DOTAttributes {
    var attributes = DOTAttributes()
    for (symbol, name) in symbols {
      guard let value = agxget(object, symbol), value.pointee != 0 else { continue }
      var text = string(value)
      if aghtmlstr(value) != 0 {
        text = DOTHTMLText.text(text)
        if text.isEmpty { continue }
      } else if DOTText.isJSON(name) {
        text = DOTText.json(text)
      } else if DOTText.isLabel(name) {
        // Graphviz's own default.
        if name == "label", text == "\\N" { continue }
        text = DOTText.label(text, names: labels)
      }
      attributes.add(name, text, isText: isText)
    }
    return attributes
  }

  private mutating func addIgnoredAttributes(_ graph: Graph) {
    for (symbol, name) in symbols(of: graph, AGRAPH) where name == "label" || !DOTAttributes.isOfLayout(name)
    {
      if let value = agxget(graph, symbol), value.pointee != 0 {
        items.append(.ignored("attribute \(name) of the graph"))
      }
    }
  }

  /// A named subgraph; of these Graphviz draws as clusters those whose names begin so.
  private struct Group {
    var name: String
    var title: String?
    /// Clusters before others, inner ones before those around them.
    var rank: (isCluster: Int, depth: Int)
  }

  /// What the innermost cluster around a node is called, or where there is none the innermost named subgraph: by its label where no other has
  /// it, else by its name; one of cgraph's own begins with `%`.
  private mutating func addClusters(_ graph: Graph) -> [Node: String] {
    let symbols = symbols(of: graph, AGRAPH).filter { !DOTAttributes.isOfLayout($0.name) }
    let label = self.symbols(of: graph, AGRAPH).first { $0.name == "label" }?.symbol
    var groups: [Group] = []
    var clusters: [Node: Int] = [:]
    var open: [(graph: Graph, depth: Int, isInside: Bool)] = []
    func push(subgraphsOf graph: Graph, depth: Int, isInside: Bool) {
      var subgraphs: [Graph] = []
      var next = agfstsubg(graph)
      while let subgraph = next {
        subgraphs.append(subgraph)
        next = agnxtsubg(subgraph)
      }
      open += subgraphs.reversed().map { ($0, depth, isInside) }
    }
    push(subgraphsOf: graph, depth: 1, isInside: false)
    while let (subgraph, depth, isInside) = open.popLast() {
      let name = DOTText.name(string(agnameof(subgraph)))
      let isNamed = !name.isEmpty && name.utf8.first != UInt8(ascii: "%")
      push(subgraphsOf: subgraph, depth: depth + 1, isInside: isInside || isNamed)
      for (symbol, name) in symbols {
        let value = string(agxget(subgraph, symbol))
        if !value.isEmpty, value != string(agxget(graph, symbol)) {
          items.append(.ignored("attribute \(name) of a subgraph"))
        }
      }
      if !isNamed { continue }
      if isInside { items.append(.ignored("the subgraph around another")) }
      let number = groups.count
      groups.append(
        Group(
          name: name, title: label.flatMap { title(of: subgraph, $0) },
          rank: (name.hasPrefix("cluster") ? 1 : 0, depth)))
      var next = agfstnode(subgraph)
      while let node = next {
        if clusters[node].map({ groups[number].rank > groups[$0].rank }) ?? true { clusters[node] = number }
        next = agnxtnode(subgraph, node)
      }
    }
    var uses: [String: Int] = [:]
    for group in groups { uses[group.title ?? group.name, default: 0] += 1 }
    return clusters.mapValues { number in
      let group = groups[number]
      return group.title.flatMap { uses[$0] == 1 ? $0 : nil } ?? group.name
    }
  }

  /// The label that a subgraph has by itself; `nil` where it has that of what is around it, or none.
  private func title(of subgraph: Graph, _ symbol: Symbol) -> String? {
    guard let value = agxget(subgraph, symbol), value.pointee != 0 else { return nil }
    let around = subgraph.pointee.parent.flatMap { agxget($0, symbol) }.map { string($0) }
    let text = string(value)
    if text == around { return nil }
    let title =
      aghtmlstr(value) != 0
      ? DOTHTMLText.text(text)
      : DOTText.label(text, names: [UInt8(ascii: "G"): DOTText.name(string(agnameof(subgraph)))])
    return title.isEmpty ? nil : title
  }

  private mutating func setEncoding(_ graph: Graph) throws {
    let charset =
      symbols(of: graph, AGRAPH).first { $0.name == "charset" }
      .flatMap { agxget(graph, $0.symbol) }.map { String(cString: $0).lowercased() } ?? ""
    isLatin1 = ["latin1", "latin-1", "l1", "iso-8859-1", "iso_8859-1", "iso8859-1"].contains(charset)
    if invalidByte.isThere, !isLatin1 {
      throw JSONError(
        reason: "as DOT: text that is not UTF-8, and no charset=latin1", line: invalidByte.line, column: 1)
    }
  }

  private func string(_ text: UnsafePointer<CChar>?) -> String {
    guard let text else { return "" }
    guard isLatin1 else { return String(cString: text) }
    var latin1 = String.UnicodeScalarView()
    var next = text
    while next.pointee != 0 {
      latin1.append(Unicode.Scalar(UInt8(bitPattern: next.pointee)))
      next += 1
    }
    return String(latin1)
  }
}
