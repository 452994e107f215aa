import ArgumentParser
import KV
import KVGraph
import KVGraphView

/// A node and what was measured of it.
struct NodeMeasure: Sendable {
  var node: NodeReference
  var value: JSON
}

extension Listing<NodeMeasure> {
  /// - Parameter name: what is measured, in a word.
  static func measures(_ name: String) -> Listing {
    Listing(
      header: [name.uppercased(), "NODE"],
      json: { JSON(members: [("node", JSON($0.node)), (name, $0.value)]) },
      row: {
        [
          Int($0.value.text).map { .number($0) } ?? .text($0.value.string ?? $0.value.text),
          .text("\($0.node)"),
        ]
      })
  }
}

/// What a measure's values say of a node.
enum MeasureKind {
  /// How many, or how far.
  case amount
  /// A number that has a fraction by its nature.
  case score
  /// To which group it belongs.
  case group
}

/// How a measure of each node is printed, kept and drawn.
struct MeasureOutput: ParsableArguments {
  @Option(
    help: "Only so many nodes, -1 for all: those with the most first, or those of the largest groups.")
  var top: Limit?
  @Option(
    help: ArgumentHelp(
      "Write the values into the nodes' attributes under this name, in one transaction; other nodes lose what they have there.",
      valueName: "name"))
  var store: Text?

  func validate() throws {
    if let top = top?.count, top < 1 { throw ValidationError("--top \(top) is less than 1") }
  }

  /// Whether the values of all nodes are asked for, and not of those alone that are printed.
  func isOfAll(drawing found: FoundInGraph) throws -> Bool {
    try store != nil || found.output.pictureFormat(found.picture) != nil
  }

  var access: DatabaseOptions.Access { store == nil ? .read : .change }

  /// - Parameters:
  ///   - values: in the order of the adjacency's nodes; `nil` for nodes that are left out.
  ///   - choice: which edges the graph has.
  ///   - found: how it is printed and drawn.
  @MainActor
  func print(
    _ values: [JSON?], named name: String, kind: MeasureKind = .amount, of adjacency: Adjacency,
    along choice: TraversalOptions, in graph: Graph, with found: FoundInGraph
  ) async throws {
    let nodes = adjacency.nodes
    let measures = zip(nodes, values).compactMap { node, value in
      value.map { NodeMeasure(node: node, value: $0) }
    }
    var shown = measures
    if let top {
      // Equal ones stay in key order.
      let numbers = kind == .group ? Self.groupRanks(measures) : measures.map { Double($0.value.text) ?? 0 }
      shown = measures.indices.sorted { (numbers[$1], $0) < (numbers[$0], $1) }.prefix(top.count ?? .max).map
      {
        measures[$0]
      }
    }
    try await print(shown, of: measures, named: name, kind: kind, along: choice, in: graph, with: found)
  }

  /// - Parameters:
  ///   - shown: in the order in which they are printed.
  ///   - measures: of all nodes that have one, where ``isOfAll(drawing:)`` says so.
  @MainActor
  func print(
    _ shown: [NodeMeasure], of measures: [NodeMeasure], named name: String, kind: MeasureKind,
    along choice: TraversalOptions, in graph: Graph, with found: FoundInGraph
  ) async throws {
    let format = try found.output.pictureFormat(found.picture)
    if let store {
      try found.output.checkFiles(found.picture)
      // All alike: queries divide a whole number as one.
      let isReal =
        kind == .score || measures.contains { $0.value.kind == .number && $0.value.integer == nil }
      try await graph.store(
        measures.map { ($0.node, isReal ? $0.value.real : $0.value) }, as: store.value)
    }
    if found.output.printsPaths {
      try found.output.list.print(
        shown, as: .measures(name), inPipe: .text, onTerminal: .text, window: found.window)
    }
    guard let format else { return }
    let isPart = top != nil || found.window.limit != nil
    try await found.draw(
      isPart ? found.window.window.of(shown).map(\.node) : nil,
      marking: Highlights(JSON(elements: measures.map(Listing.measures(name).json))), along: choice,
      in: graph, as: format)
  }

  /// By node, more for the nodes of larger groups, of equal ones for those of the group that comes first.
  private static func groupRanks(_ measures: [NodeMeasure]) -> [Double] {
    var groups: [String: (size: Int, first: Int)] = [:]
    for (place, measure) in measures.enumerated() {
      groups[measure.value.text, default: (0, place)].size += 1
    }
    let order = groups.sorted { ($1.value.size, $0.value.first) < ($0.value.size, $1.value.first) }
    let ranks = Dictionary(
      uniqueKeysWithValues: order.enumerated().map { ($1.key, Double(-$0)) })
    return measures.map { ranks[$0.value.text] ?? 0 }
  }

  @MainActor
  func print(
    _ values: [Int], named name: String, kind: MeasureKind = .amount, of adjacency: Adjacency,
    along choice: TraversalOptions, in graph: Graph, with found: FoundInGraph
  ) async throws {
    try await print(
      values.map { JSON($0) }, named: name, kind: kind, of: adjacency, along: choice, in: graph,
      with: found)
  }

  @MainActor
  func print(
    _ values: [Double], named name: String, of adjacency: Adjacency, along choice: TraversalOptions,
    in graph: Graph, with found: FoundInGraph
  ) async throws {
    try await print(
      values.map { $0.isFinite ? JSON($0) : nil }, named: name, kind: .score, of: adjacency, along: choice,
      in: graph,
      with: found)
  }
}

extension JSON {
  /// A number that nobody takes for a whole one.
  fileprivate var real: JSON { integer == nil ? self : JSON(trusted: text + ".0") }
}

/// A weight in the edges' data.
struct WeightOption: ParsableArguments {
  @Option(help: "A number in the edges' data, by name or dotted path; left out, each edge weighs 1.")
  var weight: Text?
  @Option(help: "The weight of edges without one; left out, such an edge is an error.") var defaultWeight:
    Double?

  func validate() throws {
    if let defaultWeight, !(defaultWeight >= 0 && defaultWeight.isFinite) || weight == nil {
      throw ValidationError("--default-weight \(defaultWeight) needs --weight, and to be at least 0")
    }
  }

  var edgeWeight: EdgeWeight? { weight.map { EdgeWeight($0.value, default: defaultWeight) } }
}
