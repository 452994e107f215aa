import KV

// A build with Swift's libraries linked in has no Testing.
#if canImport(Testing)
  import Testing

  /// Expects a `KVError` of this code.
  @discardableResult
  public func expectError<T>(
    _ code: KVError.Code, sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () async throws -> T
  ) async -> KVError? {
    let error = await #expect(throws: KVError.self, sourceLocation: sourceLocation) { _ = try await body() }
    #expect(error?.code == code, "\(error?.message ?? "")", sourceLocation: sourceLocation)
    return error
  }
#endif
