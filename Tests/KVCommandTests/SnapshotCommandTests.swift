import Foundation
import KV
import Testing

@testable import KVCommand

/// The graph's file beside the database.
extension CommandTests {
  @Test func snapshotsAreSwitchedOffInSeveralWords() async throws {
    try await social()
    _ = try await kv("graph", "snapshot")
    for (word, status) in [("off", "0"), ("NO", "0"), ("0", "0"), ("on", "0"), ("", "0"), ("perhaps", "64")] {
      let outcome = try await script("KV_SNAPSHOT='\(word)' $kv graph stats > /dev/null; echo $?")
      #expect(outcome.output == status + "\n", "\(word)")
      if status == "64" {
        #expect(outcome.error == "kv: KV_SNAPSHOT is \"perhaps\"; expected on or off\n")
      }
    }
  }

  @Test func aSnapshotIsMadeUsedCheckedAndDropped() async throws {
    try await social()
    let before = try await kv("graph", "stats", "--format", "json").output
    // Of a small graph none is made by itself.
    #expect(!FileManager.default.fileExists(atPath: folder + "/data.db-graph"))
    let made = try await kv("graph", "snapshot")
    #expect(
      made.status == 0 && made.output.hasPrefix("data.db-graph: ")
        && made.output.contains(" edges, up to change "))
    #expect(FileManager.default.fileExists(atPath: folder + "/data.db-graph"))
    #expect(try await kv("graph", "stats", "--format", "json").output == before)
    _ = try await kv("graph", "add-edge", "User:zoe", "Post:9", "likes")
    let after = try await kv("graph", "stats", "--format", "json").output
    #expect(after != before)
    let asked = try await kv(
      "graph", "query", "MATCH (:User)-[:likes]->(p) RETURN count(p)", "--format", "csv")
    #expect(asked.output.split(separator: "\n").last == "1")
    #expect(
      try await kv("graph", "snapshot", "--check").output == "data.db-graph is what the database holds\n")
    // A file that is damaged is not believed.
    try Data("kv-graph 3\nnothing".utf8).write(to: URL(fileURLWithPath: folder + "/data.db-graph"))
    #expect(try await kv("graph", "stats", "--format", "json").output == after)
    let damaged = try await kv("graph", "snapshot", "--check")
    #expect(damaged.status == 1 && damaged.error == "kv: the snapshot data.db-graph is damaged\n")
    #expect(try await kv("graph", "snapshot", "--drop").output == "deleted data.db-graph\n")
    #expect(try await kv("graph", "snapshot", "--drop").output == "there was no data.db-graph\n")
    let absent = try await kv("graph", "snapshot", "--check")
    #expect(absent.status == 3 && absent.error == "kv: there is no snapshot data.db-graph\n")
    #expect(try await kv("graph", "snapshot", "--check", "--drop").status == 64)
    #expect(try await kv("graph", "snapshot", "--connection", ":memory:").status == 1)
  }

  /// Whatever stands in its place stays, and no other command writes there.
  @Test func anotherDatabaseIsNoSnapshot() async throws {
    try await social()
    #expect(try await kv("put", "precious", "1", "--connection", "data.db-graph").status == 0)
    let refused = try await kv("graph", "snapshot")
    #expect(
      refused.status == 1 && refused.error == "kv: cannot write data.db-graph: something else is there\n")
    #expect(try await kv("graph", "snapshot", "--check").error == "kv: data.db-graph is no snapshot\n")
    #expect(try await kv("graph", "snapshot", "--drop").error == "kv: data.db-graph is no snapshot\n")
    #expect(try await kv("get", "precious", "--connection", "data.db-graph").output == "1\n")
    for command in [["backup"], ["dump"], ["graph", "export", "-o"]] {
      #expect(try await kv(arguments: command + ["data.db-graph"]).status == 64, "\(command)")
    }
  }

  /// Though its connection may only read.
  @Test func aQueryOverALargeGraphMakesOne() async throws {
    let lines = (0..<10_000).map {
      #"{"from":"N:\#($0 / 5)","to":"N:\#($0 * 7 % 2000)","type":"t","key":"\#($0)"}"#
    }
    try Data(lines.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: folder + "/large.jsonl"))
    #expect(try await kv("graph", "import", "large.jsonl").status == 0)
    let before = try Data(contentsOf: URL(fileURLWithPath: folder + "/data.db"))
    for _ in 0..<2 {
      let asked = try await kv("graph", "query", "MATCH (n) RETURN count(n)", "--format", "csv")
      #expect(asked.output.split(separator: "\n").last == "2000" && asked.error.isEmpty)
      #expect(FileManager.default.fileExists(atPath: folder + "/data.db-graph"))
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder + "/data.db")) == before)
    #expect(try await kv("graph", "snapshot", "--check").status == 0)
  }

  @Test func aLongSearchInTheSnapshotFindsThePathOfTheDatabase() async throws {
    // A wide graph: from each node of a layer to many of the next.
    var lines = ""
    for layer in 0..<6 {
      for node in 0..<60 {
        for step in 0..<20 {
          lines +=
            #"{"from":"N:\#(layer)-\#(node)","to":"N:\#(layer + 1)-\#((node * 7 + step * 3) % 60)","type":"t","data":{"w":\#(step)}}"#
            + "\n"
        }
      }
    }
    try Data(lines.utf8).write(to: URL(fileURLWithPath: folder + "/wide.jsonl"))
    #expect(try await kv("graph", "import", "wide.jsonl").status == 0)
    let pairs = [("0-0", "6-31"), ("0-5", "6-2"), ("1-1", "6-59"), ("6-0", "0-0")]
    var found: [String] = []
    for (from, to) in pairs {
      found.append(try await kv("graph", "find-path", "N", from, "N", to, "--format", "json").output)
    }
    #expect(try await kv("graph", "snapshot").status == 0)
    for ((from, to), before) in zip(pairs, found) {
      let again = try await kv("graph", "find-path", "N", from, "N", to, "--format", "json")
      #expect(again.output == before, "\(from) \(to)")
    }
  }
}
