// The one state of the map, and how each message changes it. Pure: no browser, no server.
//
// page                 the server's last words, with the figures and the legend that they name
// dossier, lost        what came of asking for the selected estate's dossier
// pick, choose, group  an estate, a finding, a group of findings
// show                 the kind of gap that map and list are about, "" for all
// toggle, more         a layer's switch, the switches of more layers
// zoom, ground, loaded of the camera; light or dark; a layer's module is here
// tool                 what clicks on the map do from now on, null: they pick
// point, unpoint       a place is added to the tool's sketch, the last is taken back
// sizes, finish        what is known of a new facility; the sketch is whole
// gesture              what else is done to the scenario: undo, redo

export const NO_FIGURES = {
  views: { "": { total: 0, classes: [], places: [], gaps: [], order: [], listed: [] } },
  kinds: [[], [], [], []], shown: null, tips: [], formula: "", note: "",
};

export function initialState({ requestId = 0, gestureNumber = 0, switched = new Set() } = {}) {
  return {
    page: null, textsKey: "", panelKey: "", legend: [], figures: NO_FIGURES, shown: null,
    selected: null, rule: "", show: "", requestId, dossier: null, isLost: false, group: "gaps",
    switched, isMoreOpen: false, on: new Set(), loaded: new Set(), zoom: 0, dark: false,
    tool: null, gestures: [], gestureNumber, trialKey: "",
  };
}

// Every pick has a number; what the server says of an earlier one is stale.
export function isCurrent(state, page) {
  return page.request_id >= state.requestId;
}

const CHANGES = {
  page(state, { page, figures, legend, loaded, zoom }) {
    const next = {
      ...state, page, figures, zoom,
      shown: figures.shown ? new Set(figures.shown) : null,
      loaded: loaded.every((name) => state.loaded.has(name)) ? state.loaded : new Set(loaded),
      textsKey: JSON.stringify(page.words),
      panelKey: JSON.stringify(page.reach),
      trialKey: JSON.stringify(page.trial),
      gestures: state.gestures.filter(({ number }) => number > (page.trial?.gesture ?? 0)),
    };
    if (state.page && state.page.dossiers !== page.dossiers) Object.assign(next, { dossier: null, isLost: false });
    if (isCurrent(state, page)) {
      next.show = page.show;
      select(next, page.selected, page.rule);
    }
    return state.legend === legend ? next : withLayersOn({ ...next, legend });
  },
  dossier(state, { row, dossiers, dossier }) {
    if (row !== state.selected || dossiers !== state.page.dossiers) return state;
    const next = { ...state, dossier, isLost: false };
    return { ...next, group: chosenFinding(next)?.group ?? state.group };
  },
  lost(state, { row, dossiers }) {
    return row === state.selected && dossiers === state.page.dossiers ? { ...state, isLost: true } : state;
  },
  pick(state, { row, rule = "" }) {
    const next = { ...state, requestId: state.requestId + 1 };
    select(next, row, rule);
    return next;
  },
  choose(state, { rule }) {
    return { ...state, requestId: state.requestId + 1, rule };
  },
  group(state, { group }) {
    return { ...state, group };
  },
  toggle(state, { layer }) {
    const switched = new Set(state.switched);
    if (!switched.delete(layer)) switched.add(layer);
    return withLayersOn({ ...state, switched });
  },
  more(state) {
    return { ...state, isMoreOpen: !state.isMoreOpen };
  },
  show(state, { kind }) {
    return { ...state, requestId: state.requestId + 1, show: kind };
  },
  zoom(state, { zoom }) {
    return zoom === state.zoom ? state : { ...state, zoom };
  },
  ground(state, { dark }) {
    return dark === state.dark ? state : { ...state, dark };
  },
  loaded(state, { layer }) {
    return { ...state, loaded: new Set([...state.loaded, layer]) };
  },
  tool(state, { tool }) {
    return { ...state, tool: tool && { ...tool, points: [], sizes: {}, isDone: false } };
  },
  point(state, { at, within }) {
    const { tool } = state;
    const points = tool.isDone ? [at] : [...tool.points, at];
    const next = { ...state, tool: { ...tool, points, within, isDone: false } };
    return points.length === tool.most ? finished(next) : next;
  },
  unpoint(state) {
    return { ...state, tool: { ...state.tool, points: state.tool.points.slice(0, -1), isDone: false } };
  },
  sizes(state, { sizes }) {
    return { ...state, tool: { ...state.tool, sizes } };
  },
  finish(state) {
    return finished(state);
  },
  gesture(state, { what }) {
    return gestured(state, { do: what });
  },
};

// A measured sketch stays until the next click; one of a remedy is told to the server.
function finished(state) {
  const { tool } = state;
  if (tool.points.length < tool.least) return state;
  if (!tool.isRemedy) return { ...state, tool: { ...tool, isDone: true } };
  const places = tool.points.map(([lat, lng]) => [lng, lat]);
  const told = { do: tool.do, kind: tool.kind, places, sizes: tool.sizes, within_m: tool.within };
  return gestured({ ...state, tool: { ...tool, points: [] } }, told);
}

// Gestures wait here, numbered, until the server has heard them.
function gestured(state, told) {
  const number = state.gestureNumber + 1;
  return { ...state, gestureNumber: number, gestures: [...state.gestures, { kind: "", ...told, number }] };
}

export function change(state, message) {
  return CHANGES[message.type](state, message);
}

function select(state, row, rule) {
  if (row !== state.selected) Object.assign(state, { dossier: null, isLost: false, group: "gaps" });
  Object.assign(state, { selected: row, rule });
  state.group = chosenFinding(state)?.group ?? state.group;
}

// `switched` are the layers a user switched against what the style table opens with.
function withLayersOn(state) {
  const on = state.legend.filter(({ name, opens }) => opens !== state.switched.has(name));
  const isMoreOpen = state.isMoreOpen || on.some(({ opens }) => !opens);
  return { ...state, isMoreOpen, on: new Set(on.map(({ name }) => name)) };
}

// Layers to draw now: switched on, and at a scale that shows more than a smear.
export function wantedLayers(state) {
  return state.legend.filter(({ name, fromZoom }) => state.on.has(name) && state.zoom >= fromZoom)
    .map(({ name }) => name);
}

export function chosenFinding({ dossier, rule }) {
  return dossier && rule ? dossier.findings.find((finding) => finding.rule === rule) : undefined;
}

// What lies over the map: what the server asked for, and what the chosen finding rests on.
export function shownEvidence(state) {
  return { ...state.page.evidence, ...(chosenFinding(state)?.evidence ?? {}) };
}
