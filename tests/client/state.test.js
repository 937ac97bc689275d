// Every message changes the one state as written here, and nothing that is stale changes it.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  change, chosenFinding, initialState, isCurrent, NO_FIGURES, shownEvidence, wantedLayers,
} from "../../views/map/static/state.js";

const LEGEND = [
  { name: "towns", opens: true, fromZoom: 0 },
  { name: "estates", opens: true, fromZoom: 0 },
  { name: "pipelines", opens: false, fromZoom: 15 },
];
const DOSSIER = {
  name: "one", facts: [],
  findings: [
    { rule: "r1", group: "gaps", evidence: { route: { line: [[1, 2]] } } },
    { rule: "r2", group: "unknown", evidence: {} },
  ],
};

function page(said = {}) {
  return { dossiers: "d/", words: {}, reach: null, evidence: {},
           selected: null, rule: "", show: "", request_id: 0, ...said };
}

function shown(said = {}, options = {}) {
  return change(initialState(options), {
    type: "page", page: page(said), figures: NO_FIGURES, legend: LEGEND, loaded: [], zoom: 14 });
}

function after(state, ...messages) {
  return messages.reduce(change, state);
}

test("a pick selects, numbers itself and forgets the dossier of another estate", () => {
  const open = after(shown(), { type: "pick", row: 3 }, { type: "dossier", row: 3, dossiers: "d/", dossier: DOSSIER });
  const { selected, requestId, dossier, rule } = change(open, { type: "pick", row: 4, rule: "r2" });
  assert.deepEqual({ selected, requestId, dossier, rule }, { selected: 4, requestId: 2, dossier: null, rule: "r2" });
});

test("the server's answer to an earlier pick selects nothing", () => {
  const twice = after(shown(), { type: "pick", row: 1 }, { type: "pick", row: 2 });
  const stale = page({ selected: 1, request_id: 1 });
  assert.equal(isCurrent(twice, stale), false);
  const next = change(twice, { type: "page", page: stale, figures: NO_FIGURES, legend: LEGEND, loaded: [], zoom: 14 });
  assert.equal(next.selected, 2);
});

test("the answer to the last pick, and what the server selects by itself, select", () => {
  const picked = change(shown(), { type: "pick", row: 1 });
  const said = { figures: NO_FIGURES, legend: LEGEND, loaded: [], zoom: 14 };
  assert.equal(change(picked, { type: "page", page: page({ selected: 1, request_id: 1 }), ...said }).selected, 1);
  assert.equal(change(picked, { type: "page", page: page({ selected: 7, request_id: 1 }), ...said }).selected, 7);
});

test("a stale answer still brings new texts and filters", () => {
  const picked = change(shown(), { type: "pick", row: 1 });
  const figures = { ...NO_FIGURES, shown: [0, 2] };
  const next = change(picked, { type: "page", page: page({ words: { map: "图" } }), figures, legend: LEGEND, loaded: [], zoom: 14 });
  assert.notEqual(next.textsKey, picked.textsKey);
  assert.deepEqual([...next.shown], [0, 2]);
  assert.equal(next.selected, 1);
});

test("a dossier of another estate, or under other filters, is ignored", () => {
  const picked = change(shown(), { type: "pick", row: 1 });
  for (const late of [{ row: 2, dossiers: "d/" }, { row: 1, dossiers: "old/" }]) {
    assert.equal(change(picked, { type: "dossier", ...late, dossier: DOSSIER }), picked);
    assert.equal(change(picked, { type: "lost", ...late }), picked);
  }
});

test("other filters ask for the dossier again", () => {
  const open = after(shown(), { type: "pick", row: 1 }, { type: "dossier", row: 1, dossiers: "d/", dossier: DOSSIER });
  const said = page({ selected: 1, request_id: 1, dossiers: "e/" });
  const next = change(open, { type: "page", page: said, figures: NO_FIGURES, legend: LEGEND, loaded: [], zoom: 14 });
  assert.equal(next.dossier, null);
});

test("the group of the chosen finding opens with it", () => {
  const picked = change(shown(), { type: "pick", row: 1, rule: "r2" });
  const open = change(picked, { type: "dossier", row: 1, dossiers: "d/", dossier: DOSSIER });
  assert.equal(open.group, "unknown");
  assert.equal(chosenFinding(open).rule, "r2");
  assert.equal(change(open, { type: "group", group: "met" }).group, "met");
});

test("what a finding rests on is laid over what the server asked for", () => {
  const area = { rings: [] };
  const open = after(shown({ evidence: { area } }), { type: "pick", row: 1 },
    { type: "dossier", row: 1, dossiers: "d/", dossier: DOSSIER });
  assert.deepEqual(shownEvidence(open), { area });
  const chosen = change(open, { type: "choose", rule: "r1" });
  assert.deepEqual(shownEvidence(chosen), { area, route: { line: [[1, 2]] } });
  assert.equal(chosen.requestId, 2);
});

