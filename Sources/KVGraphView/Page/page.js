"use strict";
// The page's whole behaviour. What comes from the data is only ever set as text.
(() => {
  const graph = JSON.parse(document.getElementById("graph").textContent);
  const picture = document.getElementById("picture");
  const svg = picture.querySelector("svg");
  const panel = document.querySelector("aside");
  const search = document.getElementById("search");
  const count = document.querySelector(".count");
  const shape = (kind, number) => document.getElementById(kind + number);

  const edgesAt = graph.nodes.map(() => []);
  graph.edges.forEach((edge, number) => {
    edgesAt[edge.from].push(number);
    if (edge.to !== edge.from) edgesAt[edge.to].push(number);
  });

  // The browser's own tooltips would hide the panel.
  svg.querySelectorAll("title").forEach((title) => title.remove());
  svg.querySelectorAll("a").forEach((link) => link.removeAttributeNS("http://www.w3.org/1999/xlink", "title"));

  // Pan and zoom, by the part of the drawing that is seen.
  const box = svg.viewBox.baseVal;
  const whole = { x: box.x, y: box.y, width: box.width, height: box.height };
  const view = { ...whole };
  svg.removeAttribute("width");
  svg.removeAttribute("height");
  const show = () => svg.setAttribute("viewBox", `${view.x} ${view.y} ${view.width} ${view.height}`);
  const scale = () => Math.max(view.width / picture.clientWidth, view.height / picture.clientHeight) || 1;
  const zoom = (factor, x = view.x + view.width / 2, y = view.y + view.height / 2) => {
    const width = Math.min(Math.max(view.width * factor, whole.width / 500), whole.width * 4);
    const real = width / view.width;
    view.x = x - (x - view.x) * real;
    view.y = y - (y - view.y) * real;
    view.width *= real;
    view.height *= real;
    show();
  };
  const move = (x, y) => {
    view.x += x * view.width;
    view.y += y * view.height;
    show();
  };
  const fit = () => {
    Object.assign(view, whole);
    show();
  };
  const place = (event) => {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    return [point.x, point.y];
  };
  picture.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoom(Math.exp(Math.sign(event.deltaY) * 0.15), ...place(event));
  }, { passive: false });
  let drag = null;
  picture.addEventListener("pointerdown", (event) => { drag = { x: event.clientX, y: event.clientY, moved: false }; });
  window.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const [x, y] = [event.clientX - drag.x, event.clientY - drag.y];
    if (!drag.moved && Math.hypot(x, y) < 4) return;
    view.x -= x * scale();
    view.y -= y * scale();
    Object.assign(drag, { x: event.clientX, y: event.clientY, moved: true });
    show();
  });
  window.addEventListener("pointerup", () => { if (drag && !drag.moved) drag = null; else setTimeout(() => { drag = null; }); });

  // One node is chosen at a time; it and its neighbours are seen, the rest fades.
  let chosen = null;
  const text = (tag, content) => Object.assign(document.createElement(tag), { textContent: content });
  const describe = (node) => {
    const item = graph.nodes[node];
    panel.replaceChildren(text("h2", item.name));
    if (item.data !== null) panel.append(text("pre", item.data));
    const list = document.createElement("ul");
    for (const number of edgesAt[node]) {
      const edge = graph.edges[number];
      const other = edge.from === node ? edge.to : edge.from;
      const button = text("button", `${edge.from === node ? "→" : "←"} ${edge.label} ${graph.nodes[other].name}`);
      button.addEventListener("click", () => choose(other, true));
      const entry = document.createElement("li");
      entry.append(button);
      list.append(entry);
    }
    panel.append(list);
    panel.hidden = false;
  };
  const describeEdge = (number) => {
    const edge = graph.edges[number];
    panel.replaceChildren(text("h2", `${graph.nodes[edge.from].name} → ${graph.nodes[edge.to].name}`));
    for (const one of edge.edges) {
      panel.append(text("div", one.type));
      if (one.data !== null) panel.append(text("pre", one.data));
    }
    panel.hidden = false;
  };
  const fade = (nodes, edges) => {
    graph.nodes.forEach((_, number) => shape("n", number)?.classList.toggle("away", nodes !== null && !nodes.has(number)));
    graph.edges.forEach((_, number) => shape("e", number)?.classList.toggle("away", edges !== null && !edges.has(number)));
  };
  const choose = (node, centred = false) => {
    shape("n", chosen)?.classList.remove("found");
    chosen = node;
    if (node === null) {
      fade(null, null);
      panel.hidden = true;
      return;
    }
    const edges = new Set(edgesAt[node]);
    fade(new Set([node, ...edgesAt[node].flatMap((number) => [graph.edges[number].from, graph.edges[number].to])]), edges);
    shape("n", node)?.classList.add("found");
    describe(node);
    if (centred) {
      const bounds = shape("n", node)?.getBoundingClientRect();
      if (!bounds) return;
      const [x, y] = place({ clientX: bounds.x + bounds.width / 2, clientY: bounds.y + bounds.height / 2 });
      view.x = x - view.width / 2;
      view.y = y - view.height / 2;
      show();
    }
  };

  const number = (target, kind) => {
    const group = target.closest?.(`g.${kind}`);
    return group ? Number(group.id.slice(1)) : null;
  };
  picture.addEventListener("click", (event) => {
    if (drag?.moved) return;
    const node = number(event.target, "node");
    const edge = number(event.target, "edge");
    if (node !== null) choose(node);
    else if (edge !== null) { choose(null); describeEdge(edge); }
    else choose(null);
  });
  picture.addEventListener("pointerover", (event) => {
    if (chosen !== null || drag) return;
    const node = number(event.target, "node");
    const edge = number(event.target, "edge");
    if (node !== null) describe(node);
    else if (edge !== null) describeEdge(edge);
  });

  // Nodes are reached with the tabulator too.
  graph.nodes.forEach((item, index) => {
    const group = shape("n", index);
    if (!group) return;
    group.setAttribute("tabindex", "0");
    group.setAttribute("role", "button");
    group.setAttribute("aria-label", item.name);
  });

  // What is looked for, in names, types and data.
  // Nobody can type a line break into the field.
  const fold = (content) => content.toLowerCase().replace(/[\r\n]/g, "");
  const find = () => {
    const wanted = fold(search.value);
    choose(null);
    if (!wanted) { count.textContent = `${graph.nodes.length} nodes, ${graph.edges.length} edges`; return []; }
    const found = graph.nodes.map((_, index) => index).filter((index) => {
      const item = graph.nodes[index];
      return fold(item.name + " " + (item.data ?? "")).includes(wanted);
    });
    fade(new Set(found), new Set());
    count.textContent = `${found.length} found`;
    return found;
  };
  search.addEventListener("input", find);
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    const found = find();
    if (found.length) choose(found[0], true);
  });

  const keys = {
    "+": () => zoom(0.8), "=": () => zoom(0.8), "-": () => zoom(1.25), "0": fit,
    ArrowLeft: () => move(-0.1, 0), ArrowRight: () => move(0.1, 0), ArrowUp: () => move(0, -0.1), ArrowDown: () => move(0, 0.1),
    Escape: () => { search.value = ""; find(); }, "/": () => search.focus(),
  };
  window.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target === search && event.key !== "Escape") return;
    if (event.key === "Enter") {
      const node = number(document.activeElement, "node");
      if (node !== null) choose(node, true);
      return;
    }
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
  for (const [id, action] of [["in", () => zoom(0.8)], ["out", () => zoom(1.25)], ["fit", fit]]) {
    document.getElementById(id).addEventListener("click", action);
  }
  find();
})();
