import KV
import KVGraph
import TestSupport
import Testing

@testable import KVQuery

/// Names that Unicode calls canonically equivalent are different names, as keys and ids are.
@Suite struct ExactNamesTests: PatternSuite {
  private static let (composed, decomposed) = ("\u{E9}", "e\u{301}")

  private func same(_ left: [String], _ right: [String]) -> Bool {
    left.count == right.count && zip(left, right).allSatisfy { $0.utf8.elementsEqual($1.utf8) }
  }

  @Test func whatIsNotSetStays() async throws {
    let (one, other) = (Self.composed, Self.decomposed)
    let graph = try await graph(
      #"""
      {"type":"N","id":"a","\#(one)":1,"\#(other)":2,"@labels":["N","\#(one)","\#(other)"]}
      {"from":"N:a","to":"N:b","type":"t","data":{"\#(one)":1,"\#(other)":2}}
      """#)
    _ = try await rows(
      graph, "MATCH (a:N {id:'a'})-[r]->() SET a.z = 1, r.z = 1 REMOVE a:`\(other)`", isWriting: true)
    let node = try #require(try await graph.node(NodeReference(type: "N", id: "a"))?.value)
    #expect(
      same(
        [node.text], [#"{"\#(one)":1,"\#(other)":2,"@labels":["N","\#(one)"],"z":1}"#]), "\(node.text)")
    var data: [String] = []
    for try await edge in graph.edges() { data.append(edge.data?.text ?? "") }
    #expect(same(data, [#"{"\#(one)":1,"\#(other)":2,"z":1}"#]), "\(data)")
    let asked = try await rows(
      graph,
      "MATCH (a:N {id:'a'}) RETURN a.`\(one)`, a.`\(other)`, size(keys(a)), {`\(one)`: 1}.`\(other)`, {`\(one)`: 1, `\(other)`: 2}.`\(one)`"
    )
    #expect(asked == ["1 | 2 | 3 | null | 1"])
    _ = try await graph.store.createIndex(AttributeIndex(label: "N", attribute: one))
    #expect(
      try await rows(graph, "MATCH (a:N) WHERE a.`\(one)` < 2 AND a.`\(other)` > 1.5 RETURN a.id") == ["a"])
    #expect(
      try await rows(graph, "UNWIND ['\(one)', '\(other)'] AS p RETURN '\(one)' =~ p") == ["true", "false"])
  }

  @Test(arguments: [false, true])
  func edgeTypesAreToldApart(isWriting: Bool) async throws {
    let (one, other) = (Self.composed, Self.decomposed)
    let graph = try await graph(
      #"""
      {"from":"N:a","to":"N:b","type":"\#(one)"}
      {"from":"N:c","to":"N:d","type":"\#(other)"}
      """#)
    for (type, found) in [(one, "a"), (other, "c")] {
      #expect(
        try await rows(graph, "MATCH (x)-[r:`\(type)`]->() RETURN x.id", isWriting: isWriting) == [found])
    }
    let types = try await rows(graph, "MATCH ()-[r]->() RETURN type(r), count(*)", isWriting: isWriting)
    #expect(same(types, ["\(one) | 1", "\(other) | 1"]), "\(types)")
  }

  @Test func parametersAndLabelsAreToldApart() async throws {
    let (one, other) = (Self.composed, Self.decomposed)
    let graph = try await graph(#"{"type":"N","id":"a","@labels":["N","\#(one)"]}"#)
    let asked = graph.query(
      "RETURN $`\(one)`, $`\(other)`", parameters: [one: .integer(1), other: .integer(2)])
    for try await row in asked { #expect(row.values.map(\.description) == ["1", "2"]) }
    for (label, found) in [(one, ["a"]), (other, [])] {
      #expect(try await rows(graph, "MATCH (x:`\(label)` {id: 'a'}) RETURN x.id") == found)
    }
  }

  @Test func aMeasureIsKeptUnderEachName() async throws {
    let (one, other) = (Self.composed, Self.decomposed)
    let graph = try await graph(
      #"""
      {"from":"N:\#(one)","to":"N:b","type":"t"}
      {"from":"N:\#(other)","to":"N:b","type":"t"}
      """#)
    let nodes = [one, other].map { NodeReference(type: "N", id: $0) }
    for round in 0..<2 {
      for name in [one, other] {
        let changes = try await graph.setAttribute(name, to: nodes.map { ($0, JSON(round)) })
        #expect(changes.set == 2 && changes.replaced == 2 * round && changes.removed == 0)
      }
    }
    let values = try await graph.values(of: nodes).compactMap { $0?.text }
    #expect(same(values, Array(repeating: #"{"\#(one)":1,"\#(other)":1}"#, count: 2)), "\(values)")
  }
}
