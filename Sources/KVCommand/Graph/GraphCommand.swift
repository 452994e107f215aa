import ArgumentParser
import KV
import KVGraph
import Synchronization

struct GraphCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "graph", abstract: "Nodes, edges, paths and pictures.",
    discussion: """
      NODES
        A node is a type and an id, as two words or in one: User alice, User:alice. It is there where an edge touches it, or where a \
      record of its type describes it.

      CONDITIONS
        --where chooses edges by their data: since >= "2024-01-15" and (status = "active" or not exists ended). Names are \
      members of the data, a.b.0 leads inside, `any name` may stand in backquotes; @type, @from.type, @from.id, @to.type and \
      @to.id are the edge's own. Operators: = != < <= > >= not and or exists.

      EXAMPLE
        kv graph find-path User alice Post 3
        kv graph stats
        kv graph view -o graph.png
      """,
    groupedSubcommands: [
      CommandGroup(
        name: "Nodes",
        subcommands: [
          AddNode.self, GetNode.self, RemoveNode.self, RenameNode.self, Nodes.self, Adopt.self,
        ]),
      CommandGroup(
        name: "Edges",
        subcommands: [
          AddEdge.self, GetEdge.self, RemoveEdge.self, GetOutgoing.self, GetIncoming.self, Edges.self,
          EdgeTypeCommand.self,
        ]),
      CommandGroup(
        name: "Paths and surroundings",
        subcommands: [
          QueryCommand.self,
          FindPath.self, ImpactCommand.self, Cut.self, BreadthFirst.self, DepthFirst.self, Distances.self,
          Neighbors.self, DegreeCommand.self, Mutual.self,
        ]),
      CommandGroup(
        name: "The whole graph",
        subcommands: [
          Schema.self, Stats.self, Components.self, Cycle.self, TopologicalOrder.self, RankCommand.self,
          Verify.self, SnapshotCommand.self,
        ]),
      CommandGroup(
        name: "Measures and structure",
        subcommands: [
          Communities.self, LabelPropagation.self, Clustering.self, TriangleCounts.self, Cores.self,
          Eccentricity.self,
          Diameter.self, Degrees.self, Bridges.self, Articulation.self, SpanningForest.self, Reduction.self,
          Closure.self, Condense.self,
        ]),
      CommandGroup(name: "In, out and on paper", subcommands: [Import.self, Export.self, View.self]),
    ])
}

extension DatabaseOptions {
  func graph(for access: Access) async throws -> Graph { Graph(try await open(for: access)) }

  /// The graph for what reads all of it, from its snapshot where there is one or there should be.
  /// - Parameter creating: whether one is made where the graph is large.
  func wholeGraph(for access: Access, creating: Bool = true) async throws -> Graph {
    let store = try await open(for: access)
    if Environment["KV_SNAPSHOT"] == "off" { return Graph(store) }
    var snapshot = try await snapshot(of: store, creating: creating)
    if !creating { snapshot?.leastEdges = .max }
    // Said once: the next change will not make it better.
    let failures = Failures()
    snapshot?.onFailure = { failure in
      if failures.add(failure) {
        Task { @MainActor in Output.note("kv: there is no snapshot of the graph: \(failure)") }
      }
    }
    return Graph(store, snapshot: snapshot)
  }
}

/// What went wrong, each thing once.
final class Failures: Sendable {
  private let messages = Mutex<[String]>([])

  var first: String? { messages.withLock { $0.first } }

  /// - Returns: whether it is new.
  @discardableResult
  func add(_ message: String) -> Bool {
    messages.withLock { messages in
      if messages.contains(message) { return false }
      messages.append(message)
      return true
    }
  }
}
