// Classes, looks, marks and labels, against values worked out by hand.

import assert from "node:assert/strict";
import { test } from "node:test";

import { estateColour } from "../../views/map/static/classes.js";
import { gapKinds } from "../../views/map/static/gap_symbols.js";
import { estateForms, placeLabels } from "../../views/map/static/labels.js";
import { zoomOfScale } from "../../views/map/static/layers.js";
import { estateOptions, pathOptions, symbolRadius } from "../../views/map/static/looks.js";
import { traceMark, writeLetter } from "../../views/map/static/marks.js";
import { isLight, onColour, PALETTES } from "../../views/map/static/palette.js";
import { edgeShare } from "../../views/map/static/towns.js";

const LOOK = {
  light: { stroke: "#ffffff", fill: "#963c82" }, dark: { stroke: "#000000", fill: "#c369af" },
  weight: 1, dash: null, opacity: 1, radius: 6, symbol: "plate", mark: "老",
};

const CLASSES = [{ code: "safety_3" }, { code: "gap_1" }, { code: "unknown" }];
const FIGURES = {
  views: { "": { classes: CLASSES, places: [0, 2] }, parking: { classes: CLASSES, places: [1, 0] } },
  kinds: [[1, 0], [2, 1], [0, 0], [0, 0]],
};

test("an estate has the colour of its class among all gaps, or among those of the kind shown", () => {
  const { rank } = PALETTES.light;
  const colours = (show) => [0, 1].map((row) => estateColour({ figures: FIGURES, show }, PALETTES.light, row));
  assert.deepEqual(colours(""), [rank.safety_3, rank.unknown]);
  assert.deepEqual(colours("parking"), [rank.gap_1, rank.safety_3]);
  assert.deepEqual(colours("of no such kind"), colours(""));
});

test("an estate shows the kinds that it lacks, or the one kind that is shown", () => {
  const kinds = (show, row) => gapKinds({ figures: FIGURES, show }, row).map(({ kind, degree }) => [kind, degree]);
  assert.deepEqual(kinds("", 0), [["elevator", 1], ["parking", 2]]);
  assert.deepEqual(kinds("parking", 0), [["parking", 2]]);
  assert.deepEqual(kinds("charging", 0), []);
});

