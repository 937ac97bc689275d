// What the address remembers, what is asked for once, and the short dossiers of a city's file.

import assert from "node:assert/strict";
import { test } from "node:test";

import { formatLook, formatView, parseLook, parseView } from "../../views/map/static/camera.js";
import { dossierCache } from "../../views/map/static/dossiers.js";
import { shortDossier } from "../../views/map/static/standalone.js";

test("camera and look come back from the address as they were written", () => {
  assert.deepEqual(parseView(formatView(15.25, 37.9729, 106.2029)), [15.25, 37.9729, 106.2029]);
  const look = { switched: new Set(["pipelines", "trees"]) };
  assert.deepEqual(parseLook(formatLook(look)), look);
});

test("an address that says nothing, or nonsense, is no camera and no look", () => {
  for (const text of [null, "", "1/2", "a/b/c", "1/2/3/4"]) assert.equal(parseView(text), null);
  assert.deepEqual(parseLook(null), { switched: new Set() });
});

test("a dossier is asked for once; one that failed again; the oldest is dropped", async () => {
  const asked = [];
  const fetchOne = async (address, row) => {
    asked.push(address + row);
    if (row === 9 && asked.length < 5) throw new Error("lost");
    return row;
  };
  const dossier = dossierCache(fetchOne, 2);
  assert.deepEqual(await Promise.all([dossier("d/", 1), dossier("d/", 1), dossier("e/", 1)]), [1, 1, 1]);
  assert.deepEqual(asked, ["d/1", "e/1"]);
  await assert.rejects(dossier("d/", 9));
  await dossier("d/", 1);
  assert.deepEqual(asked.slice(2), ["d/9", "d/1"]); // d/1 had been dropped
  assert.equal(await dossier("d/", 9), 9);
});

test("a gap of a city's file says value, limit, clause and department", () => {
  const gaps = {
    texts: ["lift", "basic", "elevators", "m", "≤ 300 m", "GB 1", "housing", "walk", "improving", "≥ 1", "missing", "too far"],
    rules: [[0, 1, 2, 3, 4, 5, 6], [7, 8, 2, 9, 9, 5, 6]], labels: ["Clause", "Responsible", "unreachable"],
    start: [0, 0, 3], rule: [0, 0, 1], missing: [1, 0, 0], said: [10, 11, 11], value: [null, "1,250 m", null], decided: { 2: "31 m² (≥ 50 m²)" },
  };
  assert.deepEqual(shortDossier(gaps, 0, "none").findings, []);
  const { name, partial, findings } = shortDossier(gaps, 1, "one");
  assert.deepEqual([name, partial], ["one", true]);
  assert.deepEqual(findings.map(({ figures }) => figures),
    ["unreachable (≤ 300 m)", "1,250 m (≤ 300 m)", "31 m² (≥ 50 m²)"]);
  assert.deepEqual(findings.map(({ outcome }) => outcome), ["missing", "short", "short"]);
  assert.deepEqual(findings.map(({ said }) => said), ["missing", "too far", "too far"]);
  assert.deepEqual(findings[0].details, [["Clause", "GB 1"], ["Responsible", "housing"]]);
});
