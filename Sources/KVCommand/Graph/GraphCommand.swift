import ArgumentParser
import KV
import KVGraph

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
          Verify.self, SnapshotCommand.self, IndexCommand.self,
        ]),
      CommandGroup(
        name: "Measures and structure",
        subcommands: [
          Communities.self, LabelPropagation.self, Clustering.self, TriangleCounts.self, Cores.self,
          Eccentricity.self, Diameter.self, Degrees.self, Bridges.self, Articulation.self,
          SpanningForest.self, Reduction.self,
          Closure.self, Condense.self,
        ]),
      CommandGroup(name: "In, out and on paper", subcommands: [Import.self, Export.self, View.self]),
    ])
}
