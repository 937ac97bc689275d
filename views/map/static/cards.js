// What a feature that was clicked says: its card, in a corner of the map. Everything is text.

import { button, element } from "./dom.js";

export async function openCard(view, event, name) {
  const { state: { tool, page }, load, L, parts: { stage } } = view;
  if (tool || !page.cards) return; // a tool's click places; a file has no cards
  L.DomEvent.stopPropagation(event);
  view.cardAsked = name;
  const card = await load.json(page.cards + name).catch(() => null);
  if (view.cardAsked !== name) return; // another was asked for meanwhile
  closeCard(view);
  if (card) stage.append(drawCard(view, card));
}

export function closeCard(view) {
  view.cardAsked = null;
  view.parts.stage.querySelector(".feature-card")?.remove();
}

function drawCard(view, { title, name, facts }) {
  const box = element("section", "feature-card");
  const head = element("header");
  const close = button("card-close", "✕", () => closeCard(view));
  close.setAttribute("aria-label", view.state.page.words.close);
  head.append(element("i", "", title), element("b", "", name), close);
  const list = element("dl");
  for (const [label, text] of facts) list.append(element("dt", "", label), element("dd", "", text));
  box.append(head, list);
  box.setAttribute("aria-label", `${title} ${name}`);
  box.onkeydown = (event) => { if (event.key === "Escape") closeCard(view); };
  view.L.DomEvent.disableClickPropagation(box);
  view.L.DomEvent.disableScrollPropagation(box);
  return box;
}
