import KV
import TestSupport
import Testing

/// Random operations, against a plain model in memory.
@Suite(.timeLimit(.minutes(60))) struct ModelTests {
  @Test(arguments: TestBackend.all)
  func equalsTheModel(_ backend: TestBackend) async throws {
    var random = SeededRandom()
    let store = try await backend.store()
    var model = Model()
    for step in 0..<1500 {
      let mutations = (0..<Int.random(in: 1...4, using: &random)).map { _ in randomMutation(&random, model) }
      let place: Comment = "seed \(random.seed), step \(step): \(mutations)"
      var next = model
      let expected = Result { () throws(Model.Conflict) in try next.apply(mutations) }
      do {
        let results = try await store.mutate(mutations)
        let wanted = try expected.get()
        #expect(results == wanted, place)
        model = next
      } catch let error as KVError {
        guard case .failure(let conflict) = expected else {
          Issue.record(error, place)
          return
        }
        #expect(error.code == .conflict && error.mutationIndex == conflict.index, place)
      }
      if step % 100 == 99 { try await compare(store, model, place, &random) }
    }
    #expect(model.stream.count > 500)
  }

  /// A patch has to know what the mutations before it leave of its key, a deletion of a part of a selection among them.
  @Test("every short sequence of mutations that ends in a patch equals the model", arguments: TestBackend.all)
  func everyShortSequenceEqualsTheModel(_ backend: TestBackend) async throws {
    let store = try await backend.store()
    let (key, value) = ("k", JSON(trustedForTests: "{\"a\":1}"))
    func part(_ offset: Int) -> Mutation {
      .deleteSelection(.prefix("k"), page: Page(offset: offset, limit: 1))
    }
    let patches: [Mutation] = [
      .patch(key: key, with: value), .patch(key: key, with: value, expecting: .version(1)),
    ]
    let mutations = patches + [.put(key: key, value: value), .delete(key: key), part(0), part(1)]
    for start in [[], [.put(key: key, value: .null), .put(key: key, value: value)]] as [[Mutation]] {
      var sequences: [[Mutation]] = patches.map { [$0] }
      for _ in 0..<4 {
        for sequence in sequences {
          let place: Comment = "\(start), then \(sequence)"
          var model = Model()
          _ = try model.apply(start)
          _ = try await store.mutate([.delete(key: key)] + start)
          let expected = Result { () throws(Model.Conflict) in try model.apply(sequence) }
          do {
            let results = try await store.mutate(sequence)
            #expect(results == (try? expected.get()), place)
          } catch let error as KVError where error.code == .conflict {
            guard case .failure(let conflict) = expected else { throw error }
            #expect(error.mutationIndex == conflict.index, place)
            model = Model()
            _ = try model.apply(start)
          }
          #expect(try await store.get(key)?.version == model.version(of: key), place)
        }
        sequences = sequences.flatMap { sequence in mutations.map { [$0] + sequence } }
      }
    }
  }

  private func compare(
    _ store: any Database, _ model: Model, _ place: Comment, _ random: inout SeededRandom
  ) async throws {
    let found = try await store.list().map {
      Model.Entry(key: $0.key, version: $0.version, value: $0.value.pretty, type: $0.type)
    }
    #expect(found == model.sorted, place)
    let stream = try await store.stream(from: 0, limit: nil, type: nil).map {
      "\($0.action) \($0.record.key) \($0.record.version) \($0.record.value.pretty) \($0.record.type)"
    }
    #expect(stream.count == model.stream.count, place)
    let difference = zip(stream, model.stream).enumerated().first { $0.element.0 != $0.element.1 }
    #expect(difference == nil, place)
    let selection = randomSelection(&random)
    let page = Page(
      offset: Int.random(in: 0...2, using: &random), limit: Int.random(in: 0...5, using: &random))
    #expect(try await store.count(selection) == model.keys(selection, .all).count, place)
    #expect(try await store.records(selection, page: page).map(\.key) == model.keys(selection, page), place)
  }

  private static let keys = ["a", "a%", "a_", "a/b", "ab", "b", "B", "é", "e\u{301}", "z'", "z\""]
  private static let values = [
    "{\"x\":1}", "{\"y\":{\"z\":2}}", "[1,2]", "\"t\"", "null", "7", "{\"x\":null}", "{}",
  ]

  private func randomMutation(_ random: inout SeededRandom, _ model: Model) -> Mutation {
    let key = Self.keys.randomElement(using: &random) ?? "a"
    let value = JSON(trustedForTests: Self.values.randomElement(using: &random) ?? "null")
    let type = Int.random(in: 0..<4, using: &random) == 0 ? "T" : "json"
    let expecting: KV.Expectation =
      switch Int.random(in: 0..<10, using: &random) {
      case 0: .absent
      case 1: .version(Int.random(in: 1...3, using: &random))
      case 2: model.version(of: key).map { .version($0) } ?? .absent
      case 3: .present
      default: .any
      }
    return switch Int.random(in: 0..<11, using: &random) {
    case 10: .expect(key: key, expecting)
    case 0..<4: .put(key: key, value: value, type: type, expecting: expecting)
    case 4..<7: .patch(key: key, with: value, type: type, expecting: expecting)
    case 7: .delete(key: key)
    default:
      .deleteSelection(
        randomSelection(&random),
        page: Bool.random(using: &random)
          ? .all
          : Page(offset: Int.random(in: 0...1, using: &random), limit: Int.random(in: 0...2, using: &random)))
    }
  }

  private func randomSelection(_ random: inout SeededRandom) -> Selection {
    let key = Self.keys.randomElement(using: &random) ?? "a"
    return switch Int.random(in: 0..<6, using: &random) {
    case 0: .all
    case 1: .type("T")
    case 2, 3: .prefix(key)
    default: .range(from: key, to: Self.keys.randomElement(using: &random) ?? "b")
    }
  }
}

