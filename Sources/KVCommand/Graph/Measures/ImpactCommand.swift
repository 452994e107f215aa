import ArgumentParser
import KV
import KVGraph
import KVGraphView

struct ImpactCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "impact", abstract: "Print what depends on a node: what breaks if it goes.",
    discussion: """
      Everything from which edges lead to the node, level by level; with --direction out everything that it needs. --through prints the nodes in \
      between that every way goes through, and how many hang on each. --why prints one way.

      EXAMPLE
        kv graph impact Post 3
        kv graph impact Post 3 --levels
        kv graph impact Post 3 --through
        kv graph impact Post 3 --why User:alice
        kv graph impact Post 3 -o impact.svg
      """)

  @OptionGroup var graph: WholeGraph
  @OptionGroup var arguments: NodeArguments
  @Option(help: "What edges lead from (in), what they lead to (out), or either (any).") var direction =
    EdgeDirection.in
  @Option(help: "At most so many edges away; -1 for however many.") var maxDepth = Limit(nil)
  @Flag(help: "Print how many there are on each level, by type.") var levels = false
  @Flag(help: "Print the nodes that every way to others goes through, and how many those are.") var through =
    false
  @Option(
    help: ArgumentHelp("Print one way between this node and the other.", valueName: "node"),
    completion: Completion.nodes)
  var why: Text?
  @OptionGroup var found: FoundInGraph

  func validate() throws {
    if [levels, through, why != nil].filter({ $0 }).count > 1 {
      throw ValidationError("--levels, --through and --why are three questions")
    }
    if let why, NodeReference(why.value) == nil { throw ValidationError("--why names a node as Type:id") }
  }

  @MainActor
  func run() async throws {
    let format = try found.output.pictureFormat(found.picture)
    let database = try await graph.database.wholeGraph(for: .read)
    let (node, edgeType) = try await arguments.reading(in: database)
    try await database.require(node)
    let adjacency = try await graph.read(database, edgeType: edgeType)
    let impact = adjacency.impact(of: node, direction: direction, maxDepth: maxDepth.count ?? .max)
    let options = try graph.edges.options(edgeType: edgeType)
    if let why {
      return try await found.print(
        way: way(from: why.value, to: node, impact, in: database), along: options, in: database)
    }
    if found.output.printsPaths {
      try printAnswer(impact)
      Output.note(summary(impact))
    }
    guard let format else { return }
    if impact.reached.isEmpty { throw KVError(.notFound, "there is nothing to draw: nothing is reached") }
    let marked = through ? found.window.window.of(impact.gates.map(\.node)) : []
    let highlights =
      marked.isEmpty
      ? try Self.levels(of: impact, around: node) : Highlights(nodes: Set(marked + [node]), edges: [])
    try await draw(impact, highlights, around: node, options, in: database, as: format)
  }

  @MainActor
  private func printAnswer(_ impact: Impact) throws {
    let list = found.output.list
    if through {
      try list.print(
        impact.gates.map { Gate(node: $0.node, count: $0.count) }, as: .gates, inPipe: .text,
        onTerminal: .text, window: found.window)
    } else if levels {
      try list.print(
        Level.all(of: impact), as: .levels, inPipe: .text, onTerminal: .text, window: found.window)
    } else {
      try list.print(impact.reached, as: .reached, inPipe: .text, onTerminal: .text, window: found.window)
    }
  }

  private func summary(_ impact: Impact) -> String {
    let count = impact.reached.count
    let types = Level.types(impact.reached).map { "\($0.count) \($0.type)" }.joined(separator: ", ")
    return "kv: \(count.counted("node", "nodes"))" + (types.isEmpty ? "" : ": \(types)")
      + "; \((impact.reached.last?.level ?? 0).counted("level", "levels"))"
  }

  /// One way, along the edges: from the other node on, or to it.
  private func way(from text: String, to node: NodeReference, _ impact: Impact, in graph: Graph) async throws
    -> [NodeReference]
  {
    guard let start = NodeReference(text) else { return [] }
    let before = Dictionary(impact.reached.map { ($0.node, $0.by) }) { first, _ in first }
    if start != node, before[start] == nil {
      try await graph.require(start)
      throw KVError(
        .notFound,
        "\(start) is not among what is reached from \(node)"
          + (maxDepth.count.map { " by at most \($0.counted("edge", "edges")): --max-depth" } ?? ""))
    }
    var way = [start]
    while let next = way.last.flatMap({ before[$0] }) { way.append(next) }
    return direction == .out ? way.reversed() : way
  }

  /// A color for each level.
  private static func levels(of impact: Impact, around node: NodeReference) throws -> Highlights {
    let levels = [(node, 0)] + impact.reached.map { ($0.node, $0.level) }
    return try Highlights(
      JSON(elements: levels.map { JSON(members: [("node", JSON($0)), ("level", JSON($1))]) }))
  }

  /// The edges between a node and the one by which it was reached.
  private func draw(
    _ impact: Impact, _ highlights: Highlights, around node: NodeReference, _ options: TraversalOptions,
    in graph: Graph, as format: PictureFormat
  ) async throws {
    let limit = 500
    let shown = levels || through ? impact.reached : found.window.window.of(impact.reached)
    var edges: [String: Edge] = [:]
    let level = Dictionary(impact.reached.map { ($0.node, $0.level) }) { first, _ in first }
    for reached in shown.prefix(limit) {
      for edge in try await graph.neighborhood(of: reached.node, depth: 1, options: options) {
        let other = edge.from == reached.node ? edge.to : edge.from
        guard other == node || level[other].map({ $0 < reached.level }) ?? false else { continue }
        edges[edge.key] = edge
      }
    }
    if shown.count > limit {
      Output.note("kv: the picture shows the nearest \(limit) of \(shown.count) nodes")
    }
    try await found.draw(
      [], edges.values.sorted { $0.key < $1.key }, along: options, marking: highlights,
      in: graph, as: format)
  }
}

