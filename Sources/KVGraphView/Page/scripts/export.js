// What is seen, as a file.
const seen = () => {
  const copy = svg.cloneNode(true);
  copy.querySelectorAll(".gone").forEach((element) => element.remove());
  copy.querySelectorAll(".away").forEach((element) => element.setAttribute("opacity", "0.15"));
  // What the page's style sheet says of the node that is chosen, and of those with neighbors hidden.
  const outline = (name) => copy.querySelectorAll(`g.${name} :is(polygon, path, ellipse)`);
  outline("collapsed").forEach((element) => {
    element.setAttribute("stroke-dasharray", "4 3");
    element.setAttribute("stroke-width", "2");
  });
  outline("found").forEach((element) => {
    element.setAttribute("stroke", getComputedStyle(document.documentElement).getPropertyValue("--found"));
    element.setAttribute("stroke-width", "3");
  });
  copy.querySelectorAll(".name").forEach((element) => {
    element.setAttribute("fill", getComputedStyle(document.body).color);
    element.setAttribute("text-anchor", "middle");
    element.setAttribute("font-family", "sans-serif");
  });
  const [width, height] = [picture.clientWidth, picture.clientHeight];
  const scale = scaleOf(view);
  const part = { width: width / scale, height: height / scale };
  copy.setAttribute("viewBox",
    `${view.x + (view.width - part.width) / 2} ${view.y + (view.height - part.height) / 2} ${part.width} ${part.height}`);
  copy.setAttribute("width", width);
  copy.setAttribute("height", height);
  copy.style.background = picture.style.background;
  return { source: new XMLSerializer().serializeToString(copy), width, height };
};
const save = (address, name) => Object.assign(document.createElement("a"), { href: address, download: name }).click();
const addressOf = (source) => "data:image/svg+xml;charset=utf-8," + encodeURIComponent(source);
const fileName = (document.title.replace(/[^\p{L}\p{N}._-]+/gu, "-") || "graph").slice(0, 60);
const saveSVG = () => save(addressOf(seen().source), fileName + ".svg");
const savePNG = () => {
  const { source, width, height } = seen();
  const image = new Image();
  image.onload = () => {
    const canvas = Object.assign(document.createElement("canvas"), { width: width * 2, height: height * 2 });
    const context = canvas.getContext("2d");
    context.fillStyle = picture.style.background;
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    save(canvas.toDataURL("image/png"), fileName + ".png");
  };
  image.src = addressOf(source);
};
