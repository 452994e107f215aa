import TestSupport
import Testing

/// Dumps, copies and backups, as people make them.
extension CommandTests {
  @Test func aDumpMakesTheSameDatabase() async throws {
    try await social()
    try await kv("put", "k", #"{"b":1.0,"a":[null]}"#)
    try await kv("task", "new", "echo", input: "[1, 2]")
    try await kv("lock", "acquire", "l", "me", "--duration", "1h")
    let dump = try await kv("dump", "all.jsonl")
    #expect(
      dump.status == 0 && dump.output.isEmpty
        && dump.error.hasPrefix("kv: 18 records, 18 changes, 1 task, 1 lock; "))
    let restored = try await kv("restore", "all.jsonl", "--connection", "new.db")
    #expect(restored.output.hasPrefix("Restored 18 records, 18 changes, 1 task, 1 lock; "), "\(restored)")
    let (first, second) = (try await kv("dump"), try await kv("dump", "--connection", "new.db"))
    #expect(first.output == second.output && first.output.hasPrefix(#"{"form":1,"kv":"dump"}"# + "\n"))
    #expect(try await kv("graph", "verify", "--connection", "new.db").status == 0)
    // Through a pipe, without the changes.
    let short = try await kv("dump", "--no-stream").output
    #expect(
      try await kv("restore", "--connection", "short.db", input: short).output.hasPrefix(
        "Restored 18 records, 0 changes"))
    #expect(try await kv("stream", "seq", "--connection", "short.db").output == "18\n")
    #expect(try await kv("copy", "--to", "copy.db").output.hasPrefix("Copied 18 records, 18 changes"))
    #expect(try await kv("dump", "--connection", "copy.db").output == first.output)
    #expect(try await kv("copy", "--to", "copy.db").status == 4)
    #expect(try await kv("restore", "all.jsonl").error.contains("the database is not empty"))
    #expect(try await kv("restore", "all.jsonl").status == 4)
    #expect(try await kv("backup", "backup.db").output.contains("pages to backup.db"))
    #expect(try await kv("dump", "--connection", "backup.db").output == first.output)
    #expect(try await kv("backup", "data.db").status == 64)
    #expect(try await kv("backup", "-").status == 64)
    #expect(try await kv("dump", "data.db").status == 64)
    #expect(try await kv("dump", "--connection", "nowhere.db").status == 5)
  }

  @Test(
    "a dump that is broken is refused with its line, and nothing of it is kept",
    arguments: [
      ("", "line 1: the file is empty"), ("{}\n", "line 1: this is no dump"),
      (#"{"form":1,"kv":"dump"}"# + "\n", "line 1: the dump is cut off"),
      (#"{"form":1,"kv":"dump"}"# + "\n\u{7B}\n", "line 2: not JSON"),
      (#"{"form":9,"kv":"dump"}"# + "\n", "line 1: the dump has the form 9"),
      (
        #"{"form":1,"kv":"dump"}"# + "\n"
          + #"{"record":{"created":"2024-01-01T00:00:00Z","key":"k","type":"json","value":1,"version":1}}"#
          + "\n" + #"{"end":{"changes":0,"locks":0,"records":2,"tasks":0}}"#, "line 3: the dump is not whole"
      ),
    ])
  func brokenDumps(_ text: String, _ reason: String) async throws {
    let outcome = try await kv("restore", input: text)
    #expect(outcome.status == 65 && outcome.error.contains("standard input, \(reason)"), "\(outcome)")
    let records = try await kv("count", "all")
    #expect(records.status == 5 || records.output == "0\n")
  }
}
