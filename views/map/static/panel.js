// The evidence panel: who an estate is, its findings by class, and why each says so. Everything is
// text.

import { estateColour, shownView } from "./classes.js";
import { button, element } from "./dom.js";
import { gapKinds, gapSymbol } from "./gap_symbols.js";
import { paintClass } from "./palette.js";
import { remedyTool, toolLabel, use } from "./tools.js";

const SYMBOL_PX = 14;

export function preparePanel(view) {
  const { panel } = view.parts;
  panel.setAttribute("role", "region");
  panel.addEventListener("keydown", (event) => { if (event.key === "Escape") view.actions.pick(null); });
}

// Draw the selected estate, the overview where none is; while a dossier is on its way, nothing.
export function drawPanel(view) {
  const { state, parts: { panel } } = view;
  panel.setAttribute("aria-label", state.page.words.why);
  if (state.selected === null) drawOverview(view);
  else if (state.dossier) drawDossier(view);
  else if (state.isLost) panel.replaceChildren(element("p", "hint", state.page.words.lost));
}

// The estates in the order of the ranking, each with its class, rank, gaps and households.
function drawOverview(view) {
  const { parts: { panel }, state } = view;
  const { words, reach } = state.page;
  const { listed, gaps } = shownView(state);
  const title = state.show ? `${words.list} · ${words.kinds[state.show]}` : words.list;
  const list = element("div", "ranking");
  const heads = element("div", "ranked heads");
  heads.append(...words.list_heads.map((head) => element("span", "", head)));
  list.append(heads, ...listed.map((estate) => rankedRow(view, estate, gaps[estate.row])));
  if (!listed.length) list.append(element("p", "hint", words.none));
  const hint = state.figures.note ? element("p", "notice", state.figures.note) : element("p", "hint", words.hint);
  panel.replaceChildren(...reachBox(reach), element("h4", "", title), hint, list);
  delete panel.dataset.row;
}

function rankedRow(view, { row, rank, safety, households, note, lacking }, gaps) {
  const { state, estates, palette } = view;
  const made = button("panel-row ranked", null, () => view.actions.pick(row, { fly: true }));
  const mark = element("b", "rank-mark", rank);
  paintClass(mark, estateColour(state, palette, row));
  const name = element("span", "rank-name", estates.name(row));
  for (const { kind, degree } of gapKinds(state, row)) name.append(gapSymbol(kind, SYMBOL_PX, degree));
  if (lacking) name.append(element("em", "rank-lacking", lacking));
  made.append(mark, name);
  if (note) made.append(element("i", "rank-note", note));
  else made.append(element("i", "", safety), element("i", "", households), element("b", "", gaps));
  return made;
}

function reachBox(reach) {
  if (!reach) return [];
  const box = element("div", "reach-inside");
  box.append(element("b", "", reach.title), element("span", "", reach.total));
  const inside = element("details");
  inside.append(element("summary", "", reach.summary));
  for (const [name, share, metres] of reach.rows) {
    const row = element("p");
    row.append(element("span", "", name), element("i", "", `${share} · ${metres}`));
    inside.append(row);
  }
  box.append(inside);
  return [box];
}

function drawDossier(view) {
  const { parts: { panel }, state: { dossier, selected, page: { words, reach } } } = view;
  const head = element("div", "panel-head");
  const close = button("panel-close", "✕", () => view.actions.pick(null));
  close.title = words.close;
  close.setAttribute("aria-label", words.close);
  head.append(element("h4", "", dossier.name), close);
  const facts = element("p", "panel-facts");
  for (const fact of dossier.facts) facts.append(element("span", "", fact), " ");
  const list = findingList(view);
  const notice = dossier.notice ? [element("p", "notice", dossier.notice)] : [];
  panel.replaceChildren(...reachBox(reach), head, facts, ...notice, groupTabs(view), list);
  if (panel.dataset.row !== String(selected)) panel.scrollTop = 0;
  panel.dataset.row = selected;
  const chosen = list.querySelector("[aria-expanded=true]");
  if (chosen) {
    const hidden = chosen.getBoundingClientRect().bottom + 160 - panel.getBoundingClientRect().bottom;
    panel.scrollTop += Math.max(0, hidden);
  }
}

function groupTabs(view) {
  const { state: { dossier, group: open, page: { words } } } = view;
  const tabs = element("div", "panel-groups");
  tabs.setAttribute("role", "group");
  tabs.setAttribute("aria-label", words.findings);
  for (const [group, label] of Object.entries(words.groups)) {
    if (dossier.partial && group !== "gaps") continue; // of a city only the gaps are known here
    const count = dossier.findings.filter((finding) => finding.group === group).length;
    if (!count && group !== "gaps" && group !== open) continue;
    const made = button("", `${label} ${dossier.counts?.[group] ?? count}`, () => {
      view.actions.group(group);
      view.parts.panel.querySelector(`.panel-groups [data-group=${group}]`).focus();
    });
    made.dataset.group = group;
    made.setAttribute("aria-pressed", String(open === group));
    tabs.append(made);
  }
  return tabs;
}

function findingList(view) {
  const { state: { dossier, group, page: { words } } } = view;
  const list = element("div", "findings");
  const listed = dossier.findings.filter((finding) => finding.group === group);
  if (!listed.length) list.append(element("p", "hint", words.none));
  for (const [name, label] of Object.entries(words.classes)) {
    const several = listed.filter((finding) => finding.class === name);
    if (!several.length) continue;
    list.append(element("h5", "", `${label} ${several.length}`));
    for (const finding of several) list.append(...findingRows(view, finding));
  }
  return list;
}

function findingRows(view, finding) {
  const { state, actions, parts } = view;
  const isChosen = finding.rule === state.rule;
  const made = button("panel-row finding", null, () => {
    actions.choose(isChosen ? "" : finding.rule);
    [...parts.panel.querySelectorAll(".finding")].find((row) => row.dataset.rule === finding.rule)?.focus();
  });
  made.dataset.rule = finding.rule;
  made.setAttribute("aria-expanded", String(isChosen));
  made.append(element("b", `mark ${finding.outcome}`, finding.said),
              element("span", "", finding.metric), element("i", "", finding.figures));
  return isChosen ? [made, findingDetail(view, finding)] : [made];
}

function findingDetail(view, finding) {
  const box = element("div", "finding-detail");
  if (finding.reason) box.append(element("p", "reason", finding.reason));
  const marks = element("p", "marks");
  for (const [tone, text] of finding.marks) marks.append(element("b", `mark ${tone}`, text), " ");
  const facts = element("dl");
  for (const [label, text] of finding.details) facts.append(element("dt", "", label), element("dd", "", text));
  box.append(...remedyButtons(view, finding), marks, facts);
  return box;
}

// What can be tried against it; of a file nobody can.
function remedyButtons(view, { remedies = [] }) {
  const { state: { page: { words, trial } } } = view;
  if (!trial || !remedies.length) return [];
  const box = element("p", "remedies", words.remedy);
  for (const [name, kind] of remedies) {
    const tool = remedyTool(words, name, kind);
    const made = button("remedy", toolLabel(words, tool), () => use(view, tool));
    made.dataset.remedy = kind || name;
    box.append(" ", made);
  }
  return [box];
}
