import KV
import KVGraph

extension Drawing {
  /// The drawing as lines of text: a tree around a node, or each node with the edges that leave it. Every edge stands once.
  ///
  /// - Parameters:
  ///   - root: the node to begin with; `nil` for all.
  ///   - width: where lines are cut, in columns.
  ///   - colors: whether node names are coloured by their groups, with ANSI's escape sequences.
  public func text(around root: NodeReference? = nil, width: Int, colors: Bool) -> String {
    var writer = TextWriter(self, width: max(width, 1), colors: colors)
    if let notice { writer.line([.plain(notice)]) }
    if let root, let number = nodes.firstIndex(where: { $0.reference == root }) {
      writer.tree(from: number)
    } else {
      writer.list()
    }
    return writer.text
  }
}

private struct TextWriter {
  enum Piece {
    case plain(String)
    /// An edge's type and data.
    case edge(String)
    case node(Int)
  }

  private let drawing: Drawing
  private let width: Int
  private let colors: Bool
  /// The places of the links at each node, in key order; a loop once.
  private var incident: [[Int]]
  private(set) var text = ""

  private static let nodeColors = [34, 33, 32, 35, 36, 31]

  init(_ drawing: Drawing, width: Int, colors: Bool) {
    (self.drawing, self.width, self.colors) = (drawing, width, colors)
    incident = Array(repeating: [], count: drawing.nodes.count)
    for (number, link) in drawing.links.enumerated() {
      incident[link.from].append(number)
      if link.to != link.from { incident[link.to].append(number) }
    }
  }

  mutating func list() {
    for node in drawing.nodes.indices {
      let outgoing = incident[node].filter { drawing.links[$0].from == node }
      if outgoing.isEmpty, !incident[node].isEmpty { continue }
      line([.node(node)])
      for (place, link) in outgoing.enumerated() {
        branch("", isLast: place == outgoing.count - 1, link, to: drawing.links[link].to, isForward: true)
      }
    }
  }

  mutating func tree(from root: Int) {
    // Each node hangs at the link by which it is reached in the fewest steps.
    var parent: [Int: Int] = [:]
    var seen: Set = [root]
    var level = [root]
    while !level.isEmpty {
      var next: [Int] = []
      for node in level {
        for link in incident[node] {
          let other = drawing.links[link].from == node ? drawing.links[link].to : drawing.links[link].from
          if seen.insert(other).inserted {
            parent[other] = link
            next.append(other)
          }
        }
      }
      level = next
    }
    var shown: Set<Int> = []
    // What lies deeper than a tree can be read begins a tree of its own, further down: the indents of a long chain would take
    // the square of its length.
    var roots = [root]
    var next = 0
    while next < roots.count {
      line([.node(roots[next])])
      branches(of: roots[next], parent, &shown) { roots.append($0) }
      next += 1
    }
  }

  private static let deepestIndent = 40

  /// - Parameter deferred: told of nodes whose branches are to be shown elsewhere.
  private mutating func branches(
    of root: Int, _ parent: [Int: Int], _ shown: inout Set<Int>, deferred: (Int) -> Void
  ) {
    // By hand, for a chain may be longer than the stack.
    var stack = [(node: root, indent: "", place: 0, depth: 1)]
    while let (node, indent, place, depth) = stack.popLast() {
      let links = incident[node]
      guard let next = links.indices.dropFirst(place).first(where: { !shown.contains(links[$0]) }) else {
        continue
      }
      let isLast = !links.dropFirst(next + 1).contains { !shown.contains($0) }
      stack.append((node, indent, next + 1, depth))
      let link = links[next]
      shown.insert(link)
      let isForward = drawing.links[link].from == node
      let other = isForward ? drawing.links[link].to : drawing.links[link].from
      let hangsHere = parent[other] == link
      let isDeferred = hangsHere && depth == Self.deepestIndent && incident[other].count > 1
      let isElsewhere = isDeferred || !hangsHere && other != node && incident[other].count > 1
      branch(indent, isLast: isLast, link, to: other, isForward: isForward, isElsewhere: isElsewhere)
      if isDeferred {
        deferred(other)
      } else if hangsHere {
        stack.append((other, indent + (isLast ? "   " : "│  "), 0, depth + 1))
      }
    }
  }

  private mutating func branch(
    _ indent: String, isLast: Bool, _ link: Int, to node: Int, isForward: Bool, isElsewhere: Bool = false
  ) {
    let edges = drawing.links[link].edges
    let data = edges.count == 1 ? edges[0].data.map { "  " + $0.text } ?? "" : ""
    line([
      .plain(indent + (isLast ? "└─ " : "├─ ")), .edge(edges.map(\.label).joined(separator: ", ")),
      .plain(drawing.links[link].isDirected ? isForward ? " → " : " ← " : " — "), .node(node),
      .plain(isElsewhere ? " …" : ""), .edge(data),
    ])
  }

  mutating func line(_ pieces: [Piece]) {
    let parts = pieces.map { piece -> (text: String, style: String?) in
      switch piece {
      case .plain(let text): return (text.onOneLine, nil)
      case .edge(let text): return (text.onOneLine, "2")
      case .node(let number):
        let node = drawing.nodes[number]
        let color = "\(Self.nodeColors[node.group % 6])"
        return (
          node.line.onOneLine + (node.isHighlighted ? " ●" : ""), node.isHighlighted ? "1;" + color : color
        )
      }
    }.filter { !$0.text.isEmpty }
    let isCut = width < .max && parts.reduce(0) { $0 + $1.text.columns } > width
    var left = isCut ? width - 1 : .max
    for part in parts where left > 0 {
      let shown = isCut ? part.text.fitted(to: &left) : part.text
      text += colors ? part.style.map { "\u{1B}[\($0)m\(shown)\u{1B}[0m" } ?? shown : shown
    }
    text += isCut ? "…\n" : "\n"
  }
}

extension String {
  /// Without what would leave the line or turn it around.
  fileprivate var onOneLine: String {
    visible.unicodeScalars.reduce(into: "") { text, scalar in
      switch scalar.value {
      case 0x0A: text += "\\n"
      case 0x09: text += "\\t"
      case 0x2028...0x202E, 0x2066...0x2069: text += "\u{FFFD}"
      default: text.unicodeScalars.append(scalar)
      }
    }
  }
}
