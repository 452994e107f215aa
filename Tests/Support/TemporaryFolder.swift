import Foundation
import Synchronization

/// A folder for a test's files. All go when the process ends, for a store may outlive the test that opened it.
public struct TemporaryFolder: Sendable {
  public let path: String

  public init() {
    path = Self.root + "/\(Self.count.add(1, ordering: .relaxed).newValue)"
    mkdir(path, 0o700)
  }

  public var database: String { path + "/t.db" }

  private static let count = Atomic(0)

  private static let root: String = {
    var template = Array("/tmp/kv-test-XXXXXX".utf8CString)
    let root = mkdtemp(&template).map { String(cString: $0) } ?? "/tmp"
    atexit { try? FileManager.default.removeItem(atPath: TemporaryFolder.root) }
    return root
  }()
}
