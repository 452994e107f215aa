import ArgumentParser
import KV
import KVGraph

/// What a shell offers for the word that is typed: a quick look into the database, and nothing where that takes longer.
enum Completion {
  static let keys = kind { store, _, prefix in
    try await store.records(.prefix(prefix), page: Page(limit: most)).map(\.key)
  }

  /// A node in one word or in two: types first, and behind one its ids.
  static let nodes = kind { try await nodes(in: $0, $1, $2) }

  /// A node as ``nodes`` offers it, and behind one an edge type.
  static let nodeAndEdgeType = nodesAndEdgeType(1)

  /// The same of two nodes.
  static let nodePairAndEdgeType = nodesAndEdgeType(2)

  private static func nodesAndEdgeType(_ count: Int) -> CompletionKind {
    kind { store, before, prefix in
      let types = try await Graph(store).nodeTypes(limit: most)
      func end(_ words: ArraySlice<String>, inNodes count: Int) -> Bool {
        guard count > 0, let last = words.last else { return count == 0 }
        if last.contains(":"), NodeReference(last) != nil { return end(words.dropLast(), inNodes: count - 1) }
        guard let type = words.dropLast().last, types.contains(type) else { return false }
        return end(words.dropLast(2), inNodes: count - 1)
      }
      return end(before, inNodes: count)
        ? try await edgeTypes(in: store) : try await nodes(in: store, before, prefix, of: types)
    }
  }

  /// - Parameter known: the types of nodes, where they have been read.
  private static func nodes(
    in store: any Database, _ before: ArraySlice<String>, _ prefix: String, of known: [String]? = nil
  ) async throws -> [String] {
    if let colon = prefix.firstIndex(of: ":") {
      let type = String(prefix[..<colon])
      return try await ids(of: type, beginningWith: String(prefix[prefix.index(after: colon)...]), in: store)
        .map {
          "\(type):\($0)"
        }
    }
    let types = if let known { known } else { try await Graph(store).nodeTypes(limit: most) }
    if let last = before.last, types.contains(last) {
      return try await ids(of: last, beginningWith: prefix, in: store)
    }
    return types
  }

  static let nodeTypes = kind { store, _, _ in try await Graph(store).nodeTypes(limit: most) }

  /// Edge types, of which several stand with commas between.
  static let edgeTypes = kind { store, _, prefix in listed(try await edgeTypes(in: store), prefix) }

  private static func edgeTypes(in store: any Database) async throws -> [String] {
    // Of the first edges: they stand by their nodes.
    let edges = try await store.edges(EdgeQuery(.all, limit: 5000))
    return Set(edges.compactMap { EdgeKey($0.key).flatMap { String(percentDecoding: $0.type) } }).sorted()
  }

  /// Behind the names that stand there already.
  private static func listed(_ names: [String], _ prefix: String) -> [String] {
    let begun = prefix.lastIndex(of: ",").map { prefix[...$0] } ?? ""
    return names.map { begun + $0 }
  }

  static let tasks = kind { store, _, _ in
    try await store.tasks(status: nil, name: nil, offset: 0, limit: most).map(\.id)
  }

  /// Names of tasks, of which several stand with commas between.
  static let taskNames = kind { store, _, prefix in
    listed(
      Set(try await store.tasks(status: nil, name: nil, offset: 0, limit: 1000).map(\.name)).sorted(), prefix)
  }

  static let consumers = kind { store, _, _ in try await store.consumerPositions().map(\.name) }

  static let locks = kind { store, _, _ in try await store.leases().map(\.name) }

  private static let most = 50

  /// A shell that waits for longer is in the way.
  private static var patience: Duration {
    Environment["KV_COMPLETION_TIMEOUT"].flatMap { Length(argument: $0) }?.duration ?? .milliseconds(100)
  }

  /// - Parameter find: is given the words before the one that is typed, and what there is of that.
  private static func kind(
    _ find: @escaping @Sendable (any Database, ArraySlice<String>, String) async throws -> [String]
  ) -> CompletionKind {
    .custom { words, index, prefix in
      let found = try? await withThrowingTaskGroup(of: [String].self) { group in
        group.addTask {
          let store = try await DatabaseOptions.open(in: words)
          return try await find(store, words.prefix(max(index, 0)), prefix)
        }
        group.addTask {
          try await Task.sleep(for: patience)
          return []
        }
        defer { group.cancelAll() }
        return try await group.next() ?? []
      }
      // A line each: what would be another is none that can be typed.
      return (found ?? []).filter { $0.hasPrefix(prefix) && $0.onOneLine == $0 }
    }
  }

  private static func ids(of type: String, beginningWith prefix: String, in store: any Database) async throws
    -> [String]
  {
    var ids: Set<String> = []
    let records = try await store.records(.prefix(type.lowercased() + "/" + prefix), page: Page(limit: most))
    ids.formUnion(records.compactMap { NodeReference($0)?.id })
    let folder = EdgeKey.prefix + KeyPart.escape(type) + "/"
    var start = folder + KeyPart.escape(prefix)
    let end = folder.dropLast() + "0"
    while ids.count < most,
      let key = try await store.records(.range(from: start, to: String(end)), page: Page(limit: 1)).first?.key
    {
      let part = key.dropFirst(folder.count).prefix { $0 != "/" }
      guard let id = String(percentDecoding: String(part)), id.hasPrefix(prefix) else { break }
      ids.insert(id)
      start = folder + part + "0"
    }
    return ids.sorted()
  }
}

extension DatabaseOptions {
  /// The database that the words of a command line name, or the environment.
  fileprivate static func open(in words: [String]) async throws -> any Database {
    func value(of names: [String]) -> String? {
      for (word, next) in zip(words, words.dropFirst() + [""]) {
        for name in names {
          if word == name { return next }
          if word.hasPrefix(name + "=") { return String(word.dropFirst(name.count + 1)) }
        }
      }
      return nil
    }
    var options = DatabaseOptions()
    options.connection = value(of: ["--connection"]).flatMap { FileArgument(argument: $0) }
    options.type = value(of: ["--type", "--backend"]).flatMap { Backend(rawValue: $0) }
    return try await options.open(for: .read)
  }
}
