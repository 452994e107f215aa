import KV

/// Where something stands in a query's text.
public struct Place: Sendable, Equatable {
  /// From 1.
  public var line: Int
  /// In characters, from 1.
  public var column: Int

  /// Says of what is wrong with a time where it stands.
  func locating<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as TemporalError {
      throw self.error(error.message)
    }
  }

  /// The error that something is wrong there.
  func error(_ message: String, code: KVError.Code = .invalidData, reason: KVError.Reason? = nil) -> KVError {
    KVError(code, "query, line \(line), column \(column): \(message)", reason: reason)
  }
}
