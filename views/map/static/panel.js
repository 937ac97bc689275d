// The evidence panel: who an estate is, its findings by class, and why each says so. Everything is
// text. It opens by itself from the estate's dossier; the server is told afterwards.

const PREPARED_AT_MOST = 200; // dossiers kept in the browser

function preparePanel(view) {
  view.panel = { group: "gaps", kept: new Map(), dossier: null };
  view.aside.setAttribute("role", "region");
  view.aside.setAttribute("aria-label", view.words.why);
  view.aside.addEventListener("keydown", (event) => { if (event.key === "Escape") view.pick(null); });
}

// The dossier of a row, asked for once: already when the pointer comes over the estate.
function dossierOf(view, row) {
  const { kept } = view.panel;
  if (!kept.has(row)) {
    const coming = view.loadDossier(row);
    coming.catch(() => kept.delete(row)); // whoever waits for it says so; the next asks again
    kept.set(row, coming);
    if (kept.size > PREPARED_AT_MOST) kept.delete(kept.keys().next().value);
  }
  return kept.get(row);
}

// Show the selected estate, or the overview where none is. What comes too late is not shown.
async function openPanel(view) {
  const { panel, selected } = view;
  if (selected === null) {
    panel.dossier = null;
    drawOverview(view);
    return;
  }
  const turn = view.turn;
  try {
    const dossier = await dossierOf(view, selected);
    if (view.selected !== selected || view.turn !== turn) return;
    panel.dossier = dossier;
    showGroupOf(view, view.rule);
    drawDossier(view);
  } catch (error) {
    console.error(error);
    if (view.selected === selected) view.aside.replaceChildren(element("p", "hint", view.words.lost));
  }
}

function chosenFinding(view) {
  const { dossier } = view.panel;
  return dossier && view.rule ? dossier.findings.find((finding) => finding.rule === view.rule) : undefined;
}

function showGroupOf(view, rule) {
  const chosen = view.panel.dossier.findings.find((finding) => finding.rule === rule);
  if (chosen) view.panel.group = chosen.group;
}

function drawOverview(view) {
  const { words, overview, reach } = view;
  const parts = [...reachBox(reach), element("h4", "", words.why), element("p", "hint", words.hint)];
  if (overview && overview.length) {
    const list = element("div", "most-gaps");
    for (const [row, count] of overview) {
      const button = element("button", "panel-row");
      button.type = "button";
      button.append(element("b", "", count), element("span", "", view.text("estates", "name", row)));
      button.onclick = () => view.pick(row, { fly: true });
      list.append(button);
    }
    parts.push(element("h5", "", words.most), list);
  }
  view.aside.replaceChildren(...parts);
  delete view.aside.dataset.row;
}

function reachBox(reach) {
  if (!reach) return [];
  const box = element("div", "reach-inside");
  box.append(element("b", "", reach.title), element("span", "", reach.total));
  const inside = element("details", "");
  inside.append(element("summary", "", reach.summary));
  for (const [name, share, metres] of reach.rows) {
    const row = element("p", "");
    row.append(element("span", "", name), element("i", "", `${share} · ${metres}`));
    inside.append(row);
  }
  box.append(inside);
  return [box];
}

function drawDossier(view) {
  const { aside, panel, words, reach } = view;
  const head = element("div", "panel-head");
  const close = element("button", "panel-close", "✕");
  close.type = "button";
  close.title = words.close;
  close.setAttribute("aria-label", words.close);
  close.onclick = () => view.pick(null);
  head.append(element("h4", "", panel.dossier.name), close);
  const facts = element("p", "panel-facts");
  for (const fact of panel.dossier.facts) facts.append(element("span", "", fact), " ");
  const list = element("div", "findings");
  fillFindings(view, list);
  aside.replaceChildren(...reachBox(reach), head, facts, groupTabs(view), list);
  if (aside.dataset.row !== String(view.selected)) aside.scrollTop = 0;
  aside.dataset.row = view.selected;
  const chosen = list.querySelector("[aria-expanded=true]");
  if (chosen) aside.scrollTop += Math.max(0, chosen.getBoundingClientRect().bottom + 160 - aside.getBoundingClientRect().bottom);
}

function groupTabs(view) {
  const { panel, words } = view;
  const tabs = element("div", "panel-groups");
  tabs.setAttribute("role", "group");
  tabs.setAttribute("aria-label", words.findings);
  const { partial } = panel.dossier; // of a city only the gaps are known here: nothing is said of the rest
  for (const [group, label] of Object.entries(words.groups)) {
    if (partial && group !== "gaps") continue;
    const count = panel.dossier.findings.filter((finding) => finding.group === group).length;
    const button = element("button", "", `${label} ${count}`);
    button.type = "button";
    button.dataset.group = group;
    button.setAttribute("aria-pressed", String(panel.group === group));
    button.onclick = () => {
      panel.group = group;
      drawDossier(view);
      view.aside.querySelector(`.panel-groups [data-group=${group}]`).focus();
    };
    tabs.append(button);
  }
  return tabs;
}

function fillFindings(view, list) {
  const { panel, words } = view;
  const listed = panel.dossier.findings.filter((finding) => finding.group === panel.group);
  if (!listed.length) list.append(element("p", "hint", words.none));
  for (const [name, label] of Object.entries(words.classes)) {
    const several = listed.filter((finding) => finding.class === name);
    if (!several.length) continue;
    list.append(element("h5", "", `${label} ${several.length}`));
    for (const finding of several) list.append(...findingRows(view, finding));
  }
}

function findingRows(view, finding) {
  const chosen = finding.rule === view.rule;
  const button = element("button", "panel-row finding");
  button.type = "button";
  button.dataset.rule = finding.rule;
  button.setAttribute("aria-expanded", String(chosen));
  button.append(element("b", `mark ${finding.outcome}`, view.words.outcomes[finding.outcome]),
                element("span", "", finding.metric), element("i", "", finding.figures));
  button.onclick = () => {
    view.choose(chosen ? "" : finding.rule);
    const again = [...view.aside.querySelectorAll(".finding")].find((row) => row.dataset.rule === finding.rule);
    if (again) again.focus();
  };
  return chosen ? [button, findingDetail(finding)] : [button];
}

function findingDetail(finding) {
  const box = element("div", "finding-detail");
  if (finding.reason) box.append(element("p", "reason", finding.reason));
  const marks = element("p", "marks");
  for (const [tone, text] of finding.marks) marks.append(element("b", `mark ${tone}`, text), " ");
  const facts = element("dl", "");
  for (const [label, text] of finding.details) facts.append(element("dt", "", label), element("dd", "", text));
  box.append(marks, facts);
  return box;
}
