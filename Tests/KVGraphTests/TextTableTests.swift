import TestSupport
import Testing

@testable import KVGraph

struct TextTableTests {
  @Test("a text has one number, in the order in which texts came, and comes back by it")
  func numbersTexts() {
    var random = SeededRandom()
    var table = TextTable()
    var known: [String] = []
    let letters = ["", "a", "b", "\u{E9}", "e\u{301}", "/", "%2F", "long enough for a whole word", "\0"]
    for _ in 0..<20_000 {
      let text = (0..<Int.random(in: 0...4, using: &random)).map { _ in
        letters.randomElement(using: &random) ?? ""
      }.joined()
      // By bytes: canonically equivalent texts are different ones.
      let place = known.firstIndex { $0.utf8.elementsEqual(text.utf8) }
      #expect(table.find(text) == place.map { Int32($0) }, "seed \(random.seed)")
      #expect(table.number(of: text) == Int32(place ?? known.count), "seed \(random.seed)")
      if place == nil { known.append(text) }
    }
    #expect(table.count == known.count)
    for (number, text) in known.enumerated() {
      #expect(table[Int32(number)].utf8.elementsEqual(text.utf8))
      #expect(table.withBytes(of: Int32(number)) { $0.elementsEqual(text.utf8) })
    }
  }
}