test("a layer is wanted when it is on and the scale shows it", () => {
  const state = shown();
  assert.deepEqual(wantedLayers(state), ["towns", "estates"]);
  const on = change(state, { type: "toggle", layer: "pipelines" });
  assert.deepEqual(wantedLayers(on), ["towns", "estates"]);
  assert.deepEqual(wantedLayers(change(on, { type: "zoom", zoom: 15 })), ["towns", "estates", "pipelines"]);
  const twice = change(on, { type: "toggle", layer: "pipelines" });
  assert.deepEqual([...twice.on], [...state.on]);
});

test("layers that a link switches on are among the switches from the start", () => {
  const state = shown({}, { switched: new Set(["pipelines", "towns"]) });
  assert.deepEqual([...state.on], ["estates", "pipelines"]);
  assert.equal(state.isMoreOpen, true);
  assert.equal(shown().isMoreOpen, false);
});

test("the kind shown is a pick like any other: the server's earlier answer does not take it back", () => {
  const lifts = change(shown(), { type: "show", kind: "elevator" });
  assert.deepEqual([lifts.show, lifts.requestId], ["elevator", 1]);
  const said = { figures: NO_FIGURES, legend: LEGEND, loaded: [], zoom: 14 };
  assert.equal(change(lifts, { type: "page", page: page(), ...said }).show, "elevator");
  assert.equal(change(lifts, { type: "page", page: page({ show: "parking", request_id: 1 }), ...said }).show, "parking");
  assert.equal(shown({ show: "charging" }).show, "charging");
});

test("what changes nothing leaves the very state", () => {
  const state = shown();
  assert.equal(change(state, { type: "zoom", zoom: 14 }), state);
  assert.equal(change(state, { type: "ground", dark: false }), state);
});

test("another estate opens at its gaps; the same one keeps the open group", () => {
  const open = after(shown(), { type: "pick", row: 1 }, { type: "group", group: "met" });
  assert.equal(change(open, { type: "pick", row: 1 }).group, "met");
  assert.equal(change(open, { type: "pick", row: 2 }).group, "gaps");
});

const PARK = { do: "add_facility", kind: "park", least: 1, most: 1, isRemedy: true };
const WALKWAY = { do: "add_walkway", kind: "", least: 2, most: 200, isRemedy: true };
const DISTANCE = { do: "distance", kind: "", least: 2, most: Infinity };

test("a place of a remedy is a numbered gesture, longitude first, and the tool goes on", () => {
  const placed = after(shown(), { type: "tool", tool: PARK }, { type: "sizes", sizes: { capacity: 8 } },
    { type: "point", at: [38, 106], within: 12 });
  assert.deepEqual(placed.gestures, [
    { number: 1, do: "add_facility", kind: "park", places: [[106, 38]], sizes: { capacity: 8 }, within_m: 12 }]);
  assert.deepEqual(placed.tool.points, []);
});

test("gestures wait until the server has heard them", () => {
  const waiting = after(shown(), { type: "gesture", what: "undo" }, { type: "gesture", what: "redo" });
  const said = (gesture) => change(waiting, {
    type: "page", page: page({ trial: { gesture } }), figures: NO_FIGURES, legend: LEGEND, loaded: [], zoom: 14 });
  assert.deepEqual(said(1).gestures.map((one) => one.do), ["redo"]);
  assert.equal(said(2).gestures.length, 0);
  assert.equal(change(said(2), { type: "gesture", what: "undo" }).gestures[0].number, 3);
});

test("a line is told when it is finished, and not before it has its least places", () => {
  const begun = after(shown(), { type: "tool", tool: WALKWAY }, { type: "point", at: [38, 106], within: 9 }, { type: "finish" });
  assert.equal(begun.gestures.length, 0);
  const done = after(begun, { type: "point", at: [39, 107], within: 9 }, { type: "point", at: [40, 108], within: 9 },
    { type: "unpoint" }, { type: "finish" });
  assert.deepEqual(done.gestures[0].places, [[106, 38], [107, 39]]);
});

test("what was measured stays until the next place begins anew, and is told to nobody", () => {
  const two = [{ type: "point", at: [38, 106] }, { type: "point", at: [38, 107] }];
  const measured = after(shown(), { type: "tool", tool: DISTANCE }, ...two, { type: "finish" });
  assert.deepEqual([measured.tool.isDone, measured.tool.points.length, measured.gestures.length], [true, 2, 0]);
  assert.deepEqual(change(measured, two[0]).tool.points, [[38, 106]]);
  assert.equal(change(measured, { type: "tool", tool: null }).tool, null);
});
