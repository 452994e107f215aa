#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Places for the nodes of a connected graph by springs along its edges and a push between all nodes, on coarser graphs first (Hu,
/// "Efficient and high quality force-directed graph drawing", 2005). The same graph gives the same places.
///
/// Cost: some n log n a step and some 300 steps in all, of which most are on small graphs.
struct SpringLayout {
  /// By node; edges are about 1 long.
  private(set) var x: [Double]
  private(set) var y: [Double]
  private let graph: SpringGraph
  private var tree = QuadTree()

  /// How strongly nodes push, beside springs of strength 1.
  private static let push = 0.2

  init(_ graph: SpringGraph) {
    var levels: [(graph: SpringGraph, parents: [Int32])] = []
    var coarsest = graph
    while coarsest.count > 12, let coarser = coarsest.coarsened() {
      levels.append((coarsest, coarser.parents))
      coarsest = coarser.graph
    }
    var layout = SpringLayout(starting: coarsest)
    layout.settle(steps: 200, firstStep: 1)
    for (graph, parents) in levels.reversed() {
      layout = SpringLayout(refining: layout, to: graph, parents)
      layout.settle(steps: 100, firstStep: 1)
    }
    self = layout
  }

  /// On a spiral on which each node has the room that its mass takes.
  private init(starting graph: SpringGraph) {
    self.graph = graph
    (x, y) = ([], [])
    var area = 0.0
    for (place, mass) in graph.masses.enumerated() {
      let (distance, angle) = ((area + mass / 2).squareRoot(), Double(place) * Self.goldenAngle)
      x.append(distance * cos(angle))
      y.append(distance * sin(angle))
      area += mass
    }
  }

  /// Around the places of the nodes that stood for them.
  private init(refining coarse: SpringLayout, to graph: SpringGraph, _ parents: [Int32]) {
    self.graph = graph
    x = parents.map { coarse.x[Int($0)] }
    y = parents.map { coarse.y[Int($0)] }
    var areas = [Double](repeating: 0, count: coarse.x.count)
    var places = [Int](repeating: 0, count: coarse.x.count)
    for node in 0..<graph.count {
      let parent = Int(parents[node])
      let distance = 0.5 * (areas[parent] + graph.masses[node] / 2).squareRoot()
      let angle = Double(places[parent]) * Self.goldenAngle + Double(parent)
      x[node] += distance * cos(angle)
      y[node] += distance * sin(angle)
      areas[parent] += graph.masses[node]
      places[parent] += 1
    }
  }

  private static let goldenAngle = Double.pi * (3 - 5.0.squareRoot())

  /// Moves the nodes until they hardly move any more.
  /// - Parameter firstStep: how far a node moves at first, beside the room that a node takes.
  private mutating func settle(steps: Int, firstStep: Double) {
    if graph.count < 2 { return }
    let unit = (graph.masses.reduce(0, +) / Double(graph.count)).squareRoot()
    var step = firstStep * unit
    var energy = Double.infinity
    var gains = 0
    for _ in 0..<steps {
      tree.build(x, y, graph.masses)
      let before = energy
      energy = move(by: step)
      // The step grows while it leads down, and shrinks where it does not.
      if energy < before {
        gains += 1
        if gains >= 5 {
          gains = 0
          step /= 0.9
        }
      } else {
        gains = 0
      }
      step *= energy < before ? 0.95 : 0.85
      if step < 0.01 * unit { break }
    }
  }

  /// Moves each node along its force.
  /// - Returns: the sum of the forces' squares.
  private mutating func move(by step: Double) -> Double {
    var energy = 0.0
    var (movedX, movedY) = (x, y)
    for (place, number) in tree.order.enumerated() {
      let node = Int(number)
      let repulsion = tree.repulsion(at: place)
      let strength = Self.push * graph.masses[node]
      var (forceX, forceY) = (repulsion.x * strength, repulsion.y * strength)
      for arc in graph.arcs(of: node) {
        let other = Int(graph.neighbors[arc])
        let (dx, dy) = (x[other] - x[node], y[other] - y[node])
        let pull = graph.weights[arc] * (dx * dx + dy * dy).squareRoot()
        forceX += dx * pull
        forceY += dy * pull
      }
      let square = forceX * forceX + forceY * forceY
      energy += square
      guard square > 0 else { continue }
      let scale = step / square.squareRoot()
      movedX[node] = x[node] + forceX * scale
      movedY[node] = y[node] + forceY * scale
    }
    (x, y) = (movedX, movedY)
    return energy
  }
}
