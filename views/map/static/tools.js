// The bar of tools above the map; over the map, so that it never moves, the banner of the tool in
// use and the line of the scenario that is looked at.

import { button, element } from "./dom.js";
import { areaOf, crossesItself, lengthOf, metresText, squareMetresText } from "./measure.js";

const MEASURES = {
  distance: { do: "distance", kind: "", least: 2, most: Infinity },
  area: { do: "area", kind: "", least: 3, most: Infinity, isRing: true },
};

// The tool of a remedy that the page offers, `kind` of a new facility or "".
export function remedyTool({ remedies }, name, kind = "") {
  const { least, most } = remedies[name];
  return { do: name, kind, least, most, isRemedy: true, isNew: name === "add_facility" };
}

export function toolLabel({ tools, remedies, facilities }, { do: name, kind }) {
  if (kind) return facilities[kind];
  return remedies[name]?.label ?? tools[name];
}

export function drawToolBar(view) {
  const { parts: { toolBar }, state: { page: { words, trial, grid } } } = view;
  toolBar.setAttribute("role", "group");
  toolBar.setAttribute("aria-label", words.tools.bar);
  toolBar.replaceChildren(...(grid ? measureButtons(view) : []), ...(trial ? [remedyChoice(view)] : []));
}

function measureButtons(view) {
  const { state: { tool, page: { words } } } = view;
  return Object.values(MEASURES).map((one) => {
    const isOn = tool?.do === one.do;
    const own = button("tool-button", words.tools[one.do], () => use(view, isOn ? null : one));
    own.dataset.tool = one.do;
    own.setAttribute("aria-pressed", String(isOn));
    return own;
  });
}

// That the map shows an assumption and what it changes; its last step is undone and done again.
export function drawScenarioLine({ parts: { scenarioLine }, state: { page: { words: { tools }, trial } }, actions }) {
  scenarioLine.hidden = !trial?.line;
  if (scenarioLine.hidden) return;
  const undo = part("undo", tools.undo, () => actions.gesture("undo"));
  const redo = part("redo", tools.redo, () => actions.gesture("redo"));
  undo.disabled = !trial.can_undo;
  redo.disabled = !trial.can_redo;
  refill(scenarioLine, [element("span", "", trial.line), undo, redo]);
}

// Put other children into a box; the focus stays on the part of the same name.
function refill(box, children) {
  const had = box.contains(document.activeElement) ? document.activeElement.dataset.part : "";
  box.replaceChildren(...children);
  if (had) box.querySelector(`[data-part="${had}"]`)?.focus();
}

function remedyChoice(view) {
  const { state: { tool, page: { words } } } = view;
  const choice = element("select", "remedy-choice");
  choice.setAttribute("aria-label", words.tools.remedy);
  choice.append(option("", words.tools.remedy));
  for (const name of Object.keys(words.remedies)) {
    if (name === "add_facility") choice.append(facilityGroup(words));
    else choice.append(option(`${name}:`, words.remedies[name].label));
  }
  choice.value = tool?.isRemedy ? `${tool.do}:${tool.kind}` : "";
  choice.onchange = () => {
    const [name, kind] = choice.value.split(":");
    use(view, name ? remedyTool(words, name, kind) : null);
  };
  return choice;
}

function facilityGroup({ remedies, facilities }) {
  const group = element("optgroup");
  group.label = remedies.add_facility.label;
  for (const [kind, label] of Object.entries(facilities)) group.append(option(`add_facility:${kind}`, label));
  return group;
}

function option(value, text) {
  const made = element("option", "", text);
  made.value = value;
  return made;
}

// Take a tool up; keys then go to the map, which is in sight.
export function use(view, tool) {
  view.actions.tool(tool);
  if (!tool) return;
  view.map.getContainer().focus({ preventScroll: true });
  view.parts.stage.scrollIntoView({ block: "nearest" });
}

export function prepareNotices(view) {
  const notices = element("div", "map-notices");
  const [banner, scenarioLine] = ["tool-banner", "scenario-line"].map((name) => {
    const notice = element("div", name);
    notice.setAttribute("role", "status");
    notice.hidden = true;
    return notice;
  });
  notices.append(banner, scenarioLine);
  view.L.DomEvent.disableClickPropagation(notices);
  view.parts.stage.append(notices, element("div", "cross"));
  Object.assign(view.parts, { banner, scenarioLine });
}

export function drawBanner(view) {
  const { parts: { banner }, state: { tool, page: { words } } } = view;
  const said = sayings(view);
  banner.hidden = !tool && !said.length;
  refill(banner, [...(tool ? toolParts(view, words) : []), ...said]);
  if (tool) showMeasure(view, tool.points);
}

function toolParts(view, words) {
  const { state: { tool, page: { grid } }, actions } = view;
  const figure = element("span", "tool-figure");
  const said = tool.isRemedy ? words.remedies[tool.do].hint : `${words.tools.hint} · ${words.tools.plane} ${grid.code}`;
  const hint = element("span", "tool-hint", said);
  hint.title = grid ? `${words.tools.keys} · ${grid.name}` : words.tools.keys;
  const parts = [element("b", "", toolLabel(words, tool)), figure, hint];
  if (tool.isNew) parts.push(...Object.entries(words.sizes).map(([name, label]) => sizeField(view, name, label)));
  if (tool.most > 1 && tool.points.length) {
    parts.push(part("unpoint", words.tools.back, () => actions.sketch({ type: "unpoint" })));
  }
  if (tool.most > 2 && tool.points.length >= tool.least && !tool.isDone) {
    parts.push(part("finish", words.tools.finish, () => actions.sketch({ type: "finish" })));
  }
  return [...parts, part("quit", words.tools.quit, () => actions.tool(null))];
}

function part(name, text, onClick) {
  const made = button("tool-button", text, onClick);
  made.dataset.part = name;
  return made;
}

function sizeField(view, name, label) {
  const { state: { tool }, actions } = view;
  const field = element("label", "tool-size", label);
  const typed = element("input");
  typed.type = "number";
  typed.min = "0";
  typed.value = tool.sizes[name] ?? "";
  typed.dataset.part = name;
  typed.onchange = () => {
    const { [name]: _, ...others } = view.state.tool.sizes;
    const value = Number(typed.value);
    actions.sketch({ type: "sizes", sizes: value > 0 ? { ...others, [name]: value } : others });
  };
  field.append(typed);
  return field;
}

// What came of the last gesture, or that it is being worked out.
function sayings({ state: { gestures, tool, page: { words, trial } } }) {
  if (gestures.length) return [element("span", "tool-said", words.tools.working)];
  if (!trial?.said || (!tool && !trial.is_refused)) return [];
  return [element("span", `tool-said ${trial.is_refused ? "refused" : ""}`, trial.said)];
}

// The length or area of the sketch with the pointer's place.
export function showMeasure({ parts: { banner }, state: { tool, page: { grid, words } } }, places) {
  const figure = banner.querySelector(".tool-figure");
  if (figure) figure.textContent = measureText(grid, words, tool, places);
}

export function measureText(grid, words, { isRing, most }, places) {
  if (!grid || most === 1 || places.length < 2) return "";
  if (crossesItself(places, isRing)) return words.tools.crosses;
  const length = metresText(lengthOf(grid, places));
  return isRing && places.length > 2 ? squareMetresText(areaOf(grid, places)) : length;
}
