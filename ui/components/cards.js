// A row of cards: picture, what it is, what it costs, one reason. The title opens it, and the card with it;
// at most two more things can be pressed, of which one opens a menu with the rest.
const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  like: "M12 20.5C5.6 15.6 3 12.4 3 8.9 3 6.2 5.1 4.2 7.6 4.2c1.8 0 3.4 1 4.4 2.7 1-1.7 2.6-2.7 4.4-2.7C18.9 4.2 21 6.2 21 8.9c0 3.5-2.6 6.7-9 11.6Z",
  more: "M5 12h.01M12 12h.01M19 12h.01",
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

const GAP = 8;
// a menu whose button was scrolled away so far closes
const FAR = 80;
const isNarrow = () => matchMedia("(max-width: 640px)").matches;

// beside the button that opened it, within the window; on a phone a sheet at its foot
function placed(menu, by) {
  if (isNarrow()) {
    menu.style.left = menu.style.top = "";
    return;
  }
  const { left, right, top, bottom } = by.getBoundingClientRect();
  const { offsetWidth: wide, offsetHeight: high } = menu;
  const below = bottom + GAP + high <= innerHeight ? bottom + GAP : Math.max(GAP, top - GAP - high);
  menu.style.top = `${below}px`;
  menu.style.left = `${Math.max(GAP, Math.min(left, right, innerWidth - wide - GAP))}px`;
}

function openMenu(menu, by, data, { more }, tell) {
  const lines = (data.menu ?? []).map((each) => {
    const line = button("line", each, data.id, () => {
      menu.hidePopover();
      tell("acted", { id: data.id, act: each.act });
    });
    return line;
  });
  const parts = [text("p", "of", data.title ?? ""), ...lines];
  if (data.details?.length) {
    const list = text("ul", "", "");
    list.append(...data.details.map((each) => text("li", "", each)));
    parts.push(text("p", "of", more), list);
  }
  menu.replaceChildren(...parts);
  menu.setAttribute("aria-label", by.getAttribute("aria-label"));
  menu.ontoggle = ({ newState }) => {
    by.setAttribute("aria-expanded", newState === "open" ? "true" : "false");
    menu.heard?.abort();
    if (newState !== "open") {
      // drawn anew meanwhile, the button that had the focus is gone: this one took its place
      const at = menu.getRootNode().activeElement;
      if (!at || menu.contains(at)) by.focus({ preventScroll: true });
      return;
    }
    menu.heard = new AbortController();
    const { top } = by.getBoundingClientRect();
    const scrolled = () => Math.abs(by.getBoundingClientRect().top - top) > FAR && menu.hidePopover();
    addEventListener("scroll", scrolled, { capture: true, signal: menu.heard.signal });
  };
  menu.dataset.id = data.id;
  if (!menu.matches(":popover-open")) menu.showPopover();
  placed(menu, by);
  lines[0]?.focus();
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
  const made = text("button", kind, kind.startsWith("mark") ? "" : words);
  made.type = "button";
  made.dataset.id = id;
  made.dataset.act = act;
  made.setAttribute("aria-label", label);
  if (!made.textContent) made.title = label;
  if (pressed !== undefined && pressed !== null) made.setAttribute("aria-pressed", pressed ? "true" : "false");
  made.onclick = tell;
  return made;
}

function card(data, small, words, tell, menu) {
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
  const main = { act: "", label: data.actionLabel, words: small ? data.action : data.title };
  const open = button("act", main, data.id, () => tell("chosen", data.id));
  if (small) item.append(open);
  else {
    const title = text("p", "title", "");
    title.append(open);
    item.append(text("p", "brand", data.brand ?? ""), title, price(data, words));
    item.append(text("p", "why", data.why || data.facts || ""));
  }
  const acted = (act) => () => tell("acted", { id: data.id, act });
  const marks = text("div", "marks", "");
  for (const mark of data.marks ?? []) {
    const made = button(`mark ${mark.act}`, mark, data.id, acted(mark.act));
    made.append(icon(mark.act));
    marks.append(made);
  }
  if (data.menu?.length || data.details?.length) {
    const more = button("mark more", { act: "more", label: data.menuLabel }, data.id, () => openMenu(menu, more, data, words, tell));
    more.setAttribute("aria-haspopup", "dialog");
    more.setAttribute("aria-expanded", "false");
    more.append(icon("more"));
    marks.append(more);
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
  const menu = root.querySelector(".menu");
  keepPresses(root);
  const { tell } = outboxOf(root, data, setTriggerValue);
  // a card that is to look as before stays: its picture is not loaded again
  const before = new Map([...list.children].map((each) => [each.made, each]));
  const drawn = (each) => {
    const made = JSON.stringify([each, small, data.words]);
    const same = before.get(made);
    before.delete(made);
    return same ?? Object.assign(card(each, small, data.words ?? {}, tell, menu), { made });
  };
  const drawnCards = data.cards.map(drawn);
  if (drawnCards.length !== list.children.length || drawnCards.some((each, i) => each !== list.children[i])) {
    list.replaceChildren(...drawnCards);
  }
  // what was asked for may come up out of sight; it is brought into sight once
  if (data.reveal && root.dataset.revealed !== data.reveal) {
    root.dataset.revealed = data.reveal;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    setTimeout(() => root.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" }), 150);
  }
  if (menu.matches(":popover-open")) {
    const shown = data.cards.find(({ id }) => id === menu.dataset.id);
    const by = [...list.querySelectorAll(".more")].find((each) => each.dataset.id === menu.dataset.id);
    if (by) openMenu(menu, by, shown, data.words ?? {}, tell);
    else menu.hidePopover();
    return;
  }
  refocus(list, focused);
}
