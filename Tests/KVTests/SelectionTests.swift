import Testing

@testable import KV

@Suite struct SelectionTests {
  @Test("a prefix ends right after the last key that has it")
  func prefixEnds() {
    #expect(Selection.prefix("a/").bounds.to == "a0")
    #expect(Selection.prefix("").bounds.to == nil)
    #expect(Selection.prefix("a\u{10FFFF}").bounds.to == "b")
    #expect(Selection.prefix("\u{10FFFF}").bounds.to == nil)
    #expect(Selection.prefix("\u{D7FF}").bounds.to == "\u{E000}")
    #expect(Selection.prefix("\u{7F}").bounds.to == "\u{80}")
  }

  @Test func versionsMeanWhatTheCommandLineSays() throws {
    #expect(try Expectation(version: -1) == .any)
    #expect(try Expectation(version: 0) == .absent)
    #expect(try Expectation(version: 7) == .version(7))
    #expect(throws: KVError.self) { try Expectation(version: -2) }
  }
}
