// The map on its own, as one file: a click lists the estate's findings, all of it shown as text.

const PAGE = document.getElementById("gap-map-root");
const ASIDE = document.getElementById("evidence");

function figure(value, unit) {
  const text = Math.abs(value) >= 10 ? Math.round(value).toLocaleString() : String(value);
  return unit ? `${text} ${unit}` : text;
}

function listFindings(row) {
  const { texts, rules, start, rule, outcome, value } = FINDINGS;
  ASIDE.replaceChildren();
  if (row === null) {
    ASIDE.append(element("p", "hint", WORDS.hint));
    return;
  }
  ASIDE.append(element("h2", "", strings[attributes.estates.name[row]]));
  const list = element("ul", "");
  for (let i = start[row]; i < start[row + 1]; i += 1) {
    const [metric, unit, op, threshold, clause, department] = rules[rule[i]].map(
      (cell, n) => (n === 3 ? cell : texts[cell]));
    const item = element("li", FINDINGS.outcomes[outcome[i]]);
    item.append(element("b", "", WORDS.outcomes[outcome[i]]), element("span", "", metric));
    const limit = threshold === null ? "" : ` (${op} ${figure(threshold, unit)})`;
    const found = value[i] === null ? "" : figure(value[i], unit);
    item.append(element("i", "", found + limit), element("small", "", `${clause} · ${department}`));
    list.append(item);
  }
  ASIDE.append(list.childElementCount ? list : element("p", "hint", WORDS.none));
}

listFindings(null);
const DATA = {
  geo: "inline", state: "inline", element: ELEMENT_ID, words: WORDS, selected: null, evidence: {},
  stamp: "inline", load: async () => ({ strings, attributes, build }), loadState: async () => STATE,
};
show(PAGE, DATA, (id) => {
  const at = strings.indexOf(id);
  listFindings(id === "" ? null : attributes.estates.estate_id.indexOf(at));
});
