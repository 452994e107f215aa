/// What a writer expects to find under a key.
public enum Expectation: Sendable, Equatable {
  /// Nothing: the key may be absent, or at any version.
  case any
  /// The key does not exist.
  case absent
  /// The key exists, at any version.
  case present
  /// The key exists at exactly this version.
  case version(Int)

  /// The command line's and a-h/kv's form: -1 any, 0 absent, n > 0 that version.
  public init(version: Int) throws {
    switch version {
    case -1: self = .any
    case 0: self = .absent
    case 1...: self = .version(version)
    default:
      throw KVError(.usage, "version \(version): expected -1 (no check), 0 (must not exist) or a version")
    }
  }
}

extension Expectation {
  /// Whether it is met by a key at a version, or (`nil`) by one that is absent.
  package func holds(at version: Int?) -> Bool {
    switch self {
    case .any: true
    case .absent: version == nil
    case .present: version != nil
    case .version(let expected): version == expected
    }
  }

  /// The error for a writer who found the key at another version, or (`nil`) not at all.
  package func conflict(key: String, found version: Int?, mutationIndex: Int? = nil) -> KVError {
    let name = JSON(key).text
    let message =
      switch (self, version) {
      case (.version(let expected), let actual?): "key \(name) is at version \(actual), not \(expected)"
      case (.version(let expected), nil): "key \(name) does not exist, so it is not at version \(expected)"
      case (.absent, let actual?): "key \(name) exists already, at version \(actual)"
      case (.present, nil): "key \(name) does not exist"
      default: "key \(name) was changed by somebody else at the same time"
      }
    return KVError(.conflict, message, mutationIndex: mutationIndex, key: key)
  }
}

/// One change of the store.
public enum Mutation: Sendable, Equatable {
  /// Writes a value and a type under a key, over what is there if the expectation holds. Result: ``MutationResult/put(version:)``.
  case put(key: String, value: JSON, type: String = "json", expecting: Expectation = .any)
  /// Applies a merge patch (RFC 7396) to the value under a key, which is made where it is absent, and gives the record this
  /// type, whatever it had. Result: ``MutationResult/put(version:)``.
  case patch(key: String, with: JSON, type: String = "json", expecting: Expectation = .any)
  /// Changes nothing, and fails the transaction where the expectation does not hold when its turn comes. Result:
  /// ``MutationResult/met``.
  case expect(key: String, Expectation)
  /// Changes nothing, and fails the transaction where an edge leaves or enters one of the nodes when its turn comes. A node is a text, as in
  /// ``GraphStore``. Result: ``MutationResult/met``.
  case expectNoEdges(at: [String])
  /// Deletes the record under a key. A key that is absent is no error. Result: ``MutationResult/deleted(count:)``.
  case delete(key: String)
  /// Deletes a page of a selection, in key order. Result: ``MutationResult/deleted(count:)``.
  case deleteSelection(Selection, page: Page = .all)
}

/// What one mutation did.
public enum MutationResult: Sendable, Equatable {
  /// The version that a put or patched key has now.
  case put(version: Int)
  /// How many records a deletion removed; 0 where there were none.
  case deleted(count: Int)
  /// An expectation held.
  case met
}
