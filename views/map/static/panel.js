// The evidence panel: who an estate is, its findings by class, and why each says so. Everything is
// text.

import { button, element } from "./dom.js";

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

function drawOverview(view) {
  const { parts: { panel }, state: { page: { words, overview, reach } } } = view;
  const parts = [...reachBox(reach), element("h4", "", words.why), element("p", "hint", words.hint)];
  if (overview.length) {
    const list = element("div", "most-gaps");
    for (const [row, count] of overview) {
      const made = button("panel-row", null, () => view.actions.pick(row, { fly: true }));
      made.append(element("b", "", count), element("span", "", view.estates.name(row)));
      list.append(made);
    }
    parts.push(element("h5", "", words.most), list);
  }
  panel.replaceChildren(...parts);
  delete panel.dataset.row;
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
  panel.replaceChildren(...reachBox(reach), head, facts, groupTabs(view), list);
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
    const made = button("", `${label} ${count}`, () => {
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
  made.append(element("b", `mark ${finding.outcome}`, state.page.words.outcomes[finding.outcome]),
              element("span", "", finding.metric), element("i", "", finding.figures));
  return isChosen ? [made, findingDetail(finding)] : [made];
}

function findingDetail(finding) {
  const box = element("div", "finding-detail");
  if (finding.reason) box.append(element("p", "reason", finding.reason));
  const marks = element("p", "marks");
  for (const [tone, text] of finding.marks) marks.append(element("b", `mark ${tone}`, text), " ");
  const facts = element("dl");
  for (const [label, text] of finding.details) facts.append(element("dt", "", label), element("dd", "", text));
  box.append(marks, facts);
  return box;
}
