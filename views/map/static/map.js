// Mount and update the map. Data arrive as JSON and are shown as text; only an estate's id goes back.

const VIEWS = new WeakMap();
const FAR_KM = 3; // a town nearer than this is found by panning

export async function show(root, data, report) {
  let view = VIEWS.get(root);
  if (!view || view.geo !== data.geo) {
    if (view) view.close();
    view = await mount(root, data);
    VIEWS.set(root, view);
  }
  view.report = report;
  await view.update(data);
  return () => {
    view.close();
    VIEWS.delete(root);
  };
}

async function mount(root, data) {
  const L = await leaflet(data.leaflet);
  const compiled = await data.load(data.geo);
  const view = frame(root, L, data);
  view.geo = data.geo;
  view.words = data.words;
  view.turn = data.turn;
  view.rule = "";
  view.evidence = {};
  preparePanel(view);
  view.ink = PALETTES[isDark(root) ? "dark" : "light"];
  view.text = (layer, column, row) => compiled.strings[compiled.attributes[layer][column][row]];
  view.compiled = compiled;
  view.kindOf = (layer, feature) => {
    const column = compiled.attributes[layer] && compiled.attributes[layer].kind;
    return column ? compiled.strings[column[feature.properties.r]] : null;
  };
  view.byRow = [];
  view.builder = builder(view);
  view.state = { worst: [], gaps: [], kinds: [[], [], [], []], counts: [0, 0, 0, 0], bands: [1] };
  view.limits = [0, 1, 2, 3, 4];
  view.colourBy = "worst";
  Object.assign(view, compiled.build(L, view.builder));
  arrange(view);
  return view;
}

async function leaflet(url) {
  if (!globalThis.L || globalThis.L.version !== "1.9.4") await import(url);
  return globalThis.L;
}

function frame(root, L, data) {
  const shell = element("div", "gap-map");
  const towns = element("div", "town-bar");
  const stage = element("div", "map-stage");
  const canvas = element("div", "map-canvas");
  canvas.id = data.element;
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-label", data.words.map);
  const north = element("div", "north", "N");
  stage.append(canvas, north);
  const legend = element("div", "map-legend");
  const aside = element("aside", "gap-panel");
  shell.append(towns, stage, legend);
  root.replaceChildren(shell, aside);
  return { root, shell, townBar: towns, stage, canvas, legend, aside, L };
}

// What the compiled script asks of us: a style, a point and a click handler for each layer.
function builder(view) {
  const { L } = view;
  return {
    style: (layer) => (feature) => (layer === "estates"
      ? estateStyle(view, feature.properties.r)
      : layerStyle(view, layer, view.kindOf(layer, feature))),
    point: (layer) => (feature, at) => L.circleMarker(at, layerStyle(view, layer, view.kindOf(layer, feature))),
    each: (layer) => (feature, shape) => {
      if (layer === "estates") adoptEstate(view, feature.properties.r, shape);
      else describe(view, layer, feature.properties.r, shape);
    },
  };
}

function adoptEstate(view, row, shape) {
  view.byRow[row] = shape;
  shape.on("click", (event) => {
    view.L.DomEvent.stopPropagation(event);
    view.pick(row);
  });
  shape.on("mouseover", () => dossierOf(view, row));
  shape.bindTooltip(() => element("span", "", view.text("estates", "name", row)),
    { sticky: true, direction: "top", className: "map-tip", opacity: 1 });
}

function describe(view, layer, row, shape) {
  shape.bindTooltip(() => {
    const box = element("span", "");
    box.append(element("b", "", view.words.kindNames[view.text(layer, "kind", row)] || ""));
    const name = view.text(layer, "name", row);
    if (name) box.append(element("span", "", " · " + name));
    return box;
  }, { sticky: true, direction: "top", className: "map-tip", opacity: 1 });
}

