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
  const svg = root.querySelector("svg");
  const chips = root.querySelector(".chips");
  const image = root.querySelector("img");
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
  const tag = root.querySelector(".tag");
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
  const veil = root.querySelector(".veil");
  veil.classList.toggle("on", number !== null);
  if (number !== null) {
    const whole = `M0 0H${data.width}V${data.height}H0Z`;
    veil.setAttribute("d", whole + pathOf(data.garments[number].outline));
  }
  label(root, data, number);
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".picker");
  const press = (number) => {
    const next = selectedIn(root) === number ? null : number;
    select(root, data, next);
    setTriggerValue("picked", next === null ? -1 : next);
  };
  // rebuilt for another photo only: the focus stays where it was
  if (root.dataset.key !== data.key) {
    build(root, data, press);
    root.dataset.key = data.key;
    // a sample far down the first screen was chosen: the photo that takes its place is above
    if (root.getBoundingClientRect().top < 0) root.scrollIntoView({ block: "start" });
  }
  root.onkeydown = (event) => {
    if (event.key === "Escape" && selectedIn(root) !== null) press(selectedIn(root));
  };
  select(root, data, data.selected);
}
