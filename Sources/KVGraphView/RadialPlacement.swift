#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Places for nodes that take no time to find, for when no layout has come to an end: each component is a tree of shortest
/// paths around its node of the highest degree, a ring for each step, and the components stand beside each other in rows.
/// Cost: linear in nodes and links, but for sorting the components.
struct RadialPlacement {
  /// By the node's place, in points.
  private(set) var positions: [(x: Double, y: Double)]

  private static let spacing = 60.0
  private static let largestSide = 4000.0

  init(_ drawing: Drawing) {
    positions = Array(repeating: (0, 0), count: drawing.nodes.count)
    var neighbors = Array(repeating: [Int](), count: drawing.nodes.count)
    for link in drawing.links where link.from != link.to {
      neighbors[link.from].append(link.to)
      neighbors[link.to].append(link.from)
    }
    var isPlaced = Array(repeating: false, count: drawing.nodes.count)
    let byDegree = neighbors.indices.sorted {
      neighbors[$0].count != neighbors[$1].count ? neighbors[$0].count > neighbors[$1].count : $0 < $1
    }
    var components: [(nodes: [Int], radius: Double)] = []
    for root in byDegree where !isPlaced[root] {
      components.append(place(around: root, neighbors, &isPlaced))
    }
    arrange(components.sorted { $0.radius > $1.radius })
    fit()
  }

  /// Makes what is very large as small as can be seen as a whole; what has few nodes stays readable.
  private mutating func fit() {
    guard positions.count > 100 else { return }
    let (xs, ys) = (positions.map(\.x), positions.map(\.y))
    let width = (xs.max() ?? 0) - (xs.min() ?? 0)
    let height = (ys.max() ?? 0) - (ys.min() ?? 0)
    let scale = min(1, Self.largestSide / max(width, height, 1))
    positions = positions.map { ($0.x * scale, $0.y * scale) }
  }

  /// Places a component around the origin.
  private mutating func place(around root: Int, _ neighbors: [[Int]], _ isPlaced: inout [Bool])
    -> (nodes: [Int], radius: Double)
  {
    var nodes = [root]
    var parent = [0]
    var depth = [0]
    isPlaced[root] = true
    var next = 0
    while next < nodes.count {
      for other in neighbors[nodes[next]] where !isPlaced[other] {
        isPlaced[other] = true
        nodes.append(other)
        parent.append(next)
        depth.append(depth[next] + 1)
      }
      next += 1
    }
    // As many leaves as hang at a node, so wide is its part of the circle.
    var leaves = Array(repeating: 0.0, count: nodes.count)
    for place in nodes.indices.reversed() {
      leaves[place] = max(leaves[place], 1)
      if place > 0 { leaves[parent[place]] += leaves[place] }
    }
    var ringSizes = Array(repeating: 0.0, count: (depth.last ?? 0) + 1)
    for level in depth { ringSizes[level] += 1 }
    var radii = [0.0]
    for size in ringSizes.dropFirst() {
      radii.append(max((radii.last ?? 0) + Self.spacing, size * Self.spacing / (2 * .pi)))
    }
    var start = Array(repeating: 0.0, count: nodes.count)
    var free = start
    for place in nodes.indices {
      if place > 0 {
        start[place] = free[parent[place]]
        free[parent[place]] += leaves[place]
      }
      free[place] = start[place]
      let angle = 2 * .pi * (start[place] + leaves[place] / 2) / leaves[0]
      let radius = radii[depth[place]]
      positions[nodes[place]] = (radius * cos(angle), radius * sin(angle))
    }
    return (nodes, (radii.last ?? 0) + Self.spacing)
  }

  /// In rows, the largest first, about as wide as high.
  private mutating func arrange(_ components: [(nodes: [Int], radius: Double)]) {
    let area = components.reduce(0) { $0 + 4 * $1.radius * $1.radius }
    let width = max(area.squareRoot() * 1.3, (components.first?.radius ?? 0) * 2)
    var (x, y, height) = (0.0, 0.0, 0.0)
    for (nodes, radius) in components {
      if x > 0, x + 2 * radius > width { (x, y, height) = (0, y - height, 0) }
      for node in nodes {
        positions[node].x += x + radius
        positions[node].y += y - radius
      }
      x += 2 * radius
      height = max(height, 2 * radius)
    }
  }
}
