// A row of cards: picture, what it is, what it costs, why, and one action that fills the card.
const text = (tag, kind, words) => {
  const node = document.createElement(tag);
  node.className = kind;
  node.textContent = words;
  return node;
};

function price({ price: now = "", was }) {
  const line = text("p", "price", "");
  if (!was) {
    line.textContent = now;
    return line;
  }
  const before = text("span", "unseen", "before ");
  const struck = text("s", "", was);
  const after = text("span", "unseen", ", now ");
  line.append(before, struck, after, text("span", "now", now));
  return line;
}

function card(data, small, act) {
  const item = document.createElement("li");
  const picture = text("div", "picture", "");
  const image = document.createElement("img");
  image.src = data.image;
  image.alt = data.alt ?? "";
  image.loading = "lazy";
  picture.append(image);
  if (data.badge) picture.append(text("span", "badge", data.badge));
  item.append(picture);
  if (!small) {
    item.append(text("p", "brand", data.brand ?? ""), text("p", "title", data.title ?? ""));
    item.append(price(data), text("p", "facts", data.facts ?? ""), text("p", "why", data.why ?? ""));
  }
  const button = text("button", "act", data.action);
  button.type = "button";
  button.dataset.id = data.id;
  button.setAttribute("aria-label", data.actionLabel);
  button.onclick = act;
  item.append(button);
  item.dataset.on = data.on ? "true" : "false";
  return item;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".cards");
  const list = root.querySelector("ul");
  const small = data.kind === "samples";
  root.classList.toggle("samples", small);
  root.classList.toggle("grid", data.kind === "grid");
  list.setAttribute("aria-label", data.label);
  const focused = parentElement.activeElement?.dataset?.id;
  list.replaceChildren(...data.cards.map((each) => card(each, small, () => setTriggerValue("chosen", each.id))));
  // what was asked for may come up out of sight; it is brought into sight once
  if (data.reveal && root.dataset.revealed !== data.reveal) {
    root.dataset.revealed = data.reveal;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    setTimeout(() => root.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" }), 150);
  }
  if (focused) list.querySelector(`[data-id="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}
