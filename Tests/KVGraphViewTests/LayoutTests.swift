import KV
import KVGraph
import TestSupport
import Testing

@testable import KVGraphView

@Suite struct LayoutTests {
  private func drawing(_ pairs: [(Int, Int)], also others: [Int] = []) -> Drawing {
    func node(_ number: Int) -> NodeReference { NodeReference(type: "N", id: "\(number)") }
    let edges = Set(pairs.map { [$0.0, $0.1] }).map { Edge(from: node($0[0]), to: node($0[1]), type: "t") }
    return Drawing(edges: edges.sorted { $0.key < $1.key }, also: others.map(node), style: Style())
  }

  private func distance(_ left: (x: Double, y: Double), _ right: (x: Double, y: Double)) -> Double {
    ((left.x - right.x) * (left.x - right.x) + (left.y - right.y) * (left.y - right.y)).squareRoot()
  }

  private static func grid(_ side: Int) -> [(Int, Int)] {
    var pairs: [(Int, Int)] = []
    for node in 0..<side * side {
      if node % side < side - 1 { pairs.append((node, node + 1)) }
      if node / side < side - 1 { pairs.append((node, node + side)) }
    }
    return pairs
  }

  private static func shapes(_ random: inout SeededRandom) -> [(name: String, pairs: [(Int, Int)])] {
    let tree = (1...300).map { (Int.random(in: 0..<$0, using: &random), $0) }
    let mixed = (0..<300).map { _ in
      (Int.random(in: 0..<150, using: &random), Int.random(in: 0..<150, using: &random))
    }
    let clique = (0..<20).flatMap { left in (0..<20).map { (left, $0) } }
    return [
      ("tree", tree), ("random", mixed), ("grid", grid(15)), ("star", (1...200).map { (0, $0) }),
      ("path", (0..<200).map { ($0, $0 + 1) }), ("pair", [(0, 1)]), ("loop", [(0, 0)]),
      ("parts", (0..<40).map { (2 * $0, 2 * $0 + 1) }), ("clique", clique),
    ]
  }

