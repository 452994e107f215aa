// Pan and zoom. While something moves the picture is only shifted and scaled as it is, which costs nothing however large it is; when it
// rests it is drawn anew, by the part that is seen.
const box = svg.viewBox.baseVal;
const whole = { x: box.x, y: box.y, width: box.width, height: box.height };
const view = { ...whole };
let drawn = { ...whole };
let resting = null;
const watchers = [];
svg.removeAttribute("width");
svg.removeAttribute("height");
const scaleOf = (part) => Math.min(picture.clientWidth / part.width, picture.clientHeight / part.height) || 1;
const rest = () => {
  clearTimeout(resting);
  resting = null;
  drawn = { ...view };
  svg.style.transform = "";
  svg.setAttribute("viewBox", `${view.x} ${view.y} ${view.width} ${view.height}`);
  watchers.forEach((watch) => watch());
};
const show = (isMoving = false) => {
  if (!isMoving || graph.edges.length < 300) return rest();
  const [now, then] = [scaleOf(view), scaleOf(drawn)];
  const x = (drawn.x + drawn.width / 2 - view.x - view.width / 2) * now;
  const y = (drawn.y + drawn.height / 2 - view.y - view.height / 2) * now;
  svg.style.transform = `translate(${x}px, ${y}px) scale(${now / then})`;
  clearTimeout(resting);
  resting = setTimeout(rest, 150);
};
const zoom = (factor, x = view.x + view.width / 2, y = view.y + view.height / 2, isMoving = false) => {
  const width = Math.min(Math.max(view.width * factor, whole.width / 500), whole.width * 4);
  const real = width / view.width;
  view.x = x - (x - view.x) * real;
  view.y = y - (y - view.y) * real;
  view.width *= real;
  view.height *= real;
  show(isMoving);
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
// The place of a pointer in the picture's own measure.
const place = (event) => {
  const bounds = picture.getBoundingClientRect();
  const scale = scaleOf(view);
  return [
    view.x + view.width / 2 + (event.clientX - bounds.x - bounds.width / 2) / scale,
    view.y + view.height / 2 + (event.clientY - bounds.y - bounds.height / 2) / scale,
  ];
};
// Near enough to be read.
const center = (node) => {
  const middle = centerOf(node);
  if (!middle) return;
  const nearer = Math.min(1, scaleOf(view) / 0.8);
  view.width *= nearer;
  view.height *= nearer;
  view.x = middle[0] - view.width / 2;
  view.y = middle[1] - view.height / 2;
  show();
};
picture.addEventListener("wheel", (event) => {
  event.preventDefault();
  zoom(Math.exp(Math.sign(event.deltaY) * 0.15), ...place(event), true);
}, { passive: false });
window.addEventListener("resize", rest);
