// Where a photo comes in: dropped, chosen, pasted, taken with a camera.
const LONGEST = 1600;
const LIGHT = 1_500_000;
const QUALITY = 0.9;

const part = (root, name) => root.querySelector(name);

const tellIn = (section, words) => {
  part(section, ".told").textContent = words;
};

const endingOf = (file) => (/\.([a-z0-9]+)$/i.exec(file.name ?? "")?.[1] ?? "").toLowerCase();

// the one of these stages that is seen
function stage(zone, name) {
  for (const each of ["ready", "finder", "sending"]) part(zone, `.${each}`).hidden = each !== name;
}

// a large photo is brought down here already: quick to send, and without what the camera wrote in
async function lighter(file) {
  let picture;
  try {
    picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return file; // such as HEIC: the service reads what this browser cannot
  }
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  if (scale === 1 && file.size <= LIGHT) return file;
  const made = await drawn(picture, Math.round(picture.width * scale), Math.round(picture.height * scale));
  return made ?? file;
}

function drawn(picture, width, height) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, width);
  canvas.height = Math.max(1, height);
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff"; // where the picture is see-through
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
}

const encoded = (blob) =>
  new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => failed(reader.error);
    reader.readAsDataURL(blob);
  });

async function send(zone, file, data, tell) {
  if (zone.dataset.busy) return;
  const { words } = data;
  if (!file.type.startsWith("image/") && !data.endings.includes(endingOf(file))) {
    tellIn(zone, words.noPicture);
    return;
  }
  zone.dataset.busy = "true";
  tellIn(zone, "");
  try {
    const light = await lighter(file);
    if (light.size > data.most) {
      stage(zone, "ready");
      tellIn(zone, words.tooLarge);
      delete zone.dataset.busy;
      return;
    }
    preview(zone, light);
    stage(zone, "sending");
    tellIn(zone, words.sending);
    tell("photo", await encoded(light));
  } catch {
    delete zone.dataset.busy;
    stage(zone, "ready");
    tellIn(zone, words.unreadable);
  }
}

function preview(zone, blob) {
  const image = part(zone, ".sending img");
  const address = URL.createObjectURL(blob);
  image.hidden = false;
  image.onload = () => URL.revokeObjectURL(address);
  image.onerror = () => {
    image.hidden = true;
    URL.revokeObjectURL(address);
  };
  image.src = address;
}

const pictureIn = (items) => [...(items ?? [])].find((each) => each.type.startsWith("image/") || each.name);

// what is dropped or pasted anywhere on the page counts, as long as the zone is shown
function listenOnPage(zone, take, words) {
  zone.heard?.abort();
  zone.heard = new AbortController();
  const { signal } = zone.heard;
  const on = (name, act) =>
    document.addEventListener(
      name,
      (event) => {
        if (zone.isConnected && !zone.hidden) act(event);
      },
      { signal },
    );
  const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  on("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    zone.classList.add("over");
  });
  on("dragleave", (event) => {
    if (event.relatedTarget === null) zone.classList.remove("over");
  });
  on("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    zone.classList.remove("over");
    if (event.dataTransfer.files[0]) take(event.dataTransfer.files[0]);
  });
  on("paste", (event) => {
    const file = pictureIn(event.clipboardData?.files);
    const typing = event.composedPath()[0]?.matches?.("input, textarea, [contenteditable]");
    if (file) take(file);
    else if (!typing) tellIn(zone, words.nothingPasted);
  });
}

function zoneOf(zone, data, tell) {
  const { words } = data;
  const take = (file) => send(zone, file, data, tell);
  if (zone.dataset.key !== data.key) {
    zone.dataset.key = data.key;
    delete zone.dataset.busy;
    stage(zone, "ready");
    tellIn(zone, "");
  }
  const input = part(zone, "input");
  input.accept = ["image/*", ...data.endings.map((each) => `.${each}`)].join(",");
  input.onchange = () => {
    if (input.files[0]) take(input.files[0]);
    input.value = "";
  };
  const choose = (capture) => {
    input.toggleAttribute("capture", capture);
    if (capture) input.setAttribute("capture", "environment");
    input.click();
  };
  part(zone, ".choose").onclick = () => choose(false);
  part(zone, ".shoot").onclick = () => (isPhone() ? choose(true) : openCamera(zone, words, take));
  part(zone, ".ready").onclick = (event) => {
    if (!event.target.closest("button")) choose(false);
  };
  listenOnPage(zone, take, words);
}
