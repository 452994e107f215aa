// Buttons and keys.
const keys = {
  "+": () => zoom(0.8), "=": () => zoom(0.8), "-": () => zoom(1.25), "0": fit,
  ArrowLeft: () => move(-0.1, 0), ArrowRight: () => move(0.1, 0), ArrowUp: () => move(0, -0.1), ArrowDown: () => move(0, 0.1),
  Escape: () => { search.value = ""; find(); }, "/": () => search.focus(),
};
window.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target === search && event.key !== "Escape") return;
  // There they scroll.
  if (event.key.startsWith("Arrow") && event.target.closest?.("aside, #hits")) return;
  if (event.key === "Enter" || event.key === " ") {
    const node = number(document.activeElement, "node");
    if (node !== null) {
      event.preventDefault();
      choose(node, true);
    }
    return;
  }
  if (!keys[event.key]) return;
  event.preventDefault();
  keys[event.key]();
});
const actions = { in: () => zoom(0.8), out: () => zoom(1.25), fit, svg: saveSVG, png: savePNG };
for (const [id, action] of Object.entries(actions)) document.getElementById(id).addEventListener("click", action);
showTheme();
count.textContent = summary;
rest();
recall();
