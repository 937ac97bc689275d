// The map on its own, as one file: the page's own client, its data beside it as JSON.

import { show } from "./client.js";

// Of a city only the gaps are here, each as one line.
export function shortDossier({ texts, rules, labels, start, rule, missing, said, value, decided = {} }, row, name) {
  const [clauseLabel, departmentLabel, unreachable] = labels;
  const findings = [];
  for (let i = start[row]; i < start[row + 1]; i += 1) {
    const [id, group, metric, unit, limit, clause, department] = rules[rule[i]].map((cell) => texts[cell]);
    const found = value[i] ?? (unit === "m" ? unreachable : "");
    findings.push({
      rule: id, group: "gaps", class: group, outcome: missing[i] ? "missing" : "short", said: texts[said[i]], metric,
      figures: decided[i] ?? [found, limit && `(${limit})`].filter(Boolean).join(" "), reason: "", marks: [], evidence: {},
      details: [[clauseLabel, clause], [departmentLabel, department]],
    });
  }
  return { name, facts: [], findings, partial: true };
}

// `layer(name)` returns a layer's module; `page`, `figures`, `legend` and either `dossiers` or
// `gaps` stand in the file.
export function start(root, { page, figures, legend, dossiers, gaps }, layer) {
  const { strings, columns } = layer("estates");
  const load = {
    leaflet: async () => globalThis.L,
    layer: async (name) => layer(name),
    json: async (address) => ({ figures, legend })[address],
    dossier: async (_, row) => dossiers?.[row] ?? shortDossier(gaps, row, strings[columns.name[row]]),
  };
  return show(root, page, load, null);
}
