import KV
import KVGraph

/// An attribute that a style asks for and that nothing drawn has.
public struct MissingAttribute: Sendable, Equatable {
  /// Its name, as the style has it.
  public var name: String
  /// Whether it is one of nodes, or else of edges.
  public var isOfNodes: Bool
  /// The names that there are, the nearest first.
  public var known: [String]
}

extension Drawing {
  /// What the style asks for in vain, as misspelled names are; empty where nothing is drawn.
  public var missingAttributes: [MissingAttribute] {
    guard let style else { return [] }
    var missing: [MissingAttribute] = []
    let ofNodes =
      (style.nodeLabel?.names ?? []).filter { $0 != "id" && $0 != "type" }
      + [style.group, style.link].compactMap { $0 }
    for name in ofNodes
    where !nodes.isEmpty && !nodes.contains(where: { $0.attributes?.member(named: name) != nil }) {
      missing.append(
        MissingAttribute(
          name: name, isOfNodes: true, known: Self.known(nodes.lazy.map(\.attributes), near: name)))
    }
    var ofEdges = style.width.map { [$0] } ?? []
    if case .template(let template)? = style.edgeLabel {
      ofEdges += template.names.filter { !["type", "from", "to", "data"].contains($0) }
    }
    for name in ofEdges
    where !edges.isEmpty && !edges.contains(where: { $0.data?.member(named: name) != nil }) {
      missing.append(
        MissingAttribute(name: name, isOfNodes: false, known: Self.known(edges.lazy.map(\.data), near: name)))
    }
    return missing
  }

  private static func known(_ values: some Sequence<JSON?>, near name: String) -> [String] {
    var names: Set<String> = []
    for value in values where names.count < 1000 {
      for member in value?.members ?? [] { names.insert(member.name) }
    }
    return namesByLikeness(to: name, among: names)
  }
}
