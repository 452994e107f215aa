import ArgumentParser

/// Whether text has colours.
struct ColorOption: ParsableArguments {
  enum Choice: String, ExpressibleByArgument, CaseIterable {
    case auto, always, never
  }

  @Option(help: "auto (on a terminal, unless NO_COLOR is set), always or never.") var color = Choice.auto

  /// For what goes to standard output.
  var isOn: Bool {
    switch color {
    case .always: return true
    case .never: return false
    case .auto:
      if let refused = Environment["NO_COLOR"], !refused.isEmpty { return false }
      if let forced = Environment["CLICOLOR_FORCE"], !forced.isEmpty, forced != "0" { return true }
      return Output.isTerminal && Environment["TERM"] != "dumb"
    }
  }
}
