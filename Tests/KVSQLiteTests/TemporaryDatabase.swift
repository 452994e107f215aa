import KVSQLite

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A folder that goes when the test ends.
final class TemporaryFolder: Sendable {
  let path: String

  init() {
    var template = Array("/tmp/kv-test-XXXXXX".utf8CString)
    path = mkdtemp(&template).map { String(cString: $0) } ?? "/tmp"
  }

  deinit {
    for name in ["t.db", "t.db-wal", "t.db-shm", "t.txt"] { unlink(path + "/" + name) }
    rmdir(path)
  }

  var database: String { path + "/t.db" }
}
