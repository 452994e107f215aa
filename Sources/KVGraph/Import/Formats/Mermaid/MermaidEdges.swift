/// The edges of a statement, one after another: `A & B --> C & D` is four.
struct MermaidEdges {
  private var groups: [[Int]] = []
  private var links: [MermaidStatement.Link] = []
  private var link = 0
  private var from = 0
  private var to = 0

  private static let largestCount = 5_000_000

  init() {}

  init(groups: [[Int]], links: [MermaidStatement.Link]) throws(MermaidFault) {
    (self.groups, self.links) = (groups, links)
    let count = zip(groups, groups.dropFirst()).reduce(0) { $0 + $1.0.count * $1.1.count }
    if count > Self.largestCount {
      throw MermaidFault("more than \(Self.largestCount) edges in one statement")
    }
  }

  /// An invisible link is given once.
  mutating func next() -> (link: MermaidStatement.Link, from: Int, to: Int)? {
    guard link < links.count else { return nil }
    let current = links[link]
    let found = (current, groups[link][from], groups[link + 1][to])
    to += 1
    if to == groups[link + 1].count { (from, to) = (from + 1, 0) }
    if from == groups[link].count || current.isInvisible { (link, from, to) = (link + 1, 0, 0) }
    return found
  }
}
