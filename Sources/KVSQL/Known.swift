import Synchronization

/// Something that is asked for once, because it never changes.
final class Known<Value: Sendable>: Sendable {
  private let found = Mutex<Value?>(nil)

  var value: Value? {
    get { found.withLock { $0 } }
    set { found.withLock { $0 = newValue } }
  }
}
