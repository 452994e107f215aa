import KV
import KVGraph

/// A style in Graphviz's attributes.
struct GraphvizAttributes {
  private let style: Style
  private let drawing: Drawing
  private let layout: Graphviz.Layout
  private let palette: Palette
  /// Whether nodes are dots, of which only the largest are named.
  private let isCrowd: Bool
  /// In a crowd, the places of the nodes that are named, and how many times the mean degree each node has.
  private let named: Set<Int>
  private let degrees: [Double]
  /// How wide a dot of the mean degree is, in inches.
  private let dotWidth: Double
  /// How wide lines are, beside those of a picture that is seen in its own size.
  private let lineScale: Double
  private let canvas: Canvas?
  private let isDrawn: Bool
  private let hasHeader: Bool

  /// - Parameters:
  ///   - layout: `nil` where it is written for people and programs to read.
  ///   - placement: where nodes are, where that is decided.
  ///   - canvas: how large the picture becomes, where that is decided.
  init(
    _ style: Style, _ drawing: Drawing, _ layout: Graphviz.Layout?, _ placement: ForcePlacement?,
    _ canvas: Canvas?, hasHeader: Bool
  ) {
    self.hasHeader = hasHeader
    (self.style, self.drawing, self.layout, self.canvas) = (style, drawing, layout ?? .dot, canvas)
    isDrawn = layout != nil
    dotWidth = min(placement.map { 0.75 * $0.gap / 72 } ?? 0.2, 0.25)
    lineScale = max((placement?.side ?? 0) / 1200, 1)
    palette = Palette(style.theme)
    isCrowd = layout != .dot && drawing.isCrowd
    var counts = [Int](repeating: 0, count: drawing.nodes.count)
    for link in drawing.links {
      counts[link.from] += 1
      counts[link.to] += 1
    }
    let mean = max(Double(counts.reduce(0, +)) / Double(max(counts.count, 1)), 1)
    let degrees = counts.map { Double($0) / mean }
    self.degrees = degrees
    let marked = drawing.nodes.indices.filter { drawing.nodes[$0].isHighlighted }
    let hubs = counts.indices.filter { degrees[$0] >= 1.5 }
      .sorted { counts[$0] != counts[$1] ? counts[$0] > counts[$1] : $0 < $1 }
    named = isCrowd ? Set(Self.apart(hubs.prefix(200), of: drawing, placement).prefix(24)).union(marked) : []
  }

  /// Those of the nodes, the first first, whose names do not lie on each other.
  private static func apart(_ nodes: some Sequence<Int>, of drawing: Drawing, _ placement: ForcePlacement?)
    -> [Int]
  {
    guard let positions = placement?.positions else { return Array(nodes) }
    let font = Double(crowdFont(drawing))
    var taken: [(x: Double, y: Double, width: Double)] = []
    return nodes.filter { node in
      let width = font * (0.65 * Double(min(drawing.nodes[node].label.count, 60)) + 1)
      let (x, y) = positions[node]
      if taken.contains(where: { abs($0.y - y) < 2 * font && abs($0.x - x) < ($0.width + width) / 2 }) {
        return false
      }
      taken.append((x, y, width))
      return true
    }
  }

  /// Whether a node of a crowd has its name in it.
  func isNamed(_ node: Int) -> Bool { named.contains(node) }

  /// How long an edge has to be, in inches, to have room for its label between its nodes.
  private func length(of link: Drawing.Link) -> Double {
    func width(_ label: String, _ letter: Double) -> Double {
      letter * Double(label.split(whereSeparator: \.isNewline).map(\.count).max() ?? 0)
    }
    let nodes = [link.from, link.to].map { 0.3 + width(drawing.nodes[$0].label, 0.11) }.reduce(0, +)
    return min(nodes / 2 + 0.7 + 1.2 * width(link.label, 0.09), 6)
  }

  /// The mean of all edges' lengths.
  private var length: Double {
    let links = drawing.links
    return links.isEmpty ? 1 : links.map { length(of: $0) }.reduce(0, +) / Double(links.count)
  }

  /// By how much a placement is widened to have room for labels.
  func spread(of placement: ForcePlacement) -> Double {
    isCrowd ? 1 : min(max(72 * length / placement.gap, 1), 4)
  }

  /// Graphviz draws clusters with these layouts only.
  var clusters: Bool { style.clusters && layout.drawsClusters }

