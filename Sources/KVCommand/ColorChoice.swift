import ArgumentParser

/// Whether text has colours.
enum ColorChoice: String, ExpressibleByArgument, CaseIterable {
  case auto, always, never

  static let help: ArgumentHelp = "auto (on a terminal, unless NO_COLOR is set), always or never."

  /// For what goes to standard output.
  var isOn: Bool {
    switch self {
    case .always: return true
    case .never: return false
    case .auto:
      if let refused = Environment["NO_COLOR"], !refused.isEmpty { return false }
      if let forced = Environment["CLICOLOR_FORCE"], !forced.isEmpty, forced != "0" { return true }
      return Output.isTerminal && Environment["TERM"] != "dumb"
    }
  }
}
