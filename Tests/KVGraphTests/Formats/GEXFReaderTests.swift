import KV
import Testing

@testable import KVGraph

@Suite struct GEXFReaderTests {
  static func read(_ text: String, isText: Bool = false) -> [String] {
    let lines = described { try GEXFReader(chunks(text, of: .max), isText: isText) }
    for size in [1, 7] {
      #expect(lines == described { try GEXFReader(chunks(text, of: size), isText: isText) }, "by \(size)")
    }
    return lines
  }

  private static func edges(_ inside: String, _ graph: String = "") -> [String] {
    let attributes =
      #"<attributes class="edge"><attribute id="0" title="type" type="string"/><attribute id="1" title="weight" type="float"/></attributes>"#
    return Array(
      read("<gexf><graph\(graph)>\(attributes)<edges>\(inside)</edges></graph></gexf>").dropFirst())
  }

  @Test("a document as Gephi writes it")
  func whole() {
    let text = #"""
      <?xml version='1.0' encoding='UTF-8'?>
      <gexf xmlns="http://gexf.net/1.3" version="1.3" xmlns:viz="http://gexf.net/1.3/viz">
        <meta lastmodifieddate="2024-01-01"><creator>Gephi</creator><description>x</description></meta>
        <graph defaultedgetype="directed" mode="static">
          <attributes class="node" mode="static">
            <attribute id="0" title="age" type="integer"/>
            <attribute id="1" title="indegree" type="float"><default>1.5</default><options>1|2</options></attribute>
            <attribute id="2" title="type" type="string"/>
          </attributes>
          <nodes count="2">
            <node id="a" label="Ann"><attvalues><attvalue for="0" value="42"/><attvalue for="2" value="U"/></attvalues>
              <viz:size value="10.0"/><viz:position x="1" y="2"/></node>
            <node id="b" label="B&#10;b"><attvalues><attvalue for="1" value="2"/><attvalue for="9" value="x"/></attvalues></node>
          </nodes>
          <edges>
            <edge id="7" source="a" target="b" weight="2.0" label="likes" kind="knows"/>
            <edge source="b" target="a" type="undirected"/>
          </edges>
        </graph>
      </gexf>
      """#
    #expect(
      Self.read(text) == [
        "4 directed", "12 ignored viz:size", "12 ignored viz:position",
        #"11 (a:U) {"label":"Ann","age":42,"indegree":1.5}"#,
        #"13 (b) {"label":"B\nb","indegree":2,"9":"x"}"#,
        #"16 a -[knows#7]-? b {"id":"7","weight":2.0,"label":"likes"}"#, "17 b -[]-- a {}",
      ])
  }

  @Test(
    "directions",
    arguments: [
      ("", "undirected"), (#" defaultedgetype="directed""#, "directed"),
      (#" defaultedgetype="undirected""#, "undirected"), (#" defaultedgetype="mutual""#, "directed"),
      (#" defaultedgetype="Undirected""#, "undirected"),
      (#" defaultedgetype="x""#, #"ignored defaultedgetype "x""#),
    ])
  func directions(_ graph: String, _ expected: String) {
    #expect(Self.read("<gexf><graph\(graph)/></gexf>") == ["1 " + expected])
  }

  @Test("a mutual edge is two, and a loop one")
  func mutual() {
    let edges =
      #"<edge source="a" target="b"/><edge source="a" target="a"/><edge source="a" target="c" type="undirected"/>"#
    #expect(
      Self.edges(edges, #" defaultedgetype="mutual""#)
        == ["1 a -[]-? b {}", "1 b -[]-? a {}", "1 a -[]-? a {}", "1 a -[]-- c {}"])
    #expect(
      Self.edges(#"<edge source="a" target="b" type="Mutual"/>"#) == ["1 a -[]-> b {}", "1 b -[]-> a {}"])
  }

  @Test(
    "an edge's type, id and attributes",
    arguments: [
      (#"/>"#, "-[]-? b {}"), (#" kind="k"/>"#, "-[k]-? b {}"), (#" type="KNOWS"/>"#, "-[KNOWS]-? b {}"),
      (#"><attvalues><attvalue for="0" value="t"/></attvalues></edge>"#, "-[t]-? b {}"),
      (#" kind="t"><attvalues><attvalue for="0" value="t"/></attvalues></edge>"#, "-[t]-? b {}"),
      (#" kind="k"><attvalues><attvalue for="0" value="t"/></attvalues></edge>"#, #"-[k]-? b {"type":"t"}"#),
      (#" relation="r"/>"#, "-[r]-? b {}"), (#" id="0"/>"#, #"-[#0]-? b {"id":"0"}"#),
      (#" id="graph/edge/A/1/t/B/2"/>"#, "-[]-? b {}"),
      (#" weight="1"><attvalues><attvalue for="1" value="1"/></attvalues></edge>"#, #"-[]-? b {"weight":1}"#),
      (#" start="2020" end="2021-01-01"/>"#, #"-[]-? b {"start":2020,"end":"2021-01-01"}"#),
    ])
  func edgeForms(_ inside: String, _ expected: String) {
    #expect(Self.edges(#"<edge source="a" target="b"\#(inside)"#) == ["1 a " + expected])
  }

  @Test(
    "values are what their type says",
    arguments: [
      ("integer", "7", "7"), ("long", "-0", "-0"), ("double", "NaN", "\"NaN\""), ("boolean", "true", "true"),
      ("string", "007", "\"007\""), ("string", "", "\"\""), ("anyURI", "http://x", "\"http://x\""),
      ("liststring", "a|b, c", #"["a","b, c"]"#), ("liststring", "a;b", #"["a","b"]"#),
      ("liststring", "[x, y]", #"["x","y"]"#), ("liststring", "[&quot;a,b&quot;]", #"["a,b"]"#),
      ("listinteger", "1,2", "[1,2]"), ("listdouble", "[1.0, 2.5]", "[1.0,2.5]"), ("listboolean", "", "[]"),
    ])
  func values(_ type: String, _ text: String, _ expected: String) {
    let keys = #"<attributes class="node"><attribute id="k" title="n" type="\#(type)"/></attributes>"#
    for name in ["for", "id"] {
      let node = #"<node id="a"><attvalues><attvalue \#(name)="k" value="\#(text)"/></attvalues></node>"#
      #expect(
        Self.read("<gexf><graph>\(keys)<nodes>\(node)</nodes></graph></gexf>").last
          == #"1 (a) {"n":\#(expected)}"#)
    }
  }

  @Test("nodes inside nodes, parents and times are kept; earlier values are named")
  func hierarchy() {
    let text = #"""
      <gexf version="1.2"><graph mode="dynamic"><attributes class="node" mode="dynamic"><attribute id="0" title="n" type="float"/>
      </attributes><nodes><node id="o" start="1"><nodes><node id="i"/><node id="j" pid="x"/></nodes>
      <attvalues><attvalue for="0" value="1" end="5"/><attvalue for="0" value="2" start="5"/></attvalues></node>
      <node id="p"><parents><parent for="a"/><parent for="b"/></parents><spells><spell start="1" end="2"/></spells></node>
      </nodes></graph></gexf>
      """#
    #expect(
      Self.read(text) == [
        "1 undirected", #"2 (i) {"parent":"o"}"#, #"2 (j) {"parent":"x"}"#,
        "3 ignored earlier values of dynamic attributes", #"2 (o) {"start":1,"n":2}"#,
        #"4 (p) {"parents":["a","b"],"spells":[{"start":1,"end":2}]}"#,
      ])
  }

  @Test("an XML attribute beside another value of its name is named")
  func twice() {
    #expect(
      Self.edges(
        #"<edge source="a" target="b" weight="1"><attvalues><attvalue for="1" value="2"/></attvalues></edge>"#
      )
        == [
          "1 ignored the XML attribute weight beside an attvalue of that name", #"1 a -[]-? b {"weight":2}"#,
        ])
  }

  @Test("an element that is wrong is said so, and the next is read")
  func invalid() {
    let inside =
      #"<edge source="a"/><edge target="a"/><edge source="a" target="b"><attvalues><attvalue for="1" value="x"/></attvalues></edge>"#
      + #"<edge source="a" target="b"/>"#
    #expect(
      Self.edges(inside) == [
        "1 invalid the edge has no target", "1 invalid the edge has no source",
        #"1 invalid "x" is no float, which "weight" is"#, "1 a -[]-? b {}",
      ])
  }

  @Test("a half file ends with an error, wherever it ends")
  func halves() {
    let text =
      #"<gexf><graph><attributes class="node"><attribute id="0" title="n" type="string"><default>d</default></attribute>"#
      + #"</attributes><nodes><node id="a"><attvalues><attvalue for="0" value="é"/></attvalues></node></nodes></graph></gexf>"#
    let bytes = Array(text.utf8)
    for count in bytes.indices {
      let lines = described { try GEXFReader(chunks(Array(bytes[..<count]), of: 16), isText: false) }
      #expect(lines.last?.hasPrefix("error") == true, "\(count)")
    }
    #expect(Self.read("<gexf>") == ["error line 1, column 1: the file ends inside the GEXF"])
    #expect(Self.read("<graphml/>") == [#"error line 1, column 1: the document is no gexf but "graphml""#])
  }
}
