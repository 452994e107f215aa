import KVQuery

/// What a query gave; filled and read by one test's own task.
final class Collected: @unchecked Sendable {
  var columns: [String] = []
  var lines: [String] = []
  var paths: [QueryPath] = []
}