function arrange(view) {
  const { L, map } = view;
  view.layerNames = Object.keys(view.layers);
  recallLook(view);
  map.setMinZoom(8).setMaxZoom(20);
  L.control.scale({ imperial: false, maxWidth: 130, position: "bottomright" }).addTo(map);
  map.createPane("evidence").style.zIndex = 620;
  map.createPane("evidence-tags").style.zIndex = 660;
  view.pen = L.svg({ pane: "evidence" });
  view.shownEvidence = {};
  view.overlay = L.layerGroup().addTo(map);
  view.labels = L.layerGroup().addTo(map);
  view.selected = null;
  view.shown = null;
  view.centre = (row) => view.byRow[row].getBounds().getCenter();
  view.inSight = (bounds) => {
    const rows = [];
    view.byRow.forEach((shape, row) => { if (bounds.intersects(shape.getBounds())) rows.push(row); });
    return rows;
  };
  view.towns = townsOf(view);
  actions(view);
  listen(view);
  firstCamera(view);
  view.refreshLayers();
}

function townsOf(view) {
  const { L, compiled } = view;
  const ids = compiled.attributes.estates.town_id;
  const names = new Map();
  const towns = compiled.attributes.towns;
  (towns ? towns.town_id : []).forEach((id, row) => names.set(id, compiled.strings[towns.name[row]]));
  const boxes = new Map();
  ids.forEach((id, row) => {
    if (!names.has(id)) return;
    if (!boxes.has(id)) boxes.set(id, { name: names.get(id), count: 0, bounds: L.latLngBounds([]) });
    const town = boxes.get(id);
    town.count += 1;
    town.bounds.extend(view.byRow[row].getBounds());
  });
  for (const town of boxes.values()) {
    town.label = L.latLng(town.bounds.getNorth(), town.bounds.getCenter().lng);
  }
  return [...boxes.values()];
}

function actions(view) {
  const { map } = view;
  // Picked here: the panel opens first, then the server hears of it.
  view.pick = (row, { rule = "", fly = false } = {}) => {
    view.turn += 1;
    view.rule = rule;
    view.select(row);
    showEvidence(view);
    openPanel(view).then(() => tell(view));
    if (fly) flyTo(view, row);
  };
  view.choose = (rule) => {
    view.turn += 1;
    view.rule = rule;
    drawDossier(view);
    if (showEvidence(view)) flyToEvidence(view);
    tell(view);
  };
  view.select = (row) => {
    const before = view.selected;
    view.selected = row;
    for (const changed of [before, row]) {
      if (changed !== null && view.byRow[changed]) {
        view.byRow[changed].setStyle(estateStyle(view, changed));
      }
    }
    relabel(view);
  };
  view.refreshLayers = () => {
    const zoom = map.getZoom();
    let added = false;
    for (const name of view.layerNames) {
      const wanted = view.on.has(name) && zoom >= FROM_ZOOM[name];
      const there = map.hasLayer(view.layers[name]);
      if (wanted && !there) view.layers[name].addTo(map);
      if (!wanted && there) map.removeLayer(view.layers[name]);
      if (added && there) view.layers[name].bringToFront(); // the drawing order is that of the names
      added = added || (wanted && !there);
    }
    const key = view.legend.querySelector(".pipe-key");
    if (key) key.hidden = !view.on.has("pipelines");
    relabel(view);
  };
  view.restyle = () => {
    const still = view.inked === view.ink; // all but the estates keep their colours till the theme changes
    for (const name of view.layerNames) {
      if (name === "estates" || !still) view.layers[name].setStyle(view.builder.style(name));
    }
    view.inked = view.ink;
    view.canvas.style.background = view.ink.ground;
    drawLegend(view);
    relabel(view);
  };
  view.update = (data) => update(view, data);
  view.close = () => {
    view.watch.forEach((stop) => stop());
    map.remove();
  };
}

function tell(view) {
  const estate = view.selected === null ? "" : view.text("estates", "estate_id", view.selected);
  if (view.report) view.report({ estate, rule: view.rule, turn: view.turn });
}

