// The map and its panel: one state, messages in, picks out. docs/map.md describes the protocol.

import { addressed, firstCamera, flyToEstate, flyToEvidence, parseLook, rememberCamera, rememberLook } from "./camera.js";
import { closeCard } from "./cards.js";
import { drawCorner, prepareCorner } from "./corner.js";
import { element } from "./dom.js";
import { dossierCache } from "./dossiers.js";
import { drawEvidence, evidenceBounds, prepareEvidence } from "./evidence.js";
import { drawKindBar } from "./kinds.js";
import { drawLabels } from "./labels.js";
import { fetchLayer, renewLayers, restyleEstates, restyleLayers, syncLayers, zoomOfScale } from "./layers.js";
import { drawLegend } from "./legend.js";
import { isLight, PALETTES } from "./palette.js";
import { drawReadout, prepareReadout } from "./readout.js";
import { drawPanel, preparePanel } from "./panel.js";
import { drawAssumed, drawSketch, prepareSketch } from "./sketch.js";
import { change, initialState, isCurrent, shownEvidence } from "./state.js";
import { drawBanner, drawScenarioLine, drawToolBar, prepareNotices } from "./tools.js";
import { drawArrows, drawTownBar, townsOf } from "./towns.js";

const CAMERA_REST_MS = 250;
const VIEWS = new WeakMap();

// Show `page` in `root`. `load` fetches what the page names: leaflet(), layer(name), json(address)
// and dossier(address, row); `report` is told by name what a user does. Return what takes the map
// away again. Estates and towns are what a map is mounted for; other layers are renewed in it.
export async function show(root, page, load, report) {
  let view = VIEWS.get(root);
  if (!view || view.mountedFor !== frameOf(page)) {
    view?.close();
    view = await mount(root, page, load);
    VIEWS.set(root, view);
  }
  Object.assign(view, { load, report });
  await receive(view, page);
  return () => {
    view.close();
    VIEWS.delete(root);
  };
}

function frameOf({ layers }) {
  return `${layers.base} ${layers.estates} ${layers.towns}`;
}

async function mount(root, page, load) {
  const [L, base, legend] = await Promise.all([
    load.leaflet(), load.layer("base"), load.json(page.legend), load.layer("estates"),
  ]);
  const view = { root, L, load, mountedFor: frameOf(page), layers: new Map(), requested: new Set(), parts: frame(root, page) };
  const state = initialState({ ...parseLook(addressed("look")), requestId: page.request_id, gestureNumber: page.trial?.gesture ?? 0 });
  view.state = { ...state, dark: isDark(view), legend };
  view.palette = PALETTES[view.state.dark ? "dark" : "light"];
  view.send = (...messages) => send(view, messages);
  view.dossier = dossierCache(load.dossier);
  view.map = base.build(L);
  view.actions = actions(view);
  await adoptEstates(view, page.words);
  preparePanel(view);
  prepareEvidence(view);
  prepareReadout(view);
  prepareNotices(view);
  prepareCorner(view);
  view.labels = L.layerGroup().addTo(view.map);
  L.control.scale({ imperial: false, maxWidth: 130, position: "bottomright" }).addTo(view.map);
  listen(view);
  prepareSketch(view);
  view.isRestored = firstCamera(view);
  return view;
}

// Estates and towns are the frame of everything else: names, town buttons, the first camera.
async function adoptEstates(view, words) {
  view.estates = { shapes: [] };
  const data = await fetchLayer(view, "estates");
  Object.assign(view.estates, {
    data, layer: data.shape,
    id: (row) => data.text("estate_id", row),
    name: (row) => data.text("name", row),
    townId: (row) => data.text("town_id", row),
    inSight: (bounds) => [...view.estates.shapes.keys()]
      .filter((row) => bounds.intersects(view.estates.shapes[row].getBounds())),
  });
  view.townNames = new Map();
  if (view.state.legend.some(({ name }) => name === "towns")) {
    const towns = await fetchLayer(view, "towns");
    const named = (name) => words.towns[name] ?? name;
    towns.columns.town_id.forEach((_, row) => view.townNames.set(towns.text("town_id", row), named(towns.text("name", row))));
  }
  for (const name of view.layers.keys()) view.requested.add(name);
  view.towns = townsOf(view);
}

