import ArgumentParser

/// What a list is printed as: the same five forms, whatever it is a list of.
enum ListFormat: String, ExpressibleByArgument, CaseIterable {
  /// Columns for people, on a terminal no wider than it.
  case table
  /// One array; where there is one thing by its nature, one object.
  case json
  /// An element a line.
  case jsonl
  /// RFC 4180, with a header.
  case csv
  /// A line for people for each element.
  case text

  init?(ending: String) {
    switch ending {
    case "txt": self = .text
    case "ndjson": self = .jsonl
    case let ending: self.init(rawValue: ending)
    }
  }

  static let endings = ".json, .jsonl, .csv, .txt"
}

extension FileArgument {
  /// What follows the last dot, in lower case; `nil` where there is none.
  var ending: String? {
    let name = "\(self)".split(separator: "/").last ?? ""
    return name.contains(".") ? name.split(separator: ".").last.map { $0.lowercased() } : nil
  }
}
