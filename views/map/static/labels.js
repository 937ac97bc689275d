// Names and gap symbols of the estates in sight, placed so that none covers another.

import { estateColour, shownView } from "./classes.js";
import { element } from "./dom.js";
import { gapKinds, gapSymbol } from "./gap_symbols.js";
import { paintClass } from "./palette.js";

const LABELS_AT_MOST = 260;
export const CROWDED = 500; // estates in sight beyond which only the selected one is named
const SYMBOL_PX = 19;
const BADGE_PX = 10; // half the height of the number of gaps
const TOWN_LIFT_PX = 46;
const TOWNS_UP_TO_ZOOM = 15.6;

// Choose a form for each candidate in turn: the first whose box is free. A candidate has a `point`,
// `forms` ({ name, left, right, top, bottom } around it) and `tiny`, which may always be a speck.
export function placeLabels(candidates, most) {
  const placed = [];
  for (const candidate of candidates) {
    if (placed.length >= most) break;
    const label = firstFree(candidate, placed);
    if (label) placed.push({ ...label, candidate });
  }
  return placed;
}

function firstFree({ point, forms, tiny }, placed) {
  for (const form of forms) {
    const box = { x0: point.x - form.left, x1: point.x + form.right, y0: point.y - form.top,
                  y1: point.y + form.bottom, form: form.name };
    if (placed.every((other) => areApart(box, other))) return box;
    if (form.name === "dot" && tiny) return { ...box, form: "speck" };
  }
  return null;
}

function areApart(a, b) {
  return a.x1 < b.x0 || a.x0 > b.x1 || a.y1 < b.y0 || a.y0 > b.y1;
}

export function drawLabels(view) {
  const { L, state } = view;
  view.labels.clearLayers();
  if (!state.on.has("estates")) return;
  const candidates = [...estateCandidates(view), ...townCandidates(view)];
  for (const { candidate, form } of placeLabels(candidates, LABELS_AT_MOST)) {
    view.labels.addLayer(L.marker(candidate.at, {
      icon: L.divIcon({ className: "gap-label", html: candidate.draw(form), iconSize: null }),
      interactive: false, keyboard: false,
    }));
  }
}

function townCandidates(view) {
  const { map, state } = view;
  if (!state.on.has("towns") || map.getZoom() > TOWNS_UP_TO_ZOOM) return [];
  return view.towns.map(({ name, label }) => {
    const half = textWidth(name, "600 15px sans-serif") / 2 + 8;
    return {
      at: label, point: map.latLngToContainerPoint(label),
      forms: [{ name: "town", left: half, right: half, top: TOWN_LIFT_PX + 12, bottom: 12 - TOWN_LIFT_PX }],
      draw: () => {
        const box = element("div", "town-name", name);
        box.style.transform = `translate(-50%, calc(-50% - ${TOWN_LIFT_PX}px))`;
        return box;
      },
    };
  });
}

function estateCandidates(view) {
  const { map, state, estates } = view;
  const bounds = map.getBounds().pad(0.05);
  let rows = estates.inSight(bounds).filter((row) => !state.shown || state.shown.has(row));
  if (rows.length > CROWDED) rows = rows.filter((row) => row === state.selected);
  const place = new Map(shownView(state).order.map((row, n) => [row, row === state.selected ? -1 : n]));
  rows.sort((a, b) => place.get(a) - place.get(b));
  return rows.map((row) => estateCandidate(view, row));
}

function estateCandidate(view, row) {
  const { map, state, estates } = view;
  const gaps = gapKinds(state, row);
  const bounds = estates.shapes[row].getBounds();
  const height = map.latLngToContainerPoint(bounds.getSouthWest()).y
    - map.latLngToContainerPoint(bounds.getNorthEast()).y;
  const label = {
    row, gaps, name: estates.name(row), count: shownView(state).gaps[row] || 0, apart: distanceApart(height),
    colour: estateColour(state, view.palette, row), picked: row === state.selected,
  };
  return {
    at: bounds.getCenter(), point: map.latLngToContainerPoint(bounds.getCenter()), tiny: height < 8,
    forms: estateForms(label, map.getZoom(), textWidth(label.name, "500 12.5px sans-serif") / 2 + 3),
    draw: (form) => drawLabel(label, form),
  };
}

// Symbols stand above a small estate and its name below; a large one has room for both inside,
// on either side of its number of gaps.
function distanceApart(height) {
  return height < 90 ? Math.max(height / 2, BADGE_PX) : BADGE_PX;
}

// The forms of an estate's label, the fullest first: name and symbols, symbols, number of gaps.
export function estateForms({ gaps, apart }, zoom, halfName) {
  const icons = (gaps.length * (SYMBOL_PX + 1)) / 2;
  const half = Math.max(icons, halfName);
  const forms = [];
  if (zoom >= 14.2) {
    forms.push({ name: "full", left: half, right: half, top: gaps.length ? apart + 20 : BADGE_PX, bottom: apart + 17 });
  }
  if (zoom >= 13 && gaps.length) {
    forms.push({ name: "icons", left: icons, right: icons, top: apart + 20, bottom: BADGE_PX });
  }
  return [...forms, { name: "dot", left: 12, right: 12, top: BADGE_PX, bottom: BADGE_PX }];
}

// How many gaps, on the colour of the estate's class.
export function gapBadge(text, colour) {
  const badge = element("b", "estate-count", text);
  paintClass(badge, colour);
  return badge;
}

function drawLabel({ row, gaps, name, count, apart, colour, picked }, form) {
  const box = element("div", `estate-label ${picked ? "picked" : ""}`);
  box.dataset.row = row;
  const isCounted = count > 0 && form !== "speck";
  if (isCounted) box.append(gapBadge(count, colour));
  if (form === "speck" || form === "dot") {
    if (!isCounted) box.append(dot(colour));
    return box;
  }
  const icons = element("div", "estate-icons");
  for (const { kind, degree } of gaps) icons.append(gapSymbol(kind, SYMBOL_PX, degree));
  icons.style.bottom = `${apart}px`;
  box.append(icons);
  if (form === "full") {
    const title = element("div", "estate-name", name);
    title.style.top = `${apart}px`;
    box.append(title);
  }
  return box;
}

function dot(colour) {
  const made = element("span", "estate-dot");
  made.style.background = colour;
  return made;
}

let ruler = null;
function textWidth(text, font) {
  ruler ??= document.createElement("canvas").getContext("2d");
  ruler.font = font;
  return ruler.measureText(text).width;
}
