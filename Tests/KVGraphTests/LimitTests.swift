import KV
import KVGraph
import TestSupport
import Testing

/// Inputs that are small and ask for much.
@Suite(.timeLimit(.minutes(60))) struct LimitTests {
  private func refusal(_ text: String, contains words: String) async throws {
    let graph = Graph(try await TestBackend.sqlite.store())
    let error = await expectError(.invalidData) { try await graph.load(ImportSource(name: "f", text: text)) }
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    #expect(try await graph.store.count(.all) == 0)
  }

  @Test func defaultsAndEntitiesAreLimited() async throws {
    let keys = (0..<100).map {
      #"<key id="k\#($0)" for="node" attr.name="a\#($0)"><default>\#(String(repeating: "y", count: 1000))</default></key>"#
    }
    let nodes = (0..<2000).map { #"<node id="A:\#($0)"/>"# }
    try await refusal(
      "<graphml>\(keys.joined())<graph>\(nodes.joined())</graph></graphml>",
      contains: "the defaults of the file's keys")
    let entity = #"<!DOCTYPE g [<!ENTITY a "\#(String(repeating: "x", count: 1_000_000))">]>"#
    let references = String(repeating: "&a;", count: 50)
    try await refusal(
      entity + #"<graphml><graph><node id="A:\#(references)"/></graph></graphml>"#, contains: "amplification")
    try await refusal(
      #"<!DOCTYPE g SYSTEM "x.dtd"><graphml><key id="k" for="node" attr.name="n"/><graph><node id="A:1">"#
        + #"<data key="k">a&lost;b</data></node></graph></graphml>"#, contains: "&lost;")
    let external = #"<!DOCTYPE g SYSTEM "x.dtd" [<!ENTITY own "x">]><graphml><graph><node id="A:1"#
    try await refusal(external + #"&lost;2"/></graph></graphml>"#, contains: "&lost;")
    let graph = Graph(try await TestBackend.sqlite.store())
    let edge = #"&own;&amp;&#65;"/><edge source="A:1" target="B:&lt;" label="t"/></graph></graphml>"#
    #expect(try await graph.load(ImportSource(name: "f", text: external + edge)).edges.added == 1)
  }

  @Test("an import writes neither edges nor consumers' positions as the attributes of nodes")
  func reservedKeys() async throws {
    for id in [
      "github.com:a-h/kv/stream/x", "GitHub.com:a-h/kv/stream/x", "graph:edge/A/1/t/B/2", "Graph:type/x",
    ] {
      let edge = #"{"from":"A:1","to":"A:2","type":"t"}"#
      try await refusal(
        #"{"nodes":[{"id":"\#(id)","seq":999}],"edges":[\#(edge)]}"#, contains: "kept for other records")
    }
  }

  @Test("objects on one line that is no JSON are read each once")
  func brokenLines() async throws {
    let edge = { (number: Int) in #"{"from":"A:\#(number)","to":"B:1","type":"t"}"# }
    let text = edge(0) + "\n" + (1..<20_000).map(edge).joined()
    let graph = Graph(try await TestBackend.sqlite.store())
    #expect(try await graph.load(ImportSource(name: "f", text: text)).edges.added == 20_000)
  }

  @Test("sums of weights are exact, and one too large for a number is an error and no absence")
  func weights() async throws {
    let graph = Graph(try await TestBackend.sqlite.store())
    func node(_ id: String) -> NodeReference { NodeReference(type: "N", id: id) }
    for (from, to, type, weight) in [
      ("a", "b", "heavy", "9007199254740993"), ("a", "b", "light", "9007199254740992"), ("b", "c", "t", "1"),
      ("x", "y", "t", "1e308"), ("y", "z", "t", "1e308"),
    ] {
      try await graph.add(
        Edge(
          from: node(from), to: node(to), type: type, data: JSON(members: [("w", JSON(parsing: weight))])))
    }
    for k in [1, 3] {
      let result = try await graph.shortestPaths(
        k, from: node("a"), to: node("c"), weight: EdgeWeight("w"))
      #expect(result.path?.edges.first?.type == "light")
      #expect(
        result.paths.compactMap { $0.weight.map { JSON($0).text } }
          == Array(["9007199254740993", "9007199254740994"].prefix(k)))
    }
    let error = await expectError(.invalidData) {
      try await graph.shortestWeightedPath(from: node("x"), to: node("z"), weight: EdgeWeight("w"))
    }
    #expect(error?.message.contains("more than a number can hold") == true)
    let limited = TraversalOptions(maxDepth: 5)
    await expectError(.invalidData) {
      try await graph.shortestPaths(
        2, from: node("x"), to: node("z"), weight: EdgeWeight("w"), options: limited)
    }
  }

  @Test("a walk in depth of a long chain reads each of its edges once")
  func chains() async throws {
    let graph = Graph(try await TestBackend.sqlite.store())
    let lines = (0..<20_000).map { #"{"from":"N:\#($0)","to":"N:\#($0 + 1)","type":"t"}"# }
    _ = try await graph.load(ImportSource(name: "f", text: lines.joined(separator: "\n")))
    var depths: [Int] = []
    for try await visit in graph.depthFirst(
      from: NodeReference(type: "N", id: "0"), options: TraversalOptions(nodeBudget: .max)
    ) {
      depths.append(visit.depth)
    }
    #expect(depths == Array(0...20_000))
  }

  @Test("more paths than memory holds are given out one by one")
  func manyPaths() async throws {
    let graph = Graph(try await TestBackend.sqlite.store())
    let lines = (0..<40).flatMap { level in
      [("a", "a"), ("a", "b"), ("b", "a"), ("b", "b")].map {
        #"{"from":"N:\#($0)\#(level)","to":"N:\#($1)\#(level + 1)","type":"t"}"#
      }
    }
    _ = try await graph.load(ImportSource(name: "f", text: lines.joined(separator: "\n")))
    var count = 0
    struct Enough: Error {}
    await #expect(throws: Enough.self) {
      try await graph.allShortestPaths(
        from: NodeReference(type: "N", id: "a0"), to: NodeReference(type: "N", id: "a40"), limit: .max
      ) { path in
        #expect(path.depth == 40)
        count += 1
        if count == 3000 { throw Enough() }
      }
    }
  }
}
