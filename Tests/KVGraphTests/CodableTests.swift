import Foundation
import KV
import KVGraph
import TestSupport
import Testing

struct CodableTests {
  @Test func edgesAndNodesAreCodable() throws {
    let node = NodeReference(type: "User", id: "a:b")
    let edges = [
      Edge(from: node, to: node, type: "t"), Edge(from: node, to: node, type: "t", data: .null),
      Edge(
        from: node, to: NodeReference(type: "X", id: "ü"), type: "t/u", parallelKey: "k",
        data: ["w": [1, 2.5]]),
    ]
    for edge in edges {
      let encoded = try JSONEncoder().encode(edge)
      #expect(try JSONDecoder().decode(Edge.self, from: encoded) == edge)
      // What the record of an edge holds is read too.
      #expect(try JSONDecoder().decode(Edge.self, from: Data(edge.json.text.utf8)) == edge)
    }
    for value: JSON? in [nil, ["name": "Ann"], .some(.null)] {
      let node = Node(node, value: value)
      #expect(try JSONDecoder().decode(Node.self, from: JSONEncoder().encode(node)) == node)
    }
  }

  @Test("a walk that is left early has read no further", arguments: TestBackend.all)
  func lazyWalks(_ backend: TestBackend) async throws {
    let graph = Graph(try await backend.store())
    let nodes = (0..<5).map { NodeReference(type: "N", id: "\($0)") }
    for (from, to) in zip(nodes, nodes.dropFirst()) {
      try await graph.add(Edge(from: from, to: to, type: "t"))
    }
    var found: [NodeReference] = []
    for try await visit in graph.breadthFirst(from: nodes[0]) {
      found.append(visit.node)
      if visit.depth == 1 {
        // Nothing beyond this level has been asked for, so that what changes there counts.
        try await graph.remove(Edge(from: nodes[2], to: nodes[3], type: "t"))
      }
    }
    #expect(found == Array(nodes[...2]))
    var iterator = graph.depthFirst(from: nodes[0]).makeAsyncIterator()
    #expect(try await iterator.next()?.node == nodes[0])
    #expect(try await iterator.next()?.parent == nodes[0])
  }
}
