import KV
import KVGraph

/// What is not there is said with the names of what is, where one is written nearly so.
extension KVError {
  /// - Parameters:
  ///   - message: says what is not there, as `no key "usr/ann"`.
  ///   - names: those that there are.
  static func absent(_ message: String, _ name: String, among names: some Sequence<String>) -> KVError {
    var error = KVError(.notFound, message)
    error.add(namesNear: name, among: names)
    return error
  }

  fileprivate mutating func add(namesNear name: String, among names: some Sequence<String>) {
    let near = namesNear(name, among: names).map { JSON($0).text }
    if near.isEmpty { return }
    message += "; did you mean \(near.joined(separator: " or "))?"
    // What else would help is for who meant this name.
    reason = nil
  }
}

extension GraphStore {
  /// How many keys are looked through: a script may ask for keys that are not there, and waits for this.
  private static var searched: Int { 20_000 }

  /// The error for a key that is not there. Looks through the keys of the same folder first.
  func absence(ofKey key: String) async throws -> KVError {
    try validate(key: key)
    var names: [String] = []
    if let slash = key.lastIndex(of: "/") {
      names = try await keys(.prefix(String(key[...slash])), after: nil, limit: Self.searched).map(\.key)
    }
    if namesNear(key, among: names).isEmpty {
      names = try await keys(.all, after: nil, limit: Self.searched).map(\.key)
    }
    return .absent("no key \(JSON(key))", key, among: names)
  }
}

extension Store {
  /// Does what needs a consumer; where it is not there the error names those that are nearly called so.
  func withConsumer<Result>(_ name: String, _ body: () async throws -> Result) async throws -> Result {
    do {
      return try await body()
    } catch let error as KVError where error.reason == .noConsumer {
      throw try await absence(ofConsumer: name)
    }
  }

  /// The error for a consumer that is not there.
  func absence(ofConsumer name: String) async throws -> KVError {
    var error = ConsumerPosition.missing(name)
    let folder = ConsumerPosition.key(of: "")
    // Also of those that hold no position.
    let records = try await records(.prefix(folder), page: .all)
    error.add(namesNear: name, among: records.map { String($0.key.dropFirst(folder.count)) })
    return error
  }
}

extension Leasing {
  /// The error for a lease that is not there.
  /// - Parameter holder: who was to give it back.
  func absence(ofLease name: String, of holder: String? = nil) async throws -> KVError {
    if let holder, let lease = try await lease(name) {
      return KVError(
        .notFound, "the lock \(JSON(name)) is not \(JSON(holder))'s: \(JSON(lease.holder)) had it last")
    }
    return .absent("no lock \(JSON(name))", name, among: try await leases().map(\.name))
  }
}