function frame(root, page) {
  const shell = element("div", "gap-map");
  const kindBar = element("div", "kind-bar");
  const bars = element("div", "map-bars");
  const townBar = element("div", "town-bar");
  const toolBar = element("div", "tool-bar");
  const stage = element("div", "map-stage");
  const canvas = element("div", "map-canvas");
  const legend = element("div", "map-legend");
  const panel = element("aside", "gap-panel");
  const probe = element("span", "ground-probe");
  canvas.id = page.element;
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-label", page.words.map);
  stage.append(canvas, element("div", "north", "N"));
  bars.append(townBar, toolBar);
  shell.append(kindBar, bars, stage, legend, probe);
  root.replaceChildren(shell, panel);
  return { kindBar, townBar, toolBar, stage, canvas, legend, panel, probe };
}

// The browser tells of a change of colours by the end of the probe's transition: nothing polls.
function isDark({ parts: { probe } }) {
  return isLight(getComputedStyle(probe).color);
}

function listen(view) {
  const { map, root, parts } = view;
  let rest = 0;
  map.on("zoomend", () => view.send({ type: "zoom", zoom: map.getZoom() }));
  map.on("moveend", () => {
    drawLabels(view);
    drawArrows(view);
    clearTimeout(rest);
    rest = setTimeout(() => rememberCamera(view), CAMERA_REST_MS);
  });
  map.on("click", ({ originalEvent }) => {
    if (view.state.tool) return;
    const label = originalEvent.target.closest?.(".estate-label");
    if (label) view.actions.pick(Number(label.dataset.row));
    else if (view.state.selected !== null && !view.state.page.reach) view.actions.pick(null); // a catchment stays
  });
  parts.probe.addEventListener("transitionend", () => view.send({ type: "ground", dark: isDark(view) }));
  const size = new ResizeObserver(() => map.invalidateSize({ debounceMoveend: true }));
  size.observe(parts.canvas);
  const printed = () => keepDrawnSize(parts.stage);
  addEventListener("beforeprint", printed);
  view.close = () => {
    size.disconnect();
    removeEventListener("beforeprint", printed);
    clearTimeout(rest);
    map.remove();
  };
  root.dataset.ready = "true";
}

// Paper may be larger than the screen, but no map is drawn for it: what would stick out is empty.
function keepDrawnSize(stage) {
  const { width, height } = stage.getBoundingClientRect();
  stage.style.setProperty("--drawn-width", `${width}px`);
  stage.style.setProperty("--drawn-height", `${height}px`);
}

// What a user does. A pick opens the panel first, then the server hears of it.
function actions(view) {
  const tell = () => {
    const { selected, rule, show, requestId } = view.state;
    view.report?.("picked", { estate: selected === null ? "" : view.estates.id(selected), rule, show, request_id: requestId });
  };
  return {
    pick(row, { rule = "", fly = false } = {}) {
      view.send({ type: "pick", row, rule });
      fetchDossier(view).then(tell);
      if (fly) flyToEstate(view, row);
    },
    choose(rule) {
      if (view.send({ type: "choose", rule }).evidence) flyToEvidence(view);
      tell();
    },
    group: (group) => view.send({ type: "group", group }),
    toggle(layer) {
      view.send({ type: "toggle", layer });
      rememberLook(view);
    },
    more: () => view.send({ type: "more" }),
    show(kind) {
      view.send({ type: "show", kind });
      tell();
    },
    tool: (tool) => view.send({ type: "tool", tool }),
    sketch(...messages) {
      view.send(...messages);
      tellGestures(view);
    },
    gesture(what) {
      view.send({ type: "gesture", what });
      tellGestures(view);
    },
    prefetch: (row) => view.dossier(view.state.page.dossiers, row),
  };
}

function tellGestures({ state: { gestures }, report }) {
  if (gestures.length) report?.("gestured", gestures);
}

async function fetchDossier(view) {
  const { selected: row, dossier, page: { dossiers } } = view.state;
  if (row === null || dossier) return;
  try {
    view.send({ type: "dossier", row, dossiers, dossier: await view.dossier(dossiers, row) });
  } catch (error) {
    console.error(error);
    view.send({ type: "lost", row, dossiers });
  }
}

