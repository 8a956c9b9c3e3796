// The looks as collages beside each other; one of them is open.
const part = (tag, kind, words = "") => {
  const node = document.createElement(tag);
  node.className = kind;
  node.textContent = words;
  return node;
};

function panel(look, open) {
  const button = part("button", "look");
  button.type = "button";
  button.setAttribute("aria-label", look.label);
  const collage = part("span", "collage");
  collage.dataset.count = Math.min(look.pieces.length, 8);
  for (const piece of look.pieces) {
    const cell = part("span", "cell");
    const image = document.createElement("img");
    image.src = piece.image;
    image.alt = "";
    cell.append(image);
    collage.append(cell);
  }
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
  const open = (number) => () => {
    mark(number);
    setTriggerValue("opened", number);
  };
  // rebuilt for other looks only, and the focus stays on the look of the same place
  if (panels.dataset.key !== data.key) {
    const focused = [...panels.children].indexOf(parentElement.activeElement);
    panels.replaceChildren(...data.looks.map((look, i) => panel(look, open(i))));
    panels.dataset.key = data.key;
    if (focused >= 0) panels.children[Math.min(focused, panels.children.length - 1)]?.focus({ preventScroll: true });
  }
  mark(data.open);
}
