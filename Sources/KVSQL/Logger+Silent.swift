import Logging

extension Logger {
  /// A logger that says nothing: what the libraries use where none is given.
  public static var silent: Logger { Logger(label: "kv") { _ in SwiftLogNoOpLogHandler() } }
}