/// The store as an array: slow, and obviously right.
private struct Model {
  struct Entry: Equatable {
    var key: String
    var version: Int
    var value: String
    var type: String

    static func == (left: Entry, right: Entry) -> Bool {
      left.key.utf8.elementsEqual(right.key.utf8) && left.version == right.version
        && JSON(trustedForTests: left.value).pretty == JSON(trustedForTests: right.value).pretty
        && left.type == right.type
    }
  }

  struct Conflict: Error {
    var index: Int
  }

  private var entries: [Entry] = []
  private(set) var stream: [String] = []

  var sorted: [Entry] { entries.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) } }

  private func index(of key: String) -> Int? { entries.firstIndex { $0.key.utf8.elementsEqual(key.utf8) } }

  func version(of key: String) -> Int? { index(of: key).map { entries[$0].version } }

  func keys(_ selection: Selection, _ page: Page) -> [String] {
    let keys = sorted.filter { entry in
      switch selection {
      case .all: true
      case .type(let type): entry.type == type
      case .prefix(let prefix): entry.key.utf8.starts(with: prefix.utf8)
      case .range(let from, let to):
        !entry.key.utf8.lexicographicallyPrecedes(from.utf8)
          && entry.key.utf8.lexicographicallyPrecedes(to.utf8)
      }
    }.map(\.key).dropFirst(page.offset)
    return Array(keys.prefix(page.limit ?? .max))
  }

  mutating func apply(_ mutations: [Mutation]) throws(Conflict) -> [MutationResult] {
    var results: [MutationResult] = []
    for (index, mutation) in mutations.enumerated() {
      switch mutation {
      case .put(let key, let value, let type, let expecting):
        results.append(.put(version: try write(key, expecting, index, type) { _ in value }))
      case .patch(let key, let patch, let type, let expecting):
        results.append(.put(version: try write(key, expecting, index, type) { $0.merged(with: patch) }))
      case .delete(let key): results.append(.deleted(count: delete([key])))
      case .expect(let key, let expecting):
        try check(key, expecting, index)
        results.append(.met)
      case .expectNoEdges: results.append(.met)
      case .deleteSelection(let selection, let page):
        results.append(.deleted(count: delete(keys(selection, page))))
      }
    }
    return results
  }

  private func check(_ key: String, _ expecting: KV.Expectation, _ mutation: Int) throws(Conflict) {
    let version = version(of: key)
    switch expecting {
    case .any: break
    case .absent: if version != nil { throw Conflict(index: mutation) }
    case .present: if version == nil { throw Conflict(index: mutation) }
    case .version(let expected): if version != expected { throw Conflict(index: mutation) }
    }
  }

  private mutating func write(
    _ key: String, _ expecting: KV.Expectation, _ mutation: Int, _ type: String, _ change: (JSON) -> JSON
  ) throws(Conflict) -> Int {
    try check(key, expecting, mutation)
    let place = index(of: key)
    let version = place.map { entries[$0].version }
    let value = change(place.map { JSON(trustedForTests: entries[$0].value) } ?? .null)
    let entry = Entry(key: key, version: (version ?? 0) + 1, value: value.pretty, type: type)
    if let place { entries[place] = entry } else { entries.append(entry) }
    stream.append("\(place == nil ? "create" : "update") \(key) \(entry.version) \(value.pretty) \(type)")
    return entry.version
  }

  private mutating func delete(_ keys: [String]) -> Int {
    var count = 0
    for key in keys {
      guard let place = index(of: key) else { continue }
      let entry = entries.remove(at: place)
      stream.append("delete \(entry.key) \(entry.version) \(entry.value) \(entry.type)")
      count += 1
    }
    return count
  }
}

extension JSON {
  fileprivate init(trustedForTests text: String) { self = (try? JSON(parsing: text)) ?? .null }
}
