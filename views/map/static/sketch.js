// What a tool draws on the map before it counts, by mouse, touch or keyboard, and where the steps
// of the scenario are.

import { element } from "./dom.js";
import { showMeasure } from "./tools.js";

const REACH_PX = 16; // how far from a click the row may be that it means
const SAME_PX = 4; // the second click of a double click

export function prepareSketch(view) {
  const { L, map, root } = view;
  map.createPane("sketch").style.zIndex = 640;
  map.createPane("assumed").style.zIndex = 650;
  view.sketchRenderer = L.svg({ pane: "sketch" });
  view.sketch = L.layerGroup().addTo(map);
  view.assumed = L.layerGroup().addTo(map);
  map.on("click", ({ latlng }) => { if (view.state.tool) addPoint(view, latlng); });
  map.on("dblclick", () => { if (view.state.tool) view.actions.sketch({ type: "finish" }); });
  map.on("mousemove", ({ latlng }) => {
    view.pointer = latlng;
    if (view.state.tool) drawSketch(view);
  });
  map.on("mouseout", () => {
    view.pointer = null;
    if (view.state.tool) drawSketch(view);
  });
  root.addEventListener("keydown", (event) => useKey(view, event));
}

function addPoint(view, latlng) {
  const { map, state: { tool } } = view;
  const last = tool.points[tool.points.length - 1];
  const isAgain = last && map.latLngToContainerPoint(last).distanceTo(map.latLngToContainerPoint(latlng)) < SAME_PX;
  if (!isAgain) view.actions.sketch({ type: "point", at: [latlng.lat, latlng.lng], within: reachOf(view, latlng) });
}

// Metres of the ground under so many pixels.
function reachOf({ map, L }, latlng) {
  const at = map.latLngToContainerPoint(latlng);
  return map.distance(latlng, map.containerPointToLatLng(at.add(L.point(REACH_PX, 0))));
}

// On the map: space places where the cross is, Enter ends a line, Backspace takes the last place
// back. Escape leaves the tool from anywhere.
function useKey(view, event) {
  const { state: { tool }, map, actions } = view;
  if (!tool) return;
  if (event.key === "Escape") {
    event.stopPropagation();
    actions.tool(null);
    return;
  }
  if (event.target !== map.getContainer()) return;
  const keys = {
    " ": () => addPoint(view, map.getCenter()),
    Enter: () => actions.sketch({ type: "finish" }),
    Backspace: () => actions.sketch({ type: "unpoint" }),
  };
  if (!keys[event.key]) return;
  event.preventDefault();
  view.pointer = null;
  keys[event.key]();
}

export function drawSketch(view) {
  const { map, state: { tool }, parts: { stage } } = view;
  stage.classList.toggle("sketching", Boolean(tool));
  map.doubleClickZoom[tool ? "disable" : "enable"]();
  view.sketch.clearLayers();
  if (!tool) return;
  const places = shownPlaces(view);
  drawLine(view, places);
  for (const place of tool.points) add(view, "circleMarker", place, { radius: 4, fillOpacity: 1, fillColor: view.palette.panel });
  if (tool.isRemedy && view.pointer && places.length <= 1) drawPreview(view);
  showMeasure(view, places);
}

// The places so far, and where the pointer is.
function shownPlaces({ state: { tool: { points, isDone, most } }, pointer }) {
  return isDone || !pointer || most === 1 ? points : [...points, [pointer.lat, pointer.lng]];
}

function drawLine(view, places) {
  const { isRing } = view.state.tool;
  if (places.length < 2) return;
  if (isRing && places.length > 2) add(view, "polygon", places, { fill: true, fillColor: view.palette.route, fillOpacity: 0.15 });
  else add(view, "polyline", places, { dashArray: view.state.tool.isDone ? null : "6 5" });
}

// What a click would mean: a place here, or the row within the ring.
function drawPreview(view) {
  const { isNew } = view.state.tool;
  const look = isNew ? { radius: 8, fill: true, fillColor: view.palette.route, fillOpacity: 0.75 } : { radius: REACH_PX, dashArray: "3 3" };
  add(view, "circleMarker", view.pointer, look);
}

function add(view, shape, at, options) {
  view.sketch.addLayer(view.L[shape](at, { renderer: view.sketchRenderer, interactive: false, fill: false, weight: 2.5,
    color: view.palette.route, ...options }));
}

// A numbered mark where each step of the scenario changes something.
export function drawAssumed(view) {
  const { L, state: { page: { trial } } } = view;
  view.assumed.clearLayers();
  for (const { at, number, text } of trial?.marks ?? []) {
    const box = element("div", "assumed-mark", number);
    box.title = text;
    view.assumed.addLayer(L.marker(at, {
      icon: L.divIcon({ className: "gap-label", html: box, iconSize: null }), interactive: false, keyboard: false, pane: "assumed",
    }));
  }
}
