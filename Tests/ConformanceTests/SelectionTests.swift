import KV
import TestSupport
import Testing

/// Which records are read, counted and deleted (SPEC 1, 2).
@Suite(.timeLimit(.minutes(60))) struct SelectionTests {
  private func filled(_ backend: TestBackend, _ keys: [String]) async throws -> any Database {
    let store = try await backend.store()
    _ = try await store.mutate(keys.map { .put(key: $0, value: .null) })
    return store
  }

  @Test("a prefix is bytes: %, _, case and backslash mean nothing", arguments: TestBackend.all)
  func prefixesAreBytes(_ backend: TestBackend) async throws {
    let store = try await filled(
      backend, ["user/b", "USER/a", "a%b", "a\\b", "a_b", "axb", "user/a", "user0", "é", "e\u{301}", "z"])
    #expect(try await store.getPrefix("a_").map(\.key) == ["a_b"])
    #expect(try await store.getPrefix("a%").map(\.key) == ["a%b"])
    #expect(try await store.getPrefix("a\\").map(\.key) == ["a\\b"])
    #expect(try await store.getPrefix("user/").map(\.key) == ["user/a", "user/b"])
    #expect(try await store.count(.prefix("USER/")) == 1)
    #expect(try await store.count(.prefix("\u{E9}")) == 1)
    #expect(try await store.getRange(from: "a_b", to: "user/b").map(\.key).first == "a_b")
    #expect(try await store.list().map { Array($0.key.utf8) }.isSorted)
    #expect(try await store.deletePrefix("a_") == 1)
    #expect(try await store.deletePrefix("none") == 0)
    #expect(try await store.count(.all) == 10)
  }

  @Test(
    "a bound with U+0000, which no key holds, chooses by its bytes all the same", arguments: TestBackend.all)
  func boundsWithNUL(_ backend: TestBackend) async throws {
    let keys = ["a", "a\u{1}", "ab", "b"]
    let store = try await filled(backend, keys)
    let bounds = ["", "a", "a\0", "a\0b", "a\u{1}", "a\u{1}\0", "aa\0", "b\0"]
    for from in bounds {
      for to in bounds {
        let selection = Selection.range(from: from, to: to)
        let expected = keys.filter(selection.isPossible)
        #expect(try await store.records(selection, page: .all).map(\.key) == expected, "\(selection)")
      }
      let rest = keys.filter { from.utf8.lexicographicallyPrecedes($0.utf8) }
      #expect(
        try await store.records(.all, page: Page(after: from)).map(\.key) == rest, "after \(JSON(from))")
      let begun = keys.filter { $0.utf8.starts(with: from.utf8) }
      #expect(try await store.getPrefix(from).map(\.key) == begun, "\(JSON(from))")
    }
    #expect(try await store.deletePrefix("a\0") == 0)
    #expect(try await store.count(.type("json\0")) == 0)
    #expect(try await store.stream(from: 0, limit: nil, type: "json\0").isEmpty)
    #expect(try await store.count(.all) == keys.count)
  }

  @Test("keys come in the order of their bytes, whatever the database's language", arguments: TestBackend.all)
  func byteOrder(_ backend: TestBackend) async throws {
    var random = SeededRandom()
    var keys: Set<[UInt8]> = []
    for _ in 0..<200 {
      let text = random.text(upTo: 5).replacing("\0", with: "0")
      keys.insert(Array(text.utf8))
    }
    let store = try await filled(backend, keys.map { String(decoding: $0, as: UTF8.self) })
    let sorted = keys.sorted { $0.lexicographicallyPrecedes($1) }
    #expect(try await store.list().map { Array($0.key.utf8) } == sorted, "seed \(random.seed)")
    for _ in 0..<30 {
      let from = sorted[Int.random(in: 0..<sorted.count, using: &random)]
      let to = sorted[Int.random(in: 0..<sorted.count, using: &random)]
      let expected = sorted.filter { !$0.lexicographicallyPrecedes(from) && $0.lexicographicallyPrecedes(to) }
      let selection = Selection.range(
        from: String(decoding: from, as: UTF8.self), to: String(decoding: to, as: UTF8.self))
      #expect(try await store.count(selection) == expected.count, "seed \(random.seed)")
      let prefix = String(String(decoding: from, as: UTF8.self).unicodeScalars.prefix(1))
      let found = try await store.getPrefix(prefix).map { Array($0.key.utf8) }
      #expect(found == sorted.filter { $0.starts(with: prefix.utf8) }, "seed \(random.seed)")
    }
  }

  @Test(arguments: TestBackend.all)
  func pages(_ backend: TestBackend) async throws {
    let store = try await filled(backend, (10..<30).map { "k\($0)" })
    try await store.put("k15", .null, type: "T")
    try await store.put("k25", .null, type: "T")
    #expect(try await store.list(page: Page(offset: 3, limit: 2)).map(\.key) == ["k13", "k14"])
    #expect(try await store.list(page: Page(offset: 19)).map(\.key) == ["k29"])
    #expect(try await store.list(page: Page(offset: 20)).isEmpty)
    #expect(try await store.list(page: Page(limit: 0)).isEmpty)
    #expect(try await store.list(page: Page(after: "k27")).map(\.key) == ["k28", "k29"])
    #expect(try await store.getPrefix("k2", page: Page(offset: 8, limit: 5)).map(\.key) == ["k28", "k29"])
    #expect(try await store.records(.type("T"), page: .all).map(\.key) == ["k15", "k25"])
    #expect(try await store.records(.type("T"), page: Page(offset: 1, limit: 1)).map(\.key) == ["k25"])
    #expect(try await store.records(.type("t"), page: .all).isEmpty)
    #expect(try await store.count(.range(from: "k12", to: "k15")) == 3)
    #expect(try await store.count(.range(from: "k15", to: "k12")) == 0)
    #expect(try await store.get(["k29", "none", "k10", "k29"]).map(\.key) == ["k10", "k29"])
    #expect(try await store.get([String]()).isEmpty)
  }

  @Test(arguments: TestBackend.all)
  func partsAreDeleted(_ backend: TestBackend) async throws {
    let store = try await filled(backend, (0..<10).map { "k\($0)" } + ["x"])
    #expect(try await store.deletePrefix("k", page: Page(offset: 8, limit: 5)) == 2)
    #expect(try await store.deleteRange(from: "k2", to: "k5", page: Page(limit: 2)) == 2)
    #expect(try await store.list().map(\.key) == ["k0", "k1", "k4", "k5", "k6", "k7", "x"])
    #expect(try await store.delete(["k0", "k0", "none"]) == 1)
    #expect(try await store.deleteRange(from: "k5", to: "k5") == 0)
    #expect(try await store.delete(.all) == 6)
    #expect(try await store.delete(.all) == 0)
  }

  @Test(
    "a sequence goes on after the last key, so that writers cause no skip and no repeat",
    arguments: TestBackend.all)
  func sequencesAreStable(_ backend: TestBackend) async throws {
    let store = try await filled(backend, (100..<400).map { "k\($0)" })
    var seen: [String] = []
    for try await record in store.sequence(of: .prefix("k"), pageSize: 50) {
      seen.append(record.key)
      if seen.count % 50 == 0 {
        // One goes before the reader, one comes before it, one comes after it.
        try await store.delete([seen[0]])
        try await store.put("a\(seen.count)", .null)
        try await store.put("k9\(seen.count)", .null)
      }
    }
    #expect(seen.filter { !$0.hasPrefix("k9") } == (100..<400).map { "k\($0)" })
    #expect(Set(seen).count == seen.count && seen.contains("k950"))
  }
}

extension [[UInt8]] {
  fileprivate var isSorted: Bool { zip(self, dropFirst()).allSatisfy { $0.lexicographicallyPrecedes($1) } }
}