  /// For everything that says nothing of its own.
  var defaults: String {
    var graph = [
      "bgcolor=\"\(palette.background)\"", "fontname=\"DejaVu Sans\"", "fontcolor=\"\(palette.text)\"",
    ]
    graph += canvas?.attributes ?? ["pad=\(Canvas.margin / 72)"]
    if layout == .dot {
      graph.append("ranksep=\(drawing.links.contains { !$0.label.isEmpty } ? 0.6 : 0.9), nodesep=0.25")
      // The older ranking fails on many graphs with boxes and labelled edges.
      if clusters { graph.append("newrank=true") }
    } else {
      graph.append("outputorder=edgesfirst, splines=\(drawing.links.count > 80 ? "line" : "true")")
      // The better way to keep nodes apart fails where there are boxes.
      if layout != .force || !isCrowd { graph.append(clusters ? "overlap=scalexy" : "overlap=prism") }
      if isCrowd {
        graph.append("overlap_scaling=-4")
      } else {
        graph.append("sep=\"+12\", K=\(Self.rounded(length))")
      }
    }
    if hasHeader, let header { graph.append("label=<\(header)>, labelloc=t, labeljust=l, fontsize=12") }
    let node =
      isCrowd
      ? "shape=circle, style=filled, fixedsize=true, penwidth=0.5, label=\"\""
      : "shape=box, style=\"rounded,filled\", fontsize=13, margin=\"0.14,0.07\", height=0.36"
    let edge =
      isCrowd
      ? "arrowsize=\(Self.rounded(0.4 * lineScale)), penwidth=\(Self.rounded(0.6 * lineScale))"
      : "fontsize=10, arrowsize=0.7, penwidth=1.1"
    // Where edges lie on each other, the many are told from the few.
    let isDense = drawing.links.count * 2 > drawing.nodes.count * 3
    let edgeColor =
      palette.edge
      + (drawing.links.count <= 300 ? "" : !isDense ? "c0" : drawing.links.count > 4000 ? "50" : "90")
    return """
        graph [\(graph.joined(separator: ", "))];
        node [\(node), fontname="DejaVu Sans", fontcolor="\(palette.text)"];
        edge [\(edge), fontname="DejaVu Sans", color="\(edgeColor)", fontcolor="\(palette.edgeText)"];

      """
  }

  /// The few names of a crowd are read on the whole picture, which grows with it.
  private static func crowdFont(_ drawing: Drawing) -> Int {
    12 + Int(Double(drawing.nodes.count).squareRoot() / 2)
  }

  private static func rounded(_ number: Double) -> Double { (number * 100).rounded() / 100 }

  func cluster(_ group: Int) -> String {
    " style=rounded; color=\"\(palette.border(drawing.colors[group]))\"; fontcolor=\"\(palette.edgeText)\"; fontsize=13; labeljust=l; margin=12;"
  }

  func attributes(of node: Drawing.Node, _ number: Int) -> String {
    let isFaded = drawing.highlights.isMarking && !node.isHighlighted
    var attributes = [
      "id=\"n\(number)\"", "tooltip=\(Drawing.tooltip(tooltip(of: node)))",
      "fillcolor=\"\(isFaded ? palette.background : palette.fill(drawing.colors[node.group]))\"",
    ]
    if let address = node.address { attributes.append("URL=\(Drawing.label(address)), target=\"_blank\"") }
    if node.isHighlighted {
      attributes.append("color=\"\(palette.accent)\", penwidth=2.4")
    } else {
      attributes.append("color=\"\(isFaded ? palette.faded : palette.border(drawing.colors[node.group]))\"")
    }
    if isFaded { attributes.append("fontcolor=\"\(palette.fadedText)\"") }
    if isCrowd, !named.contains(number) {
      // The area says how much a node counts.
      let factor =
        node.size.map { 0.7 + 2.8 * $0.squareRoot() } ?? min(max(degrees[number].squareRoot(), 0.7), 3.5)
      attributes.append("width=\(Self.rounded(dotWidth * factor))")
      if case let shape = drawing.shape(of: node.group), shape != .box {
        attributes.append("shape=\(shape.dot), height=\(Self.rounded(dotWidth * factor))")
      }
    } else if isCrowd {
      attributes.append("label=\(Drawing.label(node.label)), fontsize=\(Self.crowdFont(drawing))")
      attributes.append("shape=box, style=\"rounded,filled\", fixedsize=false, margin=\"0.08,0.04\"")
    } else {
      attributes.append("label=\(Drawing.label(node.label))")
      if case let shape = drawing.shape(of: node.group), shape != .box {
        // Their corners are room enough.
        let margin = shape == .cylinder ? "" : ", margin=\"0.03,0.02\""
        attributes.append("shape=\(shape.rawValue), style=filled\(margin)")
      }
      if let size = node.size { attributes.append("fontsize=\(Int(10 + 20 * size))") }
    }
    return attributes.joined(separator: ", ")
  }

