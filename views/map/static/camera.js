// The camera and the look of the map in the address, written here: panning asks the server nothing.

import { evidenceBounds } from "./evidence.js";

const READABLE_ZOOM = 14;
const LAST = { view: "", look: "" }; // of this visit: another page's address knows neither

export function formatView(zoom, lat, lng) {
  return `${zoom.toFixed(2)}/${lat.toFixed(6)}/${lng.toFixed(6)}`;
}

// Return [zoom, latitude, longitude], null where the text is no camera.
export function parseView(text) {
  const parts = (text || "").split("/").map(Number);
  return parts.length === 3 && parts.every(Number.isFinite) ? parts : null;
}

// The look: the layers switched against what the map opens with.
export function formatLook({ switched }) {
  return [...switched].join(".");
}

export function parseLook(text) {
  return { switched: new Set((text || "").split(".").filter(Boolean)) };
}

export function addressed(name) {
  return new URL(location.href).searchParams.get(name) ?? LAST[name];
}

function remember(name, text) {
  LAST[name] = text;
  if (!location.protocol.startsWith("http")) return;
  const address = new URL(location.href);
  if (text) address.searchParams.set(name, text);
  else address.searchParams.delete(name);
  history.replaceState(history.state, "", address);
}

export function rememberCamera({ map }) {
  const { lat, lng } = map.getCenter();
  remember("view", formatView(map.getZoom(), lat, lng));
}

export function rememberLook({ state }) {
  remember("look", formatLook(state));
}

// Where the address says; else all estates, or as much as stays readable. Return whether it said.
export function firstCamera(view) {
  const { map } = view;
  const camera = parseView(addressed("view"));
  if (camera) {
    const [zoom, lat, lng] = camera;
    map.setView([lat, lng], zoom, { animate: false });
    return true;
  }
  map.invalidateSize({ animate: false });
  map.fitBounds(openingBounds(view), { animate: false, padding: [34, 40] });
  return false;
}

// All estates where that stays readable; else as many whole towns as do, the fullest first.
function openingBounds(view) {
  const all = view.estates.layer.getBounds();
  const isReadable = (bounds) => view.map.getBoundsZoom(bounds, false, [68, 80]) >= READABLE_ZOOM;
  if (isReadable(all) || !view.towns.length) return all;
  const [fullest, ...others] = [...view.towns].sort((a, b) => b.count - a.count);
  let bounds = view.L.latLngBounds([]).extend(fullest.bounds);
  for (const town of others) {
    const wider = view.L.latLngBounds([]).extend(bounds).extend(town.bounds);
    if (isReadable(wider)) bounds = wider;
  }
  return bounds;
}

// The camera moves only to show what was asked for and is not in sight yet.
export function flyToEvidence(view) {
  const { map, L } = view;
  const bounds = evidenceBounds(view);
  if (!bounds.isValid()) return;
  const closer = map.getBoundsZoom(bounds, false, L.point(100, 120)) - map.getZoom();
  if (!map.getBounds().contains(bounds) || closer > 0.8) {
    map.flyToBounds(bounds, { padding: [50, 60], maxZoom: 17.25, duration: 0.6 });
  }
}

export function flyToEstate(view, row) {
  if (row === null) return;
  const bounds = view.estates.shapes[row].getBounds();
  if (!view.map.getBounds().contains(bounds) || view.map.getZoom() < 15) {
    view.map.flyToBounds(bounds, { maxZoom: 16.5, duration: 0.6, padding: [60, 60] });
  }
}