// The server's last words, shown when all that they name is here.
async function receive(view, page) {
  const { page: shown, selected } = view.state;
  const { evidenceKey } = view;
  const [figures, legend] = await Promise.all([
    shown?.figures === page.figures ? view.state.figures : view.load.json(page.figures),
    shown?.legend === page.legend ? view.state.legend : scaledLegend(view, page.legend),
    shown ? renewLayers(view, shown.layers, page.layers) : null,
  ]);
  const isMoved = isCurrent(view.state, page) && page.selected !== selected;
  view.send({ type: "page", page, figures, legend, loaded: [...view.layers.keys()], zoom: view.map.getZoom() });
  if (shown) syncLayers(view); // those that were renewed
  if (shown && shown.cards !== page.cards) closeCard(view); // of another district or language
  if (!shown && !view.isRestored) firstCamera(view); // once more: the legend has taken its place
  await fetchDossier(view);
  if (shown || !view.isRestored) moveCamera(view, { isMoved, isNew: evidenceKey !== view.evidenceKey });
  drawArrows(view);
  tellGestures(view); // what was done meanwhile
  if (shown) { // the server wrote the address, with the camera and the look that it knew
    rememberCamera(view);
    rememberLook(view);
  }
  view.root.dataset.drawn = "drawn";
}

async function scaledLegend(view, address) {
  const { lat } = view.estates.layer.getBounds().getCenter();
  const legend = await view.load.json(address);
  return legend.map((layer) => ({ ...layer, fromZoom: zoomOfScale(layer.scale, lat) }));
}

function moveCamera(view, { isMoved, isNew }) {
  if (isNew && evidenceBounds(view).isValid()) flyToEvidence(view);
  else if (isMoved) flyToEstate(view, view.state.selected);
}

// Change the state and draw what differs; return what was drawn anew.
function send(view, messages) {
  const before = view.state;
  view.state = messages.reduce(change, before);
  return render(view, before);
}

function render(view, before) {
  const { state } = view;
  if (!state.page) return {};
  const differs = (...names) => names.some((name) => before[name] !== state[name]);
  const drawn = { evidence: false };
  if (differs("dark") || !before.page) useGround(view);
  drawShapes(view, before, differs);
  if (differs("textsKey", "figures", "show")) drawKindBar(view);
  if (differs("textsKey")) {
    drawTownBar(view);
    drawReadout(view);
    drawCorner(view);
  }
  if (differs("textsKey", "figures", "legend", "on", "isMoreOpen", "show", "dark")) drawLegend(view);
  if (differs("textsKey", "panelKey", "figures", "show", "selected", "rule", "dossier", "group", "isLost", "dark")) drawPanel(view);
  if (differs("textsKey", "tool")) drawToolBar(view);
  if (differs("textsKey", "tool", "trialKey", "gestures")) drawBanner(view);
  if (differs("tool", "textsKey", "dark")) drawSketch(view);
  if (differs("trialKey", "dark")) drawAssumed(view);
  if (differs("trialKey", "textsKey")) drawScenarioLine(view);
  const evidence = shownEvidence(state);
  const key = JSON.stringify(evidence);
  drawn.evidence = key !== view.evidenceKey;
  if (drawn.evidence || differs("dark")) drawEvidence(view, evidence);
  view.evidenceKey = key;
  return drawn;
}

function drawShapes(view, before, differs) {
  const { state } = view;
  if (differs("figures", "show", "dark")) restyleEstates(view);
  else if (differs("selected")) restyleEstates(view, [before.selected, state.selected].filter((row) => row !== null));
  if (differs("dark")) restyleLayers(view, view.layers.keys());
  else if (differs("zoom")) restyleLayers(view, symbolLayers(state));
  if (differs("on", "zoom", "loaded", "legend")) syncLayers(view);
  if (differs("textsKey", "figures", "on", "show", "dark", "selected")) drawLabels(view);
  if (differs("textsKey", "figures", "show", "dark")) drawArrows(view);
}

function symbolLayers({ legend }) {
  return legend.filter(({ looks }) => looks.some(({ radius }) => radius !== null)).map(({ name }) => name);
}

function useGround(view) {
  view.palette = PALETTES[view.state.dark ? "dark" : "light"];
  view.parts.canvas.style.background = view.palette.ground;
}
