// The switch above the map: all gaps, or one kind; each with its number.

import { button, element } from "./dom.js";
import { GAP_ORDER, gapSymbol } from "./gap_symbols.js";

const SYMBOL_PX = 17;

export function drawKindBar(view) {
  const { parts: { kindBar }, state: { page: { words }, figures, show } } = view;
  kindBar.setAttribute("role", "group");
  kindBar.setAttribute("aria-label", words.show);
  const had = kindBar.contains(document.activeElement);
  kindBar.replaceChildren(element("span", "bar-label", words.show));
  for (const [kind, label] of Object.entries(words.kinds)) {
    const made = button("kind-switch", null, () => view.actions.show(kind));
    made.dataset.kind = kind || "all";
    made.setAttribute("aria-pressed", String(kind === show));
    if (GAP_ORDER.includes(kind)) made.append(gapSymbol(kind, SYMBOL_PX));
    made.append(element("span", "", label), element("b", "gap-count", figures.views[kind].total));
    kindBar.append(made);
    if (had && kind === show) made.focus();
  }
}
