// One pointer drags a node or the picture, two pinch it, a click chooses.
const pointers = new Map();
let drag = null;
const pointer = (event) => ({ x: event.clientX, y: event.clientY });
picture.addEventListener("pointerdown", (event) => {
  pointers.set(event.pointerId, pointer(event));
  const node = number(event.target, "node");
  drag = { node: pointers.size === 1 ? node : null, ...pointer(event), isMoved: pointers.size > 1 };
});
window.addEventListener("pointermove", (event) => {
  if (!pointers.has(event.pointerId) || !drag) return;
  const before = [...pointers.values()];
  pointers.set(event.pointerId, pointer(event));
  const now = [...pointers.values()];
  if (pointers.size === 2) {
    const apart = (both) => Math.hypot(both[0].x - both[1].x, both[0].y - both[1].y) || 1;
    const middle = { clientX: (now[0].x + now[1].x) / 2, clientY: (now[0].y + now[1].y) / 2 };
    zoom(apart(before) / apart(now), ...place(middle), true);
    return;
  }
  const [x, y] = [event.clientX - drag.x, event.clientY - drag.y];
  if (!drag.isMoved && Math.hypot(x, y) < 4) return;
  Object.assign(drag, { ...pointer(event), isMoved: true });
  const scale = scaleOf(view);
  if (drag.node !== null) return moveNode(drag.node, x / scale, y / scale);
  view.x -= x / scale;
  view.y -= y / scale;
  show(true);
});
const release = (event) => {
  pointers.delete(event.pointerId);
  // The finger that stays goes on from where it is.
  const [left] = pointers.values();
  if (left) drag = { node: null, ...left, isMoved: true };
  else setTimeout(() => { drag = null; });
};
window.addEventListener("pointerup", release);
window.addEventListener("pointercancel", release);

picture.addEventListener("click", (event) => {
  if (drag?.isMoved) return;
  const node = number(event.target, "node");
  const edge = number(event.target, "edge");
  if (node !== null) choose(node);
  else if (edge !== null) chooseEdge(edge);
  else choose(null);
});
picture.addEventListener("dblclick", (event) => {
  const node = number(event.target, "node");
  if (node === null) return;
  toggle(node);
  describe(node);
});

// A node that is moved takes its edges with it, which become straight lines from outline to outline.
const moveNode = (node, dx, dy) => {
  const [x, y] = moved.get(node) ?? [0, 0];
  boxOf(node);
  moved.set(node, [x + dx, y + dy]);
  nodeShapes[node].setAttribute("transform", `translate(${x + dx} ${y + dy})`);
  labels.get(node)?.remove();
  labels.delete(node);
  edgesAt[node].forEach(straighten);
};
// Where a line to the middle of a box meets its outline.
const meet = (box, [x, y]) => {
  const [middleX, middleY] = [box.x + box.width / 2, box.y + box.height / 2];
  const [dx, dy] = [x - middleX, y - middleY];
  const part = Math.min(box.width / 2 / Math.abs(dx || 1e-9), box.height / 2 / Math.abs(dy || 1e-9), 1);
  return [middleX + dx * part, middleY + dy * part];
};
const straighten = (edge) => {
  const { from, to } = graph.edges[edge];
  const group = edgeShapes[edge];
  const [start, end] = [boxOf(from), boxOf(to)];
  if (!group || !start || !end || from === to) return;
  // The picture's root moves its content; edges are drawn inside of it.
  const frame = DOMMatrix.fromMatrix(group.getCTM()).inverse().multiply(DOMMatrix.fromMatrix(svg.getCTM()));
  const point = ([x, y]) => { const moved = new DOMPoint(x, y).matrixTransform(frame); return [moved.x, moved.y]; };
  const a = point(meet(start, centerOf(to)));
  const b = point(meet(end, centerOf(from)));
  const length = Math.hypot(b[0] - a[0], b[1] - a[1]) || 1;
  const [ux, uy] = [(b[0] - a[0]) / length, (b[1] - a[1]) / length];
  const head = group.querySelector("polygon");
  const size = head ? Math.min(8, length / 2) : 0;
  group.querySelector("path")?.setAttribute("d", `M${a[0]},${a[1]}L${b[0] - ux * size},${b[1] - uy * size}`);
  const base = [b[0] - ux * size, b[1] - uy * size];
  const wing = size * 0.35;
  head?.setAttribute("points",
    `${base[0] - uy * wing},${base[1] + ux * wing} ${b[0]},${b[1]} ${base[0] + uy * wing},${base[1] - ux * wing}`);
  const label = group.querySelectorAll("text");
  if (!label.length) return;
  const was = group.dataset.label ? group.dataset.label.split(" ").map(Number)
    : [Number(label[0].getAttribute("x")), Number(label[0].getAttribute("y"))];
  group.dataset.label = was.join(" ");
  const shift = `translate(${(a[0] + b[0]) / 2 - was[0]} ${(a[1] + b[1]) / 2 - was[1]})`;
  [...group.querySelectorAll("text")].forEach((line) => line.setAttribute("transform", shift));
  [...group.querySelectorAll("polygon")].filter((ground) => ground !== head).forEach((ground) => ground.setAttribute("transform", shift));
};
