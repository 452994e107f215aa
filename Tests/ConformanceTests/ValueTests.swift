import KV
import TestSupport
import Testing

/// Keys and values go in and come out unchanged (SPEC 2).
@Suite(.timeLimit(.minutes(60))) struct ValueTests {
  static let numbers = [
    "12345678901234567890", "1.0", "1e400", "-0", "0.10", "1E5", "-0.0", "9007199254740993",
  ]
  static let others = [
    "[]", "null", "true", "\"1.0\"", "\"\"", "{}", "\"'\"", "[1e5,{\"x\":[null]}]",
    "{\"b\":1.50,\"a\":\"\\u00e9\u{E9}\"}", "\"👩‍👩‍👧\"", "\"\\ud83d\\udc4d\"", "\"a\\nb\\\\\"",
  ]

  @Test(arguments: TestBackend.all)
  func valuesComeBackExactly(_ backend: TestBackend) async throws {
    let database = try await backend.database()
    let store = try await database.open()
    let texts = Self.numbers + Self.others + [deep]
    for (index, text) in texts.enumerated() {
      try await store.put("k\(index)", JSON(parsing: text))
      let value = try #require(try await store.get("k\(index)")?.value)
      #expect(try value.isEqual(JSON(parsing: text), in: backend), "\(text)")
    }
    let again = try await database.open()
    for (record, text) in zip(
      try await again.get(texts.indices.map { "k\($0)" }).sorted { $0.index < $1.index }, texts)
    {
      #expect(try record.value.isEqual(JSON(parsing: text), in: backend), "\(text)")
    }
  }

  private var deep: String { String(repeating: "[", count: 900) + String(repeating: "]", count: 900) }

  @Test(arguments: TestBackend.all)
  func largeValuesAndOddKeysSurvive(_ backend: TestBackend) async throws {
    let store = try await backend.store()
    let large = JSON(String(repeating: "x", count: 10_000_000))
    try await store.put("large", large)
    #expect(try await store.get("large")?.value == large)
    for key in ["%", "_", " ", "👋🏽", "'", "a\nb", "e\u{301}", "\u{E9}", "-1", "\\", "\"", "a/b", "?", "$1"] {
      try await store.put(key, JSON(key))
      #expect(try await store.get(key)?.value == JSON(key))
    }
    #expect(try await store.count(.all) == 15)
  }

  @Test("of members with the same name the last stays", arguments: TestBackend.all)
  func lastMemberWins(_ backend: TestBackend) async throws {
    let store = try await backend.store()
    try await store.put("k", JSON(parsing: #"{"a":1,"b":2,"a":3}"#))
    #expect(try await store.get("k")?.value["a"]?.text == "3")
    #expect(try await store.get("k")?.value.members?.count == 2)
  }

  @Test("what not every database can hold is refused by all", arguments: TestBackend.all)
  func refusals(_ backend: TestBackend) async throws {
    let store = try await backend.store()
    await expectError(.usage) { try await store.put("", .null) }
    await expectError(.usage) { try await store.put("a\u{0}b", .null) }
    await expectError(.invalidData) { try await store.put("k", JSON(parsing: #""\u0000""#)) }
    await expectError(.invalidData) { try await store.put("k", JSON(parsing: #"{"\u0000":1}"#)) }
    await expectError(.invalidData) { try await store.patch("k", with: JSON(parsing: #"{"a":"\u0000"}"#)) }
    await expectError(.usage) { try await store.delete([""]) }
    #expect(try await store.count(.all) == 0)
  }

  @Test(arguments: TestBackend.all)
  func typesAndTimes(_ backend: TestBackend) async throws {
    let store = try await backend.store()
    let before = Timestamp.now()
    try await store.put("k", JSON(1))
    try await store.put("t", JSON(1), type: "T/x y")
    let record = try #require(try await store.get("k"))
    #expect(record.type == "json")
    #expect(try await store.get("t")?.type == "T/x y")
    // PostgreSQL keeps microseconds.
    let created = try #require(Timestamp(record.created))
    #expect(record.created == "\(created)" && created.seconds >= before.seconds)
    try await store.put("k", JSON(2))
    #expect(try await store.get("k")?.created == record.created)
  }

  @Test(arguments: TestBackend.all)
  func codableValues(_ backend: TestBackend) async throws {
    struct Person: Codable, Equatable {
      var name: String
      var born: Int64
      var tags: [String: Double?]
    }
    let store = try await backend.store()
    let ann = Person(name: "Ann", born: .max, tags: ["x": 1.5, "y": nil])
    #expect(try await store.put("person/1", ann) == 1)
    #expect(try await store.get("person/1", as: Person.self) == ann)
    #expect(try await store.get("person/1")?.type == "Person")
    #expect(try await store.get("person/2", as: Person.self) == nil)
    try await store.put("person/3", JSON("text"))
    await expectError(.invalidData) { try await store.get("person/3", as: Person.self) as Person? as Any }
    let results = try await store.mutate([.put(key: "person/4", encoding: ann, expecting: .absent)])
    #expect(results == [.put(version: 1)])
  }
}

extension Record {
  fileprivate var index: Int { Int(key.dropFirst()) ?? 0 }
}

extension JSON {
  /// To the letter, but for a database that keeps numbers by their value.
  fileprivate func isEqual(_ other: JSON, in backend: TestBackend) throws -> Bool {
    if self == other { return true }
    guard backend.keepsNumbersByValue else { return false }
    return try withNumbersByValue() == other.withNumbersByValue()
  }

  /// The same value with each number written as digits without zeros at the ends and an exponent, and members sorted.
  private func withNumbersByValue() throws -> JSON {
    switch kind {
    case .number:
      let parts = text.lowercased().split(separator: "e")
      let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
      let fraction = mantissa.count > 1 ? String(mantissa[1]) : ""
      var exponent = (parts.count > 1 ? Int(parts[1].replacing("+", with: "")) ?? 0 : 0) - fraction.count
      var digits = (mantissa[0] + fraction).drop { $0 == "-" || $0 == "0" }
      while digits.last == "0" {
        digits.removeLast()
        exponent += 1
      }
      return JSON(
        "\(text.hasPrefix("-") && !digits.isEmpty ? "-" : "")\(digits)e\(digits.isEmpty ? 0 : exponent)")
    case .array: return JSON(elements: try (elements ?? []).map { try $0.withNumbersByValue() })
    case .object:
      let members = try (members ?? []).map { ($0.name, try $0.value.withNumbersByValue()) }
      return JSON(members: members.sorted { $0.0 < $1.0 })
    case .string: return string.map { JSON($0) } ?? self
    default: return self
    }
  }
}
