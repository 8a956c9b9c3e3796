// Keeps in this browser whose style it is, which language was chosen and whom looks are for; tells
// what it kept. Shows another place from its top on.
const PERSON = "complete-the-look-person";
const LANGUAGE = "complete-the-look-language";
const AUDIENCE = "complete-the-look-audience";

const read = (name) => {
  try {
    return localStorage.getItem(name) ?? "";
  } catch {
    return ""; // a browser that keeps nothing: what is told lasts as long as the tab
  }
};

const write = (name, value) => {
  try {
    if (value) localStorage.setItem(name, value);
    else localStorage.removeItem(name);
  } catch {
    /* as above */
  }
};

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".keeper");
  const whole = document.documentElement;
  whole.lang = data.language;
  if (whole.dataset.place !== undefined && whole.dataset.place !== data.place) {
    document.querySelector("[data-testid=stMain]")?.scrollTo(0, 0);
  }
  whole.dataset.place = data.place;
  // written once for each change: another tab's word is not overwritten with an old one
  if (root.dataset.person !== data.person) {
    root.dataset.person = data.person;
    if (data.person || data.forgotten) write(PERSON, data.person);
  }
  if (data.chosen && root.dataset.chosen !== data.chosen) {
    root.dataset.chosen = data.chosen;
    write(LANGUAGE, data.chosen);
  }
  if (data.forgotten && !root.dataset.forgotten) write(AUDIENCE, "");
  root.dataset.forgotten = data.forgotten ? "yes" : "";
  // nobody is chosen when a visit begins: only what changes later takes away what was kept
  if (root.dataset.audience !== data.audience) {
    if (data.audience || root.dataset.told) write(AUDIENCE, data.audience);
    root.dataset.audience = data.audience;
  }
  if (root.dataset.told) return;
  root.dataset.told = "yes";
  if (!data.person && !data.forgotten && read(PERSON)) setStateValue("person", read(PERSON));
  if (!data.chosen && read(LANGUAGE)) setStateValue("language", read(LANGUAGE));
  if (!data.audience && read(AUDIENCE)) setStateValue("audience", read(AUDIENCE));
}
