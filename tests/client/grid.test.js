// Coordinates of the pointer and typed ones, against values worked out by hand.

import assert from "node:assert/strict";
import { test } from "node:test";

import { placeTyped, toMetres } from "../../views/map/static/grid.js";
import { placeText } from "../../views/map/static/readout.js";

const GRID = { radius: 6378137, flattening: 1 / 298.257222101, latitude: 0, longitude: 105, scale: 1, east: 500000, north: 0 };

test("small numbers typed are degrees, large ones metres of the working CRS", () => {
  assert.deepEqual(placeTyped(GRID, "106.2, 37.97"), [37.97, 106.2]);
  assert.deepEqual(placeTyped(GRID, " 106.2，37.97 "), [37.97, 106.2]);
  const [east, north] = toMetres(GRID, 37.97, 106.2);
  const [lat, lng] = placeTyped(GRID, `${east} ${north}`);
  assert.ok(Math.abs(lat - 37.97) < 1e-9 && Math.abs(lng - 106.2) < 1e-9);
});

test("what is no pair of numbers is no place", () => {
  for (const text of ["", "106.2", "a, b", "1, 2, 3", "NaN 3", "1e999 1", ",", "106.2,"]) assert.equal(placeTyped(GRID, text), null, text);
  assert.equal(placeTyped(null, "605000 4204000"), null);
});

test("on the central meridian the easting is the false one", () => {
  assert.equal(toMetres(GRID, 38, 105)[0], 500000);
});

test("the pointer's place is said in degrees, and in metres where there is a grid", () => {
  assert.equal(placeText(null, { lat: 38, lng: 105 }), "105.000000°, 38.000000°");
  assert.match(placeText(GRID, { lat: 38, lng: 105 }), /^105\.000000°, 38\.000000° · E 500000\.00 N 42\d{5}\.\d{2} m$/);
});
