import KV
import KVGraph
import TestSupport
import Testing

@testable import KVPostgres

@Suite(.enabled(if: PostgresTestServer.connection != nil), .timeLimit(.minutes(60))) struct SchemaTests {
  @Test("the triggers write into the stream of their own schema, whatever the writer's search_path")
  func searchPaths() async throws {
    let name = try PostgresTestServer.makeDatabase()
    let url = try PostgresTestServer.connection(to: name)
    let store = try await PostgresStore(postgres: url)
    try PostgresTestServer.query(name, #"create schema "my app""#)
    let other = try await PostgresStore(postgres: url + "&options=-csearch_path%3D%22my%5C%20app%22")
    try await other.put("a", .null)
    let insert = "(key, version, value, type, created) values ('b', 1, '1', 'json', now())"
    try PostgresTestServer.query(name, #"insert into "my app".kv \#(insert)"#)
    // As a restored dump writes: with no schema at all in its path.
    try PostgresTestServer.query(
      name, "begin; set local search_path to ''; insert into public.kv \(insert); commit")
    #expect(try await other.stream(from: 0, limit: nil, type: nil).map(\.record.key) == ["a", "b"])
    #expect(try await store.stream(from: 0, limit: nil, type: nil).map(\.record.key) == ["b"])
    #expect(try await other.delete(["a", "b"]) == 2)
    #expect(try await store.count(.all) == 1)
  }

  @Test("a writer in one schema holds up no reader of another, and an index stands beside its records")
  func schemasApart() async throws {
    let name = try PostgresTestServer.makeDatabase()
    let url = try PostgresTestServer.connection(to: name)
    let store = try await PostgresStore(postgres: url)
    try PostgresTestServer.query(name, #"create schema "it's"; create schema kv"#)
    let other = try await PostgresStore(postgres: url + "&options=-csearch_path%3D%22it%27s%22")
    try await store.put("a", .null)
    let writer = try PostgresConnection(PostgresLocation(url))
    try writer.execute("begin; insert into kv values ('slow', 1, '1', 'json', now())")
    for key in ["a", "b", "c"] { try await other.put(key, .null) }
    #expect(try await other.streamSequence() == 3)
    #expect(try await other.stream(from: 0, limit: nil, type: nil).count == 3)
    try writer.execute("commit")
    // The schema that is called as the user is comes first in the path from now on.
    let later = Graph(try await PostgresStore(postgres: url))
    _ = try await later.store.createIndex(AttributeIndex(label: "User", attribute: "name"))
    try await later.add(Node(NodeReference(type: "User", id: "1"), value: ["name": "a"]))
    #expect(try await later.store.get("user/1") != nil)
  }

  @Test("whoever may read or write records may do so with an attribute index beside them")
  func rightsToIndexes() async throws {
    let name = try PostgresTestServer.makeDatabase()
    let url = try PostgresTestServer.connection(to: name)
    let store = try await PostgresStore(postgres: url)
    let (writer, reader) = ("\(name)_writer", "\(name)_reader")
    let tables = "kv, stream, locks, tasks, migration_version, kv_extension_version, kv_extension_setting"
    try PostgresTestServer.query(
      name,
      """
      create role \(writer) login; create role \(reader) login;
      grant select, insert, update, delete on \(tables) to \(writer); grant select on \(tables) to \(reader);
      grant usage, select on sequence stream_seq_seq to \(writer); grant select on sequence stream_seq_seq to \(reader)
      """)
    let index = AttributeIndex(label: "User", attribute: "name")
    _ = try await store.createIndex(index)
    func opened(by role: String) async throws -> PostgresStore {
      try await PostgresStore(postgres: url + "&options=-crole%3D\(role)", creating: false)
    }
    try await Graph(opened(by: writer)).add(Node(NodeReference(type: "User", id: "1"), value: ["name": "a"]))
    #expect(
      try await opened(by: reader).candidates(in: index, .oneOf([IndexedValue("a")])).map(\.key) == ["user/1"]
    )
    #expect(try await opened(by: reader).attributeIndexes() == [index])
    await expectError(.unavailable) { try await opened(by: reader).put("k", .null) }
  }

  @Test("a database that an earlier version made is brought up to date")
  func migration() async throws {
    let name = try PostgresTestServer.makeDatabase()
    let url = try PostgresTestServer.connection(to: name)
    _ = try await PostgresStore(postgres: url)
    try PostgresTestServer.query(
      name,
      """
      create or replace function kv_stream_insert_fn() returns trigger language plpgsql as $$
      begin insert into stream (action, key, version, value, type, created)
      values ('create', new.key, new.version, new.value, new.type, new.created); return new; end $$
      """)
    try PostgresTestServer.query(name, "delete from kv_extension_version where version > 1")
    try PostgresTestServer.query(
      name, "insert into kv_extension_version (version) values (1) on conflict do nothing")
    let store = try await PostgresStore(postgres: url, creating: false)
    try PostgresTestServer.query(
      name,
      "begin; set local search_path to ''; insert into public.kv values ('k', 1, '1', 'json', now()); commit")
    #expect(try await store.streamSequence() == 1)
  }

  @Test("a database that cannot hold every text is refused before tables are made")
  func encoding() async throws {
    let name = "kv_test_ascii_\(UInt32.random(in: 0 ... .max))"
    try PostgresTestServer.query(
      "postgres", "create database \(name) template template0 encoding 'SQL_ASCII' locale 'C'")
    let url = try PostgresTestServer.connection(to: name)
    let error = await expectError(.unavailable) { try await PostgresStore(postgres: url) }
    #expect(error?.message.contains("SQL_ASCII") == true)
    #expect(try PostgresTestServer.query(name, "select count(*) from pg_class where relname = 'kv'") == ["0"])
  }

  @Test("a key that is too long is named, also among many")
  func longKeys() async throws {
    let name = try PostgresTestServer.makeDatabase()
    let store = try await PostgresStore(postgres: PostgresTestServer.connection(to: name))
    var random = SeededRandom(seed: 7)
    let long = String(
      (0..<3500).map { _ in Character(Unicode.Scalar(UInt8.random(in: 97...122, using: &random))) })
    let records = (0..<2000).map { NewRecord(key: $0 == 1234 ? long : "k\($0)", value: .null, type: "json") }
    for policy in ConflictPolicy.allCases {
      let error = await expectError(.invalidData) {
        try await store.load { try await $0.put(records, onConflict: policy) }
      }
      #expect(error?.mutationIndex == 1234 && error?.key == long, "\(policy): \(error?.message ?? "")")
    }
    #expect(try await store.count(.all) == 0)
  }
}
