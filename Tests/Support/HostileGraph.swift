import KV
import KVGraph

/// Graphs whose texts try to be something else.
public enum HostileGraph {
  private static let traps = [
    "</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "-->", "]]>", "%%", "direction TB",
    "end",
    "\\N\\G\\l", "&lt;&#0;", "\u{202E}gnp", "a\"];b[label=\"", "{x|<y>z}", "🏳️‍🌈", "مرحبا", "\u{0}\u{1B}[31m",
    "click x href", "$$x$$", "1. one", "- two", "**bold** _it_", "javascript:alert(1)", "subgraph", "#quot;",
    ":::c",
  ]

  /// Edges in key order; one in five hundred carries about 100 kB.
  public static func edges(_ random: inout SeededRandom, count: ClosedRange<Int> = 1...6) -> [Edge] {
    func text() -> String {
      (Bool.random(using: &random) ? traps.randomElement(using: &random) ?? "" : "") + random.text(upTo: 10)
    }
    var edges: [String: Edge] = [:]
    for _ in 0..<Int.random(in: count, using: &random) {
      let length = Int.random(in: 0..<500, using: &random) == 0 ? 3000 : 5
      let data = [
        nil, JSON(text()), JSON(members: [("a" + text(), JSON(text())), ("n", JSON(7))]),
        JSON(String(repeating: text(), count: length)),
      ].randomElement(using: &random)
      let edge = Edge(
        from: NodeReference(type: text(), id: text()), to: NodeReference(type: text(), id: text()),
        type: text(),
        data: data ?? nil)
      edges[edge.key] = edge
    }
    return edges.sorted { $0.key < $1.key }.map(\.value)
  }
}
