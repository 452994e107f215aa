import Foundation
import KV
import KVGraph
import KVSQLite

// In-process figures on a graph that is already in a SQLite file:
//   Benchmarks/debian.py > debian.jsonl && kv graph import debian.jsonl --connection debian.db
//   swift run -c release GraphBenchmark debian.db

guard CommandLine.arguments.count == 2 else {
  print("usage: GraphBenchmark FILE")
  exit(64)
}
let graph = Graph(try await SQLiteStore(sqlite: CommandLine.arguments[1], creating: false))
let clock = ContinuousClock()

func milliseconds(_ duration: Duration) -> Double { duration / .milliseconds(1) }

func report(_ name: String, _ text: String) {
  print(name.padding(toLength: 34, withPad: " ", startingAt: 0), text)
}

func report(_ name: String, _ times: [Duration]) {
  let sorted = times.sorted()
  func percentile(_ part: Double) -> String {
    String(format: "%.3f ms", milliseconds(sorted[min(Int(part * Double(sorted.count)), sorted.count - 1)]))
  }
  report(name, "median \(percentile(0.5)), p99 \(percentile(0.99))")
}

func rate(_ count: Int, _ time: Duration) -> String {
  "\(Int(Double(count) / (time / .seconds(1)))) edges/s (\(count) in \(String(format: "%.1f", milliseconds(time))) ms)"
}

var start = clock.now
let adjacency = try await Adjacency(of: graph)
report("adjacency, from the database", rate(adjacency.edgeCount, clock.now - start))

// Pairs from a seed that stays, of nodes of all degrees.
let nodes = adjacency.ranking(by: .outDegree).map(\.node)
struct Pairs: RandomNumberGenerator {
  var state: UInt64 = 200
  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ state >> 33
  }
}
var random = Pairs()
let pairs = (0..<200).map { _ in
  (nodes[Int.random(in: nodes.indices, using: &random)], nodes[Int.random(in: nodes.indices, using: &random)])
}

var times: [Duration] = []
var found = 0
for (from, to) in pairs {
  start = clock.now
  if case .found = try await graph.shortestPath(from: from, to: to) { found += 1 }
  times.append(clock.now - start)
}
report("shortest path, 200 pairs, \(found) found", times)

start = clock.now
let reach = try await graph.reach(from: nodes[0])
report("breadth first, from the database", rate(reach.edges, clock.now - start))

start = clock.now
var edges = 0
while clock.now - start < .seconds(1) {
  _ = adjacency.reach(from: nodes[0])
  edges += reach.edges
}
report("breadth first, from the adjacency", rate(edges, clock.now - start))

start = clock.now
_ = adjacency.ranking(by: .pagerank, top: 10)
report("PageRank", String(format: "%.1f ms", milliseconds(clock.now - start)))

start = clock.now
_ = adjacency.components(strong: true)
report("strong components", String(format: "%.1f ms", milliseconds(clock.now - start)))
