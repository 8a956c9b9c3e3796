// Correction by hand: what a garment is, that it is none, and one that was missed.
// a box is at least this share of the photo's sides
const FINEST = 0.02;
const STEP = 0.02;
const MATCHES = 6;
const BEGUN = { x: 0.35, y: 0.35, width: 0.3, height: 0.3 };
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const named = (text) => text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "");

// kinds one of whose words begins as what was typed; their own name counts before the rest
function matching(kinds, typed) {
  const wanted = named(typed.trim());
  if (!wanted) return [];
  const begins = (text) => named(text).split(/[\s,-]+/).some((word) => word.startsWith(wanted)) || named(text).includes(wanted);
  return [...kinds.filter(({ name }) => begins(name)), ...kinds.filter(({ name, also }) => !begins(name) && begins(also))].slice(0, MATCHES);
}

// the likely kinds as buttons, one of them in front where there is one, and a search among all; what was typed stays
function offer(form, data, likely, first, choose) {
  const option = ({ id, name }, main) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = main ? "main option" : "chip option";
    button.textContent = main ? data.words.add.replace("{kind}", name) : name;
    button.onclick = () => choose(id);
    return button;
  };
  const of = (id) => data.kinds.find((each) => each.id === id);
  const list = part(form, ".likely");
  list.setAttribute("aria-label", data.words.likely);
  list.replaceChildren(...likely.map((id, i) => option(of(id), first && i === 0)));
  const find = part(form, ".find");
  const matches = part(form, ".matches");
  const none = part(form, ".none");
  find.placeholder = data.words.find;
  matches.setAttribute("aria-label", data.words.find);
  find.oninput = () => {
    const found = matching(data.kinds, find.value);
    matches.replaceChildren(...found.map((each) => option(each, false)));
    none.textContent = find.value.trim() && !found.length ? data.words.none : "";
  };
  find.oninput();
  // Enter takes what the search found first
  form.onsubmit = (event) => {
    event.preventDefault();
    const [best] = matching(data.kinds, find.value);
    if (best) choose(best.id);
  };
}

function offerKinds(worn, data, tell) {
  const form = part(worn, ".kind");
  const number = selectedIn(worn);
  const garment = number === null ? null : data.garments[number];
  form.hidden = !garment || worn.classList.contains("drawing");
  if (!garment) return;
  const told = `${data.key} ${number} ${number === data.selected ? data.likely : ""}`;
  if (form.dataset.told !== told) {
    form.dataset.told = told;
    const likely = number === data.selected ? data.likely : [];
    const garmentShown = `${data.key} ${number}`;
    if (form.dataset.garment !== garmentShown) part(form, ".find").value = "";
    form.dataset.garment = garmentShown;
    offer(form, data, likely, false, (kind) => {
      if (kind === garment.kind) return;
      tellIn(worn, data.words.changing);
      tell("corrected", { number, kind });
    });
  }
  part(form, ".away").onclick = () => {
    tellIn(worn, data.words.changing);
    tell("removed", number);
  };
}

const within = (value, low, high) => Math.min(high, Math.max(low, value));

// a box in shares of the photo's sides, inside of it and not too small
function fitted({ x, y, width, height }) {
  const w = within(width, FINEST, 1);
  const h = within(height, FINEST, 1);
  return { x: within(x, 0, 1 - w), y: within(y, 0, 1 - h), width: w, height: h };
}

function place(frame, box, data) {
  frame.box = box;
  const scaled = { x: box.x * data.width, y: box.y * data.height, width: box.width * data.width, height: box.height * data.height };
  for (const [name, value] of Object.entries(scaled)) frame.setAttribute(name, value);
}

const percent = (share) => `${Math.round(100 * share)}`;

const described = ({ x, y, width, height }, words) =>
  words.boxAt
    .replace("{left}", percent(x))
    .replace("{top}", percent(y))
    .replace("{width}", percent(width))
    .replace("{height}", percent(height));

function stopDrawing(worn) {
  worn.classList.remove("drawing");
  part(worn, ".frame")?.remove();
  const svg = part(worn, ".photo > svg");
  svg.onpointerdown = svg.onpointermove = svg.onpointerup = svg.onpointercancel = null;
  part(worn, ".draw").hidden = true;
}

