import KV
import Testing

@testable import KVGraph

/// Inputs that are small and ask for much, and text that would be read as another.
@Suite struct XMLLimitTests {
  private static func error(_ text: String) -> String {
    GraphMLReaderTests.read(text).last { $0.hasPrefix("error") } ?? "none"
  }

  @Test func defaultsAreLimited() {
    let long = String(repeating: "y", count: 1000)
    let keys = (0..<100).map {
      #"<key id="k\#($0)" for="node" attr.name="a\#($0)"><default>\#(long)</default></key>"#
    }
    let nodes = (0..<2000).map { #"<node id="A:\#($0)"/>"# }
    let text = GraphMLReaderTests.document(keys.joined(), nodes.joined())
    let lines = described { try GraphMLReader(chunks(text, of: 1 << 16), isText: false) }
    #expect(lines.last?.contains("the defaults of the file's keys come to more than") == true)
    let attributes = (0..<100).map {
      #"<attribute id="\#($0)" title="a\#($0)" type="string"><default>\#(long)</default></attribute>"#
    }
    let gexf =
      "<gexf><graph><attributes class=\"node\">\(attributes.joined())</attributes>\(nodes.joined())</graph></gexf>"
    let others = described { try GEXFReader(chunks(gexf, of: 1 << 16), isText: false) }
    #expect(others.last?.contains("the defaults of the file's keys come to more than") == true)
  }

  @Test func entitiesAreLimited() {
    let text =
      #"<!DOCTYPE g [<!ENTITY a "\#(String(repeating: "x", count: 1_000_000))">]>"#
      + #"<graphml><graph><node id="A:\#(String(repeating: "&a;", count: 50))"/></graph></graphml>"#
    let lines = described { try GraphMLReader(chunks(text, of: 1 << 16), isText: false) }
    #expect(lines.last?.contains("amplification") == true)
  }

  @Test(
    "an entity that is defined nowhere is refused, in text and in attributes, whatever the document leaves to others",
    arguments: [
      #"<!DOCTYPE g SYSTEM "x.dtd"><graphml><graph><node id="1"><data key="k">a&lost;b</data></node></graph></graphml>"#,
      #"<!DOCTYPE g SYSTEM "x.dtd" [<!ENTITY own "x">]><graphml><graph><node id="1&lost;2"/></graph></graphml>"#,
      #"<!DOCTYPE g [ %lost; ]><graphml><graph><node id="1&lost;2"/></graph></graphml>"#,
      #"<!DOCTYPE g SYSTEM "x.dtd" [<!ENTITY % lost "x">]><graphml><graph><node id="1&lost;2"/></graph></graphml>"#,
      #"<!DOCTYPE g SYSTEM "x.dtd" [<!ENTITY own "x&lost;">]><graphml><graph><node id="1&own;2"/></graph></graphml>"#,
      #"<!DOCTYPE g SYSTEM "x.dtd" [<!ENTITY own "<node id='&lost;'/>">]><graphml><graph>&own;</graph></graphml>"#,
    ])
  func undefinedEntities(_ text: String) {
    #expect(Self.error(text).contains("the entity &lost; is defined nowhere"), "\(Self.error(text))")
  }

  @Test("entities that are defined are read, in UTF-16 too; what is outside is not")
  func definedEntities() {
    let text =
      #"<!DOCTYPE g SYSTEM "x.dtd" [<!ENTITY own "x">]><graphml><graph><node id="1&own;&amp;&#65;&lt;"/></graph></graphml>"#
    #expect(GraphMLReaderTests.read(text) == ["1 (1x&A<) {}"])
    let units = [0xFEFF] + Array(text.utf16)
    let bytes = units.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    #expect(described { try GraphMLReader(chunks(bytes, of: 5), isText: false) } == ["1 (1x&A<) {}"])
    let outside = #"<!DOCTYPE g [<!ENTITY x SYSTEM "file:///etc/passwd">]><graphml>&x;</graphml>"#
    #expect(Self.error(outside).contains("external"))
  }

  @Test(
    "thousands of keys, names and long tokens are read in time that grows with the file",
    .timeLimit(.minutes(5)))
  func linear() {
    let count = 20_000
    let keys = (0..<count).map { #"<key id="k\#($0)" attr.name="a\#($0)"/>"# }.joined()
    let data = (0..<count).reversed().map { #"<data key="k\#($0)">1</data>"# }.joined()
    let inner = (0..<count).map { #"<graph><node id="\#($0)"/></graph><data key="k\#($0)">2</data>"# }
      .joined()
    let long = "<!--" + String(repeating: "x", count: 4 << 20) + "-->"
    let deep = String(repeating: "<y>", count: count) + String(repeating: "</y>", count: count)
    let text = GraphMLReaderTests.document(
      keys, long + #"<node id="a">\#(data)</node><node id="b">\#(inner)\#(deep)</node>"#)
    let lines = described { try GraphMLReader(chunks(text, of: 1 << 10), isText: false) }
    #expect(lines.count == count + 3)
  }

  @Test("a chunk that is larger than the parser takes at once is read in pieces")
  func largeChunk() {
    let text = GraphMLReaderTests.document(
      "", #"<node id="\#(String(repeating: "x", count: 17 << 20))"/><node id="b"/>"#)
    #expect(described { try GraphMLReader(chunks(text, of: .max), isText: false) }.last == "1 (b) {}")
  }
}
