// Lengths and areas against hand calculation, on the grid of EPSG:4544.

import assert from "node:assert/strict";
import { test } from "node:test";

import { toDegrees } from "../../views/map/static/grid.js";
import { areaOf, crossesItself, lengthOf, metresText, squareMetresText } from "../../views/map/static/measure.js";
import { measureText } from "../../views/map/static/tools.js";

const GRID = { radius: 6378137, flattening: 1 / 298.257222101, latitude: 0, longitude: 105, scale: 1, east: 500000, north: 0 };
const at = (x, y) => toDegrees(GRID, 605000 + x, 4204000 + y);
const near = (found, expected) => assert.ok(Math.abs(found - expected) < 1e-4, `${found}, not ${expected}`);

test("a line of two legs is as long as both: 3-4-5 and 12 metres", () => {
  near(lengthOf(GRID, [at(0, 0), at(3, 4), at(15, 4)]), 17);
});

test("a ring has the area of its rectangle less the corner, either way round", () => {
  const ring = [at(0, 0), at(200, 0), at(200, 100), at(100, 100), at(100, 50), at(0, 50)];
  near(areaOf(GRID, ring), 200 * 100 - 100 * 50);
  near(areaOf(GRID, [...ring].reverse()), 15000);
});

test("a bow crosses itself, as a line by its legs and as a ring by its closing leg too", () => {
  assert.equal(crossesItself([at(0, 0), at(10, 10), at(10, 0), at(0, 10)], false), true);
  assert.equal(crossesItself([at(0, 0), at(10, 0), at(0, 10), at(10, 10)], false), false);
  assert.equal(crossesItself([at(0, 0), at(10, 0), at(0, 10), at(10, 10)], true), true);
  assert.equal(crossesItself([at(0, 0), at(10, 0), at(10, 10), at(0, 10)], true), false);
});

test("what is measured is said in metres or square metres, and a place alone measures nothing", () => {
  const words = { tools: { crosses: "crosses" } };
  const line = [at(0, 0), at(1234.5, 0)];
  assert.equal(metresText(1234.52), "1,234.5 m");
  assert.equal(squareMetresText(15000.4), "15,000 m²");
  assert.equal(measureText(GRID, words, { isRing: false, most: Infinity }, line), "1,234.5 m");
  assert.equal(measureText(GRID, words, { isRing: true, most: Infinity }, [...line, at(0, 20)]), "12,345 m²");
  assert.equal(measureText(GRID, words, { isRing: false, most: Infinity }, line.slice(1)), "");
  assert.equal(measureText(GRID, words, { isRing: false, most: 1 }, line), "");
});
