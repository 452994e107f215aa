import Foundation
import Subprocess
import SystemPackage
import TestSupport

/// One command line with its environment and its input, all made of a seed.
struct Attack {
  private(set) var words: [String]
  private(set) var input: [UInt8]
  private(set) var connection: String?
  private static let secret = "S3CRET"
  private static let timeLimit =
    ProcessInfo.processInfo.environment["KV_FUZZ_SECONDS"].flatMap { Int($0) } ?? 10
  private static let statuses: Set<Int32> = [0, 1, 3, 4, 5, 64, 65]

  init(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    words = Commands.words(&random)
    input = Inputs.bytes(&random)
    connection = Bool.random(using: &random) ? nil : Commands.connection(secret: Self.secret, &random)
  }

  var description: String {
    "kv \(words.map { String($0.debugDescription.prefix(80)) }.joined(separator: " ")) < \(input.count) bytes, KV_CONNECTION=\(connection?.debugDescription ?? "none")"
  }

  /// What is wrong with how it ended.
  func run(_ program: String) async throws -> String? {
    let folder = TemporaryFolder().path
    let path = folder + "/input"
    _ = FileManager.default.createFile(atPath: path, contents: Data(input))
    var environment = ["PATH": "/usr/bin:/bin", "TMPDIR": folder]
    environment["KV_CONNECTION"] = connection
    // 10 s unless told otherwise, and room for 1 GiB of memory beside what is only reserved.
    let limits =
      "ulimit -c 0; ulimit -d 1048576; exec timeout -s KILL \(Self.timeLimit) \"$0\" \"$@\" < input"
    let result = try await Subprocess.run(
      .path("/bin/sh"), arguments: Arguments(["-c", limits, program] + words),
      environment: .custom(
        Dictionary(uniqueKeysWithValues: environment.map { (.init(stringLiteral: $0), $1) })),
      workingDirectory: FilePath(folder), input: .none, output: .sequence, error: .sequence
    ) { execution in
      async let output = Self.collect(execution.standardOutput)
      async let error = Self.collect(execution.standardError)
      return try await (output, error)
    }
    try? FileManager.default.removeItem(atPath: folder)
    let (output, error) = result.closureResult
    guard case .exited(let status) = result.terminationStatus, Self.statuses.contains(status) else {
      return "ended with \(result.terminationStatus): \(String(decoding: error.prefix(300), as: UTF8.self))"
    }
    let lines = error.split(separator: 0x0A)
    if status != 0, lines.isEmpty { return "status \(status) without a word" }
    if status == 64 || status == 65, lines.filter({ !$0.starts(with: "kv: left out".utf8) }).count > 8 {
      return "more than a few lines of error"
    }
    let text = String(decoding: error, as: UTF8.self)
    if text.contains(Self.secret) { return "the secret is shown: \(text)" }
    if text.unicodeScalars.contains(where: {
      $0.value < 0x20 && $0 != "\n" || (0x7F...0x9F).contains($0.value)
    }) {
      return "a raw control character in the error: \(text.debugDescription)"
    }
    if words.contains("--output"), words.contains("text"), output.contains(0x1B) {
      return "an escape in a text"
    }
    return nil
  }

  private static func collect(_ sequence: SubprocessOutputSequence) async throws -> [UInt8] {
    var bytes: [UInt8] = []
    for try await chunk in sequence where bytes.count < 1 << 20 { chunk.withUnsafeBytes { bytes += $0 } }
    return bytes
  }
}
