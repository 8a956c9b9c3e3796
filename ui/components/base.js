// Where the page is drawn anew between pressing a button and letting it go, the browser hears no click: the button
// is gone. The one that took its place hears it then.
const LATE_MS = 80;
const pressedIn = (event) => event.composedPath().find((node) => node.matches?.("button, [role=button]"));
const identityOf = (button) =>
  JSON.stringify([button.className, button.getAttribute("aria-label") ?? button.textContent, { ...button.dataset }]);

function keepPresses(root) {
  if (root.keepsPresses) return;
  root.keepsPresses = true;
  let began = null;
  root.addEventListener("pointerdown", (event) => (began = pressedIn(event)), true);
  root.addEventListener("pointerup", (event) => {
    const there = pressedIn(event);
    const isSuccessor = began && there && !began.isConnected && identityOf(began) === identityOf(there);
    began = null;
    if (!isSuccessor) return;
    // after a finger some browsers find the newcomer by themselves: it is not pressed twice
    const heard = new AbortController();
    const timer = setTimeout(() => {
      heard.abort();
      there.dispatchEvent(new MouseEvent("click", { bubbles: true, composed: true }));
    }, LATE_MS);
    const stop = (click) => pressedIn(click) === there && clearTimeout(timer);
    root.addEventListener("click", stop, { capture: true, signal: heard.signal });
  }, true);
}

// What was done is numbered and sent until the app heard it: of two events that wait for a busy app, only the last arrives.
function outboxOf(root, data, send) {
  root.unheard = (root.unheard ?? []).filter(({ turn }) => turn > data.heard);
  root.send = send;
  root.turn = Math.max(root.turn ?? 0, data.heard);
  root.outbox ??= {
    tell: (name, value) => {
      root.turn = Math.max(Date.now(), root.turn + 1);
      root.unheard.push({ turn: root.turn, name, value });
      root.send("events", [...root.unheard]);
    },
    waits: (name) => root.unheard.some((event) => event.name === name),
  };
  return root.outbox;
}

