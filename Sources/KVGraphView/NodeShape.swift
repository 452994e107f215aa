/// The outline of a node. Raw values are Graphviz's words.
public enum NodeShape: String, Sendable, CaseIterable {
  /// A rectangle with round corners.
  case box
  /// The others as they are called.
  case ellipse, hexagon, cylinder, octagon, diamond, parallelogram, circle

  /// Around a quoted label, in Mermaid.
  var mermaid: (opening: String, closing: String) {
    switch self {
    case .box: ("[", "]")
    case .ellipse: ("([", "])")
    case .hexagon: ("{{", "}}")
    case .cylinder: ("[(", ")]")
    case .octagon: ("[[", "]]")
    case .diamond: ("{", "}")
    case .parallelogram: ("[/", "/]")
    case .circle: ("((", "))")
    }
  }

  /// A sign of its form.
  var sign: String {
    switch self {
    case .box: "■"
    case .ellipse: "●"
    case .hexagon: "⬢"
    case .cylinder: "▮"
    case .octagon: "▣"
    case .diamond: "◆"
    case .parallelogram: "▰"
    case .circle: "◉"
    }
  }

  /// What a dot is that stands for such a node, and has no label.
  var dot: String {
    switch self {
    case .box: "circle"
    case .ellipse: "square"
    case .cylinder: "triangle"
    case .parallelogram: "house"
    case .circle: "star"
    case .hexagon, .octagon, .diamond: rawValue
    }
  }
}

extension Drawing {
  /// The shape of a group's nodes. There are fewer colours than groups may be: each time they begin anew the shape is the next.
  func shape(of group: Int) -> NodeShape {
    if let shape = style?.shapes[groups[group]] { return shape }
    let shapes = NodeShape.allCases
    return style == nil ? .box : shapes[colors[group] / Palette.count % shapes.count]
  }
}
