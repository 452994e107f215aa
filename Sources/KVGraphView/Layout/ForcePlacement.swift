#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Places for the nodes of a drawing of any size and shape: each component by springs (``SpringLayout``), laid on its side, and the
/// components beside each other in rows. The same drawing gives the same places.
struct ForcePlacement {
  /// By the node's place, in points.
  private(set) var positions: [(x: Double, y: Double)]
  /// How far most nodes are at least from the next, in points.
  private(set) var gap = 0.0
  /// The longer side of all, in points.
  private(set) var side = 0.0

  /// Beyond this a picture is looked at through a keyhole.
  private static let largestSide = 3600.0

  init(_ drawing: Drawing) {
    let count = drawing.nodes.count
    positions = Array(repeating: (0, 0), count: count)
    let components = Self.components(drawing)
    // The largest first; equal ones in the order of their nodes.
    let order = components.indices.sorted {
      components[$0].precedes(components[$1]) || (!components[$1].precedes(components[$0]) && $0 < $1)
    }
    arrange(order.map { components[$0] }, edgeLength: drawing.isCrowd ? 40 : 90)
  }

  private static func components(_ drawing: Drawing) -> [Component] {
    let count = drawing.nodes.count
    var edges = drawing.links.map { (from: Int32($0.from), to: Int32($0.to), weight: 1.0) }
    let whole = SpringGraph(masses: [Double](repeating: 1, count: count), edges: edges)
    var component = [Int32](repeating: -1, count: count)
    var numbers = component
    var members: [[Int]] = []
    for root in 0..<count where component[root] < 0 {
      var nodes = [root]
      component[root] = Int32(members.count)
      numbers[root] = 0
      var next = 0
      while next < nodes.count {
        for arc in whole.arcs(of: nodes[next]) {
          let other = Int(whole.neighbors[arc])
          guard component[other] < 0 else { continue }
          component[other] = Int32(members.count)
          numbers[other] = Int32(nodes.count)
          nodes.append(other)
        }
        next += 1
      }
      members.append(nodes)
    }
    // The edges of a component follow each other.
    edges.sort { component[Int($0.from)] < component[Int($1.from)] }
    var first = 0
    return members.enumerated().map { number, nodes in
      var end = first
      while end < edges.count, component[Int(edges[end].from)] == number { end += 1 }
      defer { first = end }
      let own = edges[first..<end].map { (numbers[Int($0.from)], numbers[Int($0.to)], $0.weight) }
      let layout = SpringLayout(SpringGraph(masses: [Double](repeating: 1, count: nodes.count), edges: own))
      var component = Component(nodes: nodes, x: layout.x, y: layout.y)
      component.lieDown(edgeLength: Self.middleLength(own.map { ($0.0, $0.1) }, layout))
      return component
    }
  }

  private static func middleLength(_ edges: [(Int32, Int32)], _ layout: SpringLayout) -> Double {
    let lengths = edges.lazy.map { from, to -> Double in
      let (dx, dy) = (layout.x[Int(from)] - layout.x[Int(to)], layout.y[Int(from)] - layout.y[Int(to)])
      return (dx * dx + dy * dy).squareRoot()
    }.filter { $0 > 0 }.sorted()
    return lengths.isEmpty ? 1 : lengths[lengths.count / 2]
  }

  /// In rows, about as wide as high.
  private mutating func arrange(_ components: [Component], edgeLength: Double) {
    let area = components.reduce(0) { $0 + $1.width * $1.height }
    let width = max((area * 1.6).squareRoot(), components.map(\.width).max() ?? 0)
    var (x, y, height) = (0.0, 0.0, 0.0)
    for component in components {
      if x > 0, x + component.width > width { (x, y, height) = (0, y + height, 0) }
      for (place, node) in component.nodes.enumerated() {
        positions[node] = (x + component.x[place], y + component.y[place])
      }
      x += component.width
      height = max(height, component.height)
    }
    let gap = narrowGap
    let scale = min(max(edgeLength, 12 / max(gap, 0.05)), Self.largestSide / max(width, y + height, 1))
    for node in positions.indices {
      positions[node] = (positions[node].x * scale, -positions[node].y * scale)
    }
    self.gap = gap * scale
    side = max(width, y + height) * scale
  }