/// A node through which ways go.
private struct Gate {
  var node: NodeReference
  var count: Int
}

/// How many nodes there are on a level, by type.
private struct Level {
  var level: Int
  var nodes: [Impact.Reached]

  static func all(of impact: Impact) -> [Level] {
    Dictionary(grouping: impact.reached, by: \.level).sorted { $0.key < $1.key }.map {
      Level(level: $0.key, nodes: $0.value)
    }
  }

  /// The most frequent type first.
  static func types(_ nodes: [Impact.Reached]) -> [(type: String, count: Int)] {
    Dictionary(grouping: nodes, by: \.node.type).map { ($0.key, $0.value.count) }.sorted {
      ($1.1, $0.0) < ($0.1, $1.0)
    }
  }
}

extension Listing<Gate> {
  fileprivate static let gates = Listing(
    header: ["NODES", "THROUGH"],
    json: { JSON(members: [("node", JSON($0.node)), ("nodes", JSON($0.count))]) },
    row: { [.number($0.count), .text("\($0.node)")] })
}

extension Listing<Level> {
  fileprivate static let levels = Listing(
    header: ["LEVEL", "NODES", "TYPES"],
    json: { level in
      JSON(members: [
        ("level", JSON(level.level)), ("nodes", JSON(level.nodes.count)),
        ("types", JSON(members: Level.types(level.nodes).map { ($0.type, JSON($0.count)) })),
      ])
    },
    row: { level in
      [
        .number(level.level), .number(level.nodes.count),
        .text(Level.types(level.nodes).map { "\($0.type) \($0.count)" }.joined(separator: ", ")),
      ]
    })
}

extension Listing<Impact.Reached> {
  fileprivate static let reached = Listing(
    header: ["LEVEL", "NODE", "BY", "THROUGH"],
    json: {
      JSON(members: [
        ("node", JSON($0.node)), ("level", JSON($0.level)), ("by", JSON($0.by)),
        ("through", JSON($0.through)),
      ])
    },
    row: { [.number($0.level), .text("\($0.node)"), .text("\($0.by)"), .text("\($0.through)")] },
    text: { "\($0.level)  \($0.node)" })
}
