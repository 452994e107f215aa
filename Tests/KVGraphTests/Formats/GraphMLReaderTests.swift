import KV
import Testing

@testable import KVGraph

@Suite struct GraphMLReaderTests {
  static func read(_ text: String, isText: Bool = false) -> [String] {
    let lines = described { try GraphMLReader(chunks(text, of: .max), isText: isText) }
    for size in [1, 7] {
      #expect(lines == described { try GraphMLReader(chunks(text, of: size), isText: isText) }, "by \(size)")
    }
    return lines
  }

  /// Keys, and what stands in a graph.
  static func document(_ keys: String, _ inside: String) -> String {
    "<graphml>\(keys)<graph>\(inside)</graph></graphml>"
  }

  /// A document as NetworkX and yEd write it, defaults and all.
  static let wholeDocument = #"""
    <?xml version='1.0' encoding='utf-8'?>
    <graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:y="http://www.yworks.com/xml/graphml">
      <key id="d0" for="node" attr.name="type" attr.type="string"><default>U</default></key>
      <key id="d1" for="edge" attr.name="weight" attr.type="double"/>
      <key id="d2" for="edge" attr.name="seen" attr.type="boolean"><default>false</default></key>
      <key id="d3" for="node" yfiles.type="nodegraphics"/>
      <graph edgedefault="directed">
        <node id="a &amp; b"><data key="d3"><y:ShapeNode><y:Fill color="#FFF"/></y:ShapeNode></data></node>
        <node id="c"><data key="d0">V</data><data key="d9">unknown</data></node>
        <edge id="e0" source="a &amp; b" target="c" label="KNOWS"><data key="d1">1.50</data></edge>
      </graph>
    </graphml>
    """#

  /// As XML Schema writes them, which JSON does not.
  @Test(arguments: [
    (".5", "0.5"), ("5.", "5.0"), ("+5", "5"), ("007", "7"), ("-.5e3", "-0.5e3"), (" 1.50 ", "1.50"),
    ("INF", #""INF""#),
  ])
  func declaredNumbersAreNumbers(_ text: String, _ value: String) {
    let document = #"""
      <graphml><key id="w" for="node" attr.name="w" attr.type="double"/><graph>
      <node id="a"><data key="w">\#(text)</data></node></graph></graphml>
      """#
    #expect(Self.read(document).last == #"2 (a) {"w":\#(value)}"#)
  }

  @Test("a document as NetworkX and yEd write it, defaults and all")
  func whole() {
    #expect(
      Self.read(Self.wholeDocument) == [
        "7 directed", ##"8 (a & b:U) {"fill":"#FFF"}"##, #"9 (c:V) {"d9":"unknown"}"#,
        #"10 a & b -[KNOWS#e0]-? c {"id":"e0","weight":1.50,"seen":false}"#,
      ])
    #expect(
      Self.read("<graphml>\n<graph></graphml>") == ["error line 2, column 1: as GraphML: mismatched tag"])
  }

  @Test(
    "a node's type",
    arguments: [
      (#"<node id="a"><data key="t">U</data></node>"#, #"(a:U) {}"#),
      (#"<node id="a"><data key="t"></data></node>"#, #"(a) {"type":""}"#),
      (#"<node id="a"><data key="b">true</data></node>"#, #"(a) {"type":true}"#),
      (#"<node id="a"><data key="i">3</data></node>"#, #"(a) {"type":3}"#),
      (#"<node id="a"><data key="labelV">p</data></node>"#, #"(a:p) {}"#),
      (#"<node id="a"><data key="labelV">p</data><data key="t">U</data></node>"#, #"(a:U) {"labelV":"p"}"#),
      (#"<node id="a" labels=":P:Q"><data key="labels">:P:Q</data></node>"#, #"(a:P) {"@labels":["P","Q"]}"#),
      (#"<node id="a" labels=":P"><data key="labels">other</data></node>"#, #"(a:P) {"labels":"other"}"#),
      (#"<node id="a"><data key="labels">:P</data></node>"#, #"(a:P) {}"#),
      (#"<node id="a"><data key="labels">P</data></node>"#, #"(a) {"labels":"P"}"#),
      (#"<node id="a" labels=":P"><data key="t">U</data></node>"#, #"(a:U) {"labels":":P"}"#),
      (#"<node id="a" labels=":"/>"#, #"(a) {"labels":":"}"#),
    ])
  func nodeTypes(_ node: String, _ expected: String) {
    let keys =
      #"<key id="t" for="node" attr.name="type" attr.type="string"/>"#
      + #"<key id="b" for="node" attr.name="type" attr.type="boolean"/><key id="i" attr.name="type" attr.type="int"/>"#
    #expect(Self.read(Self.document(keys, node)) == ["1 " + expected])
  }

  @Test(
    "an edge's type, id and direction",
    arguments: [
      (#"><data key="type">t</data>"#, #"-[t]-? b {}"#),
      (#"><data key="labelE">t</data>"#, #"-[t]-? b {}"#),
      (#" label="t"><data key="label">t</data>"#, #"-[t]-? b {}"#),
      (#" label="t"><data key="label">u</data>"#, #"-[t]-? b {"label":"u"}"#),
      (#" label="t"><data key="type">u</data>"#, #"-[u]-? b {"label":"t"}"#),
      (#"><data key="label">t</data>"#, #"-[]-? b {"label":"t"}"#),
      (#"><data key="interaction">i</data><data key="relation">r</data>"#, #"-[r]-? b {"interaction":"i"}"#),
      (#"><data key="relationship">5</data>"#, #"-[]-? b {"relationship":5}"#),
      (#" id="e"><data key="x">1</data>"#, #"-[#e]-? b {"id":"e","x":1}"#),
      (#" id="e"><data key="x">1</data><data key="id">7</data>"#, #"-[#e]-? b {"id":7,"x":1}"#),
      (#" directed="true">"#, #"-[]-> b {}"#), (#" directed="false">"#, #"-[]-- b {}"#),
      (#" weight="2.50" parse.x="1" xml:id="i">"#, #"-[]-? b {"weight":2.50}"#),
      (#"><data key="source">s</data><data key="key">k</data>"#, #"-[]-? b {"source":"s","key":"k"}"#),
    ])
  func edges(_ inside: String, _ expected: String) {
    #expect(
      Self.read(Self.document("", #"<edge source="a" target="b"\#(inside)</edge>"#)) == ["1 a " + expected])
  }

  @Test("where edges have Neo4j's attribute, data of that name is the type too")
  func neo4j() {
    let edges =
      #"<edge source="a" target="b" label="T"/><edge source="a" target="b"><data key="label">U</data></edge>"#
    #expect(Self.read(Self.document("", edges)) == ["1 a -[T]-? b {}", "1 a -[U]-? b {}"])
  }

  @Test(
    "values are what their key says",
    arguments: [
      ("long", "7", "7"), ("long", " 7\n", "7"), ("int", "1.50", "1.50"), ("double", "1e400", "1e400"),
      ("double", "NaN", "\"NaN\""), ("double", "INF", "\"INF\""), ("float", "-INF", "\"-INF\""),
      ("long", "+1", "1"), ("boolean", "True", "true"), ("boolean", "0", "false"),
      ("string", "", "\"\""),
      ("string", " x ", "\" x \""), ("string", "007", "\"007\""), ("date", "2020", "\"2020\""),
      ("string\" kv.type=\"json", "{&quot;a&quot;:[1.0]}", #"{"a":[1.0]}"#),
      ("string\" attr.list=\"long", "[1,2]", "[1,2]"), ("string\" attr.list=\"long", "1", "\"1\""),
    ])
  func values(_ type: String, _ text: String, _ expected: String) {
    let document = Self.document(
      #"<key id="k" attr.name="n" attr.type="\#(type)"/>"#,
      #"<node id="a"><data key="k">\#(text)</data></node>"#)
    #expect(Self.read(document) == [#"1 (a) {"n":\#(expected)}"#])
  }

  @Test("keys without a type hold numbers, unless nothing but text is wanted")
  func untyped() {
    let text = Self.document(
      #"<key id="k" for="node" attr.name="n"/>"#,
      #"<node id="a"><data key="k">1.0</data><data key="u">007</data></node>"#)
    #expect(Self.read(text) == [#"1 (a) {"n":1.0,"u":"007"}"#])
    #expect(Self.read(text, isText: true) == [#"1 (a) {"n":"1.0","u":"007"}"#])
  }

  @Test(
    "an element that is wrong is said so, and the next is read",
    arguments: [
      (#"<node id="a"><data key="l">abc</data></node>"#, #"invalid "abc" is no long, which "n" is"#),
      (#"<node id="a"><data key="b">2</data></node>"#, #"invalid "2" is no boolean, which "f" is"#),
      (#"<node id="a"><data key="j">{</data></node>"#, #"invalid "{" is no json, which "j" is"#),
      (#"<node/>"#, "invalid the node has no id"), (#"<edge target="b"/>"#, "invalid the edge has no source"),
      (#"<edge source="b"/>"#, "invalid the edge has no target"),
      (
        #"<edge source="b" target="c" directed="x"/>"#, #"invalid "x" is no boolean, which "directed" is"#
      ),
      (
        #"<node id="a"><data key="l">\#(String(repeating: "x", count: 100))</data></node>"#,
        #"invalid "\#(String(repeating: "x", count: 60))" is no long, which "n" is"#
      ),
    ])
  func invalid(_ element: String, _ expected: String) {
    let keys =
      #"<key id="l" attr.name="n" attr.type="long"/><key id="b" attr.name="f" attr.type="boolean"/>"#
      + #"<key id="j" attr.name="j" attr.type="string" kv.type="json"/>"#
    #expect(Self.read(Self.document(keys, element + #"<node id="z"/>"#)) == ["1 " + expected, "1 (z) {}"])
  }

  @Test("the last value of a name counts, at the place of the first; empty data of numbers is none")
  func repeated() {
    let keys = #"<key id="k" attr.name="n" attr.type="long"/><key id="l" attr.name="n" attr.type="string"/>"#
    let node =
      #"<node id="a"><data key="k">1</data><data key="x">2</data><data key="l">3</data><data key="k"/></node>"#
    #expect(Self.read(Self.document(keys, node)) == [#"1 (a) {"n":"3","x":2}"#])
  }

  @Test("one id may be a key of nodes and another of edges, as Neo4j writes it")
  func sharedIDs() {
    let keys =
      #"<key id="name" for="node" attr.name="name" attr.type="string"/>"#
      + #"<key id="name" for="edge" attr.name="name" attr.type="long"/>"#
    let inside =
      #"<node id="a"><data key="name">1</data></node><edge source="a" target="a"><data key="name">1</data></edge>"#
    #expect(Self.read(Self.document(keys, inside)) == [#"1 (a) {"name":"1"}"#, #"1 a -[]-? a {"name":1}"#])
  }

  @Test("nodes inside a node know it, and the outer graph's direction holds again after them")
  func nested() {
    let text = #"""
      <graphml><key id="k" attr.name="n"/><key id="p" attr.name="parent"/><graph edgedefault="directed"><node id="o">
      <data key="k">1</data><graph edgedefault="undirected"><node id="i"><data key="k">2</data></node>
      <node id="j"><data key="p">own</data></node><edge source="i" target="j"/></graph><data key="k">3</data></node>
      <edge source="o" target="o"/></graph></graphml>
      """#
    #expect(
      Self.read(text) == [
        "1 directed", "2 undirected", #"2 (i) {"n":2,"parent":"o"}"#,
        #"3 (j) {"parent":"own","parentNode":"o"}"#,
        "3 i -[]-? j {}", "3 directed", #"1 (o) {"n":3}"#, "4 o -[]-? o {}",
      ])
  }

  @Test("what has no place in a graph is named")
  func ignored() {
    let text = #"""
      <graphml><desc>d</desc><key id="g" for="graph" attr.name="title"/><key id="r" for="graphml" yfiles.type="resources"/>
      <graph><data key="g">T</data><node id="a"><desc>x<b/></desc><port name="p"><data key="g">x</data></port></node>
      <hyperedge><endpoint node="a"/></hyperedge><extra/></graph><data key="r"><Resources/></data></graphml>
      """#
    #expect(
      Self.read(text) == [
        "1 ignored desc", "2 ignored data title of the graph", "2 ignored desc", "2 ignored port", "2 (a) {}",
        "3 ignored hyperedge", #"3 ignored the element "extra""#,
      ])
  }

  @Test("a half file ends with an error, wherever it ends")
  func halves() throws {
    let text =
      #"<!DOCTYPE g [<!ENTITY e "x">]><graphml><key id="k" attr.name="n"><default>1</default></key><graph>"#
      + #"<node id="a"><data key="k"><![CDATA[5]]>&e;<y:ShapeNode><y:NodeLabel>é</y:NodeLabel></y:ShapeNode></data></node>"#
      + "</graph></graphml>"
    let bytes = Array(text.utf8)
    for count in bytes.indices {
      let lines = described { try GraphMLReader(chunks(Array(bytes[..<count]), of: 16), isText: false) }
      #expect(lines.last?.hasPrefix("error") == true, "\(count)")
    }
    #expect(Self.read(text).last?.hasPrefix("1 (a)") == true)
    #expect(Self.read("<graphml><graph>") == ["error line 1, column 1: the file ends inside the GraphML"])
    #expect(Self.read("") == ["error line 1, column 1: the file ends before its first element"])
    #expect(Self.read("<html></html>") == [#"error line 1, column 1: the document is no graphml but "html""#])
  }
}
