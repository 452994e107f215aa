import ArgumentParser
import KV
import KVGraph

/// Nodes on the command line, each as a type and an id or as `Type:id` in one word, and behind them an edge type and data where a
/// command takes them.
struct NodeWords {
  struct Reading: Equatable {
    var nodes: [NodeReference]
    /// `nil` where none is given.
    var edgeType: String?
    var data: String?
  }

  enum EdgeType { case none, optional, required }

  private let readings: [Reading]
  private let words: [String]

  /// - Parameters:
  ///   - nodes: how many there are.
  ///   - takesData: whether one more word may follow, which begins as JSON does.
  init(_ words: [Text], nodes: Int, edgeType: EdgeType = .none, takesData: Bool = false) throws {
    self.words = words.map(\.value)
    var readings = Self.readings(of: self.words[...], nodes, edgeType, takesData)
    // No edge's type looks like data, and no data like a word.
    if takesData, readings.count > 1 {
      let plain = readings.filter { reading in
        !Self.isJSON(reading.edgeType ?? "")
          && !reading.nodes.contains { Self.isJSON($0.type) || Self.isJSON($0.id) }
      }
      if !plain.isEmpty { readings = plain }
    }
    self.readings = readings
    if readings.isEmpty {
      let expected = "\(nodes == 1 ? "a node," : "two nodes, each") as Type:id or as a type and an id"
      let more = edgeType == .none ? "" : edgeType == .required ? ", an edge type" : ", perhaps an edge type"
      throw ValidationError("expected \(expected)\(more)\(takesData ? ", perhaps data" : "")")
    }
    for reading in readings where reading.nodes.contains(where: { $0.type.isEmpty || $0.id.isEmpty }) {
      throw ValidationError("the type or the id of a node is empty")
    }
  }

  /// All ways to read the words.
  private static func readings(
    of words: ArraySlice<String>, _ nodes: Int, _ edgeType: EdgeType, _ takesData: Bool,
    after found: [NodeReference] = []
  ) -> [Reading] {
    if found.count == nodes {
      let rest = Array(words)
      switch (rest.count, edgeType) {
      case (0, .none), (0, .optional): return [Reading(nodes: found)]
      case (1, .optional), (1, .required): return [Reading(nodes: found, edgeType: rest[0])]
      case (2, .required) where takesData: return [Reading(nodes: found, edgeType: rest[0], data: rest[1])]
      default: return []
      }
    }
    guard let first = words.first else { return [] }
    func goOn(_ node: NodeReference, _ count: Int) -> [Reading] {
      readings(of: words.dropFirst(count), nodes, edgeType, takesData, after: found + [node])
    }
    let inOne = NodeReference(first).map { goOn($0, 1) } ?? []
    let inTwo = words.dropFirst().first.map { goOn(NodeReference(type: first, id: $0), 2) } ?? []
    return inOne + inTwo
  }

  private static func isJSON(_ word: String) -> Bool {
    word.unicodeScalars.first.map { ["{", "[", "\""].contains($0) } ?? false
  }

  /// The one way to read the words; where there are several, the one whose nodes are there. Throws usage with all of them otherwise.
  func reading(in graph: Graph) async throws -> Reading {
    if readings.count == 1 { return readings[0] }
    var possible: [Reading] = []
    for reading in readings {
      var areThere = true
      for node in reading.nodes where areThere { areThere = try await graph.node(node) != nil }
      if areThere { possible.append(reading) }
    }
    if possible.count == 1 { return possible[0] }
    throw ambiguity
  }

  /// The same where nothing can be looked up.
  func reading() throws -> Reading {
    guard readings.count == 1 else { throw ambiguity }
    return readings[0]
  }

