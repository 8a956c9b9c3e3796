// Keeps in this browser whose style it is and which language was chosen; tells what it kept. Shows
// another place from its top on.
const PERSON = "complete-the-look-person";
const LANGUAGE = "complete-the-look-language";

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
  if (root.dataset.told) return;
  root.dataset.told = "yes";
  if (!data.person && !data.forgotten && read(PERSON)) setStateValue("person", read(PERSON));
  if (!data.chosen && read(LANGUAGE)) setStateValue("language", read(LANGUAGE));
}
