import Foundation
import Testing

/// What ARCHITECTURE.md says of the layers, read from the sources.
struct LayerTests {
  private static let sources = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().appending(
      path: "Sources")

  /// What each module may import of this project.
  private static let allowed: [String: Set<String>] = [
    "KV": [], "KVSQL": ["KV"], "KVSQLite": ["KV", "KVSQL", "CSQLite"],
    "KVPostgres": ["KV", "KVSQL", "CPostgres"], "KVRqlite": ["KV", "KVSQL", "CCurl"],
    "KVGraph": ["KV", "CExpat", "CGraphviz"], "KVGraphView": ["KV", "KVGraph", "CGraphviz"],
    "KVQuery": ["KV", "KVGraph"],
  ]

  private static func files(of module: String) throws -> [(name: String, lines: [Substring])] {
    let folder = sources.appending(path: module)
    let names = try #require(FileManager.default.enumerator(atPath: folder.path)).compactMap { $0 as? String }
    return try names.filter { $0.hasSuffix(".swift") }.map {
      let text = try String(contentsOf: folder.appending(path: $0), encoding: .utf8)
      return ("\(module)/\($0)", text.split(separator: "\n", omittingEmptySubsequences: false))
    }
  }

  @Test(arguments: allowed.keys.sorted())
  func aModuleImportsOnlyWhatIsBelowIt(_ module: String) throws {
    let ours = Set(try FileManager.default.contentsOfDirectory(atPath: Self.sources.path))
    let files = try Self.files(of: module)
    #expect(!files.isEmpty)
    for (name, lines) in files {
      for line in lines {
        let words = line.split(separator: " ")
        guard let place = words.firstIndex(of: "import"), place < 2, words.count > place + 1 else { continue }
        let imported = String(words[place + 1].prefix { $0 != "." })
        guard ours.contains(imported) else { continue }
        #expect(Self.allowed[module]?.contains(imported) == true, "\(name) imports \(imported)")
      }
    }
  }

  @Test(
    "a library's message names no option and no command of the command line", arguments: allowed.keys.sorted()
  )
  func messages(_ module: String) throws {
    for (name, lines) in try Self.files(of: module) {
      for (number, line) in lines.enumerated() where !line.drop(while: { $0 == " " }).hasPrefix("//") {
        #expect(
          line.firstMatch(of: /--[a-z][a-z-]+[ "',;)]|\bkv (graph|init|consumer|stream|task|lock|put|get)\b/)
            == nil,
          "\(name):\(number + 1): \(line)")
      }
    }
  }
}