function listen(view) {
  const { map, root } = view;
  let timer = 0;
  map.on("zoomend", () => {
    for (const name of ["facilities", "parking"]) {
      if (view.layers[name]) view.layers[name].setStyle(view.builder.style(name));
    }
    view.refreshLayers();
  });
  map.on("moveend", () => {
    relabel(view);
    clearTimeout(timer);
    timer = setTimeout(() => rememberCamera(view), 250);
    pointToHidden(view);
  });
  map.on("click", () => { if (view.selected !== null) view.pick(null); });
  const size = new ResizeObserver(() => map.invalidateSize({ debounceMoveend: true }));
  size.observe(view.canvas);
  const paint = new MutationObserver(() => recolour(view));
  paint.observe(document.documentElement, { attributes: true });
  paint.observe(document.body, { attributes: true });
  const ticker = setInterval(() => recolour(view), 1000);
  view.watch = [() => size.disconnect(), () => paint.disconnect(), () => clearInterval(ticker),
                () => clearTimeout(timer)];
  root.dataset.ready = "true";
}

function recolour(view) {
  const ink = PALETTES[isDark(view.root) ? "dark" : "light"];
  if (ink === view.ink) return;
  view.ink = ink;
  view.restyle();
  drawEvidence(view, view.shownEvidence);
}

// The camera lives in the address, written here: panning and zooming never ask the server.
function rememberCamera(view) {
  if (!location.protocol.startsWith("http")) return;
  const at = view.map.getCenter();
  const address = new URL(location.href);
  address.searchParams.set("view",
    `${view.map.getZoom().toFixed(2)}/${at.lat.toFixed(6)}/${at.lng.toFixed(6)}`);
  history.replaceState(history.state, "", address);
}

function rememberedCamera() {
  const parts = (new URL(location.href).searchParams.get("view") || "").split("/").map(Number);
  return parts.length === 3 && parts.every(Number.isFinite) ? parts : null;
}

// The look: how estates are coloured, and the layers switched on or off against the first view.
function rememberLook(view) {
  if (!location.protocol.startsWith("http")) return;
  const changed = view.layerNames.filter((name) => view.on.has(name) !== SHOWN_AT_FIRST.has(name));
  const parts = [...(view.colourBy === "gaps" ? ["gaps"] : []), ...changed];
  const address = new URL(location.href);
  if (parts.length) address.searchParams.set("look", parts.join("."));
  else address.searchParams.delete("look");
  history.replaceState(history.state, "", address);
}

function recallLook(view) {
  const parts = new Set((new URL(location.href).searchParams.get("look") || "").split("."));
  view.colourBy = parts.has("gaps") ? "gaps" : "worst";
  view.on = new Set(view.layerNames.filter((name) => SHOWN_AT_FIRST.has(name) !== parts.has(name)));
}

function firstCamera(view) {
  const { map, L } = view;
  const seen = rememberedCamera();
  if (seen) {
    view.restored = true;
    map.setView([seen[1], seen[2]], seen[0], { animate: false });
    return;
  }
  map.invalidateSize({ animate: false });
  map.fitBounds(openingBounds(view), { animate: false, padding: [34, 40] });
}

// All estates where that stays readable; else as many whole towns as do, the fullest first.
function openingBounds(view) {
  const all = view.layers.estates.getBounds();
  const readable = (bounds) => view.map.getBoundsZoom(bounds, false, [68, 80]) >= 14;
  if (readable(all) || !view.towns.length) return all;
  const order = [...view.towns].sort((a, b) => b.count - a.count);
  const bounds = view.L.latLngBounds(order[0].bounds.getSouthWest(), order[0].bounds.getNorthEast());
  for (const town of order.slice(1)) {
    const more = view.L.latLngBounds(bounds.getSouthWest(), bounds.getNorthEast()).extend(town.bounds);
    if (readable(more)) bounds.extend(town.bounds);
  }
  return bounds;
}

function drawTowns(view) {
  const buttons = [townButton(view, view.words.all, view.byRow.length, () => view.layers.estates.getBounds())];
  for (const town of view.towns) {
    buttons.push(townButton(view, town.name, town.count, () => town.bounds));
  }
  view.townBar.replaceChildren(...buttons);
  view.townBar.hidden = buttons.length < 3;
}

function townButton(view, name, count, bounds) {
  const button = element("button", "town-button");
  button.type = "button";
  button.append(element("span", "", name), element("i", "", count));
  button.onclick = () => view.map.flyToBounds(bounds(), { padding: [34, 40], maxZoom: 17, duration: 0.7 });
  return button;
}

