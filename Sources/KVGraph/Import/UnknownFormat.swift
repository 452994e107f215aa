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
      "no graph: its columns \(Self.list(columns)) name no graph: edges need from and to (or source and target), nodes need id"
    reason = .unknownColumns
  }

  /// The names of columns or members that were found, the first of many.
  static func list(_ names: [String]) -> String {
    names.prefix(12).map { JSON($0).text }.joined(separator: ", ") + (names.count > 12 ? ", …" : "")
  }
}
