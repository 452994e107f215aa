import KV

/// How a graph is written to a file; ``Graph/load(_:options:progress:)`` reads both.
public enum ExportFormat: String, Sendable, CaseIterable {
  /// `{"nodes":[…],"edges":[…]}`, nodes where an entity gives them attributes.
  case json
  /// An edge a line.
  case jsonl
}

extension Graph {
  /// Writes the edges in key order, and before them, as JSON, the nodes with attributes.
  ///
  /// An entity is the record at `<type lowercased>/<id>` of a node that has an edge. Attributes named `id` and `type` are
  /// left out, for these are the node's own, and so are entities that are no objects. Memory: a page of edges, and
  /// the nodes where they are written.
  /// - Parameters:
  ///   - options: which edges are written.
  ///   - writeLine: takes the text line by line.
  public func export(
    as format: ExportFormat, options: TraversalOptions = TraversalOptions(nodeBudget: .max),
    isolation: isolated (any Actor)? = #isolation, writeLine: (String) throws -> Void
  ) async throws {
    var separator = ""
    if format == .json {
      try writeLine(#"{"nodes":["#)
      let nodes = try await Adjacency(of: self, options: options).nodes
      for start in stride(from: 0, to: nodes.count, by: pageSize) {
        for node in try await attributed(nodes[start..<min(start + pageSize, nodes.count)]) {
          try writeLine(separator + node.text)
          separator = ","
        }
      }
      try writeLine(#"],"edges":["#)
      separator = ""
    }
    for try await edge in edges() {
      guard options.admits(type: KeyPart.escape(edge.type)), options.admits(edge) else { continue }
      switch format {
      case .json: try writeLine(separator + edge.json.text)
      case .jsonl: try writeLine(edge.json.text)
      }
      separator = ","
    }
    if format == .json { try writeLine("]}") }
  }

  /// The nodes that have an entity with attributes, with these.
  private func attributed(_ nodes: ArraySlice<NodeReference>) async throws -> [JSON] {
    let keys = nodes.map { $0.type.lowercased() + "/" + $0.id }
    let entities = Dictionary(try await store.get(keys).map { (Array($0.key.utf8), $0.value) }) { first, _ in
      first
    }
    return zip(nodes, keys).compactMap { node, key in
      let attributes =
        entities[Array(key.utf8)]?.members?.filter { $0.name != "id" && $0.name != "type" } ?? []
      if attributes.isEmpty { return nil }
      return JSON(
        members: [("id", JSON(node.id)), ("type", JSON(node.type))] + attributes.map { ($0.name, $0.value) })
    }
  }
}
