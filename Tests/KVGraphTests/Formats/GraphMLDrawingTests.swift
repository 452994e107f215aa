import KV
import Testing

@testable import KVGraph

@Suite struct GraphMLDrawingTests {
  private static let keys =
    #"<key id="u" for="node" attr.name="url" attr.type="string"/><key id="d" for="node" yfiles.type="nodegraphics"/>"#
    + #"<key id="e" for="edge" yfiles.type="edgegraphics"/><key id="l" for="node" attr.name="NodeLabels"/>"#
    + #"<key id="n" for="node" attr.name="label"/><key id="p" for="node" attr.name="PortLabels"/>"#

  private static func read(_ inside: String) -> [String] {
    GraphMLReaderTests.read(GraphMLReaderTests.document(keys, inside)).map { String($0.dropFirst(2)) }
  }

  @Test("labels, positions and shapes of yEd are attributes, and the rest is named")
  func yEd() {
    let node = #"""
      <node id="a"><data key="u" xml:space="preserve"/><data key="d"><y:ShapeNode><y:Geometry height="30.0" width="3" x="1.0" y="-2.5"/>
      <y:Fill color="#FFCC00"/><y:BorderStyle type="line"/><y:NodeLabel> One<y:LabelModel><y:Smart/></y:LabelModel> &amp; two
      </y:NodeLabel><y:NodeLabel>Three</y:NodeLabel><y:NodeLabel/><y:Shape type="ellipse"/></y:ShapeNode></data></node>
      """#
    #expect(
      Self.read(node) == [
        "ignored BorderStyle of yFiles", "ignored LabelModel of yFiles",
        ##"(a) {"label":"One & two\nThree","height":30.0,"width":3,"x":1.0,"y":-2.5,"fill":"#FFCC00","shape":"ellipse"}"##,
      ])
    let edge = #"""
      <edge source="a" target="a"><data key="e"><y:PolyLineEdge><y:LineStyle color="#000" type="dashed"/><y:Arrows source="none"
      target="standard"/><y:EdgeLabel fontSize="12">to</y:EdgeLabel></y:PolyLineEdge></data></edge>
      """#
    #expect(
      Self.read(edge) == [
        "ignored other attributes of LineStyle of yFiles", "ignored other attributes of EdgeLabel of yFiles",
        #"a -[]-? a {"label":"to","line":"dashed","sourceArrow":"none","targetArrow":"standard"}"#,
      ])
  }

  @Test("of a group of yEd the state counts that is shown")
  func group() {
    let node = #"""
      <node id="g"><data key="d"><y:ProxyAutoBoundsNode><y:Realizers active="1"><y:GroupNode><y:NodeLabel>closed</y:NodeLabel>
      </y:GroupNode><y:GroupNode><y:NodeLabel>open</y:NodeLabel></y:GroupNode></y:Realizers></y:ProxyAutoBoundsNode></data></node>
      """#
    #expect(Self.read(node) == ["ignored GroupNode of yFiles", #"(g) {"label":"open"}"#])
  }

  @Test("a drawn label stands beside an attribute of that name")
  func labelOfItsOwn() {
    let node =
      #"<node id="a"><data key="d"><y:ShapeNode><y:NodeLabel>drawn</y:NodeLabel></y:ShapeNode></data><data key="n">own</data></node>"#
    #expect(Self.read(node) == [#"(a) {"label":"own","yLabel":"drawn"}"#])
  }

  @Test("labels of yFiles, as an element and as an attribute, but not those of ports")
  func yFiles() {
    let node = #"""
      <node id="a"><data key="l"> <x:List> <y:Label LayoutParameter="{x:Static}"><y:Label.Text>One</y:Label.Text></y:Label>
      <y:Label Text="Two"><y:Label.Style/></y:Label></x:List></data><data key="p"><x:List/></data></node>
      """#
    #expect(
      Self.read(node) == [
        "ignored other attributes of Label of yFiles", "ignored Label.Style of yFiles",
        "ignored List of yFiles",
        #"(a) {"label":"One\nTwo"}"#,
      ])
  }

  @Test("text beside elements is data")
  func mixed() {
    #expect(
      Self.read(#"<node id="a"><data key="u">x <b>bold</b> y</data></node>"#)
        == ["ignored b of yFiles", #"(a) {"url":"x  y"}"#])
  }
}