function startDrawing(worn, data, tell) {
  const svg = part(worn, ".photo > svg");
  const form = part(worn, ".draw");
  const ask = () => askWhat(worn, frame, data, tell);
  select(worn, data, null);
  worn.classList.add("drawing");
  const frame = shape("rect", { class: "frame", tabindex: "0", role: "application", "aria-label": data.words.frame });
  svg.append(frame);
  place(frame, BEGUN, data);
  form.hidden = false;
  part(form, ".guess").hidden = true;
  delete worn.dataset.boxed;
  part(worn, ".kind").hidden = part(worn, ".missed").hidden = true;
  tellIn(worn, "");
  worn.scrollIntoView({ block: "nearest" });
  frame.focus();

  const end = () => {
    stopDrawing(worn);
    part(worn, ".missed").hidden = false;
    select(worn, data, data.selected);
    offerKinds(worn, data, tell);
    tellIn(worn, "");
    part(worn, ".missed").focus();
  };
  dragBy(svg, frame, data, ask);
  moveByKeys(worn, frame, data, ask);
  // in braces: a handler that returned false would swallow every other key
  form.onkeydown = frame.onkeyup = (event) => {
    if (event.key === "Escape") end();
  };
  part(form, ".cancel").onclick = end;
}

const boxOf = ({ x, y, width, height }, data) => [x * data.width, y * data.height, (x + width) * data.width, (y + height) * data.height];

// what the box holds is guessed by the service, and comes back with the next data
function askWhat(worn, frame, data, tell) {
  const box = boxOf(frame.box, data).map((edge) => Math.round(edge * 10) / 10);
  worn.dataset.boxed = JSON.stringify(box);
  part(worn, ".guess").hidden = true;
  tellIn(worn, data.words.changing);
  tell("boxed", box);
}

function offerGuess(worn, data, tell) {
  const guess = part(worn, ".guess");
  if (!data.guess || !worn.classList.contains("drawing") || !guess.hidden) return;
  if (JSON.stringify(data.guess.box) !== worn.dataset.boxed) return;
  guess.hidden = false;
  tellIn(worn, "");
  part(worn, ".draw .find").value = "";
  offer(part(worn, ".draw"), data, data.guess.kinds, true, (kind) => {
    tellIn(worn, data.words.changing);
    tell("added", { box: data.guess.box, kind });
  });
  part(guess, ".main").focus({ preventScroll: true });
  guess.scrollIntoView({ block: "nearest" });
}

function dragBy(svg, frame, data, done) {
  let from = null;
  const at = (event) => {
    const { left, top, width, height } = svg.getBoundingClientRect();
    return [within((event.clientX - left) / width, 0, 1), within((event.clientY - top) / height, 0, 1)];
  };
  svg.onpointerdown = (event) => {
    event.preventDefault();
    from = at(event);
    svg.setPointerCapture(event.pointerId);
  };
  svg.onpointermove = (event) => {
    if (!from) return;
    const to = at(event);
    const [x, y] = [Math.min(from[0], to[0]), Math.min(from[1], to[1])];
    const [width, height] = [Math.abs(from[0] - to[0]), Math.abs(from[1] - to[1])];
    // a mere tap leaves the box as it was
    if (Math.max(width, height) > FINEST) place(frame, fitted({ x, y, width, height }), data);
  };
  svg.onpointerup = svg.onpointercancel = () => {
    if (from) done();
    from = null;
  };
}

function moveByKeys(worn, frame, data, done) {
  frame.onkeydown = (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      done();
      return;
    }
    const arrow = ARROWS[event.key];
    if (!arrow) return;
    event.preventDefault();
    const [dx, dy] = arrow.map((way) => way * STEP);
    const { x, y, width, height } = frame.box;
    const next = event.shiftKey ? { x, y, width: width + dx, height: height + dy } : { x: x + dx, y: y + dy, width, height };
    place(frame, fitted(next), data);
    tellIn(worn, described(frame.box, data.words));
  };
}
