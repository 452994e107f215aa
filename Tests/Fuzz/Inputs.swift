import TestSupport

/// What commands read: documents of every format, whole, cut, mixed up, and large.
enum Inputs {
  private static let documents = [
    #"{"nodes":[{"id":"U:a","name":"A"},{"id":"b","type":"U"}],"edges":[{"from":"U:a","to":"U:b","type":"t","data":{"w":1}}]}"#,
    "{\"from\":\"U:a\",\"to\":\"U:b\",\"type\":\"t\"}\n{\"from\":\"U:b\",\"to\":\"U:c\",\"type\":\"t\"}\n",
    #"{"directed":true,"multigraph":false,"graph":{},"nodes":[{"id":"U:a"}],"links":[{"source":"U:a","target":"U:b","type":"t"}]}"#,
    #"{"elements":{"nodes":[{"data":{"id":"U:a"}}],"edges":[{"data":{"source":"U:a","target":"U:b","type":"t"}}]}}"#,
    #"{"graph":{"nodes":{"U:a":{"label":"x"}},"edges":[{"source":"U:a","target":"U:b","relation":"t","metadata":{"w":1}}]}}"#,
    "{\"type\":\"node\",\"id\":\"0\",\"labels\":[\"U\"],\"properties\":{\"n\":1}}\n{\"type\":\"relationship\",\"id\":\"0\",\"label\":\"t\",\"start\":{\"id\":\"0\",\"labels\":[\"U\"]},\"end\":{\"id\":\"1\",\"labels\":[\"U\"]}}\n",
    "from_type,from_id,to_type,to_id,edge_type,data\nU,a,U,b,t,\"{\"\"w\"\":1}\"\nU,b,U,c,t,\n",
    "id;type;name\na;U;\"x;\ny\"\nb;U;=1\n",
    #"<?xml version="1.0"?><graphml><key id="k" for="edge" attr.name="w" attr.type="int"/><graph><node id="U:a"/><node id="U:b"/><edge source="U:a" target="U:b" label="t"><data key="k">1</data></edge></graph></graphml>"#,
    #"<!DOCTYPE g [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><graphml><graph><node id="U:&b;&b;"/></graph></graphml>"#,
    #"<gexf version="1.3"><graph defaultedgetype="undirected"><attributes class="node"><attribute id="0" title="n" type="integer"/></attributes><nodes><node id="a" label="A"><attvalues><attvalue for="0" value="1"/></attvalues></node><node id="b"/></nodes><edges><edge id="0" source="a" target="b" weight="2"/></edges></graph></gexf>"#,
    "graph [\n directed 1\n node [ id 0 label \"a\" l [ x 1 ] ]\n node [ id 1 label \"b\" ]\n edge [ source 0 target 1 w 1.5 ]\n]\n",
    "*Vertices 3\n1 \"a\" 0.1 0.2 box\n2 \"b\"\n*Arcs\n1 2 3.5 l \"x\"\n*Edges\n2 3\n*Arcslist\n1 2 3\n",
    "digraph g { node [shape=box]; a -> {b c} [label=\"x\\ny\", w=1]; subgraph cluster_1 { label=<<b>q</b>>; d:p -> a } }",
    "flowchart LR\n  A[\"one #quot;\"] -->|text| B((two)) & C{three}\n  subgraph s [S]\n    C -.-> D\n  end\n  style A fill:#fff\n",
    "# comment\na b 1\nb c 2.5\n", "a b {'w': 1, 'l': [1, (2,)], 'n': None}\n", "1 one\n2 two\n#\n1 2 to\n",
    "a pp b c\nd pd a\n",
    "Source,Target,Type,Id,Label,Weight\na,b,Undirected,1,,1.5\n",
    ":START_ID(A),age:int,tags:string[],:END_ID(B),:TYPE\n1,5,x;y,2,T\n",
    "~id,~from,~to,~label,d:Int\n1,a,b,t,5\n",
    #"{"name":"x","lockfileVersion":3,"packages":{"":{"dependencies":{"a":"1"}},"node_modules/a":{"version":"1.0.0","dependencies":{"b":"^2"}},"node_modules/b":{"version":"2.0.0"}}}"#,
    #"{"name":"r","children":[{"name":"a","children":[{"name":"c"}]},{"name":"b","value":1}]}"#,
    #"{"directed":false,"multigraph":true,"graph":[],"nodes":[{"id":"a"},{"id":"b"}],"adjacency":[[{"id":"b","key":0}],[{"id":"a","key":0}]]}"#,
    #"{"attributes":{},"options":{"type":"mixed"},"nodes":[{"key":"a","attributes":{"x":1}},{"key":"b"}],"edges":[{"key":"e","source":"a","target":"b","undirected":true}]}"#,
    #"{"nodes":[{"id":"n","type":"text","x":1}],"edges":[{"id":"e","fromNode":"n","fromSide":"left","toNode":"n"}]}"#,
    #"{"graph":{"hyperedges":[{"source":["a","b"],"target":["c"]}]}}"#,
  ]

