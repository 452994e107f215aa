import Foundation
import KV
import KVRqlite
import Subprocess
import SystemPackage
import TestSupport
import Testing

/// HTTPS: what is trusted, and who is.
@Suite(.enabled(if: SecureFront.isInstalled, "socat and openssl are not installed"), .timeLimit(.minutes(60)))
struct SecureConnectionTests {
  @Test("a certificate is believed by its authority and for its name only, or where any is")
  func certificates() async throws {
    try await SecureFront.with { front in
      for good in ["ca=\(front.folder)/ca.pem", "insecure=true"] {
        try await RqliteStore(rqlite: "https://localhost:\(front.port)?\(good)").put("k", .null)
      }
      for bad in [
        "https://localhost:\(front.port)", "https://localhost:\(front.port)?ca=\(front.folder)/stranger.pem",
        "https://127.0.0.1:\(front.port)?ca=\(front.folder)/ca.pem",
        "https://localhost:\(front.port)?ca=\(front.folder)/none.pem",
      ] {
        let error = await expectError(.unavailable) { try await RqliteStore(rqlite: bad) }
        #expect(error?.message.contains("no secure connection") == true, "\(bad)")
      }
    }
  }

  @Test("a client shows its certificate where it is asked for one")
  func clientCertificate() async throws {
    try await SecureFront.with(clientCertificates: true) { front in
      let server = "https://localhost:\(front.port)?ca=\(front.folder)/ca.pem"
      let own = "&cert=\(front.folder)/client.pem&key=\(front.folder)/client.key"
      try await RqliteStore(rqlite: server + own).put("k", .null)
      await expectError(.unavailable) { try await RqliteStore(rqlite: server) }
    }
  }

  @Test("HTTPS against HTTP, and HTTP against HTTPS, are unavailable")
  func wrongScheme() async throws {
    try await SecureFront.with { front in
      await expectError(.unavailable) {
        try await RqliteStore(rqlite: "http://localhost:\(front.port)?timeout=5s")
      }
      await expectError(.unavailable) {
        try await RqliteStore(rqlite: "https\(front.node.origin.dropFirst(4))")
      }
    }
  }
}

/// A stand-in behind HTTPS.
private struct SecureFront {
  static let isInstalled = ["socat", "openssl"].allSatisfy {
    FileManager.default.fileExists(atPath: "/usr/bin/\($0)")
  }

  let node: RqliteStandIn
  let folder: String
  let port: Int

  static func with(
    clientCertificates: Bool = false, _ body: (SecureFront) async throws -> Void
  ) async throws {
    let node = try RqliteStandIn()
    let folder = TemporaryFolder().path
    let backend = String(node.origin.split(separator: ":").last ?? "")
    let client = clientCertificates ? ["client"] : []
    try await script(["start", folder, backend] + client)
    let log = try String(contentsOfFile: folder + "/log", encoding: .utf8)
    let port = log.firstMatch(of: /listening on .*:([0-9]+)/).flatMap { Int($0.1) }
    do {
      try await body(SecureFront(node: node, folder: folder, port: #require(port)))
    } catch {
      Issue.record(error)
    }
    try await script(["stop", folder])
  }

  private static func script(_ arguments: [String]) async throws {
    let path = #filePath.split(separator: "/").dropLast(2).map { "/" + $0 }.joined() + "/tls.sh"
    let result = try await run(
      .path(FilePath(path)), arguments: Arguments(arguments), input: .none, output: .discarded,
      error: .discarded)
    guard result.terminationStatus.isSuccess else { throw KVError(.failed, "tls.sh failed") }
  }
}
