import KV
import TestSupport
import Testing

@testable import KVGraph

/// Communities of graphs that are large enough for several cores, and for nodes to be looked at in batches.
@Suite struct CommunityTests {
  /// Forty groups of fifty nodes with thirty edges each inside, and some between.
  private func planted(_ random: inout SeededRandom) throws -> (adjacency: Adjacency, groups: [Int]) {
    var edges: [String: Edge] = [:]
    func join(_ one: Int, _ other: Int) {
      let edge = Edge(
        from: NodeReference(type: "N", id: "\(one)"), to: NodeReference(type: "N", id: "\(other)"), type: "t")
      edges[edge.key] = edge
    }
    for node in 0..<2000 {
      for _ in 0..<30 { join(node, node / 50 * 50 + Int.random(in: 0..<50, using: &random)) }
      join(node, Int.random(in: 0..<2000, using: &random))
    }
    let adjacency = try Adjacency(directed: edges.values.sorted { $0.key < $1.key })
    return (adjacency, adjacency.nodes.map { (Int($0.id) ?? 0) / 50 })
  }

  @Test func groupsThatArePlantedAreFound() throws {
    var random = SeededRandom()
    let (adjacency, groups) = try planted(&random)
    let network = WeightedNetwork(adjacency)
    #expect(network.neighbors.count > 50_000, "it is made for batches")
    let (numbers, modularity) = try adjacency.communities()
    #expect(Set(zip(numbers, groups).map { "\($0) \($1)" }).count == 40, "seed \(random.seed)")
    #expect(abs(modularity - network.modularity(of: groups.map(Int32.init), resolution: 1)) < 1e-9)
  }

  @Test func nodesMoveUntilNoneGains() throws {
    var random = SeededRandom()
    let network = WeightedNetwork(try planted(&random).adjacency)
    var moving = LocalMoving(of: Array(0..<Int32(network.count)), network, resolution: 1)
    moving.run((0..<Int32(network.count)).shuffled(using: &random))
    let quality = network.modularity(of: moving.parts, resolution: 1)
    for _ in 0..<200 {
      let node = Int.random(in: 0..<network.count, using: &random)
      var moved = moving.parts
      moved[node] = moving.parts.randomElement(using: &random) ?? 0
      #expect(network.modularity(of: moved, resolution: 1) <= quality + 1e-9, "seed \(random.seed)")
    }
    var again = LocalMoving(of: moving.parts, network, resolution: 1)
    again.run((0..<Int32(network.count)).shuffled(using: &random))
    #expect(again.parts == moving.parts, "seed \(random.seed)")
  }
}
