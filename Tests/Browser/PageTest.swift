/// What each page is put through in the browser: all that a reader can do.
let pageTest = """
  <script>
  (async () => {
    const check = (holds, what) => { if (!holds) throw new Error(what); };
    const wait = (time) => new Promise((done) => setTimeout(done, time));
    try {
      const graph = JSON.parse(document.getElementById("graph").textContent);
      const svg = document.querySelector("#picture svg");
      const search = document.getElementById("search");
      const panel = document.querySelector("aside");
      const hits = document.getElementById("hits");
      const count = document.querySelector(".count");
      const press = (key, target = document.body, more = {}) => target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }));
      const shapes = [...document.querySelectorAll("g.node")];
      const shape = (node) => document.getElementById("n" + node);
      const click = (target, kind = "click") => target.dispatchEvent(new MouseEvent(kind, { bubbles: true }));
      const heading = () => panel.querySelector("h2")?.textContent;
      check(shapes.length === graph.nodes.length, "every node is drawn");
      check(document.querySelectorAll("g.edge").length === graph.edges.length, "every edge is drawn");
      check(document.querySelectorAll("script").length === 4, "no script is added");

      click(shapes[0]);
      const first = Number(shapes[0].id.slice(1));
      check(!panel.hidden && heading() === graph.nodes[first].name, "a click describes the node");
      check(decodeURIComponent(location.hash.slice(1)) === graph.nodes[first].name, "the address names it: " + location.hash);
      const touching = graph.edges.filter((edge) => edge.from === first || edge.to === first);
      const loops = touching.filter((edge) => edge.isDirected && edge.from === edge.to).length;
      const entries = [...panel.querySelectorAll("li button")];
      check(entries.length === touching.length + loops, "its edges are listed both ways");
      const kinds = [...panel.querySelectorAll("h3")].map((part) => part.textContent);
      check(kinds.length > 0 && kinds.every((kind) => ["Outgoing", "Incoming", "Undirected"].includes(kind)), "by direction");
      check(kinds.includes("Undirected") === touching.some((edge) => !edge.isDirected), "edges without a direction apart");
      const values = touching.flatMap((edge) => edge.edges.map((one) => one.data)).filter((value) => value !== null);
      const told = [...panel.querySelectorAll("li pre")].map((part) => part.textContent);
      check(values.every((value) => told.includes(value)), "with the edges' data");
      entries[0].click();
      check(!panel.hidden && heading() === entries[0].textContent, "a click follows a neighbor");
      panel.querySelector(".close").click();
      check(panel.hidden && location.hash === "", "the panel closes, and the address forgets");
      location.hash = "#" + encodeURIComponent(graph.nodes[first].name);
      await wait(50);
      check(heading() === graph.nodes.find((node) => node.name === graph.nodes[first].name).name, "an address leads to its node");
      const drawnEdge = document.querySelector("g.edge");
      click(drawnEdge.querySelector("path"));
      const ends = graph.edges[Number(drawnEdge.id.slice(1))];
      check(heading() === graph.nodes[ends.from].name + (ends.isDirected ? " → " : " — ") + graph.nodes[ends.to].name, "a click describes an edge");
      check(panel.querySelectorAll("h2 bdi").length === 2, "whose names keep their own direction");
      press("Escape");

      const before = svg.getAttribute("viewBox");
      press("+");
      check(svg.getAttribute("viewBox") !== before, "+ zooms in");
      press("0");
      press("ArrowRight");
      press("0");
      const whole = svg.getAttribute("viewBox");
      press("-");
      check(svg.getAttribute("viewBox") !== whole, "- zooms out");
      press("0");
      document.getElementById("picture").dispatchEvent(new WheelEvent("wheel", { deltaY: -1, bubbles: true, cancelable: true, clientX: 100, clientY: 200 }));
      await wait(250);
      check(svg.getAttribute("viewBox") !== whole && svg.style.transform === "", "the wheel zooms, and rests");
      press("0");

      const name = graph.nodes[0].name;
      search.value = name;
      search.dispatchEvent(new Event("input"));
      check(count.textContent.endsWith("found") && !hits.hidden, "the search counts, and lists its hits");
      const fold = (content) => content.toLowerCase().replace(/[\\r\\n]/g, "");
      check(fold(hits.querySelector("button").textContent) === fold(name), "an exact hit comes first");
      check(!shape(0).classList.contains("away"), "what is found is seen");
      search.value = ":";
      search.dispatchEvent(new Event("input"));
      check(hits.querySelectorAll("button").length === Math.min(graph.nodes.length, 50), "every node has a colon");
      press("Enter", search);
      const one = heading();
      check(count.textContent.startsWith("1 of "), "enter goes to the first hit");
      press("Enter", search);
      check(graph.nodes.length === 1 || count.textContent.startsWith("2 of "), "and to the next");
      press("Enter", search, { shiftKey: true });
      check(count.textContent.startsWith("1 of ") && heading() === one, "and back");
      press("Escape");
      check(panel.hidden && hits.hidden && search.value === "", "escape ends the search");
      shapes[0].focus();
      press("Enter", shapes[0]);
      check(!panel.hidden, "a node is chosen by keyboard");
      press("Escape");

      const background = getComputedStyle(document.body).backgroundColor;
      const fill = shapes[0].querySelector("path, polygon, ellipse").getAttribute("fill");
      document.getElementById("theme").click();
      check(getComputedStyle(document.body).backgroundColor !== background, "the theme changes");
      check(shapes[0].querySelector("path, polygon, ellipse").getAttribute("fill") !== fill, "the picture with it");
      document.getElementById("theme").click();
      check(shapes[0].querySelector("path, polygon, ellipse").getAttribute("fill") === fill, "and back");

      const groups = [...document.querySelectorAll("#legend button")];
      check(groups.length === graph.groups.length, "the legend names all groups");
      groups[0].click();
      const gone = graph.nodes.filter((node, place) => node.group === 0 && shape(place).classList.contains("gone")).length;
      check(gone === graph.nodes.filter((node) => node.group === 0).length, "a click in the legend hides a group");
      groups[0].click();
      check(!document.querySelector(".gone"), "another shows it again");
      groups[0].click();
      click(shape(graph.nodes.findIndex((node) => node.group === 0)));
      check(!document.querySelector(".gone") && groups[0].getAttribute("aria-pressed") === "true", "what is chosen is seen");
      press("Escape");
      check(panel.hidden, "escape closes the panel");

      const picture = document.getElementById("picture");
      const pointer = (kind, target, x, y, id = 1) => target.dispatchEvent(new PointerEvent(kind, { bubbles: true, pointerId: id, clientX: x, clientY: y }));
      const edge = graph.edges.findIndex((edge) => edge.from !== edge.to);
      if (edge >= 0) {
        const node = graph.edges[edge].from;
        const path = document.querySelector(`#e${edge} path`);
        const drawn = path.getAttribute("d");
        pointer("pointerdown", shape(node).querySelector("path, polygon, ellipse"), 100, 100);
        pointer("pointermove", window, 130, 140);
        pointer("pointerup", window, 130, 140);
        await wait(20);
        check(shape(node).getAttribute("transform")?.startsWith("translate("), "a node is dragged");
        check(path.getAttribute("d") !== drawn && !path.getAttribute("d").includes("NaN"), "and its edges go with it");
      }
      const seen = svg.getAttribute("viewBox");
      pointer("pointerdown", picture, 10, 10);
      pointer("pointermove", window, 60, 40);
      pointer("pointerup", window, 60, 40);
      await wait(250);
      check(svg.getAttribute("viewBox") !== seen, "the picture is dragged");
      const width = svg.viewBox.baseVal.width;
      pointer("pointerdown", picture, 100, 100, 1);
      pointer("pointerdown", picture, 200, 100, 2);
      pointer("pointermove", window, 300, 100, 2);
      pointer("pointerup", window, 300, 100, 2);
      await wait(250);
      const pinched = svg.viewBox.baseVal.x;
      pointer("pointermove", window, 101, 100, 1);
      await wait(250);
      check(Math.abs(svg.viewBox.baseVal.x - pinched) < svg.viewBox.baseVal.width / 20, "the finger that stays drags from where it is");
      pointer("pointerup", window, 101, 100, 1);
      await wait(250);
      check(svg.viewBox.baseVal.width < width, "two fingers zoom");

      const neighbors = (node) => new Set(graph.edges.flatMap(({ from, to }) => (from === node ? [to] : to === node ? [from] : [])).filter((other) => other !== node));
      const hub = graph.nodes.findIndex((_, node) => [...neighbors(node)].some((other) => neighbors(other).size === 1));
      if (hub >= 0) {
        click(shape(hub));
        panel.querySelector(".collapse").click();
        const leaves = [...neighbors(hub)].filter((other) => neighbors(other).size === 1);
        check(leaves.every((leaf) => shape(leaf).classList.contains("gone")), "a neighborhood is collapsed");
        panel.querySelector(".collapse").click();
        check(!document.querySelector(".gone"), "and shown again");
      }

      const unnamed = shapes.filter((group) => !group.querySelector("text")).map((group) => Number(group.id.slice(1)));
      if (unnamed.length > 120) {
        press("0");
        check(!document.querySelector(".name"), "a crowd has no names");
        search.value = graph.nodes[unnamed[7]].name;
        search.dispatchEvent(new Event("input"));
        press("Enter", search);
        for (let turn = 0; turn < 15; turn++) press("+");
        const names = [...document.querySelectorAll(".name")].map((label) => label.textContent);
        check(names.includes(graph.nodes[unnamed[7]].name) && names.length <= 120, "names appear when one comes near");
        press("0");
        check(!document.querySelector(".name"), "and go");
        press("Escape");
      }

      const saved = [];
      HTMLAnchorElement.prototype.click = function () { saved.push([this.download, this.href]); };
      document.getElementById("svg").click();
      document.getElementById("png").click();
      for (let turn = 0; saved.length < 2 && turn < 100; turn++) await wait(20);
      check(saved[0][0].endsWith(".svg") && saved[0][1].startsWith("data:image/svg+xml"), "an SVG is saved");
      const copy = new DOMParser().parseFromString(decodeURIComponent(saved[0][1].slice(saved[0][1].indexOf(",") + 1)), "image/svg+xml");
      check(copy.querySelectorAll("g.node").length === graph.nodes.length, "which holds what is seen");
      check(saved[1]?.[0].endsWith(".png") && saved[1][1].startsWith("data:image/png") && saved[1][1].length > 1000, "a PNG is saved");
      await wait(50);
      document.title = window.broken ? "failed: a script of the data has run" : "passed";
    } catch (error) {
      document.title = "failed: " + error.message;
    }
  })();
  </script>
  """
