// Keeps the pieces of a wardrobe in this browser, in a database of its own that is made with the first
// piece and deleted with the last; tells what it did, once for each turn.
const NAME = "complete-the-look-wardrobe";
const STORE = "pieces";

const promised = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = request.onblocked = () => reject(request.error ?? new Error("blocked"));
  });

const isThere = async () => !indexedDB.databases || (await indexedDB.databases()).some(({ name }) => name === NAME);

async function within(work) {
  const asked = indexedDB.open(NAME, 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "id" });
  const base = await promised(asked);
  try {
    const change = base.transaction(STORE, "readwrite");
    const ended = new Promise((resolve, reject) => {
      change.oncomplete = resolve;
      change.onabort = () => reject(change.error);
    });
    const result = await work(change.objectStore(STORE));
    await ended;
    return result;
  } finally {
    base.close();
  }
}

async function work({ put, drop, clear, read, most }) {
  if (clear) await promised(indexedDB.deleteDatabase(NAME));
  if (!put.length && !(await isThere())) return read ? [] : null;
  const { left, pieces } = await within(async (store) => {
    for (const id of drop) store.delete(id);
    const count = await promised(store.count());
    if (count + put.length > most) throw new Error("full");
    // the time is the browser's own: pieces come back in the order in which they were kept
    for (const [nth, piece] of put.entries()) store.put({ ...piece, at: Date.now() + nth });
    const all = await promised(store.getAll());
    return { left: all.length, pieces: all.sort((one, other) => one.at - other.at) };
  });
  if (!left) await promised(indexedDB.deleteDatabase(NAME));
  return read ? pieces.map(({ at, ...piece }) => piece) : null;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".keeper");
  if (root.dataset.turn === String(data.turn)) return;
  root.dataset.turn = data.turn;
  work(data).then(
    (pieces) => setTriggerValue("done", { turn: data.turn, pieces }),
    () => setTriggerValue("done", { turn: data.turn, failed: true }),
  );
}