// A town wholly out of sight is pointed at from the edge of the map.
function pointToHidden(view) {
  const { map, stage, L } = view;
  stage.querySelectorAll(".beyond").forEach((chip) => chip.remove());
  const sight = map.getBounds();
  const size = map.getSize();
  for (const town of view.towns) {
    const km = map.distance(map.getCenter(), town.bounds.getCenter()) / 1000;
    if (km < FAR_KM || sight.intersects(town.bounds)) continue;
    const target = map.latLngToContainerPoint(town.bounds.getCenter());
    const middle = L.point(size.x / 2, size.y / 2);
    const way = target.subtract(middle);
    const reach = Math.min((size.x / 2 - 66) / Math.abs(way.x || 1), (size.y / 2 - 50) / Math.abs(way.y || 1)); // clear of the scale bar
    const chip = element("button", "beyond");
    chip.type = "button";
    const arrow = element("span", "beyond-arrow", "➤");
    arrow.style.transform = `rotate(${Math.atan2(way.y, way.x)}rad)`;
    chip.append(arrow, element("span", "", `${town.name} ${km.toFixed(1)} km`));
    chip.style.left = `${middle.x + way.x * reach}px`;
    chip.style.top = `${middle.y + way.y * reach}px`;
    chip.onclick = () => map.flyToBounds(town.bounds, { padding: [34, 40], maxZoom: 17, duration: 0.9 });
    stage.append(chip);
  }
}

async function update(view, data) {
  const first = view.drawn === undefined;
  const said = JSON.stringify(data.words);
  const stale = first || view.said !== said || view.stateUrl !== data.state;
  const around = JSON.stringify([data.dossiers, data.reach, data.overview, said]);
  Object.assign(view, { drawn: true, said, words: data.words, loadDossier: data.loadDossier,
                        evidence: data.evidence, reach: data.reach, overview: data.overview });
  if (view.stateUrl !== data.state) {
    view.state = await data.loadState(data.state);
    view.stateUrl = data.state;
    view.limits = countLimits(view);
    view.shown = view.state.shown ? new Set(view.state.shown) : null;
  }
  const news = data.turn >= view.turn; // else an answer to an earlier click, overtaken by another
  const moved = news && data.selected !== view.selected;
  const changed = first || moved || (news && data.rule !== view.rule) || view.around !== around;
  if (view.dossiers !== data.dossiers) view.panel.kept.clear();
  Object.assign(view, { around, dossiers: data.dossiers });
  if (news) view.rule = data.rule;
  if (moved) view.select(data.selected);
  if (stale) {
    drawTowns(view);
    view.restyle();
  }
  if (first && !view.restored) firstCamera(view); // once more: the legend has taken its place by now
  if (changed) await openPanel(view);
  const fresh = showEvidence(view);
  if (!first || !view.restored) {
    if (fresh && evidenceBounds(view).isValid()) flyToEvidence(view);
    else if (moved) flyTo(view, view.selected);
  }
  pointToHidden(view);
  view.root.dataset.drawn = data.stamp || "drawn";
}

// Draw what the server asked for and what the chosen finding rests on; tell whether that is new.
function showEvidence(view) {
  const chosen = chosenFinding(view);
  const evidence = { ...view.evidence, ...(chosen ? chosen.evidence : {}) };
  const key = JSON.stringify(evidence);
  if (key === view.evidenceKey) return false;
  view.evidenceKey = key;
  view.shownEvidence = evidence;
  drawEvidence(view, evidence);
  return true;
}

// The camera moves only to show what was asked for and is not in sight yet.
function flyToEvidence(view) {
  const evidence = evidenceBounds(view);
  if (!evidence.isValid()) return;
  const closer = view.map.getBoundsZoom(evidence, false, view.L.point(100, 120)) - view.map.getZoom();
  if (!view.map.getBounds().contains(evidence) || closer > 0.8) {
    view.map.flyToBounds(evidence, { padding: [50, 60], maxZoom: 17.25, duration: 0.6 });
  }
}

function flyTo(view, row) {
  if (row === null) return;
  const bounds = view.byRow[row].getBounds();
  if (!view.map.getBounds().contains(bounds) || view.map.getZoom() < 15) {
    view.map.flyToBounds(bounds, { maxZoom: 16.5, duration: 0.6, padding: [60, 60] });
  }
}