  static func bytes(_ random: inout SeededRandom) -> [UInt8] {
    switch Int.random(in: 0..<10, using: &random) {
    case 0: return []
    case 1: return Array(random.text(upTo: 200).utf8)
    case 2:
      return (0..<Int.random(in: 0..<300, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
    case 3: return Array(json(&random, depth: 0).utf8)
    case 4: return Array(large(&random).utf8)
    default: return mutated(Array((documents.randomElement(using: &random) ?? "").utf8), &random)
    }
  }

  static func json(_ random: inout SeededRandom, depth: Int) -> String {
    let kind = Int.random(in: 0..<(depth < 5 ? 9 : 6), using: &random)
    switch kind {
    case 0: return "null"
    case 1:
      return ["0", "-0", "1e400", "-1.5e-3", "12345678901234567890", "9007199254740993", "NaN"].randomElement(
        using: &random) ?? ""
    case 2: return "\"\(random.text(upTo: 6))\""
    case 3: return "\"\\u0000\\ud800\""
    case 4: return "true"
    case 5: return String(repeating: "[", count: Int.random(in: 990...1010, using: &random))
    case 6: return "[" + json(&random, depth: depth + 1) + "," + json(&random, depth: depth + 1) + "]"
    default:
      let names = [
        "from", "to", "type", "id", "data", "nodes", "edges", "a", "source", "target", "graph", "elements",
      ]
      let members = (0..<3).map { _ in
        "\"\(names.randomElement(using: &random) ?? "")\":" + json(&random, depth: depth + 1)
      }
      return "{" + members.joined(separator: ",") + "}"
    }
  }

  /// Inputs of some megabytes that would cost more than their length.
  private static func large(_ random: inout SeededRandom) -> String {
    let count = Int.random(in: 1000...30_000, using: &random)
    switch Int.random(in: 0..<9, using: &random) {
    case 0:
      return String(repeating: "[", count: 999) + "\"" + String(repeating: "x", count: count * 50) + "\""
        + String(repeating: "]", count: 999)
    case 1: return String(repeating: #"{"a":"#, count: 990) + "1" + String(repeating: "}", count: 990)
    case 2: return "{" + (0..<count).map { "\"m\($0)\":\($0)" }.joined(separator: ",") + "}"
    case 3: return (0..<count).map { #"{"from":"A:\#($0)","to":"B:1","type":"t"}"# }.joined()
    case 4:
      return "["
        + (0..<count).map { #"{"from":"A:\#($0)","to":"B:\#($0 + 1)","type":"t"}"# }.joined(separator: ",\n")
    case 5:
      return "<graphml>"
        + (0..<count / 4).map {
          #"<key id="k\#($0)" for="node" attr.name="a\#($0)"><default>x</default></key>"#
        }.joined()
        + "<graph>" + (0..<count / 4).map { #"<node id="A:\#($0)"/>"# }.joined() + "</graph></graphml>"
    case 6:
      return "<!DOCTYPE g [<!ENTITY a \"" + String(repeating: "x", count: count * 20)
        + "\">]><graphml><graph><node id=\"A:" + String(repeating: "&a;", count: 90)
        + "\"/></graph></graphml>"
    case 7: return "from,to,type\n" + String(repeating: "A:1,\"B:1,t\n", count: count)
    default:
      return "id," + (0..<count).map { "c\($0)" }.joined(separator: ",") + "\n"
        + String(repeating: ",", count: count) + "\n"
    }
  }

  private static func mutated(_ bytes: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 0...3, using: &random) where !bytes.isEmpty {
      let place = Int.random(in: 0..<bytes.count, using: &random)
      switch Int.random(in: 0..<6, using: &random) {
      case 0: bytes = Array(bytes.prefix(place))
      case 1: bytes[place] = UInt8.random(in: 0...255, using: &random)
      case 2: bytes.insert(contentsOf: Array(random.text(upTo: 4).utf8), at: place)
      case 3: bytes.remove(at: place)
      case 4: bytes.insert(contentsOf: bytes[..<place], at: place)
      default:
        let end = Int.random(in: place...bytes.count, using: &random)
        bytes.removeSubrange(place..<end)
      }
    }
    return bytes
  }
}
