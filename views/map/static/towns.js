// Towns: a button for each above the map, an arrow at its edge for each out of sight.

import { estateColour, shownView } from "./classes.js";
import { button, element } from "./dom.js";
import { paintClass } from "./palette.js";

const DOTS_AT_MOST = 8;
const EDGE_PX = 4;
const FAR_KM = 3; // a town nearer than this is found by panning

// The towns that have estates: name, number of estates, bounds, and where the name stands.
export function townsOf({ L, estates, townNames }) {
  const towns = new Map();
  estates.shapes.forEach((shape, row) => {
    const id = estates.townId(row);
    if (!townNames.has(id)) return;
    if (!towns.has(id)) towns.set(id, { name: townNames.get(id), count: 0, rows: [], bounds: L.latLngBounds([]) });
    const town = towns.get(id);
    town.count += 1;
    town.rows.push(row);
    town.bounds.extend(shape.getBounds());
  });
  return [...towns.values()].map((town) => (
    { ...town, label: L.latLng(town.bounds.getNorth(), town.bounds.getCenter().lng) }));
}

export function drawTownBar(view) {
  const { estates, towns, parts, state } = view;
  const { words } = state.page;
  const whole = townButton(view, words.whole, estates.shapes.length, estates.layer.getBounds());
  const label = element("span", "bar-label", words.zoom_to);
  parts.townBar.replaceChildren(label, whole, ...towns.map((t) => townButton(view, t.name, t.count, t.bounds)));
  parts.townBar.hidden = towns.length < 2;
}

function townButton(view, name, count, bounds) {
  const made = button("town-button", null, () => (
    view.map.flyToBounds(bounds, { padding: [34, 40], maxZoom: 17, duration: 0.7 })));
  made.append(element("span", "", name), element("i", "", count));
  return made;
}

export function drawArrows(view) {
  const { map, parts: { stage }, L } = view;
  stage.querySelectorAll(".beyond").forEach((arrow) => arrow.remove());
  const size = map.getSize();
  const middle = L.point(size.x / 2, size.y / 2);
  for (const town of view.towns) {
    const km = map.distance(map.getCenter(), town.bounds.getCenter()) / 1000;
    if (km < FAR_KM || map.getBounds().intersects(town.bounds)) continue;
    const way = map.latLngToContainerPoint(town.bounds.getCenter()).subtract(middle);
    const at = middle.add(way.multiplyBy(edgeShare(way, middle)));
    const made = arrow(view, town, km, way, at);
    stage.append(made);
    const half = made.offsetWidth / 2 + EDGE_PX;
    made.style.left = `${Math.max(half, Math.min(at.x, size.x - half))}px`; // wholly inside, however narrow the map
  }
}

// How much of a way from the middle ends near the map's edge, clear of the scale bar.
export function edgeShare(way, middle) {
  return Math.min((middle.x - 66) / Math.abs(way.x || 1), (middle.y - 50) / Math.abs(way.y || 1));
}

// The estates beyond the edge, as they would be coloured, the worst first.
function townDots({ state, palette }, { rows }) {
  const own = new Set(state.shown ? rows.filter((row) => state.shown.has(row)) : rows);
  return shownView(state).order.filter((row) => own.has(row)).slice(0, DOTS_AT_MOST).map((row) => {
    const dot = element("span", "beyond-dot", shownView(state).gaps[row] || "");
    paintClass(dot, estateColour(state, palette, row));
    return dot;
  });
}

function arrow(view, town, km, way, at) {
  const made = button("beyond", null, () => (
    view.map.flyToBounds(town.bounds, { padding: [34, 40], maxZoom: 17, duration: 0.9 })));
  const head = element("span", "beyond-arrow", "➤");
  head.style.transform = `rotate(${Math.atan2(way.y, way.x)}rad)`;
  made.append(head, element("span", "", `${town.name} ${km.toFixed(1)} km`), ...townDots(view, town));
  Object.assign(made.style, { left: `${at.x}px`, top: `${at.y}px` });
  return made;
}
