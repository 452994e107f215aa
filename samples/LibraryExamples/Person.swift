import KV

struct Person: Codable, Sendable {
  var name: String
  var born: Int
}

/// A `Codable` value goes in and comes out; its record's type is `Person`.
func putAndFetch(in store: some Store) async throws {
  try await store.put("person/ann", Person(name: "Ann", born: 1990))
  guard let ann = try await store.get("person/ann", as: Person.self) else { return }
  print("\(ann.name) was born in \(ann.born)")
  for try await record in store.sequence(of: .type("Person")) {
    print("\(record.key) is at version \(record.version)")
  }
}
