import ArgumentParser
import KV
import KVGraph

struct Diameter: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diameter", abstract: "Print the largest distance between two nodes.",
    discussion: """
      In edges, of all pairs of which one reaches the other. Of a large graph it is told at least and at most; --exact walks from every node.

      EXAMPLE
        kv graph diameter
      """)

  @OptionGroup var graph: WholeGraph
  @Option(help: "Along edges (out), against them (in), or either way (any).") var direction = EdgeDirection
    .any
  @Flag(help: "Exactly, however long it takes.") var exact = false
  @OptionGroup var output: ListOptions

  @MainActor
  func run() async throws {
    let adjacency = try await graph.read()
    var progress = Progress("walks", of: adjacency.nodeCount)
    var range = try adjacency.diameter(direction: direction) { progress.advance(to: $0) }
    if exact, range.count > 1 {
      range = try adjacency.diameter(direction: direction, effort: .max) { progress.advance(to: $0) }
    }
    progress.end()
    let isExact = range.count == 1
    let words = isExact ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
    try output.print(
      Report(
        json: JSON(members: [("atLeast", JSON(range.lowerBound)), ("atMost", JSON(range.upperBound))]),
        lines: [words],
        header: ["AT LEAST", "AT MOST"], rows: [[.number(range.lowerBound), .number(range.upperBound)]]))
  }
}

struct Degrees: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "degrees", abstract: "Print how many nodes have how many edges.",
    discussion: """
      An edge counts at both its ends, and a loop twice. As text a small plot, in which degrees are taken together by powers of two.

      EXAMPLE
        kv graph degrees
      """)

  @OptionGroup var graph: WholeGraph
  @OptionGroup var output: ListOptions

  @MainActor
  func run() async throws {
    let adjacency = try await graph.read()
    let distribution = adjacency.degreeDistribution
    guard (output.chosen ?? .text) == .text else {
      return try output.print(distribution, as: Self.listing, inPipe: .json)
    }
    try output.print(Report(json: .null, lines: Self.plot(distribution), header: [], rows: []))
  }

  private static let listing = Listing<(degree: Int, nodes: Int)>(
    header: ["DEGREE", "NODES"],
    json: { JSON(members: [("degree", JSON($0.degree)), ("nodes", JSON($0.nodes))]) },
    row: { [.number($0.degree), .number($0.nodes)] })

  /// A bar for each power of two, its length by the logarithm, for degrees are spread like that.
  static func plot(_ distribution: [(degree: Int, nodes: Int)]) -> [String] {
    var bins: [(range: ClosedRange<Int>, nodes: Int)] = []
    for (degree, nodes) in distribution {
      let low = degree < 2 ? degree : 1 << (Int.bitWidth - 1 - degree.leadingZeroBitCount)
      let range = low...(degree < 2 ? degree : 2 * low - 1)
      if bins.last?.range == range {
        bins[bins.count - 1].nodes += nodes
      } else {
        bins.append((range, nodes))
      }
    }
    let most = bins.map(\.nodes).max() ?? 0
    func magnitude(_ count: Int) -> Double { Double(Int.bitWidth - (count + 1).leadingZeroBitCount) }
    let labels = bins.map {
      $0.range.count == 1 ? "\($0.range.lowerBound)" : "\($0.range.lowerBound)-\($0.range.upperBound)"
    }
    let width = labels.map(\.count).max() ?? 0
    return zip(labels, bins).map { label, bin in
      let length = Int((magnitude(bin.nodes) / magnitude(most) * 40).rounded())
      return String(repeating: " ", count: width - label.count) + label + "  "
        + String(repeating: "█", count: max(length, 1)) + " \(bin.nodes)"
    }
  }
}
