// The looks as outfits beside each other, what is worn and what is new on one canvas; one of them is open.
const SVG = "http://www.w3.org/2000/svg";

const part = (tag, kind, words = "") => {
  const node = document.createElement(tag);
  node.className = kind;
  node.textContent = words;
  return node;
};

// left, top, width and height in hundredths of the canvas: head to toe on the left, what is carried on the right
function boxOf(place, has, nth) {
  const dressed = has("top") || has("one_piece");
  const low = has("gone") ? [[77, 67, 20, 10], [57, 67, 18, 10]] : [[76, 75, 22, 21], [57, 77, 17, 15]];
  const extras = has("outer") && dressed ? low : [[68, 5, 27, 15], [70, 22, 24, 13], low[0]];
  const boxes = {
    outer: dressed ? [47, 3, 51, 45] : [10, 3, 56, 42],
    top: has("outer") ? [2, 4, 48, 37] : [8, 3, 58, 39],
    one_piece: [4, 3, 50, 78],
    bottom: dressed || has("outer") ? [9, 39, 44, 46] : [10, 8, 54, 72],
    shoes: [12, 83, 40, 16],
    bag: has("gone") ? [58, 45, 38, 21] : [58, 48, 38, 26],
    hosiery: [51, 79, 15, 19],
    accessories: extras[Math.min(nth, extras.length - 1)],
  };
  const [left, top, width, height] = boxes[place] ?? extras[0];
  const aside = place === "accessories" ? Math.max(0, nth - extras.length + 1) : nth;
  return [left + 9 * aside, top + 4 * aside, width, height];
}

const pathOf = (outline) => outline.map((numbers) => `M${numbers.join(" ")}Z`).join("");

// a garment of the photo, along its outline; the photo is in the page already
function cutOut({ outline, box: [left, top, right, bottom] }, photo, name) {
  const drawn = (tag, attributes) => {
    const node = document.createElementNS(SVG, tag);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    return node;
  };
  const svg = drawn("svg", { viewBox: `${left} ${top} ${right - left} ${bottom - top}`, "aria-hidden": "true" });
  const clip = drawn("clipPath", { id: name });
  clip.append(drawn("path", { d: pathOf(outline) }));
  svg.append(clip, drawn("image", { href: photo.image, width: photo.width, height: photo.height, preserveAspectRatio: "none", "clip-path": `url(#${name})` }));
  return svg;
}

function canvas(look, photo) {
  const collage = part("span", "collage");
  const worn = photo ? (look.worn ?? []) : [];
  const all = [...worn, ...look.pieces];
  const gone = photo ? (look.instead ?? []) : [];
  const has = (place) => (place === "gone" ? gone.length > 0 : all.some((each) => each.place === place));
  const counted = {};
  all.forEach((each, i) => {
    const nth = counted[each.place] ?? 0;
    counted[each.place] = nth + 1;
    const [left, top, width, height] = boxOf(each.place, has, nth);
    const cell = part("span", `cell ${each.place} ${i < worn.length ? "worn" : "new"}`);
    Object.assign(cell.style, { left: `${left}%`, top: `${top}%`, width: `${width}%`, height: `${height}%` });
    if (each.outline) cell.append(cutOut(each, photo, `cut-${look.name}-${i}`.replace(/\W+/g, "-")));
    else {
      const image = document.createElement("img");
      image.src = each.image;
      image.alt = "";
      cell.append(image);
      if (worn.length && i >= worn.length) cell.append(part("span", "mark", photo.fresh));
    }
    collage.append(cell);
  });
  // what was before, side by side under one name
  if (gone.length) {
    const before = part("span", "gone");
    before.style.width = `${2 + 16 * gone.length}%`;
    before.append(...gone.map((each, i) => cutOut(each, photo, `gone-${look.name}-${i}`.replace(/\W+/g, "-"))), part("span", "mark", photo.before));
    collage.append(before);
  }
  return collage;
}

function panel(look, open, photo) {
  const button = part("button", "look");
  button.type = "button";
  button.setAttribute("aria-label", look.label);
  const collage = canvas(look, photo);
  const caption = part("span", "caption");
  caption.append(part("span", "name", look.name), part("span", "total", look.total));
  caption.append(part("span", "slots", look.pieces.map((piece) => piece.slot).join(" · ")));
  if (look.note) caption.append(part("span", look.over ? "note over" : "note", look.note));
  button.append(collage, caption);
  button.onclick = open;
  return button;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const panels = parentElement.querySelector(".panels");
  panels.setAttribute("aria-label", data.label);
  panels.dataset.count = data.looks.length;
  const mark = (number) =>
    [...panels.children].forEach((each, i) => each.setAttribute("aria-pressed", i === number ? "true" : "false"));
  keepPresses(panels);
  const { tell, waits } = outboxOf(panels, data, setTriggerValue);
  const open = (number) => () => {
    mark(number);
    tell("opened", number);
  };
  // rebuilt for other looks only, and the focus stays on the look of the same place
  const isNew = panels.dataset.key !== data.key;
  if (isNew) {
    const focused = [...panels.children].indexOf(parentElement.activeElement);
    panels.replaceChildren(...data.looks.map((look, i) => panel(look, open(i), data.photo)));
    panels.dataset.key = data.key;
    if (focused >= 0) panels.children[Math.min(focused, panels.children.length - 1)]?.focus({ preventScroll: true });
  }
  // what was asked for before the last press arrives after it: the press is what counts
  if (isNew || !waits("opened")) mark(data.open);
}
