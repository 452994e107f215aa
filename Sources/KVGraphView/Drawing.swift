import KV
import KVGraph

/// What is drawn: nodes and links with their labels, groups and highlights, and the style that they have.
public struct Drawing: Sendable {
  /// A node as it is drawn.
  public struct Node: Sendable {
    /// The node of the graph.
    public var reference: NodeReference
    /// What is written in the node, in lines: its id, `Type:id` where there is no style or there are several types, or what
    /// ``Style/nodeLabel`` makes of it. With a style wrapped, and where it is long without its middle.
    public var label: String
    /// The same on one line, whole: for what cuts lines itself.
    var line: String
    /// The value of the record that describes the node; `nil` where none was given.
    public var attributes: JSON?
    /// The address to which the node leads, by ``Style/link``, ASCII and without quotes; `nil` for none.
    public var address: String?
    /// Its place in ``Drawing/groups``.
    public var group: Int
    /// From 0, none or the least of all, to 1, the greatest score; `nil` where the highlights tell no nodes apart by scores.
    public var size: Double?
    /// Whether the node is one of ``Highlights/nodes``.
    public var isHighlighted: Bool
  }

  /// An edge, or several from one node to another that are drawn as one.
  public struct Link: Sendable {
    /// Places in ``Drawing/nodes``.
    public var from, to: Int
    /// In key order; more than one only where ``Style/merges`` is set.
    public var edges: [Edge]
    /// What is written beside the line, in lines; empty for nothing. See ``Style/edgeLabel``.
    public var label: String
    /// Whether it has an arrow head.
    public var isDirected: Bool { edges.contains { $0.isDirected } }
    /// From 0, the least, to 1, the greatest: by ``Style/width``, else, where ``Style/merges`` is set, by the number of edges; `nil`
    /// where the style has neither or no edge has such a number.
    public var width: Double?
    /// Whether one of the edges is one of ``Highlights/edges``.
    public var isHighlighted: Bool
  }

  /// In the byte order of their printed form.
  public private(set) var nodes: [Node]
  /// In the key order of their first edges.
  public private(set) var links: [Link]
  /// In key order.
  public let edges: [Edge]
  /// The names of the groups, which the colours stand for: by bytes, but `depth 2` before `depth 10`.
  public private(set) var groups: [String]
  /// By group, its place among all colours: of a type its place among the types that were given, so that it is the same in each picture.
  private(set) var colors: [Int]
  /// Said in the picture too, such as that edges were left out.
  public var notice: String?
  /// `nil` for text that others style: DOT and Mermaid as they are.
  public let style: Style?
  /// Without a style: whether edges say what data they have, as a-h/kv has it.
  let showsData: Bool
  /// What is marked, sized and grouped by another command's results.
  public let highlights: Highlights

