// The map on its own, as one file: the page's own map and panel, their data beside them.

const PAGE = document.getElementById("gap-map-root");

// Of a city only the gaps are here, each as one line.
function shortDossier(row) {
  const { texts, rules, labels, start, rule, missing, value } = FINDINGS;
  const findings = [];
  for (let i = start[row]; i < start[row + 1]; i += 1) {
    const [id, group, metric, unit, limit, clause, department] = rules[rule[i]].map((cell) => texts[cell]);
    const found = value[i] !== null ? `${value[i].toLocaleString()} ${unit}`.trim() : unit === "m" ? labels[2] : "";
    findings.push({
      rule: id, group: "gaps", class: group, outcome: missing[i] ? "missing" : "short", metric,
      figures: [found, limit && `(${limit})`].filter(Boolean).join(" "), reason: "", marks: [], evidence: {},
      details: [[labels[0], clause], [labels[1], department]],
    });
  }
  return { name: strings[attributes.estates.name[row]], facts: [], findings, partial: true };
}

show(PAGE, {
  geo: "inline", state: "inline", dossiers: "inline", element: ELEMENT_ID, words: WORDS, selected: null,
  rule: "", turn: 0, evidence: {}, reach: null, overview: OVERVIEW, stamp: "inline",
  load: async () => ({ strings, attributes, build }),
  loadState: async () => STATE,
  loadDossier: async (row) => (typeof DOSSIERS === "undefined" ? shortDossier(row) : DOSSIERS[row]),
}, null);
