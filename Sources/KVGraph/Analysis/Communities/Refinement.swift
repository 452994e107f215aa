/// Pieces of parts that grow together, each of which hangs together.
struct Refinement {
  /// By node, its piece, which has the number of the node that it began with.
  private(set) var pieces: [Int32]
  private var isAlone: [Bool]
  /// By piece, what all edges of its nodes weigh.
  private var strengths: [Double]
  /// By piece, what joins it with the rest of its part.
  private var outside: [Double]

  private let network: WeightedNetwork
  private let parts: [Int32]
  /// By part, as ``strengths``.
  private var partStrengths: [Double]
  private let resolution: Double
  private let total: Double

  init(of parts: [Int32], _ network: WeightedNetwork, resolution: Double) {
    (self.parts, self.network, self.resolution, total) = (parts, network, resolution, network.total)
    pieces = Array(0..<Int32(network.count))
    isAlone = [Bool](repeating: true, count: network.count)
    strengths = network.strengths
    outside = [Double](repeating: 0, count: network.count)
    partStrengths = outside
    for node in 0..<network.count { partStrengths[Int(parts[node])] += network.strengths[node] }
  }

  /// Looks at the nodes in an order. A part concerns no other, so each core has parts of its own.
  mutating func run(_ order: [Int32]) {
    let workers = Concurrently.parts(for: network.neighbors.count)
    let context = self
    pieces.withUnsafeMutableBufferPointer { pieces in
      isAlone.withUnsafeMutableBufferPointer { isAlone in
        strengths.withUnsafeMutableBufferPointer { strengths in
          outside.withUnsafeMutableBufferPointer { outside in
            // What stands at the nodes and pieces of a part is touched by who has that part, and nobody else.
            nonisolated(unsafe) let shared = Shared(
              pieces: pieces, isAlone: isAlone, strengths: strengths, outside: outside)
            _ = Concurrently.map(workers) { worker in
              context.refine(order.filter { Int(context.parts[Int($0)]) % workers == worker }, shared)
            }
          }
        }
      }
    }
  }

  private struct Shared {
    let pieces: UnsafeMutableBufferPointer<Int32>
    let isAlone: UnsafeMutableBufferPointer<Bool>
    let strengths: UnsafeMutableBufferPointer<Double>
    let outside: UnsafeMutableBufferPointer<Double>
  }

  private func refine(_ nodes: [Int32], _ shared: Shared) {
    for node in nodes {
      var sum = 0.0
      for arc in network.arcs(at: node) where parts[Int(network.neighbors[arc])] == parts[Int(node)] {
        sum += network.weights[arc]
      }
      shared.outside[Int(node)] = sum
    }
    func isWellConnected(_ piece: Int32, in part: Int32) -> Bool {
      let strength = shared.strengths[Int(piece)]
      return shared.outside[Int(piece)]
        >= resolution * strength * (partStrengths[Int(part)] - strength) / total - 1e-12 * total
    }
    var sums = [Double](repeating: 0, count: network.count)
    var found: [Int32] = []
    for node in nodes {
      let part = parts[Int(node)]
      guard shared.isAlone[Int(node)], isWellConnected(node, in: part) else { continue }
      found.removeAll(keepingCapacity: true)
      for arc in network.arcs(at: node) where parts[Int(network.neighbors[arc])] == part {
        let piece = shared.pieces[Int(network.neighbors[arc])]
        if sums[Int(piece)] == 0 { found.append(piece) }
        sums[Int(piece)] += network.weights[arc]
      }
      let strength = network.strengths[Int(node)]
      var (target, gain): (Int32, Double) = (node, 0)
      for piece in found where piece != node && isWellConnected(piece, in: part) {
        let other = sums[Int(piece)] - resolution * strength * shared.strengths[Int(piece)] / total
        if other > gain { (target, gain) = (piece, other) }
      }
      if target != node {
        shared.pieces[Int(node)] = target
        shared.isAlone[Int(target)] = false
        shared.outside[Int(target)] += shared.outside[Int(node)] - 2 * sums[Int(target)]
        shared.strengths[Int(target)] += strength
      }
      for piece in found { sums[Int(piece)] = 0 }
    }
  }
}
