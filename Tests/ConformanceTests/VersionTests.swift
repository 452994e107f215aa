import KV
import TestSupport
import Testing

/// Expectations, patches and mutations of several keys (SPEC 1, 6).
@Suite(.timeLimit(.minutes(60))) struct VersionTests {
  @Test(arguments: TestBackend.all)
  func versionsAreChecked(_ backend: TestBackend) async throws {
    let store = try await backend.store()
    await expectError(.conflict) { try await store.put("k", .null, expecting: .version(5)) }
    #expect(try await store.get("k") == nil)
    #expect(try await store.put("k", .null, expecting: .absent) == 1)
    await expectError(.conflict) { try await store.put("k", .null, expecting: .absent) }
    #expect(try await store.put("k", JSON(true), expecting: .version(1)) == 2)
    let error = await expectError(.conflict) { try await store.put("k", .null, expecting: .version(1)) }
    #expect(error?.message == #"key "k" is at version 2, not 1"# && error?.key == "k")
    #expect(try await store.put("k", JSON(false)) == 3)
    #expect(try await store.get("k")?.version == 3)
    try await store.delete(["k"])
    #expect(try await store.put("k", .null) == 1)
  }

  @Test("of writers who expect the same version one wins", arguments: TestBackend.all)
  func oneWriterWins(_ backend: TestBackend) async throws {
    let database = try await backend.database()
    let store = try await database.open()
    let other = try await database.open()
    try await store.put("k", .null)
    for version in 1...5 {
      let won = try await withThrowingTaskGroup(of: Bool.self) { group in
        for writer in 0..<8 {
          group.addTask {
            do {
              let one = writer % 2 == 0 ? store : other
              return try await one.put("k", JSON(writer), expecting: .version(version)) == version + 1
            } catch let error as KVError where error.code == .conflict {
              return false
            }
          }
        }
        return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
      }
      #expect(won == 1)
      #expect(try await store.get("k")?.version == version + 1)
    }
  }

  @Test(arguments: TestBackend.all)
  func patchesMerge(_ backend: TestBackend) async throws {
    let store = try await backend.store()
    #expect(try await store.patch("k", with: JSON(parsing: #"{"a":{"b":1,"c":null}}"#)) == 1)
    #expect(try await store.get("k")?.value.text == #"{"a": {"b": 1}}"#.replacing(" ", with: ""))
    #expect(try await store.patch("k", with: JSON(parsing: #"{"a":{"b":null},"d":[1.50]}"#)) == 2)
    #expect(try await store.get("k")?.value["a"]?.text == "{}")
    #expect(try await store.get("k")?.value["d"]?.text == "[1.50]")
    await expectError(.conflict) { try await store.patch("k", with: .null, expecting: .absent) }
    await expectError(.conflict) { try await store.patch("k", with: .null, expecting: .version(1)) }
    await expectError(.conflict) { try await store.patch("none", with: .null, expecting: .version(1)) }
    #expect(try await store.patch("k", with: JSON("text"), expecting: .version(2)) == 3)
    #expect(try await store.get("k")?.value.text == "\"text\"")
  }

  @Test("patches of many writers at once are all there in the end", arguments: TestBackend.all)
  func patchesAtOnce(_ backend: TestBackend) async throws {
    let database = try await backend.database()
    let stores = [try await database.open(), try await database.open()]
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<20 {
        group.addTask {
          try await stores[number % 2].patch("k", with: JSON(members: [("m\(number)", JSON(number))]))
        }
      }
      try await group.waitForAll()
    }
    let record = try #require(try await stores[0].get("k"))
    #expect(record.version == 20 && record.value.members?.count == 20)
  }

  @Test("mutate is all or nothing, and names the mutation that failed", arguments: TestBackend.all)
  func mutateIsAtomic(_ backend: TestBackend) async throws {
    let store = try await backend.store()
    try await store.put("b", .null)
    let sequence = try await store.streamSequence()
    for failing: Mutation in [
      .put(key: "c", value: .null, expecting: .version(9)), .put(key: "b2", value: .null, expecting: .absent),
      .patch(key: "c", with: .null, expecting: .version(1)),
      .patch(key: "a", with: .null, expecting: .absent),
    ] {
      let error = await expectError(.conflict) {
        try await store.mutate([
          .put(key: "a", value: .null), .delete(key: "b"), .put(key: "b2", value: .null), failing,
        ])
      }
      #expect(error?.mutationIndex == 3)
      #expect(try await store.list().map(\.key) == ["b"])
    }
    #expect(try await store.stream(from: sequence + 1, limit: nil, type: nil).isEmpty)
    let results = try await store.mutate([
      .put(key: "a", value: .null), .delete(key: "b"), .delete(key: "none"), .put(key: "a", value: JSON(1)),
      .patch(key: "a", with: JSON(parsing: #"{"x":1}"#)), .patch(key: "b", with: JSON(2)),
      .deleteSelection(.prefix("b")), .patch(key: "b", with: JSON(parsing: #"{"y":2}"#), expecting: .absent),
      .patch(key: "a", with: JSON(parsing: #"{"z":3}"#), expecting: .version(3)),
    ])
    #expect(
      results == [
        .put(version: 1), .deleted(count: 1), .deleted(count: 0), .put(version: 2), .put(version: 3),
        .put(version: 1), .deleted(count: 1), .put(version: 1), .put(version: 4),
      ])
    #expect(try await store.get("a")?.value.pretty == JSON(parsing: #"{"x":1,"z":3}"#).pretty)
    #expect(try await store.mutate([]).isEmpty)
  }

  @Test(
    "a patch after the deletion of a part of a selection sees what the deletion left",
    arguments: TestBackend.all)
  func patchesAfterPartialDeletions(_ backend: TestBackend) async throws {
    let store = try await backend.store()
    for limit in 0...3 {
      try await store.delete(.all)
      for key in ["a", "b", "c"] { try await store.put(key, JSON(members: [("old", JSON(1))])) }
      let patch = JSON(members: [("new", JSON(2))])
      let results = try await store.mutate([
        .deleteSelection(.all, page: Page(limit: limit)), .patch(key: "b", with: patch),
        .deleteSelection(.all, page: Page(limit: 1)), .patch(key: "a", with: patch),
        .patch(key: "b", with: patch),
      ])
      #expect(results[0] == .deleted(count: limit))
      let a = try #require(try await store.get("a"))
      #expect(a.value["new"] != nil && a.value["old"] == nil && a.version == 1, "limit \(limit)")
      let b = try #require(try await store.get("b"))
      #expect((b.value["old"] != nil) == (limit == 0), "limit \(limit): \(b)")
    }
  }

  @Test("writes that share a commit keep results of their own", arguments: TestBackend.all)
  func sharedCommits(_ backend: TestBackend) async throws {
    let store = try await backend.store()
    try await store.put("taken", .null)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<200 {
        group.addTask {
          if number % 3 == 0 {
            let error = await expectError(.conflict) {
              try await store.mutate([
                .put(key: "lost/\(number)", value: .null),
                .put(key: "taken", value: .null, expecting: .absent),
              ])
            }
            #expect(error?.mutationIndex == 1)
          } else {
            let version = try await store.put("kept/\(number)", JSON(number))
            #expect(version == 1)
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(try await store.count(.prefix("lost/")) == 0)
    let kept = try await store.getPrefix("kept/")
    #expect(Set(kept.map(\.value.text)) == Set((0..<200).filter { $0 % 3 != 0 }.map(String.init)))
    #expect(try await store.stream(from: 0, limit: nil, type: nil).count == 134)
  }
}
