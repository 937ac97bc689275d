// What a finding or a service area adds to the map: the route walked, the tick at the threshold,
// the straight line for contrast, the ground within reach.

import { element } from "./dom.js";

export function prepareEvidence(view) {
  const { L, map } = view;
  map.createPane("evidence").style.zIndex = 620;
  map.createPane("evidence-tags").style.zIndex = 660;
  view.evidence = L.layerGroup().addTo(map);
  view.evidenceRenderer = L.svg({ pane: "evidence" });
}

export function drawEvidence(view, { area, route, spots }) {
  view.evidence.clearLayers();
  if (area) drawArea(view, area);
  for (const at of spots ?? []) {
    add(view, "circleMarker", at, { radius: 4, color: view.palette.route, weight: 2,
      fillColor: view.palette.panel, fillOpacity: 1, className: "evidence-spot" });
  }
  if (route) drawRoute(view, route);
}

function add(view, shape, at, options) {
  const drawn = view.L[shape](at, { renderer: view.evidenceRenderer, interactive: false, ...options });
  view.evidence.addLayer(drawn);
}

function drawArea(view, { rings }) {
  const colour = view.palette.area;
  add(view, "polygon", rings, { color: colour, weight: 1.6, opacity: 0.9, fillColor: colour,
    fillOpacity: 0.14, className: "service-area" });
}

function drawRoute(view, route) {
  const { palette } = view;
  const line = { lineCap: "round", lineJoin: "round" };
  const [[south, west], [north, east]] = route.straight;
  const ends = [route.line[0], route.line[route.line.length - 1]];
  add(view, "polyline", route.straight, { ...line, color: palette.straight, weight: 2, dashArray: "2 7",
    className: "straight-line" });
  add(view, "polyline", route.line, { ...line, color: palette.halo, weight: 8, opacity: 0.95 });
  add(view, "polyline", route.line, { ...line, color: palette.route, weight: 4.2, className: "walked-route" });
  add(view, "circleMarker", ends[0], { radius: 5, color: palette.route, weight: 3,
    fillColor: palette.panel, fillOpacity: 1 });
  add(view, "circleMarker", ends[1], { radius: 6, color: palette.halo, weight: 2,
    fillColor: palette.route, fillOpacity: 1 });
  if (route.tick) addTag(view, "tick", route.tick, route.tickText);
  addTag(view, "length", ends[1], route.text);
  addTag(view, "straight", [(south + north) / 2, (west + east) / 2], route.straightText);
}

function addTag(view, kind, at, text) {
  const box = element("div", `route-tag ${kind}`);
  if (kind === "tick") box.append(element("i", "tick-mark"));
  box.append(element("span", "", text));
  view.evidence.addLayer(view.L.marker(at, {
    icon: view.L.divIcon({ className: "gap-label", html: box, iconSize: null }),
    interactive: false, keyboard: false, pane: "evidence-tags",
  }));
}

export function evidenceBounds(view) {
  const bounds = view.L.latLngBounds([]);
  view.evidence.eachLayer((layer) => {
    bounds.extend(layer.getBounds ? layer.getBounds() : layer.getLatLng());
  });
  return bounds;
}
