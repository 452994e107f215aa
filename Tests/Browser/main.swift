import Foundation
import KV
import KVGraph
import KVGraphView
import TestSupport

// Writes pages that test themselves in a browser, and say so in their titles:
//   BrowserPages FOLDER FILE.mmd…
// The pages of Mermaid need mermaid.min.js beside them.

guard CommandLine.arguments.count >= 2 else {
  print("usage: BrowserPages FOLDER FILE.mmd…")
  exit(64)
}
let folder = URL(fileURLWithPath: CommandLine.arguments[1])
var random = SeededRandom()
print("seed \(random.seed)")

/// As JSON inside a script.
func literal(_ json: JSON) -> String { json.text.replacingOccurrences(of: "<", with: "\\u003c") }

func write(_ page: String, to name: String) throws {
  try page.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
}

// Mermaid shows the texts of hostile graphs, each as it is.
@MainActor func diagram(_ number: Int) -> JSON {
  var style: Style?
  if number % 2 == 1 {
    style = Style()
    style?.clusters = number % 4 == 1
    style?.title = random.text(upTo: 8)
  }
  let edges = HostileGraph.edges(&random)
  let nodes = edges.flatMap { [$0.from, $0.to] }
  style?.link = "home"
  style?.showsLegend = false
  for node in nodes where number % 3 == 1 {
    style?.shapes[node.type] = NodeShape.allCases.randomElement(using: &random)
  }
  let home = JSON("https://ex.org/" + random.text(upTo: 20))
  let drawing = Drawing(
    edges: edges, style: style, showsData: number % 4 == 2,
    attributes: [nodes[0]: JSON(members: [("home", home)])], hidden: [nodes[0]: number % 3])
  return JSON(members: [
    ("source", JSON(drawing.mermaid)), ("nodes", JSON(elements: drawing.nodes.map { JSON($0.label) })),
    ("edges", JSON(elements: drawing.links.map { JSON($0.label) })),
  ])
}

func writeMermaid(_ diagrams: [JSON], to name: String) throws {
  try write(
    """
    <!DOCTYPE html><meta charset="utf-8"><title>running</title><body><script src="mermaid.min.js"></script>
    <script type="application/json" id="diagrams">\(literal(JSON(elements: diagrams)))</script>
    <script>
    window.alert = () => { document.title = "failed: a script of the data has run"; };
    const plain = (text) => text.replace(/[\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f\\ufffd]|\\p{Noncharacter_Code_Point}/gu, "?").replace(/[\\s\\u200b]+/g, "");
    (async () => {
      mermaid.initialize({ startOnLoad: false });
      const diagrams = JSON.parse(document.getElementById("diagrams").textContent);
      for (const [number, diagram] of diagrams.entries()) {
        let svg;
        try {
          svg = (await mermaid.render("m" + number, diagram.source)).svg;
        } catch (error) {
          document.title = "failed: " + number + ": " + error;
          return console.log(JSON.stringify(diagram.source));
        }
        if (!diagram.nodes) continue;
        const shown = new DOMParser().parseFromString(svg, "text/html");
        const texts = (kind) => [...shown.querySelectorAll(kind)].map((label) => plain(label.textContent)).sort();
        for (const [kind, wanted] of [[".node .nodeLabel", diagram.nodes], [".edgeLabel .edgeLabel", diagram.edges]]) {
          const [seen, expected] = [texts(kind), wanted.map(plain).sort()];
          if (JSON.stringify(seen) === JSON.stringify(expected)) continue;
          document.title = "failed: " + number + ": " + kind;
          console.log(JSON.stringify(seen), JSON.stringify(expected), JSON.stringify(diagram.source));
          return;
        }
      }
      if (document.title === "running") document.title = "passed: " + diagrams.length + " diagrams";
    })();
    </script>
    """, to: name)
}

for number in 0..<10 {
  try writeMermaid((0..<200).map { diagram(number * 200 + $0) }, to: "mermaid-\(number).html")
}
try writeMermaid(
  CommandLine.arguments.dropFirst(2).map { file in
    JSON(members: [("source", JSON(try String(contentsOfFile: file, encoding: .utf8)))])
  }, to: "mermaid-files.html")

// The page can be searched, followed, moved and used by keyboard, and runs nothing of what is in it.
func writePage(_ drawing: Drawing, by layout: Graphviz.Layout, _ theme: Style.Theme?, to name: String) throws
{
  var plan = Drawing.Plan(drawing, by: layout)
  plan.hasHeader = false
  let svg = try Graphviz.render(dot: plan.dot, format: .svg, layout: layout)
  let page = String(decoding: drawing.page(around: svg, theme: theme), as: UTF8.self)
  let guardian = "<script>window.alert = () => { window.broken = true; };</script>"
  let tested = page.replacingOccurrences(of: "<head>\n", with: "<head>\n\(guardian)")
    .replacingOccurrences(of: "</body>\n</html>", with: "\(pageTest)</body>\n</html>")
  try write(tested, to: name)
}

for number in 0..<10 {
  var style = Style()
  style.theme = number % 2 == 0 ? .light : .dark
  style.title = "<script>alert(1)</script>"
  style.merges = number % 3 == 0
  var edges = HostileGraph.edges(&random)
  for place in edges.indices { edges[place].isDirected = Bool.random(using: &random) }
  let drawing = Drawing(edges: edges, style: style)
  try writePage(drawing, by: .dot, number % 2 == 0 ? nil : .dark, to: "page-\(number).html")
}
let crowd = (0..<1500).map { number in
  Edge(
    from: NodeReference(type: number % 2 == 0 ? "Even" : "Odd", id: "\(number)"),
    to: NodeReference(type: "Hub", id: "\(number / 7)"), type: "t")
}
try writePage(
  Drawing(edges: crowd.sorted { $0.key < $1.key }, style: Style()), by: .force, nil, to: "page-crowd.html")
