import KV

/// What rows will ask for one by one is read for many of them at once.
extension WriteStage {
  func read(for rows: ArraySlice<Row>) async throws {
    switch clause {
    case .create(let parts, _): for part in parts { try await read(part, for: rows) }
    case .merge(let part, _, _, _): try await read(part, for: rows)
    case .set(let items, _):
      try await load(
        items.compactMap { item in
          switch item {
          case .property(.variable(let owner), _, _, _), .properties(let owner, _, _), .labels(let owner, _):
            owner
          case .property: nil
          }
        }, in: rows)
    case .remove(let items, _):
      try await load(
        items.compactMap { item in
          switch item {
          case .property(.variable(let owner), _, _), .labels(let owner, _): owner
          case .property: nil
          }
        }, in: rows)
    case .delete(let targets, let isDetaching, _):
      guard isDetaching else { return }
      let variables = targets.compactMap { target in
        if case .variable(let variable) = target { variable } else { nil }
      }
      try await shop.graph.readAll(at: nodes(variables, in: rows))
    case .match, .unwind, .with, .return: break
    }
  }

  /// The nodes that a pattern names, and the edges of those to which its edges lead.
  private func read(_ part: PatternPart, for rows: ArraySlice<Row>) async throws {
    guard let first = rows.first else { return }
    for node in part.nodes where node.variable.map({ first[$0] == nil }) ?? true {
      if let key = node.key(isBound: first.isBound) { try await shop.matcher.read(key, for: rows) }
    }
    if part.edges.isEmpty { return }
    try await shop.graph.readAll(at: nodes(part.nodes.compactMap(\.variable), in: rows))
  }

  private func load(_ variables: [Variable], in rows: ArraySlice<Row>) async throws {
    try await shop.graph.load(nodes(variables, in: rows))
    try await shop.graph.load(
      rows.flatMap { row in
        variables.compactMap { if case .edge(let edge)? = row[$0] { edge } else { nil } }
      })
  }

  private func nodes(_ variables: [Variable], in rows: ArraySlice<Row>) -> [QueryNode] {
    rows.flatMap { row in variables.compactMap { row[$0]?.node } }
  }
}
