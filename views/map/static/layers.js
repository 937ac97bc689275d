// The layers: each a module of its own, fetched when it is first wanted.

import { openCard } from "./cards.js";
import { element } from "./dom.js";
import { estateOptions, pathOptions } from "./looks.js";
import { CROWDED } from "./labels.js";
import { markClass } from "./marks.js";
import { wantedLayers } from "./state.js";

const EARTH_SCALE = 559_082_264; // denominator of zoom 0 at the equator, at 96 dots an inch

// The zoom, in steps of a quarter, from which a map at `latitude` is at least 1 : `scale`.
export function zoomOfScale(scale, latitude) {
  if (scale === null) return 0;
  const zoom = Math.log2((EARTH_SCALE * Math.cos((latitude * Math.PI) / 180)) / scale);
  return Math.round(zoom * 4) / 4;
}

// Fetch a layer's module and build it; `describe` says what the pointer is told of a feature.
export async function fetchLayer(view, name) {
  const { strings, columns, build } = await view.load.layer(name);
  const text = (column, row) => (columns[column] ? strings[columns[column][row]] : "");
  const layer = { name, columns, text };
  layer.shape = build(view.L, builder(view, layer));
  view.layers.set(name, layer);
  return layer;
}

// Put the layers whose address is another one in the place of those that are here.
export async function renewLayers(view, before, addresses) {
  const changed = [...view.layers.keys()].filter((name) => addresses[name] !== before[name]);
  await Promise.all(changed.map(async (name) => {
    const { shape } = view.layers.get(name);
    if (addresses[name]) await fetchLayer(view, name);
    else view.layers.delete(name);
    shape.remove();
    view.requested[addresses[name] ? "add" : "delete"](name);
  }));
}

// What a compiled module asks of us: a style, a point and a handler for each feature.
function builder(view, layer) {
  const Mark = view.Mark ??= markClass(view.L);
  const options = (feature) => optionsOf(view, layer, feature.properties.r);
  return {
    style: options,
    point: (feature, at) => new Mark(at, options(feature)),
    each: (feature, shape) => {
      const row = feature.properties.r;
      if (layer.name === "estates") adoptEstate(view, row, shape);
      else shape.on("click", (event) => openCard(view, event, `${layer.name}.${row}`));
      shape.bindTooltip(() => describe(view, layer, row),
        { sticky: true, direction: "top", className: "map-tip", opacity: 1 });
    },
  };
}

function optionsOf(view, layer, row) {
  const { state } = view;
  if (layer.name === "estates") return estateOptions(state, estateContext(view), row);
  const style = state.legend.find(({ name }) => name === layer.name);
  return pathOptions(style.looks[layer.columns.theme[row]], state);
}

// Computed once for all estates that are styled together, see `restyleEstates`.
function estateContext(view) {
  return view.estateContext ?? { palette: view.palette, crowded: false };
}

function adoptEstate(view, row, shape) {
  view.estates.shapes[row] = shape;
  shape.on("click", (event) => {
    if (view.state.tool) return; // the map's own click places
    view.L.DomEvent.stopPropagation(event);
    view.actions.pick(row);
  });
  shape.on("mouseover", () => view.actions.prefetch(row));
}

function describe(view, layer, row) {
  const box = element("span");
  const kind = view.state.page.words.codes[layer.name]?.[layer.text("kind", row)];
  const name = layer.text("name", row);
  if (kind) box.append(element("b", "", kind), name ? " · " : "");
  box.append(element("span", "", name));
  if (layer.name === "estates") box.append(element("i", "", view.state.figures.tips[row] ?? ""));
  return box;
}

export function restyleEstates(view, rows = null) {
  const { estates, palette } = view;
  view.estateContext = { palette, crowded: estates.shapes.length > CROWDED };
  for (const row of rows ?? estates.shapes.keys()) {
    estates.shapes[row]?.setStyle(optionsOf(view, estates.data, row));
  }
}

export function restyleLayers(view, names) {
  for (const name of names) {
    const layer = view.layers.get(name);
    if (name !== "estates" && layer) layer.shape.setStyle((feature) => optionsOf(view, layer, feature.properties.r));
  }
}

// Put on the map what is wanted and here, take off what is not wanted, ask for what is missing.
export function syncLayers(view) {
  const { map, state } = view;
  const wanted = new Set(wantedLayers(state));
  let isAdded = false;
  for (const { name } of state.legend) {
    const layer = view.layers.get(name);
    if (!layer) {
      if (wanted.has(name)) request(view, name);
      continue;
    }
    const isThere = map.hasLayer(layer.shape);
    if (!wanted.has(name) && isThere) map.removeLayer(layer.shape);
    if (wanted.has(name) && !isThere) layer.shape.addTo(map);
    else if (wanted.has(name) && isAdded) layer.shape.bringToFront(); // the order is the legend's
    isAdded ||= wanted.has(name) && !isThere;
  }
}

function request(view, name) {
  if (view.requested.has(name)) return;
  view.requested.add(name);
  fetchLayer(view, name)
    .then(() => view.send({ type: "loaded", layer: name }))
    .catch((error) => {
      view.requested.delete(name); // asked for again when it is next wanted
      console.error(error);
    });
}
