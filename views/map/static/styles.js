// How each layer is drawn. `ink` is one of PALETTES; state holds the severities of the moment.

function bandOf(severity, bands) {
  if (severity === null || severity === undefined) return -1;
  let band = 0;
  while (band < bands.length - 1 && severity > bands[band]) band += 1;
  return band;
}

// Limits of five classes of the number of gaps: none, then quarters of the span that occurs.
function countLimits(view) {
  let [least, most] = [Infinity, 1];
  for (const gaps of view.state.gaps) {
    if (gaps > 0 && gaps < least) least = gaps;
    if (gaps > most) most = gaps;
  }
  const below = Math.min(least, most) - 1;
  return [0, 1, 2, 3, 4].map((n) => (n === 0 ? below : Math.ceil(below + ((most - below) * n) / 4)));
}

function estateColour(view, row) {
  const { ink, state } = view;
  const band = view.colourBy === "gaps"
    ? bandOf(state.gaps[row], view.limits) : bandOf(state.worst[row], state.bands);
  return band < 0 ? ink.unknown : ink.severity[band];
}

function estateStyle(view, row) {
  const { ink } = view;
  if (view.shown && !view.shown.has(row)) {
    return { color: ink.fadedLine, weight: 1, fillColor: ink.faded, fillOpacity: 0.55, opacity: 1 };
  }
  const selected = row === view.selected;
  const crowded = view.byRow.length > CROWDED; // outlines of many small shapes would hide their colour
  return {
    color: selected ? ink.selected : crowded ? estateColour(view, row) : ink.outline,
    weight: selected ? 4 : crowded ? 1 : 1.4,
    opacity: 1,
    fillColor: estateColour(view, row),
    fillOpacity: 0.9,
  };
}

// Places grow with the map: specks over a town, dots over an estate.
function pointSize(view) {
  const zoom = view.map ? view.map.getZoom() : 15;
  return Math.max(2.4, Math.min(6, 2.4 + (zoom - 14.5) * 1.1));
}

function layerStyle(view, layer, kind) {
  const { ink } = view;
  const flat = {
    towns: { color: ink.town, weight: 1.4, dashArray: "7 6", fill: false, opacity: 0.9 },
    green_space: { color: ink.greenLine, weight: 0.8, fillColor: ink.green, fillOpacity: 0.9 },
    walkways: { color: ink.walkway, weight: 1.6, opacity: 1, fill: false },
    infill: { color: ink.infillLine, weight: 0.6, fillColor: ink.infill, fillOpacity: 1 },
    buildings: { color: ink.buildingLine, weight: 0.9, fillColor: ink.building, fillOpacity: 0.86 },
    pipelines: { color: PIPE_COLOURS[kind] || PIPE_COLOURS.BM, weight: 2, opacity: 0.95, fill: false,
                 dashArray: kind === "BM" ? "3 4" : null },
    trees: { radius: 2.2, weight: 0, fillColor: ink.tree, fillOpacity: 0.85 },
    entrances: { radius: 3.4, weight: 1.6, color: ink.gateLine, fillColor: ink.gate, fillOpacity: 1 },
    facilities: { radius: pointSize(view), weight: 1.2, color: ink.halo, fillOpacity: 1,
                  fillColor: FACILITY_COLOURS[FACILITY_GROUPS[kind] || "other"] },
    parking: { radius: pointSize(view), weight: 1.2, color: ink.halo, fillOpacity: 1,
               fillColor: kind === "charging_station" || kind === "ebike_shed"
                 ? GAP_SYMBOLS.charging.colour : GAP_SYMBOLS.parking.colour },
  };
  return flat[layer];
}

// The zoom from which a layer is drawn at all: detail that would be a smear is left out.
const FROM_ZOOM = {
  towns: 0, green_space: 13, walkways: 14, infill: 15, buildings: 15, estates: 0, pipelines: 15,
  trees: 17, entrances: 16, facilities: 14, parking: 15,
};
const SHOWN_AT_FIRST = new Set([
  "towns", "green_space", "walkways", "infill", "buildings", "estates", "trees", "entrances",
  "facilities",
]);
