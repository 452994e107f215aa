import KV

/// A file in which no graph is found.
struct UnknownFormat: Error {
  var message: String
  var reason: KVError.Reason

  init(_ found: String) {
    message = "no graph: \(found)"
    reason = .unknownFormat
  }

  /// A table whose columns tell no graph.
  init(columns: [String]) {
    message =
      "no graph: its columns \(CSVHeader.list(columns)) name no graph: edges need from and to (or source and target), nodes need id"
    reason = .unknownColumns
  }
}