  func attributes(of link: Drawing.Link, _ number: Int) -> String {
    var attributes = ["id=\"e\(number)\""]
    let tooltip = link.edges.map { edge in
      "\(edge)" + (edge.data.map { " \($0.text.cut(to: 2000))" } ?? "")
    }.joined(separator: "\n")
    attributes.append("tooltip=\(Drawing.tooltip(tooltip))")
    if !link.label.isEmpty, !isCrowd {
      attributes.append("label=\(label(link.label)), labeltooltip=\(Drawing.tooltip(tooltip))")
    }
    if link.isHighlighted {
      attributes.append("color=\"\(palette.accent)\", fontcolor=\"\(palette.text)\", penwidth=2.6")
    } else if drawing.highlights.isMarking, !isAmongMarked(link) {
      attributes.append("color=\"\(palette.faded)\", fontcolor=\"\(palette.fadedText)\"")
    }
    if isDrawn, !isCrowd, layout != .dot { attributes.append("len=\(Self.rounded(length(of: link)))") }
    if let width = link.width, !link.isHighlighted {
      attributes.append("penwidth=\((10 * (0.8 + 5 * width)).rounded() / 10)")
    }
    return attributes.joined(separator: ", ")
  }

  /// Whether it joins two nodes of some that are marked without edges, as those of a cycle are.
  private func isAmongMarked(_ link: Drawing.Link) -> Bool {
    drawing.highlights.edges.isEmpty
      && [link.from, link.to].allSatisfy { drawing.nodes[$0].isHighlighted }
  }

  private func tooltip(of node: Drawing.Node) -> String {
    let lines = node.attributes?.members?.map { "\($0.name): \($0.value.plain)".cut(to: 200) } ?? []
    return (["\(node.reference)"] + lines.prefix(12)).joined(separator: "\n")
  }

  /// An edge's label on a ground of its own, so that lines which cross it do not cross it out; a plain label for people to read.
  private func label(_ text: String) -> String {
    guard isDrawn else { return Drawing.label(text) }
    let lines = text.split(whereSeparator: \.isNewline).map { Self.escaped($0) }.joined(separator: "<br/>")
    return """
      <<table border="0" cellborder="0" cellspacing="3" cellpadding="0"><tr><td bgcolor="\(palette.background)d8">\(lines)</td></tr></table>>
      """
  }

  /// How large what stands above the picture is written: as it is seen when all of the picture is.
  private var headerScale: Double { max(lineScale, canvas.map { min(1 / $0.factor, 6) } ?? 1) }

  private func font(_ text: String, _ size: Double, _ color: String) -> String {
    "<font point-size=\"\(Int(size * headerScale))\" color=\"\(color)\">\(text)</font>"
  }

  /// Title, legend and notice, as the only label that holds a table. What people have written in it is escaped as XML.
  private var header: String? {
    var rows: [String] = []
    if let title = style.title { rows.append(font(Self.escaped(title.cut(to: 200)), 20, palette.text)) }
    if let legend { rows.append(legend) }
    if let notice = drawing.notice { rows.append(font(Self.escaped(notice), 11, palette.edgeText)) }
    if rows.isEmpty { return nil }
    let lines = rows.map { "<tr><td align=\"left\">\($0)</td></tr>" }.joined()
    return "<table border=\"0\" cellborder=\"0\" cellspacing=\"\(Int(4 * headerScale))\">\(lines)</table>"
  }

  /// A sign in its colour and a name for each group, and the type of all edges: text, for cells of a table would stretch with the title.
  private var legend: String? {
    guard style.showsLegend else { return nil }
    var entries: [String] = []
    if drawing.groups.count > 1, !clusters {
      let shown = drawing.groups.indices.prefix(24)
      entries = shown.map { group in
        font(drawing.shape(of: group).sign, 15, palette.swatch(drawing.colors[group])) + " "
          + font(Self.escaped(drawing.groups[group].cut(to: 30)), 11, palette.text)
      }
      if shown.count < drawing.groups.count {
        entries.append(font("and \(drawing.groups.count - shown.count) more", 11, palette.edgeText))
      }
    }
    if let type = drawing.commonEdgeType, style.edgeLabel == nil {
      let line = drawing.links.contains { $0.isDirected } ? "→" : "—"
      entries.append(font("\(line) \(Self.escaped(type.cut(to: 30)))", 11, palette.edgeText))
    }
    if entries.isEmpty { return nil }
    return stride(from: 0, to: entries.count, by: 8).map {
      entries[$0..<min($0 + 8, entries.count)].joined(separator: "   ") + "<br align=\"left\"/>"
    }.joined()
  }

  /// Text inside Graphviz's tables, which are XML. Without line breaks, and not empty, which a table takes for an error.
  private static func escaped(_ text: some StringProtocol) -> String {
    // Graphviz leaves tabulators out there.
    let line = text.visible.split(whereSeparator: \.isNewline).joined(separator: " ")
      .replacing("\t", with: "    ")
    // A bracket that ends a text is taken for half of ]]>, and the label is not drawn. Backslashes are read once more, as in all labels.
    return line.allSatisfy(\.isWhitespace)
      ? "\u{B7}" : line.xmlEscaped.replacing("]", with: "&#93;").replacing("\\", with: #"\\"#)
  }
}
