// One part of the screen: a place for a photo, and then the photo with its garments.
export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".outfit");
  keepPresses(root);
  root.querySelectorAll("[data-say]").forEach((node) => {
    const words = data.words[node.dataset.say] ?? "";
    if (node.textContent !== words) node.textContent = words;
  });
  const zone = part(root, ".zone");
  const worn = part(root, ".worn");
  zone.hidden = data.shows !== "zone";
  worn.hidden = !zone.hidden;
  const outbox = outboxOf(root, data, setTriggerValue);
  if (worn.hidden) zoneOf(zone, data, outbox.tell);
  else wornOf(worn, data, outbox);
  return () => {
    // gone for good, not only drawn anew: nothing is listened to any longer
    setTimeout(() => zone.isConnected || zone.heard?.abort(), 0);
  };
}