  private var ambiguity: KVError {
    let meanings = readings.map { reading in
      let nodes = reading.nodes.map { "the node of type \(JSON($0.type)) with the id \(JSON($0.id))" }
      let type = reading.edgeType.map { ["the edge type \(JSON($0))"] } ?? []
      return (nodes + type + (reading.data.map { ["the data \($0)"] } ?? [])).joined(separator: ", ")
    }
    return KVError(
      .usage,
      "\(words.map { JSON($0).text }.joined(separator: " ")) may be \(meanings.joined(separator: "; or ")); write each type and id as two words"
    )
  }
}

/// A node and, if wanted, one edge type.
struct NodeArguments: ParsableArguments {
  @Argument(
    help: "The node, as Type:id or as a type and an id; behind it perhaps an edge type, * for all.",
    completion: Completion.nodeAndEdgeType)
  var node: [Text] = []

  func words() throws -> NodeWords { try NodeWords(node, nodes: 1, edgeType: .optional) }

  func validate() throws { _ = try words() }

  func reading(in graph: Graph) async throws -> (node: NodeReference, edgeType: String?) {
    let reading = try await words().reading(in: graph)
    return (reading.nodes[0], reading.edgeType.flatMap { $0 == "*" ? nil : $0 })
  }
}

/// Two nodes and, if wanted, one edge type.
struct NodePairArguments: ParsableArguments {
  @Argument(
    help: "Two nodes, each as Type:id or as a type and an id; behind them perhaps an edge type, * for all.",
    completion: Completion.nodePairAndEdgeType)
  var nodes: [Text] = []

  func words() throws -> NodeWords { try NodeWords(nodes, nodes: 2, edgeType: .optional) }

  func validate() throws { _ = try words() }

  func reading(in graph: Graph) async throws -> (from: NodeReference, to: NodeReference, edgeType: String?) {
    let reading = try await words().reading(in: graph)
    return (reading.nodes[0], reading.nodes[1], reading.edgeType.flatMap { $0 == "*" ? nil : $0 })
  }
}

/// Two nodes, an edge type, and perhaps the key of one of several parallel edges.
struct EdgeArguments: ParsableArguments {
  @Argument(
    help: "The nodes that the edge leaves and enters, each as Type:id or as a type and an id, and its type.",
    completion: Completion.nodePairAndEdgeType)
  var edge: [Text] = []
  @Option(help: "The key that tells the edge from parallel ones; '' for the one without.") var key: Text?

  func edge(in graph: Graph) async throws -> Edge {
    let reading = try await NodeWords(edge, nodes: 2, edgeType: .required).reading(in: graph)
    return try edge(of: reading)
  }

  func edge(of reading: NodeWords.Reading) throws -> Edge {
    let key = key?.value.isEmpty == true ? nil : key?.value
    let edge = Edge(
      from: reading.nodes[0], to: reading.nodes[1], type: reading.edgeType ?? "", parallelKey: key)
    try edge.validate()
    return edge
  }

  /// The stored edge that is meant: where no key is named, the one that there is.
  func stored(in graph: Graph) async throws -> Edge {
    let wanted = try await edge(in: graph)
    if key != nil {
      guard
        let edge = try await graph.edge(
          from: wanted.from, to: wanted.to, type: wanted.type, parallelKey: wanted.parallelKey)
      else { throw KVError(.notFound, "no edge \(wanted)") }
      return edge
    }
    let edges = try await graph.parallelEdges(from: wanted.from, to: wanted.to, type: wanted.type)
    if edges.count == 1 { return edges[0] }
    if edges.isEmpty {
      try await graph.require(wanted.from)
      try await graph.require(wanted.to)
      throw KVError(.notFound, "no edge \(wanted)")
    }
    let keys = edges.prefix(10).map { $0.parallelKey.map { JSON($0).text } ?? "none" }.joined(separator: ", ")
    throw KVError(
      .usage,
      "there are \(edges.count) edges \(wanted), with the keys \(keys)\(edges.count > 10 ? ", …" : ""); name one with --key, '' for none"
    )
  }
}
