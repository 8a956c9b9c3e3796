// The looks as collages beside each other; one of them is open.
const part = (tag, kind, words = "") => {
  const node = document.createElement(tag);
  node.className = kind;
  node.textContent = words;
  return node;
};

function panel(look, on, open) {
  const button = part("button", "look");
  button.type = "button";
  button.setAttribute("aria-pressed", on ? "true" : "false");
  button.setAttribute("aria-label", look.label);
  const collage = part("span", "collage");
  collage.dataset.count = look.pieces.length;
  for (const piece of look.pieces) {
    const cell = part("span", "");
    const image = document.createElement("img");
    image.src = piece;
    image.alt = "";
    cell.append(image);
    collage.append(cell);
  }
  const caption = part("span", "caption");
  caption.append(part("span", "name", look.name), part("span", "total", look.total));
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
  // rebuilt for other looks only: the focus stays where it was
  if (panels.dataset.key !== data.key) {
    panels.replaceChildren(...data.looks.map((look, i) => panel(look, i === data.open, open(i))));
    panels.dataset.key = data.key;
  }
  mark(data.open);
}
