import KV

/// How a drawing looks.
public struct Style: Sendable {
  /// The colours of the background and of what stands on it.
  public enum Theme: String, Sendable, CaseIterable {
    /// `light`: dark text on white. `dark`: light text on near-black.
    case light, dark
  }

  /// Where edges lead. Raw values are the words of Graphviz's `rankdir` and of Mermaid.
  public enum Direction: String, Sendable, CaseIterable {
    /// Edges lead to the right.
    case leftToRight = "LR"
    /// Edges lead down.
    case topToBottom = "TB"
    /// Edges lead to the left.
    case rightToLeft = "RL"
    /// Edges lead up.
    case bottomToTop = "BT"
  }

  /// What is written beside an edge.
  public enum EdgeLabel: Sendable, Equatable {
    /// `type`: the type, with the parallel key as in `t#2`. `data`: the data. `hidden`: nothing.
    case type, data, hidden
    /// What the template makes of the edge, at most 60 characters of it.
    case template(Template)
  }

  /// The colours of background, text and nodes.
  public var theme = Theme.light
  /// Where edges lead, in Mermaid and in the layout ``Graphviz/Layout/dot``; other layouts have no direction. `nil`: to the right, unless
  /// who draws finds that another way gives a better shape.
  public var direction: Direction?
  /// A line above the picture, of at most 200 characters, and the title of ``Drawing/page(around:theme:)``; `nil`: none, and `Graph`.
  public var title: String?
  /// Whether a picture by Graphviz says what the colours stand for, where there are several groups without boxes, and the type of
  /// all edges, where they have but one and ``edgeLabel`` is `nil`.
  public var showsLegend = true
  /// The shapes of groups, by name; others have one by the place of their colour.
  public var shapes: [String: NodeShape] = [:]
  /// The attribute that holds an address on the web, to which its node leads; `nil` for none.
  public var link: String?
  /// Whether nodes of a group stand together in a box.
  public var clusters = false
  /// The attribute that tells the group of a node; `nil` for its type. Groups give colours, the legend and clusters.
  public var group: String?
  /// `nil`: the id, with the type where there are several.
  public var nodeLabel: Template?
  /// `nil`: the data, with the type where there are several types or a parallel key; nothing where there are more than 150 edges.
  /// Edges drawn as one show their types.
  public var edgeLabel: EdgeLabel?
  /// Whether the edges from one node to another are drawn as one.
  public var merges = false
  /// The name of a number in the edges' data that gives their width; of edges drawn as one the greatest counts.
  public var width: String?

  /// The default style: light, from left to right, with a legend, without a title.
  public init() {}
}

/// Colours that people who cannot tell red from green can tell apart: Paul Tol's "light" scheme, made for fields under
/// black text (personal.sron.nl/~pault), on the dark theme mixed with the background.
struct Palette {
  let background, text, edge, edgeText, faded, fadedText, accent: String
  private let isDark: Bool

  private static let fields: [UInt32] = [
    0x77AADD, 0xEE8866, 0xEEDD88, 0xFFAABB, 0x99DDFF, 0x44BB99, 0xBBCC33, 0xAAAA00, 0xDDDDDD,
  ]
  static let count = fields.count
  private static let dark: UInt32 = 0x0D1117

  init(_ theme: Style.Theme) {
    isDark = theme == .dark
    (background, text, edge, edgeText, faded, fadedText, accent) =
      isDark
      ? ("#0d1117", "#e6edf3", "#8b949e", "#b6bec8", "#30363d", "#6e7681", "#ffb454")
      : ("#ffffff", "#1f2328", "#6e7781", "#424a53", "#d0d7de", "#8c959f", "#d55e00")
  }

  func fill(_ group: Int) -> String {
    let color = Self.fields[group % Self.fields.count]
    return Self.hex(isDark ? Self.mix(color, Self.dark, 0.35) : color)
  }

  func border(_ group: Int) -> String {
    let color = Self.fields[group % Self.fields.count]
    return Self.hex(isDark ? color : Self.mix(color, 0, 0.65))
  }

  /// Of a legend's sign.
  func swatch(_ color: Int) -> String { isDark ? border(color) : fill(color) }

  private static func mix(_ color: UInt32, _ other: UInt32, _ part: Double) -> UInt32 {
    [16, 8, 0].reduce(0) { mixed, shift in
      let (first, second) = (Double(color >> shift & 255), Double(other >> shift & 255))
      return mixed | UInt32(first * part + second * (1 - part)) << shift
    }
  }

  private static func hex(_ color: UInt32) -> String {
    let digits = String(color, radix: 16)
    return "#" + String(repeating: "0", count: 6 - digits.count) + digits
  }
}
