import KV
import TestSupport
import Testing

@testable import KVGraph

struct ListTests {
  private static func read(
    _ text: String, as name: String = "x.txt", chunk: Int = 1 << 20, isText: Bool = false
  ) throws
    -> [String]
  {
    let read = Reading.chunks(Array(text.utf8), of: chunk)
    return try Reading.lines(Reading.all(ListReader(read, isText: isText, fileName: name)))
  }

  private static func mayRead(_ bytes: [UInt8]) -> Bool {
    ListReader.mayRead(bytes, isWhole: bytes.count < ListSample.size)
  }

  private static let files: [(text: String, items: [String])] = [
    ("a b # one\nb c # two # three\nc #4\n", ["1 a > b", "2 b > c", "3 c > #4"]),
    ("# Nodes: 2 Edges: 1\r\n# From\tTo\r\n0\t1\r\n1\t 2\r\n", ["3 0 > 1", "4 1 > 2"]),
    ("m golang.org/x/a@v1.0.0\nm b@v2\n\n", ["1 m > golang.org/x/a@v1.0.0", "2 m > b@v2"]),
    ("a b 0.50\nb  c 1e5\nc d", [#"1 a > b {"weight":0.50}"#, #"2 b > c {"weight":1e5}"#, "3 c > d"]),
    ("a b knows\nb c likes\n", ["1 a > b (knows)", "2 b > c (likes)"]),
    ("a knows b\nb likes c\n", ["1 a > b (knows)", "2 b > c (likes)"]),
    ("u1 bought i1\nu2 bought i2\n", ["1 u1 > i1 (bought)", "2 u2 > i2 (bought)"]),
    (
      "a pp b c\nd\nb pd d\ne pp\n",
      [
        "1 a > b (pp)", "1 a > c (pp)", "2 d", "3 b > d (pd)",
        #"4 invalid 2 fields where one, three or more are wanted: "e pp""#,
      ]
    ),
    ("a rel b c\nb rel2 d\n", ["1 a > b (rel)", "1 a > c (rel)", "2 b > d (rel2)"]),
    ("\"a, b\",c,\"x \"\"y\"\"\"\nc, d\n", [#"1 a, b > c (x "y")"#, "2 c > d"]),
    (
      "a,b\n\"a,c\nd,\"e\"f\n,x\na,b,c,d\n",
      [
        "1 a > b", #"2 invalid a quoted field does not end: "\"a,c""#,
        #"3 invalid a field goes on after its closing quote: "d,\"e\"f""#,
        #"4 invalid a field is empty in ",x""#,
        #"5 invalid 4 fields where two or three are wanted: "a,b,c,d""#,
      ]
    ),
    (
      """
      #a.py
      # GMT
      #\("")
      a b {'weight': 3, 'k': "x'y", 'f': None, 'l': [1, (2, 'z\\'\\u00e9'), {'q': 1.5}], 't': True, 'u': {1, 2}, 5: (1,)}
      b c {}
      c d {'type': 'T', 'id': 7, 'w': np.float64(0.5), 'n': nan}
      d e {'w': object}
      e f 3
      """,
      [
        #"4 a > b {"weight":3,"k":"x'y","f":null,"l":[1,[2,"z'é"],{"q":1.5}],"t":true,"u":[1,2],"5":[1]}"#,
        "5 b > c",
        #"6 c > d (T) #7 {"id":7,"w":0.5,"n":"nan"}"#,
        #"7 invalid the data is "{'w': object}", which is no dict of Python"#, #"8 e > f {"weight":3}"#,
      ]
    ),
    (
      "# x\n#\na 2\nb {'w': 1}\nc\nb 0\n9 1\n9 {}\n",
      ["3 a", #"4 a > b {"w":1}"#, "5 a > c", "6 b", "7 9", "8 9 > 9"]
    ),
    ("a,b,{'weight': 3, 'k': 'x'}\nb,c,{}\n", [#"1 a > b {"weight":3,"k":"x"}"#, "2 b > c"]),
    ("1 2 3 4\n2 3\n3 4\n4\n", ["1 1 > 2", "1 1 > 3", "1 1 > 4", "2 2 > 3", "3 3 > 4", "4 4"]),
    ("a b\nb c\nc\n", ["1 a > b", "2 b > c", "3 c"]),
    (
      "1 First node\n2\n3 5\n#\n1 2 an edge\n2 3\n",
      [
        #"1 1 {"label":"First node"}"#, "2 2", #"3 3 {"label":5}"#, #"5 1 > 2 {"label":"an edge"}"#,
        "6 2 > 3",
      ]
    ),
    ("a b\n#\nc d\n", ["1 a > b", "3 c > d"]),
    ("# a\nb\nc\n# iso\n", ["1 a", "2 undirected", "2 a > b", "3 a > c", "4 iso"]),
    (
      "# a\nb 1.5\n# b\nc 2\n",
      ["1 a", "2 undirected", #"2 a > b {"weight":1.5}"#, "3 b", #"4 b > c {"weight":2}"#]
    ),
    ("# a graph\n1 2\n2 3\n", ["2 1 > 2", "3 2 > 3"]),
    ("% sym unweighted\n% 2 3 3\n1 2 \n2\t3\n", ["3 undirected", "3 1 > 2", "4 2 > 3"]),
    ("% asym positive\n1 2 1 1082008561\n", ["2 directed", #"2 1 > 2 {"weight":1,"time":1082008561}"#]),
    ("", []), ("# nothing\n", []),
  ]

  @Test func listsAreReadWhole() throws {
    for file in Self.files {
      for chunk in Reading.chunkSizes { try Reading.expect(Self.read(file.text, chunk: chunk), file.items) }
    }
  }

  @Test func aListThatEndsBeforeAllNeighborsIsCut() {
    #expect(throws: JSONError.self) { try Self.read("a 2\nb {'w': 1}\n") }
  }

  @Test func cytoscapesNameCounts() throws {
    try Reading.expect(Self.read("a x,y b\nc\n", as: "n.SIF"), ["1 a > b (x,y)", "2 c"])
  }

  @Test func textStaysTextWhereItIsWanted() throws {
    try Reading.expect(Self.read("a b 1\n", isText: true), [#"1 a > b {"weight":"1"}"#])
  }

  @Test func whatComesAfterTheSampleIsJudgedByItsForm() throws {
    let start = String(repeating: "a b 1\n", count: ListSample.size / 6 + 1)
    let items = try Self.read(start + "a b x\na\na b {'k': 1}\n", chunk: 1000)
    Reading.expect(
      Array(items.suffix(3).map { String($0.drop { $0 != " " }) }),
      [
        #" invalid the weight is "x", which is no number"#,
        #" invalid 1 field where two or three are wanted: "a""#,
        #" a > b {"k":1}"#,
      ])
  }

  @Test(arguments: [
    (
      "a b 3 x y\nb c 1 j\n",
      "5 fields, and a list without a header has two or three; add a header that names the columns", 1
    ),
    (
      "% bip weighted\n1 1 1\n",
      "a bipartite list, where a number is one node on the left and another on the right; name the nodes apart and add a header",
      1
    ),
    ("%%MatrixMarket matrix coordinate\n2 2 1\n", "a Matrix Market file, which is no list of edges", 1),
    (
      "a b a b\nb a b a\n",
      "4 fields, and a list without a header has two or three; add a header that names the columns", 1
    ),
  ])
  func otherTablesAreRefused(text: String, reason: String, line: Int) {
    #expect { try Self.read(text) } throws: {
      $0 as? JSONError == JSONError(reason: reason, line: line, column: 1)
    }
  }

  @Test func aListIsToldFromOtherTexts() {
    for file in Self.files {
      let isFine =
        !file.items.isEmpty && !file.items.contains { $0.contains("invalid") && !$0.contains("the data is") }
      #expect(Self.mayRead(Array(file.text.utf8)) == isFine, "\(file.text)")
    }
    for text in [
      "one\ntwo\n", "a b\nc d e f\n", "a b\nc\0 d\n", "{\"a\": 1}\n", "<a b=\"c\">\n",
      "graph [\n  node [\n    id 0\n  ]\n]\n",
      "digraph G {\n  a -> b;\n}\n", "*Vertices 3\n1 2\n", "Some prose that goes on.\n",
      "CREATE (a:Person)-[:KNOWS]->(b)\n", "@startuml\nB --> C : x\n@enduml\n", "a -> b: hi\n",
      "a: b\nc: d\n",
      "x = 1\n", "p@1\n├── q@1\n└── r@2\n",
    ] { #expect(!Self.mayRead(Array(text.utf8)), "\(text)") }
    #expect(!Self.mayRead(Array("a ".utf8) + [0xFF, 0x0A]))
    #expect(
      Self.mayRead(Array(String(repeating: "a b\n", count: 1 << 15).utf8) + Array("half of a li".utf8)))
  }

  @Test func halvesAndRandomBytesDoNotCrash() {
    for file in Self.files {
      for count in 0..<file.text.utf8.count {
        _ = try? Self.read(String(decoding: file.text.utf8.prefix(count), as: UTF8.self))
      }
    }
    var random = SeededRandom()
    let words = [
      "a", " ", "\t", ",", "\"", "{", "}", "'", "\\", "u12", "#", "%", "\n", "1", "(", ")", "[", "]", ":",
      "np.",
    ]
    for _ in 0..<3000 {
      let text = (0..<20).map { _ in words.randomElement(using: &random) ?? "" }.joined()
      _ = try? Self.read(text)
      _ = try? Self.read("a b {'x': " + text + "}")
      _ = Self.mayRead(Array(text.utf8))
    }
    _ = try? Self.read("a b {'x': " + String(repeating: "[", count: 100_000) + "}")
    _ = try? Self.read("a b {'x': " + String(repeating: "{1:", count: 100_000) + "}")
  }
}