  /// A drawing of edges and of the nodes at their ends.
  ///
  /// - Parameters:
  ///   - highlights: what stands out.
  ///   - notice: a line said in the picture, such as that edges were left out.
  ///   - style: how it looks; `nil` for plain DOT and Mermaid.
  ///   - edges: in key order, each once.
  ///   - others: further nodes, such as those without edges.
  ///   - types: all types of the graph's nodes, in an order that is always the same.
  ///   - showsData: without a style, whether edges say what data they have.
  ///   - attributes: the values of the records that describe nodes.
  ///   - hidden: how many edges a node has that are not drawn, which it says.
  public init(
    edges: [Edge], also others: [NodeReference] = [], types: [String] = [], notice: String? = nil,
    style: Style? = nil, showsData: Bool = false, attributes: [NodeReference: JSON] = [:],
    hidden: [NodeReference: Int] = [:], highlights: Highlights = Highlights()
  ) {
    (self.edges, self.notice, self.style, self.highlights) = (edges, notice, style, highlights)
    self.showsData = showsData
    let all = Set(edges.flatMap { [$0.from, $0.to] } + others)
    let references = all.map { ($0, Array("\($0)".utf8)) }
      .sorted { $0.1.lexicographicallyPrecedes($1.1) }.map(\.0)

    let names = references.map { node in
      highlights.groups[node]
        ?? style?.group.map { attributes[node]?.member(named: $0)?.plain ?? Self.noGroup }
        ?? node.type
    }
    groups = Set(names.map { Array($0.utf8) }).sorted { $0.precedesWithNumbers($1) }
      .map { String(decoding: $0, as: UTF8.self) }
    let places = Dictionary(zip(types.map { ByteKey($0) }, types.indices)) { first, _ in first }
    let areTypes = style?.group == nil && highlights.groups.isEmpty
    var others = types.count
    colors = groups.enumerated().map { place, group in
      guard areTypes else { return place }
      if let known = places[ByteKey(group)] { return known }
      defer { others += 1 }
      return others
    }
    let groupNumbers = Dictionary(uniqueKeysWithValues: groups.enumerated().map { (Array($1.utf8), $0) })
    let hasTypes = Set(references.map { Array($0.type.utf8) }).count > 1
    let scored = references.compactMap { highlights.scores[$0] }
    let scores = Scale(scored)
    // The least of some nodes stands out among those without a score, and so does one alone.
    let least = scored.count < references.count ? 0.2 : 0
    func size(of node: NodeReference) -> Double? {
      guard let scores else { return nil }
      guard let score = highlights.scores[node] else { return 0 }
      if scores.isOfOne { return least > 0 ? 1 : nil }
      return least + (1 - least) * scores.part(score)
    }
    nodes = zip(references, names).map { node, name in
      var label = style?.nodeLabel?.text(for: node, attributes[node]) ?? ""
      var line = label.split(whereSeparator: \.isNewline).joined(separator: " ")
      if label.isEmpty {
        label = style == nil || hasTypes ? "\(node)" : node.id
        line = label
      }
      if let count = hidden[node], count > 0 {
        label += "\n+\(count)"
        line += " +\(count)"
      }
      return Node(
        reference: node, label: style == nil ? label : label.wrapped, line: line,
        attributes: attributes[node],
        address: style?.link.flatMap { attributes[node]?.member(named: $0)?.string }?.webAddress,
        group: groupNumbers[Array(name.utf8)] ?? 0, size: size(of: node),
        isHighlighted: highlights.nodes.contains(node))
    }
    links = []
    links = makeLinks(Dictionary(uniqueKeysWithValues: references.enumerated().map { ($1, $0) }))
  }

  private func makeLinks(_ numbers: [NodeReference: Int]) -> [Link] {
    struct Ends: Hashable {
      var from, to: Int
      var isDirected: Bool
    }
    var bundles: [(ends: Ends, edges: [Edge])] = []
    var known: [Ends: Int] = [:]
    for edge in edges {
      let ends = Ends(
        from: numbers[edge.from] ?? 0, to: numbers[edge.to] ?? 0, isDirected: edge.isDirected)
      if style?.merges == true, let bundle = known[ends] {
        bundles[bundle].edges.append(edge)
      } else {
        known[ends] = bundles.count
        bundles.append((ends, [edge]))
      }
    }
    let widths = bundles.map { bundle -> Double? in
      if let name = style?.width {
        return bundle.edges.compactMap {
          $0.data?.member(named: name).flatMap { Double($0.text) }
        }.max()
      }
      // From ten on they look alike.
      return style?.merges == true ? Double(min(bundle.edges.count, 10)) : nil
    }
    let scale = Scale(
      widths.compactMap { $0 } + (style?.merges == true && style?.width == nil ? [1, 10] : []))
    let labels = Labels(self)
    return zip(bundles, widths).map { bundle, width in
      Link(
        from: bundle.ends.from, to: bundle.ends.to, edges: bundle.edges,
        label: bundle.edges.count == 1 ? labels.label(of: bundle.edges[0]) : labels.label(of: bundle.edges),
        width: scale?.part(width), isHighlighted: bundle.edges.contains { highlights.edges.contains($0.key) })
    }
  }

  /// The places of the nodes of each group.
  var members: [[Int]] {
    var members = groups.map { _ in [Int]() }
    for (place, node) in nodes.enumerated() { members[node.group].append(place) }
    return members
  }

  /// `{"edges":[…],"nodes":[…]}`: what `kv graph import` reads.
  public var json: JSON {
    JSON(members: [
      ("edges", JSON(elements: edges.map(\.json))),
      ("nodes", JSON(elements: nodes.map { JSON($0.reference) })),
    ])
  }

  /// Whether there are too many nodes to name all: they are dots where the layout is no ranking.
  var isCrowd: Bool { nodes.count > 400 }

