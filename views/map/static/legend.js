// The legend stands below the map and covers nothing; every layer in it is also its own switch.

import { shownView } from "./classes.js";
import { button, element } from "./dom.js";
import { gapSymbol } from "./gap_symbols.js";
import { gapBadge } from "./labels.js";
import { traceMark, writeLetter } from "./marks.js";

const KEY_PX = 15;

export function drawLegend(view) {
  const { legend } = view.parts;
  const key = element("div", "legend-key");
  key.append(classRow(view), element("p", "formula", view.state.figures.formula));
  legend.replaceChildren(key, layerRow(view), themeRow(view), footRow(view));
  legend.setAttribute("aria-label", view.state.page.words.legend);
}

// The classes that occur, the worst first, each with its number of estates.
function classRow({ state, palette }) {
  const row = element("div", "legend-row classes");
  for (const { code, label, estates } of shownView(state).classes) {
    const count = element("b", "gap-count", estates);
    const made = item(swatch(palette.rank[code]), label, count);
    made.dataset.code = code;
    row.append(made);
  }
  row.append(...signs(state.page.words, palette));
  return row;
}

// What badge and symbols mean.
function signs({ count, degrees: [short, missing] }, palette) {
  const made = [
    item(gapBadge("6", palette.rank.gap_3), count),
    item(gapSymbol("parking", 14, 2), missing), item(gapSymbol("parking", 14, 1), short),
  ];
  for (const sign of made) sign.classList.add("sign");
  return made;
}

// The layers that the map opens with; the others behind one button, which stays where one is on.
function layerRow(view) {
  const { state } = view;
  const row = element("div", "legend-row layers");
  const others = state.legend.filter(({ opens }) => !opens);
  row.append(...state.legend.filter(({ opens }) => opens).map((layer) => layerSwitch(view, layer)));
  if (others.length) {
    const more = button("layer-switch more", `${state.page.words.more} ${others.length}`, view.actions.more);
    more.setAttribute("aria-expanded", String(state.isMoreOpen));
    row.append(more);
  }
  if (state.isMoreOpen) row.append(...others.map((layer) => layerSwitch(view, layer)));
  return row;
}

function layerSwitch(view, { name, label, looks, divided }) {
  const { state, palette } = view;
  const made = button("layer-switch", null, () => view.actions.toggle(name));
  made.dataset.layer = name;
  made.setAttribute("aria-pressed", String(state.on.has(name)));
  const look = divided ? looks.find(({ occurs }) => occurs) : looks[looks.length - 1];
  made.append(name === "estates" ? swatch(palette.rank.gap_2) : lookSample(look, state.dark),
              element("span", "", label));
  return made;
}

// What the colours and letters mean of the layers that are on.
function themeRow({ state }) {
  const row = element("div", "legend-row themes");
  for (const { name, looks, divided } of state.legend) {
    if (!divided || !state.on.has(name)) continue;
    const key = element("span", "layer-key");
    key.dataset.layer = name;
    for (const look of looks.filter(({ occurs }) => occurs)) {
      key.append(item(lookSample(look, state.dark), look.label));
    }
    row.append(key);
  }
  return row;
}

// A small picture of a look, drawn the way the map draws it.
function lookSample({ light, dark, dash, opacity, radius, symbol, mark, weight }, isDark) {
  const ink = isDark ? dark : light;
  const canvas = element("canvas", "legend-sample");
  const ratio = globalThis.devicePixelRatio || 1;
  canvas.width = canvas.height = KEY_PX * ratio;
  const ctx = canvas.getContext("2d");
  ctx.scale(ratio, ratio);
  const middle = KEY_PX / 2;
  if (radius !== null) {
    traceMark(ctx, symbol, middle, middle, Math.min(radius, middle - 1));
  } else {
    ctx.beginPath();
    if (ink.fill) ctx.rect(1, 3, KEY_PX - 2, KEY_PX - 6);
    else ctx.rect(0, middle, KEY_PX, 0);
  }
  ctx.globalAlpha = opacity;
  ctx.fillStyle = ink.fill || "transparent";
  ctx.fill();
  ctx.globalAlpha = 1;
  ctx.lineWidth = Math.min(weight, 3);
  ctx.strokeStyle = ink.stroke || ink.fill;
  if (dash) ctx.setLineDash(dash);
  if (weight) ctx.stroke();
  if (radius !== null) writeLetter(ctx, mark, middle, middle, Math.min(radius, middle - 1), ink.stroke);
  return canvas;
}

function swatch(colour) {
  const box = element("span", "legend-swatch");
  box.style.background = colour;
  return box;
}

function item(picture, word, ...more) {
  const made = element("span", "legend-item");
  made.append(picture, element("span", "", word), ...more);
  return made;
}

function footRow({ state }) {
  const row = element("div", "legend-foot");
  for (const text of state.page.words.foot) row.append(element("span", "", text));
  return row;
}
