import KV
import KVGraph

/// What to draw, apart from how.
public struct Drawing: Sendable {
  /// In the byte order of their printed form.
  public private(set) var nodes: [NodeReference]
  /// In key order.
  public private(set) var edges: [Edge]
  /// Said in the picture too, such as that edges were left out.
  public var notice: String?

  /// - Parameter edges: in key order, each once. Nodes are those at their ends.
  public init(edges: [Edge], also nodes: [NodeReference] = [], notice: String? = nil) {
    self.edges = edges
    self.notice = notice
    let all = Set(edges.flatMap { [$0.from, $0.to] } + nodes)
    self.nodes = all.map { ($0, Array("\($0)".utf8)) }.sorted { $0.1.lexicographicallyPrecedes($1.1) }.map(
      \.0)
  }

  /// `{"edges":[…],"nodes":[…]}`: what `kv graph import` reads.
  public var json: JSON {
    JSON(members: [
      ("edges", JSON(elements: edges.map(\.json))), ("nodes", JSON(elements: nodes.map { JSON($0) })),
    ])
  }
}

extension Edge {
  /// The label's lines, the second one the data, cut to a length that fits a picture.
  func labelLines(dataLength: Int = 60) -> [String] {
    guard let data else { return [type] }
    let text = data.text
    return [type, text.count > dataLength ? text.prefix(dataLength - 1) + "…" : text]
  }

  var dataIsCut: Bool { labelLines().last != (data?.text ?? type) }
}

extension StringProtocol {
  /// With U+FFFD for what no picture can show: control characters but the newline, and noncharacters.
  var visible: String {
    if unicodeScalars.allSatisfy(\.isVisible) { return String(self) }
    var text = String.UnicodeScalarView()
    text.append(contentsOf: unicodeScalars.map { $0.isVisible ? $0 : "\u{FFFD}" })
    return String(text)
  }
}

extension Unicode.Scalar {
  fileprivate var isVisible: Bool {
    self == "\n" || (properties.generalCategory != .control && !properties.isNoncharacterCodePoint)
  }
}
