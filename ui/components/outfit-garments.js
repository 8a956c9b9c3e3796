// The photo with its garments outlined. Each outline is a button, and has a chip as its twin.
const SVG = "http://www.w3.org/2000/svg";

const shape = (name, attributes) => {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
};

const middle = ([x1, y1], [x2, y2]) => `${(x1 + x2) / 2} ${(y1 + y2) / 2}`;

// a polygon's corners become the control points of a curve through its edges' middles
const pathOf = (outline) =>
  outline
    .map((numbers) => {
      const corners = [];
      for (let i = 0; i < numbers.length; i += 2) corners.push([numbers[i], numbers[i + 1]]);
      const last = corners[corners.length - 1];
      const curves = corners.map((corner, i) => `Q${corner.join(" ")} ${middle(corner, corners[(i + 1) % corners.length])}`);
      return `M${middle(last, corners[0])}${curves.join("")}Z`;
    })
    .join("");

const areaOf = ({ box: [left, top, right, bottom] }) => (right - left) * (bottom - top);

function build(root, data, press) {
  const svg = part(root, ".photo > svg");
  const chips = part(root, ".chips");
  const image = part(root, ".photo > img");
  image.src = data.photo;
  image.alt = data.alt;
  svg.setAttribute("viewBox", `0 0 ${data.width} ${data.height}`);
  svg.setAttribute("aria-label", data.label);
  svg.replaceChildren(shape("path", { class: "veil", "fill-rule": "evenodd", d: "" }));
  chips.setAttribute("aria-label", data.label);
  chips.replaceChildren();
  const hot = (number, on) =>
    root.querySelectorAll(`[data-number="${number}"]`).forEach((node) => node.classList.toggle("hot", on));

  // small garments lie on top of large ones, so that each can be reached
  const order = data.garments.map((_, number) => number);
  order.sort((one, other) => areaOf(data.garments[other]) - areaOf(data.garments[one]));
  for (const number of order) {
    const garment = data.garments[number];
    const group = shape("g", { class: "garment", role: "button", tabindex: "0", "data-number": number, "aria-label": garment.label });
    const d = pathOf(garment.outline);
    group.append(shape("path", { class: "halo", d }), shape("path", { class: "line", d }));
    group.onclick = () => press(number);
    group.onkeydown = (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      press(number);
    };
    const enter = (event) => {
      if (event.pointerType === "touch") return; // a finger does not hover
      hot(number, true);
      label(root, data, number);
    };
    const leave = () => {
      hot(number, false);
      label(root, data, selectedIn(root));
    };
    group.onpointerenter = group.onfocus = enter;
    group.onpointerleave = group.onblur = leave;
    svg.append(group);
  }
  data.garments.forEach((garment, number) => {
    const chip = document.createElement("button");
    chip.type = "button";
    chip.className = "chip";
    chip.dataset.number = number;
    chip.textContent = garment.name;
    if (garment.details) {
      const more = document.createElement("span");
      more.className = "more";
      more.textContent = `, ${garment.details}`;
      chip.append(more);
    }
    chip.onclick = () => press(number);
    chip.onpointerenter = (event) => hot(number, event.pointerType !== "touch");
    chip.onpointerleave = () => hot(number, false);
    chips.append(chip);
  });
}

const selectedIn = (root) => (root.dataset.selected === "" ? null : Number(root.dataset.selected));

function label(root, data, number) {
  const tag = part(root, ".tag");
  tag.classList.toggle("on", number !== null);
  if (number === null) return;
  const { box: [left, top, right], name } = data.garments[number];
  tag.textContent = name;
  tag.style.left = `${Math.min(84, Math.max(16, (50 * (left + right)) / data.width))}%`;
  const above = top / data.height > 0.08;
  tag.style.top = `${Math.max(0, (100 * top) / data.height)}%`;
  tag.style.transform = above ? "translate(-50%, calc(-100% - 6px))" : "translate(-50%, 6px)";
}

function select(root, data, number) {
  root.dataset.selected = number === null ? "" : number;
  root.querySelectorAll("[data-number]").forEach((node) => {
    const on = Number(node.dataset.number) === number;
    node.classList.toggle("on", on);
    node.setAttribute("aria-pressed", on ? "true" : "false");
  });
  const veil = part(root, ".veil");
  veil.classList.toggle("on", number !== null);
  if (number !== null) {
    const whole = `M0 0H${data.width}V${data.height}H0Z`;
    veil.setAttribute("d", whole + pathOf(data.garments[number].outline));
  }
  label(root, data, number);
}

function wornOf(worn, data, { tell, waits }) {
  const press = (number) => {
    if (worn.classList.contains("drawing")) return;
    const next = selectedIn(worn) === number ? null : number;
    select(worn, data, next);
    offerKinds(worn, data, tell);
    tell("picked", next);
  };
  // rebuilt for another photo or other garments only: the focus stays where it was
  if (worn.dataset.key !== data.key) {
    const focused = worn.contains(worn.getRootNode().activeElement);
    const corrected = worn.dataset.photo === data.photo && worn.dataset.found;
    stopDrawing(worn);
    build(worn, data, press);
    worn.dataset.key = data.key;
    worn.dataset.photo = data.photo;
    worn.dataset.found = data.garments.length ? "true" : "";
    part(worn, ".missed").hidden = !data.open;
    tellIn(worn, data.told);
    select(worn, data, data.selected);
    if (focused && corrected) (part(worn, ".chip.on") ?? part(worn, ".missed")).focus();
    // a sample far down the first screen was chosen: the photo that takes its place is above
    if (worn.getBoundingClientRect().top < 0) worn.scrollIntoView({ block: "start" });
  }
  worn.onkeydown = (event) => {
    if (event.key === "Escape" && !worn.classList.contains("drawing") && selectedIn(worn) !== null) press(selectedIn(worn));
  };
  part(worn, ".missed").onclick = () => startDrawing(worn, data, tell);
  // what was asked for before the last press arrives after it: the press is what counts
  select(worn, data, waits("picked") ? selectedIn(worn) : data.selected);
  offerKinds(worn, data, tell);
  offerGuess(worn, data, tell);
}
