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
  let drawing = Drawing(edges: HostileGraph.edges(&random), style: style)
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
    const plain = (text) => text.replace(/[\\u0000-\\u0009\\u000b-\\u001f\\u007f-\\u009f\\ufffd]|\\p{Noncharacter_Code_Point}/gu, "?").replace(/[\\s\\u200b]+/g, "");
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
for number in 0..<10 {
  var style = Style()
  style.theme = number % 2 == 0 ? .light : .dark
  style.title = "<script>alert(1)</script>"
  let drawing = Drawing(edges: HostileGraph.edges(&random), style: style)
  let svg = try Graphviz.render(dot: Drawing.Plan(drawing, by: .dot).dot, format: .svg, layout: .dot)
  let page = String(decoding: drawing.page(around: svg), as: UTF8.self)
  let guardian = "<script>window.alert = () => { window.broken = true; };</script>"
  let test = """
    <script>
    (() => {
      const check = (holds, what) => { if (!holds) throw new Error(what); };
      try {
        const graph = JSON.parse(document.getElementById("graph").textContent);
        const svg = document.querySelector("#picture svg");
        const search = document.getElementById("search");
        const panel = document.querySelector("aside");
        const press = (key, target = document.body) => target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
        const shapes = [...document.querySelectorAll("g.node")];
        check(shapes.length === graph.nodes.length, "every node is drawn");
        check(document.querySelectorAll("g.edge").length === graph.edges.length, "every edge is drawn");
        check(document.querySelectorAll("script").length === 4, "no script is added");
        shapes[0].dispatchEvent(new MouseEvent("click", { bubbles: true }));
        check(!panel.hidden && panel.querySelector("h2").textContent === graph.nodes[Number(shapes[0].id.slice(1))].name, "a click describes the node");
        const neighbor = panel.querySelector("li button");
        neighbor.click();
        check(!panel.hidden, "a click follows a neighbor");
        const before = svg.getAttribute("viewBox");
        press("+");
        check(svg.getAttribute("viewBox") !== before, "+ zooms in");
        press("0");
        press("ArrowRight");
        press("0");
        const whole = svg.getAttribute("viewBox");
        press("-");
        check(svg.getAttribute("viewBox") !== whole, "- zooms out");
        search.value = graph.nodes[0].name;
        search.dispatchEvent(new Event("input"));
        check(document.querySelector(".count").textContent.endsWith("found"), "the search counts");
        check(!shapes.find((shape) => shape.id === "n0").classList.contains("away"), "the search finds by name");
        press("Enter", search);
        check(!panel.hidden, "enter chooses the first that is found");
        press("Escape");
        check(panel.hidden && search.value === "", "escape ends the search");
        shapes[0].focus();
        press("Enter", shapes[0]);
        check(!panel.hidden, "a node is chosen by keyboard");
        setTimeout(() => { document.title = window.broken ? "failed: a script of the data has run" : "passed"; }, 50);
      } catch (error) {
        document.title = "failed: " + error.message;
      }
    })();
    </script>
    """
  let tested = page.replacingOccurrences(of: "<head>\n", with: "<head>\n\(guardian)")
    .replacingOccurrences(of: "</body>\n</html>", with: "\(test)</body>\n</html>")
  try write(tested, to: "page-\(number).html")
}
