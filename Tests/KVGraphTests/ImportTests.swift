import KV
import KVSQLite
import Testing

@testable import KVGraph

@Suite struct ImportTests {
  /// A source that hands out a few bytes at a time, so that every boundary falls everywhere.
  func source(_ text: String, chunk: Int = 3) -> ImportSource {
    ImportSource(name: "f.json") {
      var rest = Array(text.utf8)[...]
      return {
        defer { rest = rest.dropFirst(chunk) }
        return Array(rest.prefix(chunk))
      }
    }
  }

  func load(_ text: String, _ options: ImportOptions = ImportOptions()) async throws -> (Graph, ImportSummary)
  {
    let graph = Graph(try await SQLiteStore(sqlite: ":memory:"))
    return (graph, try await graph.load(source(text), options: options))
  }

  static let edges = #"{"from":"U:a","to":{"type":"U","id":"b,]}\"["},"type":"t","data":{"n":[1.0,"]"]}}"#

  @Test(
    "every form gives the same edge",
    arguments: [
      "[\(edges)]", " [ \(edges) ] ", edges, edges + "\n", "\n\n" + edges + "\n\n",
      #"{"nodes":[],"edges":[\#(edges)]}"#,
      #"{"directed":true,"graph":{"edges":[1]},"edges":[\#(edges)],"nodes":["U:a"]}"#,
      #"{"links":[{"source":"U:a","target":{"type":"U","id":"b,]}\"["},"type":"t","n":[1.0,"]"]}]}"#,
    ])
  func forms(_ text: String) async throws {
    for chunk in [1, 7, 100_000] {
      let graph = Graph(try await SQLiteStore(sqlite: ":memory:"))
      let summary = try await graph.load(source(text, chunk: chunk))
      #expect(summary.edges == BulkCounts(added: 1))
      let records = try await graph.store.list()
      #expect(records.map(\.key) == ["graph/edge/U/a/t/U/b%2C%5D%7D%22%5B"])
      #expect(records[0].value["data"]?.text == #"{"n":[1.0,"]"]}"#)
    }
  }

  @Test func nodeAttributesBecomeEntities() async throws {
    let (graph, summary) = try await load(
      #"{"nodes":[{"type":"User","id":"a","name":"Ann","age":1.0},{"type":"User","id":"b"},"User:c"],"edges":[]}"#
    )
    #expect(summary.entities.added == 1)
    #expect(try await graph.store.get("user/a")?.value.text == #"{"name":"Ann","age":1.0}"#)
  }

  @Test func nodeLinkTakesTypesFromOptionsAndNodes() async throws {
    let text =
      #"{"directed":true,"nodes":[{"id":1,"type":"A"},{"id":"x:y"}],"links":[{"source":1,"target":"x:y","weight":2.50}]}"#
    let (graph, _) = try await load(text, ImportOptions(nodeType: "N", edgeType: "e"))
    #expect(try await graph.store.list().map(\.key) == ["graph/edge/A/1/e/N/x:y"])
    #expect(try await graph.store.list()[0].value["data"]?.text == #"{"weight":2.50}"#)
  }

  @Test(
    "a bad file says where, and leaves nothing",
    arguments: [
      ("", 0, ""), ("[1]", 1, "expected an edge"), ("nonsense", 1, "expected an edge"),
      ("[\(edges)", 1, "ends inside an array"),
      ("\(edges)\n{\"from\":", 2, "ends inside an object"),
      ("\(edges)\n{\"from\":\"U:a\",\"type\":\"t\"}\n", 2, "no 'to'"),
      ("[\(edges),\n{\"to\":\"U:a\",\"type\":\"t\"}]", 2, "no 'from'"),
      ("[\(edges)\n\(edges)]", 2, "expected ','"),
      ("[\(edges),\n]", 2, "no JSON value"), ("[\(edges)] x", 1, "after the end"),
      ("\(edges)\n{\"from\":\"U:a\",\"to\":\"b\",\"type\":\"t\"}", 2, "--node-type"),
      ("\(edges)\n{\"from\":\"U:a\",\"to\":\"U:b\"}", 2, "--edge-type"),
      ("{\"edges\":[\(edges)],\n\"nodes\":[}", 2, "value"),
      ("{\"edges\":[\(edges)]", 1, "ends inside an object"),
      ("{\"x\" 1,\"edges\":[\(edges)]}", 1, "expected ':'"), ("\(edges)\n\(edges)\n", 2, "exists already"),
      ("\(edges)\n{\"from\":\"U:a\",\"to\":\"*:b\",\"type\":\"t\"}", 2, "*"),
    ])
  func badFiles(_ text: String, _ line: Int, _ reason: String) async throws {
    let graph = Graph(try await SQLiteStore(sqlite: ":memory:"))
    if line == 0 { return #expect(try await graph.load(source(text)) == ImportSummary()) }
    let error = await #expect(throws: KVError.self) { _ = try await graph.load(source(text)) }
    #expect(error?.message.hasPrefix("f.json:\(line): ") == true, "\(error?.message ?? "")")
    #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
    #expect(try await graph.store.count(.all) == 0)
  }

  @Test func conflictPolicies() async throws {
    let (graph, _) = try await load(Self.edges)
    let skip = try await graph.load(source(Self.edges), options: ImportOptions(onConflict: .skip))
    #expect(skip.edges == BulkCounts(skipped: 1))
    let replace = try await graph.load(source(Self.edges), options: ImportOptions(onConflict: .replace))
    #expect(replace.edges == BulkCounts(replaced: 1))
    let error = await #expect(throws: KVError.self) { _ = try await graph.load(source(Self.edges)) }
    #expect(error?.code == .conflict)
  }
}
