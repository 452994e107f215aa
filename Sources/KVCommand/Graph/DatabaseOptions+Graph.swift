import KV
import KVGraph
import KVSQLite
import Synchronization

extension DatabaseOptions {
  func graph(for access: Access) async throws -> Graph { Graph(try await open(for: access)) }

  /// The graph for what reads all of it, from its snapshot where there is one or there should be.
  /// - Parameter creating: whether one is made where the graph is large.
  func wholeGraph(for access: Access, creating: Bool = true) async throws -> Graph {
    let store = try await open(for: access)
    if try !Self.usesSnapshots { return Graph(store) }
    var snapshot = try await snapshot(of: store, creating: creating && access != .onlyRead)
    if !creating { snapshot?.leastEdges = .max }
    // A query asks for none, and takes what it gets.
    guard access != .onlyRead else { return Graph(store, snapshot: snapshot) }
    // Said once: the next change will not make it better.
    let failures = Failures()
    if creating, try sqliteLocation == nil, Cache.folder() == nil {
      Output.note("kv: there is no snapshot of the graph: \(Cache.absence)")
    }
    snapshot?.onFailure = { failure in
      if failures.add(failure) { Output.note("kv: there is no snapshot of the graph: \(failure)") }
    }
    return Graph(store, snapshot: snapshot)
  }

  private static var usesSnapshots: Bool {
    get throws {
      switch Environment["KV_SNAPSHOT"]?.lowercased() {
      case nil, "", "on", "1", "yes", "true": return true
      case "off", "0", "no", "false": return false
      case let other?: throw KVError(.usage, "KV_SNAPSHOT is \(JSON(other)); expected on or off")
      }
    }
  }

  /// Where the whole graph of an SQLite database is kept, beside it; `nil` for one in memory.
  static func snapshotFile(of location: SQLiteLocation) -> [UInt8]? {
    location.files.first.map { $0 + Array("-graph".utf8) }
  }

  /// Where the whole graph of a database is kept; `nil` where it cannot be.
  /// - Parameter creating: whether a database without a name of its own is given one.
  func snapshot(of store: any GraphStore, creating: Bool) async throws -> GraphSnapshot? {
    if let location = try sqliteLocation {
      return Self.snapshotFile(of: location).map { GraphSnapshot(path: $0) }
    }
    let id: String?
    do {
      id = try await store.databaseID(creating: creating)
    } catch is KVError {
      // Perhaps it may only be read.
      return nil
    }
    guard let id, let folder = Cache.folder() else { return nil }
    return GraphSnapshot(path: folder + Array("/\(id).graph".utf8))
  }
}

/// What went wrong, each thing once.
final class Failures: Sendable {
  private let messages = Mutex<[String]>([])

  var first: String? { messages.withLock { $0.first } }

  /// - Returns: whether it is new.
  @discardableResult
  func add(_ message: String) -> Bool {
    messages.withLock { messages in
      if messages.contains(message) { return false }
      messages.append(message)
      return true
    }
  }
}