  /// The type of all edges, or of four out of five where there are many: these do not need to say so.
  var commonEdgeType: String? {
    var counts: [ByteKey: (type: String, count: Int)] = [:]
    for edge in edges { counts[ByteKey(edge.type), default: (edge.type, 0)].count += 1 }
    guard let most = counts.values.max(by: { $0.count < $1.count }) else { return nil }
    if counts.count == 1 { return most.type }
    return edges.count >= 20 && most.count * 5 >= edges.count * 4 ? most.type : nil
  }
}

/// What the edges say.
private struct Labels {
  private let choice: Style.EdgeLabel?
  private let isStyled: Bool
  private let commonType: String?
  private let showsData: Bool
  /// More labels than this are only in each other's way.
  private static let readable = 150

  init(_ drawing: Drawing) {
    isStyled = drawing.style != nil
    let isCrowded = isStyled && drawing.edges.count > Self.readable
    choice = drawing.style?.edgeLabel ?? (isCrowded ? .hidden : nil)
    // The legend says it.
    commonType = drawing.style?.showsLegend == true ? drawing.commonEdgeType : nil
    showsData = drawing.showsData
  }

  func label(of edge: Edge) -> String {
    switch choice {
    case .type: return edge.label.cut(to: 40)
    case .data: return lines(of: edge).joined(separator: "\n")
    case .hidden: return ""
    case .template(let template): return template.text(for: edge).cut(to: 60)
    case nil where !isStyled && !showsData: return edge.label
    case nil:
      let isCommon = commonType?.hasSameBytes(as: edge.type) ?? false
      return ((!isCommon || edge.parallelKey != nil ? [edge.label] : []) + lines(of: edge)).joined(
        separator: "\n")
    }
  }

  /// Of several edges: how many, and what each would say, or their types.
  func label(of edges: [Edge]) -> String {
    let labels =
      switch choice {
      case .hidden: [String]()
      case .type, nil: edges.map(\.type)
      case .data, .template: edges.map { label(of: $0).split(separator: "\n").joined(separator: " ") }
      }
    var counts: [(label: String, count: Int)] = []
    for label in labels where !label.isEmpty {
      if let place = counts.firstIndex(where: { $0.label.hasSameBytes(as: label) }) {
        counts[place].count += 1
      } else if counts.count < 20 {
        counts.append((label, 1))
      }
    }
    return counts.map { $0.count > 1 ? "\($0.count)× \($0.label)" : $0.label }.joined(separator: ", ").wrapped
  }

  private func lines(of edge: Edge) -> [String] {
    guard let data = edge.data else { return [] }
    guard isStyled, let members = data.members, members.count <= 3 else { return [data.text.cut(to: 60)] }
    return members.map { "\($0.name): \($0.value.plain)".cut(to: 40) }
  }
}

/// Numbers between the least and the greatest of them.
private struct Scale {
  private let least, greatest: Double

  init?(_ numbers: [Double]) {
    let numbers = numbers.filter(\.isFinite)
    guard let least = numbers.min(), let greatest = numbers.max() else { return nil }
    (self.least, self.greatest) = (least, greatest)
  }

  /// Whether all numbers are the same.
  var isOfOne: Bool { least == greatest }

  /// From 0 to 1. What is no number counts as the least, what is too large for one as the greatest.
  func part(_ number: Double?) -> Double {
    guard let number, greatest > least, !number.isNaN else { return 0 }
    let bounded = min(max(number, least), greatest)
    // By halves, for the whole span may be too large for a number.
    return (bounded / 2 - least / 2) / (greatest / 2 - least / 2)
  }
}

extension [UInt8] {
  /// By bytes, but by the numbers where both end in one: `depth 2` before `depth 10`.
  fileprivate func precedesWithNumbers(_ other: [UInt8]) -> Bool {
    func split(_ text: [UInt8]) -> (ArraySlice<UInt8>, Int)? {
      let digits = text.reversed().prefix { (0x30...0x39).contains($0) }.count
      return Int(String(decoding: text.suffix(digits), as: UTF8.self)).map { (text.dropLast(digits), $0) }
    }
    guard let (own, number) = split(self), let (others, otherNumber) = split(other), own == others else {
      return lexicographicallyPrecedes(other)
    }
    return number != otherNumber ? number < otherNumber : lexicographicallyPrecedes(other)
  }
}

extension Drawing {
  /// Of nodes without the attribute that tells the group.
  private static let noGroup = "–"

  /// Whether the nodes of a group stand in a box, where groups do.
  func isBoxed(_ group: Int) -> Bool { style?.group == nil || groups[group] != Self.noGroup }
}
