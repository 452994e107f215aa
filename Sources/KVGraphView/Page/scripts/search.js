// What is looked for, in names, types and data: exact names first, then those that begin so, then the rest.
// Nobody can type a line break into the field.
const fold = (content) => content.toLowerCase().replace(/[\r\n]/g, "");
const counted = (number, name) => `${number} ${name}${number === 1 ? "" : "s"}`;
const edgeCount = graph.edges.reduce((sum, link) => sum + link.edges.length, 0);
const summary = `${counted(graph.nodes.length, "node")}, ${counted(edgeCount, "edge")}${graph.notice ? "; " + graph.notice : ""}`;
const names = graph.nodes.map((item) => fold(item.name));
let found = [];
let current = -1;
const find = () => {
  const wanted = fold(search.value);
  choose(null);
  current = -1;
  hits.replaceChildren();
  hits.hidden = true;
  found = [];
  if (!wanted) { count.textContent = summary; return; }
  const rank = (node) => {
    const name = names[node];
    const id = name.slice(name.indexOf(":") + 1);
    if (name === wanted || id === wanted) return 0;
    if (name.startsWith(wanted) || id.startsWith(wanted)) return 1;
    if (name.includes(wanted)) return 2;
    return fold(graph.nodes[node].data ?? "").includes(wanted) ? 3 : 4;
  };
  const ranked = graph.nodes.map((_, node) => [rank(node), node]).filter(([place]) => place < 4).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  found = ranked.map(([, node]) => node);
  fade(new Set(found), new Set());
  count.textContent = `${found.length} found`;
  found.slice(0, 50).forEach((node, place) => {
    const item = document.createElement("li");
    item.append(button(graph.nodes[node].name, () => goTo(place)));
    hits.append(item);
  });
  if (found.length > 50) hits.append(text("li", `and ${found.length - 50} more`));
  hits.hidden = !found.length;
};
const goTo = (place) => {
  if (!found.length) return;
  current = (place + found.length) % found.length;
  choose(found[current], true);
  count.textContent = `${current + 1} of ${found.length} found`;
  [...hits.children].forEach((item, index) => item.classList.toggle("current", index === current));
};
search.addEventListener("input", find);
search.addEventListener("keydown", (event) => {
  const step = { Enter: event.shiftKey ? -1 : 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  goTo(current < 0 && step < 0 ? -1 : current + step);
});
