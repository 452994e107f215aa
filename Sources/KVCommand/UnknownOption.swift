import ArgumentParser
import KV

/// A word that looks like an option, and is none of the command's. The parser tells first what comes of it: what follows it is no number.
struct UnknownOption {
  let message: String

  /// `nil` where the command knows all of them.
  init?(in arguments: some Sequence<String>) {
    var path = CommandPath()
    var words = Array(arguments)[...]
    path.follow(&words)
    let help = KVCommand.helpMessage(for: path.command, includeHidden: true, columns: 1000)
    let known = Set(help.matches(of: /--[A-Za-z][A-Za-z0-9-]*/).map { String($0.output) })
    let typed = words.prefix { $0 != "--" }.lazy.compactMap { word in
      // A value may be anything, a password too.
      word.prefixMatch(of: /(--[A-Za-z][A-Za-z0-9-]{0,29})(=|$)/).map { String($0.output.1) }
    }
    guard let option = typed.first(where: { !known.contains($0) }) else { return nil }
    let near = namesNear(option, among: known).map { "'\($0)'" }
    message =
      "\(path) has no option \(JSON(option))"
      + (near.isEmpty ? "; see '\(path) --help'" : "; did you mean \(near.joined(separator: " or "))?")
  }
}
