import KV
import KVGraph

extension Drawing {
  /// The drawing in Graphviz's language, for people to read.
  public var dot: String { dot(for: nil, placement: nil, canvas: nil, direction: nil) }

  /// What Graphviz is to draw, by a layout.
  public struct Plan: Sendable {
    private let drawing: Drawing
    /// How nodes are placed.
    public let layout: Graphviz.Layout
    private let placement: ForcePlacement?
    /// How large the picture becomes; `nil` for what it takes.
    public var canvas: Canvas?
    /// Whether title, legend and notice stand above the picture.
    public var hasHeader = true
    /// Where edges lead; `nil` for what the drawing's style says.
    public var direction: Style.Direction?

    /// Cost: with ``Graphviz/Layout/force`` all of the layout.
    public init(_ drawing: Drawing, by layout: Graphviz.Layout) {
      (self.drawing, self.layout) = (drawing, layout)
      placement = layout == .force ? ForcePlacement(drawing) : nil
    }

    /// In Graphviz's language.
    public var dot: String {
      drawing.dot(
        for: layout, placement: placement, canvas: canvas, direction: direction, hasHeader: hasHeader)
    }
  }

  /// Text passes two readers there: the lexer undoes `\"` only, then labels (not identifiers) are read again for
  /// backslash escapes and HTML entities. See graphviz.org/doc/info/lang.html and escString.
  ///
  /// - Parameter layout: what it is written for, where Graphviz is to draw it.
  private func dot(
    for layout: Graphviz.Layout?, placement: ForcePlacement?, canvas: Canvas?, direction: Style.Direction?,
    hasHeader: Bool = true
  ) -> String {
    let look = style.map { GraphvizAttributes($0, self, layout, placement, canvas, hasHeader: hasHeader) }
    var identifiers = Identifiers()
    // Graphviz writes the names into pictures, where nobody reads them, and not always as it should.
    let names = nodes.indices.map {
      layout == nil ? identifiers.identifier(of: nodes[$0].reference) : "n\($0)"
    }
    var text = "digraph G {\n  rankdir=\((direction ?? style?.direction ?? .leftToRight).rawValue);\n"
    text += look?.defaults ?? "  node [shape=box, style=rounded];\n"
    if look == nil, let notice { text += "  label=\(Self.label(notice));\n" }
    text += "\n"
    if let look, look.clusters {
      for (group, members) in members.enumerated() {
        let label = "label=\(Self.label(groups[group].cut(to: 40)));\(look.cluster(group))"
        if isBoxed(group) { text += "  subgraph \"cluster \(group)\" {\n    \(label)\n" }
        for number in members {
          text += "    \(names[number]) [\(look.attributes(of: nodes[number], number))];\n"
        }
        if isBoxed(group) { text += "  }\n" }
      }
    } else {
      let spread = placement.flatMap { look?.spread(of: $0) } ?? 1
      // What is named lies over what is not.
      let order =
        nodes.indices.filter { look?.isNamed($0) != true }
        + nodes.indices.filter { look?.isNamed($0) == true }
      for (number, node) in order.map({ ($0, nodes[$0]) }) {
        var attributes: [String] = []
        if let place = placement?.positions[number] {
          attributes.append(
            "pos=\"\((place.x * spread * 10).rounded() / 10),\((place.y * spread * 10).rounded() / 10)\"")
        }
        if let look {
          attributes.append(look.attributes(of: node, number))
        } else if case let label = Self.label(node.label), label != names[number] {
          // The default label is the name read as a label; where that is another text, the label is written out.
          attributes.append("label=\(label)")
        }
        text += "  \(names[number])\(attributes.isEmpty ? "" : " [\(attributes.joined(separator: ", "))]");\n"
      }
    }
    text += "\n"
    for (number, link) in links.enumerated() {
      let head = link.isDirected ? "" : ", dir=none"
      let attributes = (look?.attributes(of: link, number) ?? Self.plainAttributes(of: link)) + head
      text += "  \(names[link.from]) -> \(names[link.to]) [\(attributes)];\n"
    }
    return text + "}\n"
  }

  private static func plainAttributes(of link: Link) -> String {
    let attributes = "label=\(label(link.label))"
    guard let data = link.edges.first?.data?.text,
      !link.label.hasSameBytes(as: "\(link.edges[0].label)\n\(data)")
    else { return attributes }
    return attributes + ", tooltip=\(tooltip(data))"
  }

  /// - Parameter backslash: how one is written. Labels are read once more than identifiers, tooltips twice more.
  static func label(_ text: String, backslash: String = #"\\"#) -> String {
    var quoted = "\""
    for scalar in text.visible.unicodeScalars {
      switch scalar {
      case "\\": quoted += backslash
      case "\"": quoted += "\\\""
      case "\n": quoted += "\\n"
      case "&": quoted += "&amp;"
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return DOTPieces.joined(quoted + "\"")
  }

  static func tooltip(_ text: String) -> String { label(text, backslash: #"\\\\"#) }

  /// Quoted node identifiers, different for different nodes even where their visible text is the same.
  private struct Identifiers {
    private var used: Set<ByteKey> = []

    mutating func identifier(of node: NodeReference) -> String {
      // A backslash is doubled and stays double: one before the closing quote would be a syntax error.
      var text = ""
      for scalar in "\(node)".visible.unicodeScalars {
        switch scalar {
        case "\\": text += "\\\\"
        case "\"": text += "\\\""
        case "\n": text += "\u{FFFD}"
        default: text.unicodeScalars.append(scalar)
        }
      }
      // cgraph takes a name that begins with % for one of its own, and forgets it.
      if text.unicodeScalars.first == "%" { text = " " + text }
      var candidate = text
      var number = 2
      while !used.insert(ByteKey(candidate)).inserted {
        candidate = text + " (\(number))"
        number += 1
      }
      return DOTPieces.joined("\"" + candidate + "\"")
    }
  }
}