  /// The distance to the nearest other node that three quarters of the nodes have at least.
  private var narrowGap: Double {
    guard positions.count > 1 else { return 1 }
    // Looked for in squares that hold one node on average.
    let (left, right) = (positions.map(\.x).min() ?? 0, positions.map(\.x).max() ?? 0)
    let (bottom, top) = (positions.map(\.y).min() ?? 0, positions.map(\.y).max() ?? 0)
    let side = max(((right - left) * (top - bottom) / Double(positions.count)).squareRoot(), 1e-6)
    let columns = Int((right - left) / side) + 1
    var squares: [Int: [Int]] = [:]
    func square(_ node: Int) -> (column: Int, row: Int) {
      (Int((positions[node].x - left) / side), Int((positions[node].y - bottom) / side))
    }
    for node in positions.indices {
      let (column, row) = square(node)
      squares[row * columns + column, default: []].append(node)
    }
    let gaps = positions.indices.map { node -> Double in
      let (column, row) = square(node)
      var least = side * side
      for near in row - 1...row + 1 {
        for beside in max(column - 1, 0)...min(column + 1, columns - 1) {
          for other in squares[near * columns + beside] ?? [] where other != node {
            let (dx, dy) = (positions[other].x - positions[node].x, positions[other].y - positions[node].y)
            least = min(least, dx * dx + dy * dy)
          }
        }
      }
      return least.squareRoot()
    }.sorted()
    return gaps[gaps.count / 4]
  }
}

/// A part of a drawing that no edge joins to the rest.
private struct Component {
  let nodes: [Int]
  /// By the place in `nodes`, in lengths of edges.
  private(set) var x: [Double]
  private(set) var y: [Double]
  private(set) var width = 0.0
  private(set) var height = 0.0

  init(nodes: [Int], x: [Double], y: [Double]) { (self.nodes, self.x, self.y) = (nodes, x, y) }

  func precedes(_ other: Component) -> Bool {
    height != other.height ? height > other.height : width > other.width
  }

  /// Turns it so that it is widest from left to right, gives each node the room of 1 and an edge the length of 1, and moves it to the
  /// corner.
  mutating func lieDown(edgeLength: Double) {
    let count = Double(nodes.count)
    let (middleX, middleY) = (x.reduce(0, +) / count, y.reduce(0, +) / count)
    var (xx, yy, xy) = (0.0, 0.0, 0.0)
    for place in x.indices {
      let (dx, dy) = (x[place] - middleX, y[place] - middleY)
      xx += dx * dx
      yy += dy * dy
      xy += dx * dy
    }
    let angle = 0.5 * atan2(2 * xy, xx - yy)
    let (cosine, sine) = (cos(angle), sin(angle))
    for place in x.indices {
      let (dx, dy) = (x[place] - middleX, y[place] - middleY)
      (x[place], y[place]) = (dx * cosine + dy * sine, dy * cosine - dx * sine)
    }
    let (left, bottom) = (x.min() ?? 0, y.min() ?? 0)
    // With the room of a node around it: two nodes, or a chain, have no area of their own.
    let area = ((x.max() ?? 0) - left + edgeLength) * ((y.max() ?? 0) - bottom + edgeLength)
    let scale = 1 / max(min(edgeLength, (area / count).squareRoot()), edgeLength / 10)
    // Half the room of a node on each side.
    x = x.map { ($0 - left) * scale + 0.5 }
    y = y.map { ($0 - bottom) * scale + 0.5 }
    width = (x.max() ?? 0) + 0.5
    height = (y.max() ?? 0) + 0.5
  }
}
