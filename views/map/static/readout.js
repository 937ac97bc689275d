// Where the pointer is, in degrees and in metres of the working CRS; and the way to typed places.

import { button, element } from "./dom.js";
import { degreesText, placeTyped, toMetres } from "./grid.js";

const GO_TO_ZOOM = 17;

export function prepareReadout(view) {
  const { parts: { stage }, map } = view;
  const box = element("form", "readout");
  const here = element("span", "readout-text");
  const typed = element("input");
  typed.type = "text";
  typed.maxLength = 60;
  const go = button("", "→", null);
  go.type = "submit";
  box.append(here, typed, go);
  box.onsubmit = (event) => { event.preventDefault(); goTo(view, typed); };
  view.L.DomEvent.disableClickPropagation(box);
  stage.append(box);
  Object.assign(view.parts, { readout: here, typed, go });
  map.on("mousemove", ({ latlng }) => { here.textContent = placeText(view.state.page?.grid, latlng); });
}

// The words of the user's language, once the page has said them.
export function drawReadout({ parts: { typed, go }, state: { page: { words, grid } } }) {
  typed.placeholder = words.go_to;
  typed.title = grid ? `${words.coordinates} · ${grid.name}` : words.coordinates;
  typed.setAttribute("aria-label", words.go_to);
  go.setAttribute("aria-label", words.go_to);
}

export function placeText(grid, latlng) {
  if (!grid) return degreesText(latlng);
  const [east, north] = toMetres(grid, latlng.lat, latlng.lng).map((m) => m.toFixed(2));
  return `${degreesText(latlng)} · E ${east} N ${north} m`;
}

function goTo(view, typed) {
  const place = placeTyped(view.state.page.grid, typed.value);
  typed.setAttribute("aria-invalid", String(!place));
  if (!place) return;
  view.map.setView(place, Math.max(view.map.getZoom(), GO_TO_ZOOM), { animate: false });
  view.sought?.remove();
  view.sought = view.L.circleMarker(place, { radius: 9, weight: 2.5, color: view.palette.route, fill: false, interactive: false })
    .addTo(view.map);
}
