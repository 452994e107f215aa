extension Store {
  /// The records whose keys begin with these bytes, in key order. Cost: the records read plus `page.offset`.
  public func getPrefix(_ prefix: String, page: Page = .all) async throws -> [Record] {
    try await records(.prefix(prefix), page: page)
  }

  /// The records from one key up to, but not including, another, in key order. Cost: the records read plus `page.offset`.
  public func getRange(from: String, to: String, page: Page = .all) async throws -> [Record] {
    try await records(.range(from: from, to: to), page: page)
  }

  /// All records, in key order. Cost: the records read plus `page.offset`; ``sequence(of:pageSize:)`` holds only a page of them.
  public func list(page: Page = .all) async throws -> [Record] {
    try await records(.all, page: page)
  }

  /// Writes a value and returns the key's new version.
  @discardableResult
  public func put(
    _ key: String, _ value: JSON, type: String = "json", expecting: Expectation = .any
  ) async throws -> Int {
    try await version(of: .put(key: key, value: value, type: type, expecting: expecting))
  }

  /// The version that a put or a patch made.
  func version(of mutation: Mutation) async throws -> Int {
    guard case .put(let version)? = try await mutate([mutation]).first else {
      throw KVError(.failed, "the store gave no version for the key it wrote")
    }
    return version
  }

  /// Deletes the keys in one transaction and returns how many there were.
  @discardableResult
  public func delete(_ keys: [String]) async throws -> Int {
    try await mutate(keys.map(Mutation.delete)).reduce(0) { sum, result in
      if case .deleted(let count) = result { sum + count } else { sum }
    }
  }
}

extension Store {
  /// Applies a merge patch (RFC 7396) to the value under a key, which is made where it is absent, and returns the new
  /// version. Without an expectation it is repeated when somebody else writes in between.
  @discardableResult
  public func patch(
    _ key: String, with patch: JSON, type: String = "json", expecting: Expectation = .any
  ) async throws -> Int {
    try await version(of: .patch(key: key, with: patch, type: type, expecting: expecting))
  }

  /// Deletes a part of a selection in one transaction and returns how many records there were.
  @discardableResult
  public func delete(_ selection: Selection, page: Page = .all) async throws -> Int {
    guard case .deleted(let count)? = try await mutate([.deleteSelection(selection, page: page)]).first else {
      throw KVError(.failed, "the store did not say how much it deleted")
    }
    return count
  }

  /// Deletes the records whose keys begin with these bytes.
  @discardableResult
  public func deletePrefix(_ prefix: String, page: Page = .all) async throws -> Int {
    try await delete(.prefix(prefix), page: page)
  }

  /// Deletes the records from one key up to, but not including, another.
  @discardableResult
  public func deleteRange(from: String, to: String, page: Page = .all) async throws -> Int {
    try await delete(.range(from: from, to: to), page: page)
  }
}
