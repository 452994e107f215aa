import KV
import KVGraph
import TestSupport
import Testing

@testable import KVQuery

/// The counts of LDBC's subgraph queries (LSQB, https://github.com/ldbc/lsqb) in its example of a social network.
@Suite struct SocialNetworkTests: PatternSuite {
  /// By type, edges from node to node; a node is its type and a number.
  private static let edges = [
    "hasMember": "Forum1>Person1 Forum1>Person2 Forum1>Person3 Forum2>Person1 Forum2>Person4",
    "containerOf": "Forum1>Post10 Forum2>Post20",
    "hasCreator":
      "Comment1>Person3 Comment2>Person1 Comment3>Person3 Comment4>Person1 Comment5>Person4 Comment6>Person1 Post10>Person2 Post20>Person3",
    "knows":
      "Person1>Person2 Person1>Person3 Person1>Person4 Person2>Person3 Person3>Person4 Person4>Person5",
    "likes": "Person2>Comment2 Person2>Comment3 Person3>Comment4 Person1>Post10 Person3>Post10",
    "hasTag":
      "Comment1>Tag1 Comment3>Tag1 Comment2>Tag2 Comment3>Tag2 Comment4>Tag2 Comment6>Tag2 Forum1>Tag1 Post10>Tag1 Post20>Tag2",
    "hasInterest": "Person2>Tag1 Person4>Tag2",
    "isLocatedIn": "Person1>City5 Person2>City4 Person3>City6 Person4>City5 Person5>City5 Post10>Country3",
    "isPartOf": "City4>Country2 City5>Country3 City6>Country3 Country2>Continent1 Country3>Continent1",
    "replyOf":
      "Comment3>Comment2 Comment4>Comment3 Comment5>Comment4 Comment1>Post10 Comment2>Post10 Comment6>Post20",
    "hasType": "Tag1>TagClass2 Tag2>TagClass3",
  ]

  private static func node(_ name: Substring) -> String {
    "\(name.prefix { !$0.isNumber }):\(name.drop { !$0.isNumber })"
  }

  private static let queries: [(pattern: String, count: Int)] = [
    (
      "(:Country)<-[:isPartOf]-(:City)<-[:isLocatedIn]-(:Person)<-[:hasMember]-(:Forum)-[:containerOf]->(:Post)<-[:replyOf]-(:Comment)-[:hasTag]->(:Tag)-[:hasType]->(:TagClass)",
      8
    ),
    (
      "(a:Person)-[:knows]-(b:Person), (a)<-[:hasCreator]-(:Comment)-[:replyOf]->(:Post)-[:hasCreator]->(b)",
      3
    ),
    (
      "(c:Country) MATCH (x:Person)-[:isLocatedIn]->(:City)-[:isPartOf]->(c) MATCH (y:Person)-[:isLocatedIn]->(:City)-[:isPartOf]->(c) MATCH (z:Person)-[:isLocatedIn]->(:City)-[:isPartOf]->(c) MATCH (x)-[:knows]-(y)-[:knows]-(z)-[:knows]-(x)",
      6
    ),
    (
      "(:Tag)<-[:hasTag]-(m:Post|Comment)-[:hasCreator]->(:Person), (m)<-[:likes]-(:Person), (m)<-[:replyOf]-(:Comment)",
      8
    ),
    (
      "(x:Tag)<-[:hasTag]-(:Post|Comment)<-[:replyOf]-(:Comment)-[:hasTag]->(y:Tag) WHERE x <> y", 3
    ),
    ("(a:Person)-[:knows]-(:Person)-[:knows]-(c:Person)-[:hasInterest]->(:Tag) WHERE a <> c", 8),
    (
      "(:Tag)<-[:hasTag]-(m:Post|Comment)-[:hasCreator]->(:Person) OPTIONAL MATCH (m)<-[:likes]-(:Person) OPTIONAL MATCH (m)<-[:replyOf]-(:Comment)",
      11
    ),
    (
      "(x:Tag)<-[:hasTag]-(:Post|Comment)<-[:replyOf]-(c:Comment)-[:hasTag]->(y:Tag) WHERE x <> y AND NOT (c)-[:hasTag]->(x)",
      2
    ),
    (
      "(a:Person)-[:knows]-(:Person)-[:knows]-(c:Person)-[:hasInterest]->(:Tag) WHERE a <> c AND NOT (a)-[:knows]-(c)",
      4
    ),
  ]

  @Test(arguments: TestBackend.all)
  func subgraphsAreCounted(_ backend: TestBackend) async throws {
    let graph = Graph(try await backend.store())
    let lines = Self.edges.flatMap { type, edges in
      edges.split(separator: " ").map { edge in
        let ends = edge.split(separator: ">").map(Self.node)
        return #"{"from":"\#(ends[0])","to":"\#(ends[1])","type":"\#(type)"}"#
      }
    }
    _ = try await graph.load(ImportSource(name: "network.jsonl", text: lines.joined(separator: "\n")))
    for (pattern, count) in Self.queries {
      #expect(try await rows(graph, "MATCH \(pattern) RETURN count(*)") == ["\(count)"], "\(pattern)")
      #expect(try await rows(graph, "MATCH \(pattern) RETURN 1").count == count, "\(pattern)")
      #expect(
        try Parser.parse("MATCH \(pattern) RETURN count(*)").query.parts[0].counted != nil, "\(pattern)")
    }
  }
}
