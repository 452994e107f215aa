// In a crowd nodes have no names; those that are seen get theirs when they are few.
const labels = new Map();
const unnamed = graph.nodes.map((_, node) => node).filter((node) => nodeShapes[node] && !nodeShapes[node].querySelector("text"));
const showLabels = () => {
  if (!unnamed.length) return;
  const seen = unnamed.filter((node) => {
    const middle = centerOf(node);
    return middle && isSeen(node) && middle[0] > view.x && middle[0] < view.x + view.width
      && middle[1] > view.y && middle[1] < view.y + view.height;
  });
  const wanted = new Set(seen.length <= 120 ? seen : []);
  for (const [node, label] of labels) {
    if (wanted.has(node)) continue;
    label.remove();
    labels.delete(node);
  }
  const size = 11 / scaleOf(view);
  for (const node of wanted) {
    const box = boxOf(node);
    let label = labels.get(node);
    if (!label) {
      label = document.createElementNS("http://www.w3.org/2000/svg", "text");
      label.textContent = graph.nodes[node].name;
      label.setAttribute("class", "name");
      labels.set(node, label);
      svg.append(label);
    }
    label.setAttribute("x", box.x + box.width / 2);
    label.setAttribute("y", box.y - size * 0.3);
    label.setAttribute("font-size", size);
  }
};
watchers.push(showLabels);
