import ArgumentParser
import KV
import KVGraphView
import Subprocess
import SystemPackage

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Draws DOT from standard input: the child process in which `view` has Graphviz work, for a layout can neither be
/// interrupted nor be trusted to end.
struct Render: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "__render", shouldDisplay: false)

  @Argument var format: Graphviz.Format
  @Argument var layout: Graphviz.Layout
  @Argument var parent: Int32

  func run() async throws {
    ParentWatch.begin(parent) { _exit(1) }
    let dot = String(decoding: try Input.all(), as: UTF8.self)
    try await Output.bytes(Graphviz.render(dot: dot, format: format, layout: layout))
  }

  static func inChildProcess(
    _ dot: String, as format: Graphviz.Format, layout: Graphviz.Layout, timeout: Duration
  ) async throws -> [UInt8] {
    try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
      group.addTask { try await draw(dot, as: format, layout: layout) }
      group.addTask {
        try await Task.sleep(for: timeout)
        return nil
      }
      defer { group.cancelAll() }
      guard let image = try await group.next() ?? nil else { throw LayoutFailure.timedOut(layout, timeout) }
      return image
    }
  }

  /// Cancelling kills the child.
  private static func draw(_ dot: String, as format: Graphviz.Format, layout: Graphviz.Layout) async throws
    -> [UInt8]
  {
    try ChildResources.check()
    var options = PlatformOptions()
    options.teardownSequence = []
    let result = try await Subprocess.run(
      .path("/proc/self/exe"), arguments: ["__render", format.rawValue, layout.rawValue, "\(getpid())"],
      platformOptions: options,
      input: .fileDescriptor(ChildInput.file(dot), closeAfterSpawningProcess: true),
      output: .sequence, error: .string(limit: 1 << 16)
    ) { execution in
      var image: [UInt8] = []
      for try await chunk in execution.standardOutput { chunk.withUnsafeBytes { image += $0 } }
      return image
    }
    guard result.terminationStatus.isSuccess, !result.closureResult.isEmpty else {
      let reason = result.standardError.split(whereSeparator: \.isNewline).joined(separator: " ")
      if reason.hasPrefix("kv: ") { throw KVError(.failed, String(reason.dropFirst(4))) }
      throw LayoutFailure.died(layout, reason.isEmpty ? "it \(result.terminationStatus.words)" : reason)
    }
    return result.closureResult
  }
}

/// Why a layout gave no picture, while another might.
enum LayoutFailure: Error {
  case timedOut(Graphviz.Layout, Duration)
  case died(Graphviz.Layout, String)

  var reason: String {
    switch self {
    case .timedOut(let layout, let limit):
      "the layout '\(layout)' took longer than \(limit.seconds(digits: limit < .seconds(1) ? 3 : 0)) s"
    case .died(let layout, let reason): "the layout '\(layout)' failed in Graphviz: \(reason)"
    }
  }

  var error: KVError {
    switch self {
    case .timedOut(let layout, _):
      let others = layout == .sfdp ? "--layout auto" : "--layout sfdp"
      return KVError(.unavailable, "\(reason); try \(others) or --timeout")
    case .died: return KVError(.failed, reason)
    }
  }
}

extension Graphviz.Format: ExpressibleByArgument {}
extension Graphviz.Layout: ExpressibleByArgument {}
