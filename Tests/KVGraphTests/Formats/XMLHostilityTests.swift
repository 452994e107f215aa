import KV
import TestSupport
import Testing

@testable import KVGraph

@Suite struct XMLHostilityTests {
  private static let pieces = [
    "<graphml>", "<gexf>", "<graph>", "<graph edgedefault=\"directed\">",
    "<graph defaultedgetype=\"mutual\">",
    "<key id=\"k\" attr.name=\"n\" attr.type=\"long\">", "<default>", "<data key=\"k\">", "<data>",
    "<node id=\"a\">",
    "<node>", "<edge source=\"a\" target=\"b\" id=\"1\" label=\"x\" weight=\"2\">", "<y:ShapeNode>",
    "<y:NodeLabel>",
    "<y:Realizers active=\"9223372036854775807\">", "<x:List>", "<y:Geometry x=\"1\"/>",
    "<attributes class=\"node\">",
    "<attribute id=\"k\" title=\"n\" type=\"listlong\">", "<nodes>", "<edges>", "<attvalues>",
    "<attvalue for=\"k\" value=\"[1\"/>", "<attvalue/>", "<parents>", "<parent for=\"a\"/>", "<spells>",
    "<spell start=\"1\"/>",
    "<viz:size value=\"1\"/>", "<port>", "<desc/>", "<hyperedge/>", "text", " ", "5", "&amp;", "<![CDATA[]]>",
    "<!--x-->",
  ]

  @Test("tags in any order are read to the end, and give the same by whatever chunks")
  func anyOrder() {
    for _ in 0..<500 {
      var random = SeededRandom()
      var text = Bool.random(using: &random) ? "<graphml>" : "<gexf>"
      var open = [String(text.dropFirst().dropLast())]
      for _ in 0..<Int.random(in: 1...60, using: &random) {
        if Int.random(in: 0..<3, using: &random) == 0, open.count > 1 {
          text += "</\(open.removeLast())>"
          continue
        }
        let piece = Self.pieces.randomElement(using: &random) ?? ""
        text += piece
        if piece.hasPrefix("<"), !piece.hasPrefix("<!"), !piece.hasSuffix("/>") {
          open.append(String(piece.dropFirst().prefix { $0 != " " && $0 != ">" }))
        }
      }
      for name in open.reversed() { text += "</\(name)>" }
      func lines(_ size: Int) -> [[String]] {
        [
          described { try GraphMLReader(chunks(text, of: size), isText: false) },
          described { try GEXFReader(chunks(text, of: size), isText: false) },
        ]
      }
      let whole = lines(.max)
      #expect(whole == lines(5), "seed \(random.seed)")
      #expect(whole.contains { $0.last?.contains(" as G") != true }, "seed \(random.seed): \(whole)")
    }
  }

  @Test("bytes that are no XML give an error and no crash")
  func brokenBytes() throws {
    for isGEXF in [false, true] {
      let text = try XMLWriterTests.written(
        isGEXF, XMLWriterTests.nodes, XMLWriterTests.edges, isDirected: true)
      for _ in 0..<300 {
        var random = SeededRandom()
        var bytes = Array(text.utf8)
        for _ in 0..<Int.random(in: 1...4, using: &random) {
          bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
        }
        if isGEXF {
          _ = described { try GEXFReader(chunks(bytes, of: 50), isText: false) }
        } else {
          _ = described { try GraphMLReader(chunks(bytes, of: 50), isText: false) }
        }
      }
    }
  }
}