function luminance(hex) {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

test("the worse a class, the more it stands out from the ground, in grey too", () => {
  const worst = ["safety_3", "safety_2", "safety_1", "gap_3", "gap_2", "gap_1"];
  for (const { ground, rank } of Object.values(PALETTES)) {
    const contrasts = worst.map((code) => {
      const [low, high] = [luminance(rank[code]), luminance(ground)].sort((a, b) => a - b);
      return (high + 0.05) / (low + 0.05);
    });
    for (let n = 1; n < worst.length; n += 1) assert.ok(contrasts[n - 1] > 1.15 * contrasts[n], worst[n]);
  }
});

test("letters on a class are read: black on light, white on dark", () => {
  assert.deepEqual(["#fae3a8", "#6e0d13"].map(onColour), ["#1f2933", "#ffffff"]);
});

test("an estate that the filters leave out fades, a selected one stands out", () => {
  const state = { figures: FIGURES, show: "", shown: new Set([1]), selected: 1 };
  const context = { palette: PALETTES.dark, crowded: true };
  assert.equal(estateOptions(state, context, 0).fillColor, PALETTES.dark.faded);
  assert.deepEqual([estateOptions(state, context, 1).color, estateOptions(state, context, 1).weight],
    [PALETTES.dark.selected, 4]);
});

test("an estate of which nothing is known has a dashed outline", () => {
  const context = { palette: PALETTES.light, crowded: false };
  const dashes = [0, 1].map((row) => estateOptions({ figures: FIGURES, show: "" }, context, row).dashArray);
  assert.deepEqual(dashes, [null, [4, 3]]);
});

test("a look has one colour on a light ground and another on a dark one", () => {
  assert.equal(pathOptions(LOOK, { dark: false, zoom: 18 }).fillColor, "#963c82");
  assert.equal(pathOptions(LOOK, { dark: true, zoom: 18 }).fillColor, "#c369af");
  const line = { ...LOOK, light: { stroke: "#d20000", fill: "" }, radius: null, dash: [4, 2] };
  const { fill, color, dashArray } = pathOptions(line, { dark: false, zoom: 18 });
  assert.deepEqual({ fill, color, dashArray }, { fill: false, color: "#d20000", dashArray: [4, 2] });
});

test("symbols grow from specks over a town to their full size over an estate", () => {
  assert.deepEqual([10, 14.5, 20].map((zoom) => symbolRadius(6, zoom)), [2.4, 2.4, 6]);
  assert.equal(symbolRadius(3, 20), 3);
});

test("a scale on the ground is a larger zoom further north", () => {
  // By hand: 559,082,264 / 2^15 = 17,062 at the equator.
  assert.equal(zoomOfScale(17062, 0), 15);
  assert.equal(zoomOfScale(17062, 60), 14);
  assert.equal(zoomOfScale(null, 38), 0);
});

class Recorder {
  calls = [];
  beginPath() {}
  closePath() {}
  arc(x, y, r) { this.calls.push(["arc", x, y, r]); }
  moveTo(x, y) { this.calls.push([x, y]); }
  lineTo(x, y) { this.calls.push([x, y]); }
  fillText(text) { this.calls.push(text); }
}

test("a plate is a square with its letter, a speck a dot without", () => {
  const large = new Recorder();
  traceMark(large, "plate", 10, 10, 6);
  writeLetter(large, "学", 10, 10, 6, "#fff");
  assert.deepEqual(large.calls, [[4, 4], [16, 4], [16, 16], [4, 16], "学"]);
  const small = new Recorder();
  traceMark(small, "plate", 10, 10, 2.4);
  writeLetter(small, "学", 10, 10, 2.4, "#fff");
  assert.deepEqual(small.calls, [["arc", 10, 10, 2.4]]);
});

test("a closed gate is struck through", () => {
  const gate = new Recorder();
  traceMark(gate, "gate_closed", 0, 0, 5);
  assert.deepEqual(gate.calls, [[0, -5], [5, 4], [-5, 4], [-5, -5], [5, 5]]);
});

const BOX = { name: "full", left: 10, right: 10, top: 5, bottom: 5 };
const DOT = { name: "dot", left: 2, right: 2, top: 2, bottom: 2 };

test("no label covers another: the later gives way to its smaller form, then is left out", () => {
  const at = (x) => ({ point: { x, y: 0 }, forms: [BOX, DOT], tiny: false });
  const placed = placeLabels([at(0), at(13), at(5), at(40)], 10);
  assert.deepEqual(placed.map(({ form }) => form), ["full", "dot", "full"]);
  assert.deepEqual(placed.map(({ candidate }) => candidate.point.x), [0, 13, 40]);
});

test("an estate too small to be seen stays as a speck, and labels have a number at most", () => {
  const tiny = { point: { x: 0, y: 0 }, forms: [DOT], tiny: true };
  assert.deepEqual(placeLabels([tiny, tiny], 10).map(({ form }) => form), ["dot", "speck"]);
  assert.equal(placeLabels([tiny, tiny, tiny], 2).length, 2);
});

test("a label says more the nearer the camera is", () => {
  const label = { gaps: [{}, {}], apart: 10 };
  const names = (zoom) => estateForms(label, zoom, 30).map(({ name }) => name);
  assert.deepEqual([12, 13.5, 15].map(names), [["dot"], ["icons", "dot"], ["full", "icons", "dot"]]);
});

test("the ground is dark where the browser writes in light ink", () => {
  assert.equal(isLight("rgb(31, 41, 51)"), false);
  assert.equal(isLight("rgb(232, 236, 239)"), true);
});

test("an arrow to a hidden town keeps clear of the edge it meets first", () => {
  // By hand: 600 x 400, far to the east: 300 - 66 = 234 of 2,340 pixels.
  assert.equal(edgeShare({ x: 2340, y: 0 }, { x: 300, y: 200 }), 0.1);
  assert.equal(edgeShare({ x: 0, y: -1500 }, { x: 300, y: 200 }), 0.1);
});
