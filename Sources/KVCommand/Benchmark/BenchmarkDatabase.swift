import KV
import KVSQLite

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Where a benchmark writes.
enum BenchmarkDatabase {
  /// Runs a benchmark in the database that is named, whose records under `kv-benchmark-` are deleted afterwards, or in one of its own in a
  /// temporary folder, which goes.
  static func with(
    _ options: DatabaseOptions, _ body: (any GraphStore & Scheduler) async throws -> Void
  ) async throws {
    if options.isNamed {
      let store = try await options.open(for: .write)
      do {
        try await body(store)
      } catch {
        _ = try? await store.deletePrefix(prefix)
        throw error
      }
      try await store.deletePrefix(prefix)
      return
    }
    let folder = FileManager.default.temporaryDirectory.appending(path: prefix + UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    } catch {
      throw KVError(.failed, "cannot make a folder for a scratch database: \(error)")
    }
    try await body(SQLiteStore(sqlite: folder.appending(path: "data.db").path))
  }

  private static let prefix = "kv-benchmark-"
}
