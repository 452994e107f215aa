// One node or edge is chosen at a time: it and its neighbors are seen, the rest fades, and the panel says what there is to say.
let chosen = null;
const filtered = new Set();
const hidden = new Set();
const isSeen = (node) => !hidden.has(node) && !filtered.has(graph.nodes[node].group);
const fade = (nodes, edges) => {
  nodeShapes.forEach((group, node) => group?.classList.toggle("away", nodes !== null && !nodes.has(node)));
  edgeShapes.forEach((group, edge) => group?.classList.toggle("away", edges !== null && !edges.has(edge)));
};
const showSeen = () => {
  nodeShapes.forEach((group, node) => group?.classList.toggle("gone", !isSeen(node)));
  edgeShapes.forEach((group, edge) => {
    group?.classList.toggle("gone", !isSeen(graph.edges[edge].from) || !isSeen(graph.edges[edge].to));
  });
};

const data = (value) => (value === null ? [] : [text("pre", value)]);
// The edges of a node that lead one way, or neither, by their types.
const directions = [["Outgoing", "→"], ["Incoming", "←"], ["Undirected", "—"]];
const listOf = (node, [title, arrow]) => {
  const types = new Map();
  for (const edge of edgesAt[node]) {
    const { from, to, edges, isDirected } = graph.edges[edge];
    const isOut = isDirected ? title === "Outgoing" : from === node;
    if (isDirected === (title === "Undirected") || (isOut ? from : to) !== node) continue;
    for (const one of edges) {
      if (!types.has(one.type)) types.set(one.type, []);
      types.get(one.type).push({ other: isOut ? to : from, data: one.data });
    }
  }
  if (!types.size) return [];
  const parts = [text("h3", title)];
  for (const [type, entries] of [...types].sort()) {
    const group = document.createElement("details");
    group.open = true;
    const list = document.createElement("ul");
    for (const entry of entries) {
      const item = document.createElement("li");
      item.append(button(graph.nodes[entry.other].name, () => choose(entry.other, true)), ...data(entry.data));
      list.append(item);
    }
    group.append(text("summary", `${arrow} ${type} (${entries.length})`), list);
    parts.push(group);
  }
  return parts;
};
const open = (...parts) => {
  const close = button("×", () => choose(null), "close");
  close.setAttribute("aria-label", "Close");
  const hadFocus = panel.contains(document.activeElement);
  panel.replaceChildren(close, ...parts);
  panel.hidden = false;
  if (hadFocus) close.focus();
};
const describe = (node) => {
  const item = graph.nodes[node];
  const parts = [text("h2", item.name)];
  if (item.address !== null) {
    const link = Object.assign(text("a", item.address), { href: item.address, target: "_blank", rel: "noopener noreferrer" });
    parts.push(link);
  }
  const leaves = leavesOf(node);
  if (leaves.length || collapsed.has(node)) {
    const number = collapsed.get(node)?.length ?? leaves.length;
    parts.push(button(`${collapsed.has(node) ? "Show" : "Collapse"} ${number} ${number === 1 ? "neighbor" : "neighbors"}`,
      () => { toggle(node); describe(node); }, "collapse"));
  }
  open(...parts, ...data(item.data), ...directions.flatMap((direction) => listOf(node, direction)));
};
const describeEdge = (edge) => {
  const { from, to, edges, isDirected } = graph.edges[edge];
  // Names that are written from right to left do not turn the arrow around.
  const heading = text("h2", "");
  heading.append(text("bdi", graph.nodes[from].name), isDirected ? " → " : " — ", text("bdi", graph.nodes[to].name));
  open(heading, ...edges.flatMap((one) => [text("h3", one.type), ...data(one.data)]));
};

// The address holds what is chosen, so that a link to the page leads there.
const nameInAddress = (name) => name.replace(/[^A-Za-z0-9:/._~-]+/gu, encodeURIComponent);
const remember = (node) => {
  const hash = node === null ? "" : "#" + nameInAddress(graph.nodes[node].name);
  if (location.hash !== hash) history.replaceState(null, "", hash || location.pathname + location.search);
};
const recall = () => {
  let name;
  try { name = decodeURIComponent(location.hash.slice(1)); } catch { return; }
  const node = graph.nodes.findIndex((item) => item.name === name);
  if (name && node >= 0) choose(node, true);
};
window.addEventListener("hashchange", recall);

const choose = (node, isCentered = false) => {
  nodeShapes[chosen]?.classList.remove("found");
  chosen = node;
  remember(node);
  if (node === null) {
    fade(null, null);
    panel.hidden = true;
    return;
  }
  reveal(node);
  fade(new Set([node, ...neighborsOf(node)]), new Set(edgesAt[node]));
  nodeShapes[node]?.classList.add("found");
  describe(node);
  if (isCentered) center(node);
};
const chooseEdge = (edge) => {
  choose(null);
  fade(new Set([graph.edges[edge].from, graph.edges[edge].to]), new Set([edge]));
  describeEdge(edge);
};

// A neighborhood is collapsed by hiding the neighbors that nothing else leads to.
const collapsed = new Map();
const leavesOf = (node) => neighborsOf(node).filter((other) => !hidden.has(other) && neighborsOf(other).length === 1);
const toggle = (node) => {
  if (collapsed.has(node)) {
    collapsed.get(node).forEach((leaf) => hidden.delete(leaf));
    collapsed.delete(node);
  } else {
    const leaves = leavesOf(node);
    if (!leaves.length) return;
    leaves.forEach((leaf) => hidden.add(leaf));
    collapsed.set(node, leaves);
  }
  nodeShapes[node]?.classList.toggle("collapsed", collapsed.has(node));
  showSeen();
};
// What is chosen is seen, whatever was hidden before.
const reveal = (node) => {
  if (filtered.has(graph.nodes[node].group)) toggleGroup(graph.nodes[node].group);
  for (const [owner, leaves] of collapsed) if (leaves.includes(node)) toggle(owner);
};
