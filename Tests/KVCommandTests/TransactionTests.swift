import TestSupport
import Testing

/// `kv txn`: many changes, all or none.
extension CommandTests {
  @Test func aTransactionChangesAllOrNothing() async throws {
    let changes = """
      {"put":{"key":"a","value":{"x":1},"version":0}}
      {"patch":{"key":"a","value":{"y":2},"version":1}}

      {"expect":{"key":"a","version":2}}
      {"expect":{"key":"none","version":0}}
      {"put":{"key":"gone","value":null,"type":"T"}}
      {"delete":{"key":"gone"}}
      {"delete-prefix":{"prefix":"no"}}
      {"add-node":{"type":"User","id":"ann","attributes":{"name":"Ann"}}}
      {"add-edge":{"from":"User:ann","to":{"type":"User","id":"bob"},"type":"knows","data":{"since":2020}}}
      {"add-edge":{"from":"User:bob","to":"User:ann","type":"knows","key":"2"}}
      {"remove-edge":{"from":"User:ann","to":"User:bob","type":"likes"}}
      """
    let done = try await kv("txn", input: changes)
    #expect(done.status == 0, "\(done.error)")
    #expect(
      done.output == """
        put a: version 1
        patch a: version 2
        expect a: met
        expect none: met
        put gone: version 1
        delete gone: deleted 1
        delete-prefix no: deleted 0
        add-node User:ann: version 1
        add-edge User:ann -[knows]-> User:bob: version 1
        add-edge User:bob -[knows#2]-> User:ann: version 1
        remove-edge User:ann -[likes]-> User:bob: deleted 0

        """, "\(done.output)")
    #expect(try await kv("get", "a", "--raw").output == #"{"x":1,"y":2}"#)
    #expect(try await kv("graph", "verify").status == 0)
    let before = try await kv("dump").output
    for (line, reason, status) in [
      (#"{"expect":{"key":"a","version":1}}"#, "key \"a\" is at version 2, not 1; nothing was changed", 4),
      (#"{"expect":{"key":"a","version":0}}"#, "key \"a\" exists already, at version 2", 4),
      (#"{"put":{"key":"a","value":1,"version":7}}"#, "is at version 2, not 7", 4),
      (#"{"add-edge":{"from":"User:ann","to":"User:bob","type":"knows"}}"#, "exists already", 4),
      (#"{"add-node":{"type":"User","id":"ann"}}"#, "exists already", 4),
      (#"{"put":{"key":"","value":1}}"#, "the key is empty", 65),
      (#"{"put":{"key":"b"}}"#, "the value is missing", 65),
      (#"{"put":{"key":"b","value":1,"verion":1}}"#, "there is no \"verion\" in such a change", 65),
      (#"{"set":{}}"#, "\"set\" is no change; there are put, patch", 65), ("[1]", "object of one member", 65),
      (#"{"put":{"key":"b","value":1},"put":{"key":"c","value":1}}"#, "stands there twice", 65),
      (#"{"put":{"key":"b","key":"c","value":1}}"#, "stands there twice", 65),
      (#"{"delete-prefix":{"prefix":""}}"#, "the prefix is empty", 65),
      ("{", "not JSON", 65),
      (#"{"add-edge":{"from":"ann","to":"User:bob","type":"t"}}"#, "from is no node", 65),
      (#"{"expect":{"key":"a"}}"#, "the version is missing", 65),
      (#"{"put":{"key":"b","value":1,"version":-2}}"#, "version -2", 65),
    ] as [(String, String, Int32)] {
      let failed = try await kv("txn", input: #"{"put":{"key":"new","value":1}}"# + "\n" + line)
      #expect(
        failed.status == status && failed.error.contains("standard input, line 2: "), "\(line): \(failed)")
      #expect(failed.error.contains(reason) && failed.output.isEmpty, "\(line): \(failed.error)")
    }
    for (first, second, reason) in [
      (
        #"{"delete":{"key":"user/ann"}}"#, #"{"add-node":{"type":"User","id":"ann","replace":true}}"#,
        "changed by line 1"
      ),
      (
        #"{"delete-prefix":{"prefix":"*"}}"#, #"{"add-node":{"type":"User","id":"ann","replace":true}}"#,
        "changed by line 1"
      ),
      (
        #"{"add-edge":{"from":"A:x","to":"A:y","type":"t"}}"#,
        #"{"add-edge":{"from":"A:x","to":"A:y","type":"t"}}"#,
        "changed by line 1"
      ),
      (
        #"{"put":{"key":"graph/type/t","value":{"directed":false},"type":"EdgeType"}}"#,
        #"{"add-edge":{"from":"A:x","to":"A:y","type":"t"}}"#, "line 1 changes a record under graph/"
      ),
    ] {
      let failed = try await kv("txn", input: first + "\n" + second)
      #expect(failed.status == 65 && failed.error.contains(reason), "\(second): \(failed)")
    }
    #expect(try await kv("dump").output == before)
    try await kv("dump", "changes.jsonl")
    #expect(try await kv("txn", "changes.jsonl", "-o", "changes.jsonl", "--format", "json").status == 64)
    #expect(try await kv("txn", input: "\n").status == 65)
    let json = try await kv("txn", "--format", "jsonl", input: #"{"put":{"key":"z","value":1}}"#)
    #expect(json.output == #"{"change":"put","line":1,"of":"z","version":1}"# + "\n")
  }
}
