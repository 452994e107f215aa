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
  /// In a crowd, the places of the nodes that are named, and each node's part of the highest degree.
  private let named: Set<Int>
  private let degrees: [Double]

  init(_ style: Style, _ drawing: Drawing, _ layout: Graphviz.Layout) {
    (self.style, self.drawing, self.layout) = (style, drawing, layout)
    palette = Palette(style.theme)
    isCrowd = layout != .dot && drawing.nodes.count > 400
    var counts = [Int](repeating: 0, count: drawing.nodes.count)
    for link in drawing.links {
      counts[link.from] += 1
      counts[link.to] += 1
    }
    let most = Double(max(counts.max() ?? 1, 1))
    degrees = counts.map { Double($0) / most }
    let order = counts.indices.sorted { counts[$0] != counts[$1] ? counts[$0] > counts[$1] : $0 < $1 }
    named = Set(order.prefix(24)).union(drawing.nodes.indices.filter { drawing.nodes[$0].isHighlighted })
  }

  /// Graphviz draws clusters with these layouts only.
  var clusters: Bool { style.clusters && layout.drawsClusters }

  /// For everything that says nothing of its own.
  var defaults: String {
    var graph = [
      "bgcolor=\"\(palette.background)\"", "fontname=\"DejaVu Sans\"", "fontcolor=\"\(palette.text)\"",
      "pad=0.3",
    ]
    if layout == .dot {
      graph.append("ranksep=\(drawing.links.contains { !$0.label.isEmpty } ? 0.6 : 0.9), nodesep=0.25")
      // The older ranking fails on many graphs with boxes and labelled edges.
      if clusters { graph.append("newrank=true") }
    } else {
      graph.append("outputorder=edgesfirst, splines=\(drawing.links.count > 300 ? "line" : "true")")
      // The better way to keep nodes apart fails where there are boxes.
      if layout != .placed { graph.append(clusters ? "overlap=scalexy" : "overlap=prism") }
      if isCrowd { graph.append("overlap_scaling=-4") }
    }
    if let size = style.size {
      graph.append("size=\"\(Double(size.width) / 96),\(Double(size.height) / 96)\"")
    }
    if let header { graph.append("label=<\(header)>, labelloc=t, labeljust=l, fontsize=12") }
    let node =
      isCrowd
      ? "shape=circle, style=filled, fixedsize=true, penwidth=0.5, label=\"\""
      : "shape=box, style=\"rounded,filled\", fontsize=13, margin=\"0.14,0.07\", height=0.36"
    let edge =
      isCrowd ? "arrowsize=0.5, penwidth=0.6" : "fontsize=10, arrowsize=0.7, penwidth=1.1"
    // Where edges lie on each other, the many are told from the few.
    let edgeColor = palette.edge + (drawing.links.count > 4000 ? "50" : drawing.links.count > 300 ? "90" : "")
    return """
        graph [\(graph.joined(separator: ", "))];
        node [\(node), fontname="DejaVu Sans", fontcolor="\(palette.text)"];
        edge [\(edge), fontname="DejaVu Sans", color="\(edgeColor)", fontcolor="\(palette.edgeText)"];

      """
  }

  /// The few names of a crowd are read on the whole picture, which grows with it.
  private var crowdFont: Int { 12 + Int(Double(drawing.nodes.count).squareRoot() / 2) }

  func cluster(_ group: Int) -> String {
    " style=rounded; color=\"\(palette.border(group))\"; fontcolor=\"\(palette.edgeText)\"; fontsize=13; margin=12;"
  }

  func attributes(of node: Drawing.Node, _ number: Int) -> String {
    let isFaded = drawing.highlights.isMarking && !node.isHighlighted
    var attributes = [
      "id=\"n\(number)\"", "tooltip=\(Drawing.label(tooltip(of: node)))",
      "fillcolor=\"\(isFaded ? palette.background : palette.fill(node.group))\"",
    ]
    if node.isHighlighted {
      attributes.append("color=\"\(palette.accent)\", penwidth=2.4")
    } else {
      attributes.append("color=\"\(isFaded ? palette.faded : palette.border(node.group))\"")
    }
    if isFaded { attributes.append("fontcolor=\"\(palette.fadedText)\"") }
    if isCrowd, !named.contains(number) {
      let width = 0.12 + 0.9 * (node.size ?? degrees[number]).squareRoot()
      attributes.append("width=\((width * 100).rounded() / 100)")
    } else if isCrowd {
      attributes.append("label=\(Drawing.label(node.label)), fontsize=\(crowdFont)")
      attributes.append("shape=box, style=\"rounded,filled\", fixedsize=false, margin=\"0.08,0.04\"")
    } else {
      attributes.append("label=\(Drawing.label(node.label))")
      if node.group >= Palette.count { attributes.append("style=\"\(palette.borderStyle(node.group))\"") }
      if let size = node.size { attributes.append("fontsize=\(Int(10 + 20 * size))") }
    }
    return attributes.joined(separator: ", ")
  }

  func attributes(of link: Drawing.Link, _ number: Int) -> String {
    var attributes = ["id=\"e\(number)\""]
    let tooltip = link.edges.map { edge in
      "\(edge)" + (edge.data.map { " \($0.text.cut(to: 2000))" } ?? "")
    }.joined(separator: "\n")
    attributes.append("tooltip=\(Drawing.label(tooltip))")
    if !link.label.isEmpty, !isCrowd {
      attributes.append("label=\(Drawing.label(link.label)), labeltooltip=\(Drawing.label(tooltip))")
    }
    if link.isHighlighted {
      attributes.append("color=\"\(palette.accent)\", fontcolor=\"\(palette.text)\", penwidth=2.6")
    } else if drawing.highlights.isMarking {
      attributes.append("color=\"\(palette.faded)\", fontcolor=\"\(palette.fadedText)\"")
    }
    if let width = link.width, !link.isHighlighted {
      attributes.append("penwidth=\((10 * (0.8 + 5 * width)).rounded() / 10)")
    }
    return attributes.joined(separator: ", ")
  }

  private func tooltip(of node: Drawing.Node) -> String {
    let lines = node.attributes?.members?.map { "\($0.name): \($0.value.plain)".cut(to: 200) } ?? []
    return (["\(node.reference)"] + lines.prefix(12)).joined(separator: "\n")
  }

  /// Title, legend and notice, as the only label that holds a table. What people have written in it is escaped as XML.
  private var header: String? {
    var rows: [String] = []
    if let title = style.title {
      rows.append(
        "<font point-size=\"20\" color=\"\(palette.text)\">\(Self.escaped(title.cut(to: 200)))</font>")
    }
    if let legend { rows.append(legend) }
    if let notice = drawing.notice {
      rows.append("<font point-size=\"11\" color=\"\(palette.edgeText)\">\(Self.escaped(notice))</font>")
    }
    if rows.isEmpty { return nil }
    let lines = rows.map { "<tr><td align=\"left\">\($0)</td></tr>" }.joined()
    return "<table border=\"0\" cellborder=\"0\" cellspacing=\"4\">\(lines)</table>"
  }

  private var legend: String? {
    guard style.showsLegend else { return nil }
    var cells: [String] = []
    if drawing.groups.count > 1, !clusters {
      let shown = drawing.groups.indices.prefix(24)
      cells = shown.map { group in
        let name = Self.escaped(drawing.groups[group].cut(to: 30))
        return """
          <td border="1"\(group < Palette.count ? "" : " style=\"dashed\"") color="\(palette.border(group))" bgcolor="\(palette.fill(group))" cellpadding="4">\
          <font point-size="11" color="\(palette.text)">\(name)</font></td>
          """
      }
      if shown.count < drawing.groups.count {
        cells.append("<td>and \(drawing.groups.count - shown.count) more</td>")
      }
    }
    if let type = drawing.onlyEdgeType, !drawing.edges.isEmpty, style.edgeLabel == nil {
      let line = drawing.links.contains { $0.isDirected } ? "→" : "—"
      cells.append(
        "<td><font point-size=\"11\" color=\"\(palette.edgeText)\">\(line) \(Self.escaped(type.cut(to: 30)))</font></td>"
      )
    }
    if cells.isEmpty { return nil }
    let rows = stride(from: 0, to: cells.count, by: 6).map {
      "<tr>\(cells[$0..<min($0 + 6, cells.count)].joined())</tr>"
    }
    return "<table border=\"0\" cellborder=\"0\" cellspacing=\"6\">\(rows.joined())</table>"
  }

  /// Text inside Graphviz's tables, which are XML. Without line breaks, and not empty, which a table takes for an error.
  private static func escaped(_ text: String) -> String {
    let line = text.visible.split(whereSeparator: \.isNewline).joined(separator: " ")
    return line.allSatisfy(\.isWhitespace) ? "\u{B7}" : line.xmlEscaped
  }
}
