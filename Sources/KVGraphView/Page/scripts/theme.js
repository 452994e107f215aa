// Light or dark: as the page was made, else as the system has it, until somebody chooses.
const dark = window.matchMedia("(prefers-color-scheme: dark)");
let theme = graph.theme;
const paint = (wanted) => {
  const [from, to] = wanted === "dark" ? [0, 1] : [1, 0];
  const colors = new Map(graph.colors.map((pair) => [pair[from], pair[to]]));
  if (svg.dataset.theme !== wanted) {
    for (const element of svg.querySelectorAll("[fill], [stroke]")) {
      for (const name of ["fill", "stroke"]) {
        const color = colors.get(element.getAttribute(name));
        if (color) element.setAttribute(name, color);
      }
    }
    svg.dataset.theme = wanted;
  }
  document.documentElement.classList.toggle("dark", wanted === "dark");
  picture.style.background = graph.background[wanted === "dark" ? 1 : 0];
};
svg.dataset.theme = graph.drawn;
const showTheme = () => paint(theme ?? (dark.matches ? "dark" : "light"));
dark.addEventListener("change", showTheme);
document.getElementById("theme").addEventListener("click", () => {
  theme = svg.dataset.theme === "dark" ? "light" : "dark";
  showTheme();
});

// What the colours stand for; a click hides a group and shows it again.
const legend = document.getElementById("legend");
const toggleGroup = (place) => {
  if (filtered.has(place)) filtered.delete(place); else filtered.add(place);
  legend.children[place].setAttribute("aria-pressed", String(!filtered.has(place)));
  showSeen();
  showLabels();
};
graph.groups.forEach((group, place) => {
  const size = graph.nodes.filter((item) => item.group === place).length;
  const entry = button("", () => toggleGroup(place));
  entry.setAttribute("aria-pressed", "true");
  const sign = text("span", group.sign);
  sign.style.color = group.color;
  entry.append(sign, ` ${group.name} (${size})`);
  legend.append(entry);
});
if (graph.edgeType !== null) legend.append(text("span", graph.edgeType));
