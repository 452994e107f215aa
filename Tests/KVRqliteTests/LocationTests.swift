import KV
import TestSupport
import Testing

@testable import KVRqlite

/// What people give for a connection.
@Suite struct LocationTests {
  @Test("nodes, credentials and parameters are read")
  func parts() throws {
    let location = try RqliteLocation(
      "https://me:p%40ss:w@A:4001,https://b,[::1]:5/?level=weak&timeout=1.5s&ca=/x%20y&cert=c&key=k&insecure=true"
    )
    #expect(location.nodes == ["https://a:4001", "https://b:4001", "https://[::1]:5"])
    #expect(try RqliteLocation("HTTP://A,Http://b").nodes == ["http://a:4001", "http://b:4001"])
    #expect(location.user == "me" && location.password == "p@ss:w")
    #expect(location.level == "weak" && location.timeout == .milliseconds(1500))
    #expect(location.authorities == "/x y" && location.certificate == "c" && location.certificateKey == "k")
    #expect(location.trustsAnyCertificate)
    let plain = try RqliteLocation("http://localhost:4001?user=admin&password=secret")
    #expect(plain.user == "admin" && plain.password == "secret" && plain.level == "linearizable")
    #expect(plain.timeout == .seconds(30) && !plain.trustsAnyCertificate)
  }

  @Test(
    "a connection that cannot be read is a usage error, and nothing secret is shown",
    arguments: [
      "localhost:4001", "ftp://u:secret@h", "http://", "http://u:secret@", "http://u:secret@h:x",
      "http://u:sec%ret@h",
      "http://h:99999", "http://:4001", "http://h/secret", "http://h,,i", "http://h?passwort=secret",
      "http://h?password=%00secret", "http://h?level=secret&level=silly", "http://h?timeout=soon",
      "http://h?timeout=-1s", "http://h?timeout=0s", "http://h?timeout=1e9h", "http://h?insecure",
      "http://h?cert=x",
      "http://u:secret@h@i:4001/x",
    ])
  func unreadable(_ connection: String) async {
    let error = await expectError(.usage) { try RqliteLocation(connection) }
    let isSilent = connection.contains("level=secret") || error?.message.contains("secret") == false
    #expect(isSilent && error?.message.contains("\n") == false)
  }

  @Test("a host that is not found, or where nobody listens, is unavailable")
  func unreachable() async {
    for host in ["no.invalid", "127.0.0.1:1"] {
      let error = await expectError(.unavailable) { try await RqliteStore(rqlite: "http://u:secret@\(host)") }
      #expect(error?.message.contains("secret") == false && error?.message.contains("\n") == false)
    }
  }
}
