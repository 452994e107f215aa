import Foundation
import KV
import KVGraph
import KVSQLite

// Figures from inside one process, on a graph that is in a SQLite file already, as JSON in seconds:
//   GraphBenchmark FILE PAIRS
// PAIRS has a line for each path to find: two nodes, Type:id, with a tab between. Walks begin at the first.

guard CommandLine.arguments.count == 3 else {
  print("usage: GraphBenchmark FILE PAIRS")
  exit(64)
}
let graph = Graph(try await SQLiteStore(sqlite: CommandLine.arguments[1], creating: false))
let pairs = try String(contentsOfFile: CommandLine.arguments[2], encoding: .utf8).split(separator: "\n").map {
  $0.split(separator: "\t").compactMap { NodeReference(String($0)) }
}.filter { $0.count == 2 }.map { (from: $0[0], to: $0[1]) }
guard let first = pairs.first else {
  print("\(CommandLine.arguments[2]): no pairs")
  exit(65)
}
let clock = ContinuousClock()
var figures: [(String, JSON)] = []

func seconds(_ body: () async throws -> Void) async rethrows -> Double {
  let start = clock.now
  try await body()
  return (clock.now - start) / .seconds(1)
}

@MainActor func note(_ name: String, _ value: Double) { figures.append((name, JSON(value))) }

@MainActor func note(_ name: String, _ times: [Double]) {
  let sorted = times.sorted()
  note("\(name) median", sorted[sorted.count / 2])
  note("\(name) p99", sorted[min(sorted.count * 99 / 100, sorted.count - 1)])
}

var times: [Double] = []
for pair in pairs {
  times.append(try await seconds { for try await _ in try await graph.outgoing(of: pair.from) {} })
}
note("outgoing", times)
times = []
for pair in pairs {
  times.append(try await seconds { for try await _ in try await graph.incoming(of: pair.to) {} })
}
note("incoming", times)

/// - Returns: how many pairs have a path.
@MainActor func notePaths(_ name: String, in graph: Graph) async throws -> Int {
  var times: [Double] = []
  var found = 0
  for (from, to) in pairs {
    times.append(
      try await seconds { if try await graph.shortestPath(from: from, to: to).path != nil { found += 1 } })
  }
  note(name, times)
  return found
}

note("paths found", Double(try await notePaths("path", in: graph)))

times = []
for (from, to) in pairs.prefix(20) {
  times.append(
    try await seconds {
      _ = try await graph.shortestWeightedPath(from: from, to: to, weight: EdgeWeight("size", default: 1))
    })
}
note("weighted", times)

var reach = 0
note("bfs", try await seconds { reach = try await graph.reach(from: first.from).edges })
note("bfs edges", Double(reach))

var adjacency: Adjacency?
note("adjacency", try await seconds { adjacency = try await Adjacency(of: graph) })
if let adjacency {
  note("edges", Double(adjacency.edgeCount))
  note("nodes", Double(adjacency.nodeCount))
  // Often enough that the clock can tell.
  var rounds = 0
  let time = await seconds {
    let start = clock.now
    while clock.now - start < .seconds(1) {
      _ = adjacency.reach(from: first.from)
      rounds += 1
    }
  }
  note("bfs of the adjacency", time / Double(rounds))
  note("pagerank", await seconds { _ = try? adjacency.ranking(by: .pagerank, top: 10) })
  note("components", await seconds { _ = adjacency.componentNumbers() })
  note("cores", await seconds { _ = adjacency.coreNumbers() })
  note("clustering", await seconds { _ = adjacency.clustering() })
  note("communities", await seconds { _ = try? adjacency.communities() })
}
let snapshot = GraphSnapshot(path: CommandLine.arguments[1] + "-graph")
_ = try await snapshot.read(graph)
note("snapshot", try await seconds { _ = try await GraphSnapshot(path: snapshot.path).read(graph) })
let whole = Graph(graph.store, snapshot: snapshot)
// The first long search brings the graph into memory, and lists what enters each node.
for (from, to) in pairs { _ = try await whole.shortestPath(from: from, to: to) }
_ = try await notePaths("path with snapshot", in: whole)
print(JSON(members: figures).pretty)
