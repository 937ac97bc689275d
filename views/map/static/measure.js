// Lengths and areas in the plane of the working CRS. Places are [latitude, longitude] in degrees.

import { toMetres } from "./grid.js";

const plane = (grid, places) => places.map(([lat, lng]) => toMetres(grid, lat, lng));

// Metres along a line.
export function lengthOf(grid, places) {
  const points = plane(grid, places);
  return points.slice(1).reduce((sum, [x, y], n) => sum + Math.hypot(x - points[n][0], y - points[n][1]), 0);
}

// Square metres within a ring, whichever way round it is drawn.
export function areaOf(grid, places) {
  const points = plane(grid, places);
  const [[x0, y0]] = points;
  const moved = points.map(([x, y]) => [x - x0, y - y0]);
  const twice = moved.reduce((sum, [x, y], n) => {
    const [u, v] = moved[(n + 1) % moved.length];
    return sum + x * v - u * y;
  }, 0);
  return Math.abs(twice) / 2;
}

const side = ([ax, ay], [bx, by], [cx, cy]) => Math.sign((bx - ax) * (cy - ay) - (by - ay) * (cx - ax));

const crosses = ([a, b], [c, d]) => side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;

// Whether a line, or a ring closed by a line to its first place, crosses itself.
export function crossesItself(places, isRing) {
  const legs = places.slice(1).map((place, n) => [places[n], place]);
  if (isRing && places.length > 2) legs.push([places[places.length - 1], places[0]]);
  return legs.some((leg, n) => legs.slice(n + 2).some((other) => crosses(leg, other)));
}

export function metresText(metres) {
  return `${metres.toLocaleString("en", { minimumFractionDigits: 1, maximumFractionDigits: 1 })} m`;
}

export function squareMetresText(area) {
  return `${area.toLocaleString("en", { maximumFractionDigits: area < 1000 ? 1 : 0 })} m²`;
}
