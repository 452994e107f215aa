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
      if let forced = Environment["CLICOLOR_FORCE"], !forced.isEmpty, forced != "0" { return true }
      let isRefused = Environment["NO_COLOR"].map { !$0.isEmpty } ?? false
      return Output.isTerminal && !isRefused && Environment["TERM"] != "dumb"
    }
  }
}
