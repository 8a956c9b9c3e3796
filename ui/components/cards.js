// A row of cards: picture, what it is, what it costs, why; one action fills the card, others lie on it.
const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  like: "M12 20.5C5.6 15.6 3 12.4 3 8.9 3 6.2 5.1 4.2 7.6 4.2c1.8 0 3.4 1 4.4 2.7 1-1.7 2.6-2.7 4.4-2.7C18.9 4.2 21 6.2 21 8.9c0 3.5-2.6 6.7-9 11.6Z",
  dislike: "M7 4v10M7 14H4V4h3m0 10 4.2 6.4c1.5 0 2.4-1.2 2.1-2.6L12.6 14h5.2c1.4 0 2.4-1.3 2-2.7l-1.6-5.6C17.9 4.7 17 4 16 4H7",
};

const text = (tag, kind, words) => {
  const node = document.createElement(tag);
  node.className = kind;
  node.textContent = words;
  return node;
};

function price({ price: now = "", was }, { before, after }) {
  const line = text("p", "price", "");
  if (!was) {
    line.textContent = now;
    return line;
  }
  const told = [text("span", "unseen", `${before} `), text("s", "", was), text("span", "unseen", `, ${after} `)];
  line.append(...told, text("span", "now", now));
  return line;
}

function reason({ why = "", details = [] }, { more }) {
  const cell = text("div", "why", why);
  if (!details.length) return cell;
  const folded = text("details", "", "");
  const list = text("ul", "", "");
  list.append(...details.map((each) => text("li", "", each)));
  folded.append(text("summary", "", more), list);
  cell.append(folded);
  return cell;
}

function icon(name) {
  const drawn = document.createElementNS(SVG, "svg");
  drawn.setAttribute("viewBox", "0 0 24 24");
  drawn.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  drawn.append(path);
  return drawn;
}

// `pressed` makes it a toggle, which turns only once the service heard and the card is drawn anew
function button(kind, { act, label, words = "", pressed }, id, tell) {
  const made = text("button", kind, words);
  made.type = "button";
  made.dataset.id = id;
  made.dataset.act = act;
  made.setAttribute("aria-label", label);
  if (!words) made.title = label;
  if (pressed !== undefined && pressed !== null) made.setAttribute("aria-pressed", pressed ? "true" : "false");
  made.onclick = tell;
  return made;
}

function card(data, small, words, tell) {
  const item = document.createElement("li");
  item.className = "card";
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
    item.append(price(data, words), text("p", "facts", data.facts ?? ""), reason(data, words));
  }
  const main = { act: "", label: data.actionLabel, words: data.action };
  item.append(button("act", main, data.id, () => tell("chosen", data.id)));
  const acted = (act) => () => tell("acted", { id: data.id, act });
  const marks = text("div", "marks", "");
  for (const mark of data.marks ?? []) {
    const made = button(`mark ${mark.act}`, mark, data.id, acted(mark.act));
    made.append(icon(mark.act));
    marks.append(made);
  }
  const acts = text("div", "acts", "");
  acts.append(...(data.acts ?? []).map((each) => button("pill", each, data.id, acted(each.act))));
  if (marks.children.length) picture.append(marks);
  if (!small) item.append(acts);
  item.dataset.on = data.on ? "true" : "false";
  return item;
}

// where the card itself is gone, the focus goes to the one that took its place
function refocus(list, focused) {
  if (!focused) return;
  const { id, act, place } = focused;
  const same = (node) => node && [...node.querySelectorAll("button")].find((each) => each.dataset.act === act);
  const kept = list.querySelector(`[data-id="${CSS.escape(id)}"][data-act="${CSS.escape(act)}"]`);
  (kept ?? same(list.children[Math.min(place, list.children.length - 1)]))?.focus({ preventScroll: true });
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".cards");
  const list = root.querySelector("ul");
  const small = data.kind === "samples";
  root.classList.toggle("samples", small);
  root.classList.toggle("grid", data.kind === "grid");
  list.setAttribute("aria-label", data.label);
  const active = parentElement.activeElement;
  const place = active ? [...list.children].findIndex((each) => each.contains(active)) : -1;
  const focused = place >= 0 && active.dataset.id !== undefined ? { ...active.dataset, place } : null;
  const unfolded = new Set([...list.querySelectorAll("details[open]")].map((each) => each.closest(".card").dataset.card));
  const cards = data.cards.map((each) => card(each, small, data.words ?? {}, setTriggerValue));
  cards.forEach((each, i) => {
    each.dataset.card = data.cards[i].id;
    if (unfolded.has(data.cards[i].id)) each.querySelector("details")?.setAttribute("open", "");
  });
  list.replaceChildren(...cards);
  // what was asked for may come up out of sight; it is brought into sight once
  if (data.reveal && root.dataset.revealed !== data.reveal) {
    root.dataset.revealed = data.reveal;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    setTimeout(() => root.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" }), 150);
  }
  refocus(list, focused);
}
