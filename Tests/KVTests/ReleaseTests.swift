import Foundation
import Testing

struct ReleaseTests {
  private static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  @Test("the version is the changelog's newest, and the one that the README depends on")
  func version() throws {
    let source = try Self.text("Sources/KVCommand/Version.swift")
    let version = try #require(source.firstMatch(of: /let version = "(.*)"/)).1
    let newest = try #require(try Self.text("CHANGELOG.md").firstMatch(of: /\n## (\S+)/)).1
    #expect(version == newest)
    #expect(try Self.text("README.md").contains("from: \"\(version)\""))
  }
}
