// What is drawn, and where it stands in the picture. What comes from the data is only ever set as text.
const graph = JSON.parse(document.getElementById("graph").textContent);
const picture = document.getElementById("picture");
const svg = picture.querySelector("svg");
const panel = document.querySelector("aside");
const search = document.getElementById("search");
const hits = document.getElementById("hits");
const count = document.querySelector(".count");
const shape = (kind, number) => document.getElementById(kind + number);
const nodeShapes = graph.nodes.map((_, number) => shape("n", number));
const edgeShapes = graph.edges.map((_, number) => shape("e", number));
const text = (tag, content, name) => Object.assign(document.createElement(tag), { textContent: content, className: name ?? "" });
const button = (content, action, name) => {
  const made = text("button", content, name);
  made.type = "button";
  made.addEventListener("click", action);
  return made;
};

const edgesAt = graph.nodes.map(() => []);
graph.edges.forEach((edge, number) => {
  edgesAt[edge.from].push(number);
  if (edge.to !== edge.from) edgesAt[edge.to].push(number);
});
const neighborsOf = (node) => [...new Set(edgesAt[node].flatMap((number) => [graph.edges[number].from, graph.edges[number].to]))]
  .filter((other) => other !== node);

// A click chooses; the panel has the links.
svg.querySelectorAll("a").forEach((link) => {
  link.removeAttributeNS("http://www.w3.org/1999/xlink", "href");
  link.removeAttribute("target");
});

// Nodes are reached with the tabulator too.
nodeShapes.forEach((group, index) => {
  if (!group) return;
  group.setAttribute("tabindex", "0");
  group.setAttribute("role", "button");
  group.setAttribute("aria-label", graph.nodes[index].name);
});

// The node or edge that something in the picture belongs to.
const number = (target, kind) => {
  const group = target.closest?.(`g.${kind}`);
  return group ? Number(group.id.slice(1)) : null;
};

// Where a node stands, in the picture's own measure, moved or not.
const moved = new Map();
const boxes = new Map();
const boxOf = (node) => {
  if (!boxes.has(node)) {
    const outline = nodeShapes[node]?.querySelector("polygon, path, ellipse");
    if (!outline) return null;
    const box = outline.getBBox();
    const frame = DOMMatrix.fromMatrix(svg.getCTM()).inverse().multiply(DOMMatrix.fromMatrix(outline.getCTM()));
    const corner = new DOMPoint(box.x, box.y).matrixTransform(frame);
    const other = new DOMPoint(box.x + box.width, box.y + box.height).matrixTransform(frame);
    const [dx, dy] = moved.get(node) ?? [0, 0];
    boxes.set(node, {
      x: Math.min(corner.x, other.x) - dx, y: Math.min(corner.y, other.y) - dy,
      width: Math.abs(other.x - corner.x), height: Math.abs(other.y - corner.y),
    });
  }
  const box = boxes.get(node);
  const [dx, dy] = moved.get(node) ?? [0, 0];
  return { x: box.x + dx, y: box.y + dy, width: box.width, height: box.height };
};
const centerOf = (node) => {
  const box = boxOf(node);
  return box && [box.x + box.width / 2, box.y + box.height / 2];
};
