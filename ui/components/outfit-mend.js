// Correction by hand: what a garment is, that it is none, and one that was missed.
// a box is at least this share of the photo's sides
const FINEST = 0.02;
const STEP = 0.02;
const BEGUN = { x: 0.35, y: 0.35, width: 0.3, height: 0.3 };
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function fill(list, data, first) {
  const options = data.kinds.map(({ name, kinds }) => {
    const group = document.createElement("optgroup");
    group.label = name;
    group.append(...kinds.map(({ id, name: words }) => new Option(words, id)));
    return group;
  });
  list.replaceChildren(...(first ? [new Option(first, "")] : []), ...options);
}

function offerKinds(worn, data, tell) {
  const form = part(worn, ".kind");
  const number = selectedIn(worn);
  const garment = number === null ? null : data.garments[number];
  form.hidden = !garment || worn.classList.contains("drawing");
  if (!garment) return;
  const list = part(form, "select");
  const send = part(form, "[type=submit]");
  const told = `${data.key} ${number}`;
  if (form.dataset.told !== told) {
    form.dataset.told = told;
    fill(list, data, "");
    list.value = garment.kind;
  }
  const offer = () => {
    send.disabled = list.value === garment.kind;
  };
  list.onchange = offer;
  offer();
  form.onsubmit = (event) => {
    event.preventDefault();
    if (send.disabled) return;
    tellIn(worn, data.words.changing);
    tell("corrected", { number, kind: list.value });
  };
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
  const list = part(form, "select");
  select(worn, data, null);
  worn.classList.add("drawing");
  const frame = shape("rect", { class: "frame", tabindex: "0", role: "application", "aria-label": data.words.frame });
  svg.append(frame);
  place(frame, BEGUN, data);
  fill(list, data, data.words.chooseKind);
  part(form, ".add").disabled = true;
  form.hidden = false;
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
  dragBy(svg, frame, data, () => list.focus({ preventScroll: true }));
  moveByKeys(worn, frame, data, () => list.focus());
  // in braces: a handler that returned false would swallow every other key
  form.onkeydown = frame.onkeyup = (event) => {
    if (event.key === "Escape") end();
  };
  part(form, ".cancel").onclick = end;
  list.onchange = () => {
    part(form, ".add").disabled = !list.value;
  };
  form.onsubmit = (event) => {
    event.preventDefault();
    if (!list.value) return;
    const { x, y, width, height } = frame.box;
    const box = [x * data.width, y * data.height, (x + width) * data.width, (y + height) * data.height];
    tellIn(worn, data.words.changing);
    tell("added", { box, kind: list.value });
  };
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