  @Test func everyNodeOfEveryShapeHasAPlaceOfItsOwnAndTheSameEachTime() {
    var random = SeededRandom()
    for (name, pairs) in Self.shapes(&random) {
      let drawing = drawing(pairs, also: [1000, 1001, 1002])
      let placement = ForcePlacement(drawing)
      #expect(placement.positions.count == drawing.nodes.count)
      #expect(
        placement.positions.allSatisfy { $0.x.isFinite && $0.y.isFinite }, "\(name), seed \(random.seed)")
      for (place, position) in placement.positions.enumerated() {
        for other in placement.positions[..<place] {
          #expect(distance(position, other) > 1, "\(name), seed \(random.seed)")
        }
      }
      let again = ForcePlacement(drawing)
      #expect(zip(placement.positions, again.positions).allSatisfy { $0 == $1 }, "\(name)")
    }
  }

  /// In a good layout neighbors are nearer than others.
  @Test func neighborsAreNearerThanOthers() {
    var random = SeededRandom()
    for (name, pairs) in Self.shapes(&random) where ["tree", "grid", "path", "random"].contains(name) {
      let drawing = drawing(pairs)
      let positions = ForcePlacement(drawing).positions
      func mean(_ lengths: [Double]) -> Double { lengths.reduce(0, +) / Double(lengths.count) }
      let edges = mean(
        drawing.links.filter { $0.from != $0.to }.map { distance(positions[$0.from], positions[$0.to]) })
      var all: [Double] = []
      for (place, position) in positions.enumerated() {
        for other in positions[..<place] { all.append(distance(position, other)) }
      }
      #expect(edges < mean(all) * (name == "random" ? 0.8 : 0.4), "\(name), seed \(random.seed)")
    }
  }

  @Test func aGridIsDrawnWithoutCrossings() {
    let pairs = Self.grid(12)
    let drawing = drawing(pairs)
    let positions = ForcePlacement(drawing).positions
    func turn(_ a: Int, _ b: Int, _ c: Int) -> Double {
      let (first, second) = (positions[b], positions[c])
      let origin = positions[a]
      let left = (first.x - origin.x) * (second.y - origin.y)
      return left - (first.y - origin.y) * (second.x - origin.x)
    }
    var crossings = 0
    for (place, link) in drawing.links.enumerated() {
      for other in drawing.links[..<place] {
        let first = turn(link.from, link.to, other.from) * turn(link.from, link.to, other.to)
        let second = turn(other.from, other.to, link.from) * turn(other.from, other.to, link.to)
        if first < 0, second < 0 { crossings += 1 }
      }
    }
    #expect(crossings == 0)
  }

  /// The push on each point, beside that of a loop over all others.
  @Test func theTreeOfSquaresIsNearlyRight() {
    var random = SeededRandom()
    for count in [1, 2, 5, 300] {
      let x = (0..<count).map { _ in Double.random(in: -5...5, using: &random) }
      let y = (0..<count).map { _ in Double.random(in: -5...5, using: &random) }
      let masses = (0..<count).map { _ in Double.random(in: 1...9, using: &random) }
      var tree = QuadTree()
      tree.build(x, y, masses)
      #expect(tree.order.sorted() == (0..<Int32(count)).map { $0 })
      for (place, number) in tree.order.enumerated() {
        let node = Int(number)
        var exact = (x: 0.0, y: 0.0)
        var sum = 0.0
        for other in 0..<count where other != node {
          let (dx, dy) = (x[node] - x[other], y[node] - y[other])
          let distance = (dx * dx + dy * dy).squareRoot()
          let push = masses[other] / (distance * distance.squareRoot())
          exact.x += push * dx / distance
          exact.y += push * dy / distance
          sum += push
        }
        let push = tree.repulsion(at: place)
        // Pushes from all sides cancel out, and what is not exact in them does not.
        #expect(distance(push, exact) <= 0.25 * sum, "seed \(random.seed)")
      }
    }
    var tree = QuadTree()
    tree.build([1, 1, 1, 1, 1, 1], [2, 2, 2, 2, 2, 2], [1, 1, 1, 1, 1, 1])
    #expect((0..<6).allSatisfy { tree.repulsion(at: $0).x.isFinite })
  }

  @Test func picturesAreWholePixelsWithinTheirLimit() {
    var random = SeededRandom()
    for _ in 0..<500 {
      let own = (Double.random(in: 20...9000, using: &random), Double.random(in: 20...9000, using: &random))
      let limit = (Int.random(in: 40...3000, using: &random), Int.random(in: 40...3000, using: &random))
      let canvas = Canvas(fitting: own, within: limit, isBitmap: true)
      #expect(
        canvas.width <= limit.0 && canvas.height <= limit.1 && canvas.width % 4 == 0, "seed \(random.seed)")
      #expect(
        canvas.factor <= 1 && min(canvas.padding.x, canvas.padding.y) > Canvas.margin - 0.01 / canvas.factor)
      let back = canvas.ownSize(
        of: (
          (own.0 + 2 * (canvas.padding.x - Canvas.margin)) * canvas.factor,
          (own.1 + 2 * (canvas.padding.y - Canvas.margin)) * canvas.factor
        ))
      #expect(abs(back.width - own.0) < 1e-6 && abs(back.height - own.1) < 1e-6)
      #expect(Canvas(fitting: own, within: nil, scale: 2, isBitmap: true).factor == 2)
      for scale in [Double.nan, .infinity, -.infinity, 1e20, 0, -1] {
        let odd = Canvas(fitting: own, within: (.max, .max), scale: scale, isBitmap: true)
        #expect(odd.width > 0 && odd.height > 0 && odd.factor.isFinite)
      }
    }
  }

  @Test func longNamesAreBrokenAndKeepTheirEnds() {
    #expect("short".wrapped == "short")
    #expect(
      "org.example.project.module.SomeClassName".wrapped == "org.example.project.\nmodule.SomeClassName")
    let names = (1...3).map { String(repeating: "same/beginning/", count: 20) + "end\($0)" }
    #expect(Set(names.map(\.wrapped)).count == 3)
    for name in names {
      let lines = name.wrapped.split(separator: "\n")
      #expect(lines.count <= 4 && lines.allSatisfy { $0.count <= 30 } && name.wrapped.contains("…"))
    }
    #expect("a\nb".wrapped == "a\nb" && "1\n2\n3\n4\n5".wrapped == "1\n2\n3\n4\n5")
    #expect("1\n2\n3\n4\n5\n6".wrapped == "1\n2\n…\n5\n6")
  }

  @Test func aTypeHasTheSameColourInEachPicture() {
    func edge(_ from: String, _ to: String) -> Edge {
      Edge(from: NodeReference(type: from, id: "1"), to: NodeReference(type: to, id: "1"), type: "t")
    }
    let types = (0..<24).map { "T\($0 / 10)\($0 % 10)" }
    let all = Drawing(edges: zip(types, types.dropFirst()).map(edge), types: types, style: Style())
    var looks: Set<String> = []
    for (place, type) in types.enumerated() {
      let one = Drawing(edges: [edge(type, type)], types: types, style: Style())
      #expect(one.colors == [place] && all.colors[place] == place)
      #expect(one.shape(of: 0) == all.shape(of: place))
      looks.insert("\(Palette(.light).fill(place)) \(one.shape(of: 0))")
    }
    #expect(looks.count == types.count)
    // What the list does not know comes after it.
    #expect(Drawing(edges: [edge("T00", "Z")], types: types, style: Style()).colors == [0, 24])
  }

  @Test func theLegendShowsWhateverTypesAreCalled() throws {
    let types = ["]", "]]>", "a]", "<b>", "&amp;", "x\ty"]
    let edges = zip(types, types.dropFirst() + [types[0]]).map {
      Edge(
        from: NodeReference(type: $0, id: "1"), to: NodeReference(type: $1, id: "2"), type: "t]",
        data: JSON("]"))
    }
    let drawing = Drawing(edges: edges.sorted { $0.key < $1.key }, style: Style())
    let svg = String(
      decoding: try Graphviz.render(dot: Drawing.Plan(drawing, by: .dot).dot, format: .svg, layout: .dot),
      as: UTF8.self)
    for type in ["]", "]]&gt;", "a]", "&lt;b&gt;", "&amp;amp;"] {
      #expect(svg.contains(">\(type)</text>") || svg.contains("> \(type)</text>"), "\(type): \(svg)")
    }
  }
}
