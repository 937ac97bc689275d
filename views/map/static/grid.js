// Coordinates: CGCS2000 degrees and metres of the working CRS. Transverse Mercator by Krüger's
// series to the sixth order (Karney 2011): below a micrometre within a zone. `grid` has the
// parameters of views/map/grid.py.

const SERIES = 6;
const RADIAN = Math.PI / 180;

// Coefficients by powers of the third flattening, from n to n^6.
const ALPHA = [
  [1 / 2, -2 / 3, 5 / 16, 41 / 180, -127 / 288, 7891 / 37800],
  [0, 13 / 48, -3 / 5, 557 / 1440, 281 / 630, -1983433 / 1935360],
  [0, 0, 61 / 240, -103 / 140, 15061 / 26880, 167603 / 181440],
  [0, 0, 0, 49561 / 161280, -179 / 168, 6601661 / 7257600],
  [0, 0, 0, 0, 34729 / 80640, -3418889 / 1995840],
  [0, 0, 0, 0, 0, 212378941 / 319334400],
];
const BETA = [
  [1 / 2, -2 / 3, 37 / 96, -1 / 360, -81 / 512, 96199 / 604800],
  [0, 1 / 48, 1 / 15, -437 / 1440, 46 / 105, -1118711 / 3870720],
  [0, 0, 17 / 480, -37 / 840, -209 / 4480, 5569 / 90720],
  [0, 0, 0, 4397 / 161280, -11 / 504, -830251 / 7257600],
  [0, 0, 0, 0, 4583 / 161280, -108847 / 3991680],
  [0, 0, 0, 0, 0, 20648693 / 638668800],
];

const series = (rows, n) => rows.map((row) => row.reduceRight((sum, c) => (sum + c) * n, 0));

function figure({ radius, flattening, scale }) {
  const n = flattening / (2 - flattening);
  const rectifying = (radius / (1 + n)) * (1 + n ** 2 / 4 + n ** 4 / 64 + n ** 6 / 256);
  return { k: scale * rectifying, e: Math.sqrt(flattening * (2 - flattening)), n };
}

// Add the series to (xi, eta), with the sign of a way there or back.
function bent(coefficients, sign, xi, eta) {
  let [x, y] = [xi, eta];
  for (let j = 1; j <= SERIES; j += 1) {
    const c = sign * coefficients[j - 1];
    x += c * Math.sin(2 * j * xi) * Math.cosh(2 * j * eta);
    y += c * Math.cos(2 * j * xi) * Math.sinh(2 * j * eta);
  }
  return [x, y];
}

function conformal(latitude, e) {
  const sine = Math.sin(latitude);
  return Math.sinh(Math.atanh(sine) - e * Math.atanh(e * sine));
}

function plane({ k, e, n }, latitude, longitude) {
  const t = conformal(latitude, e);
  const xi = Math.atan2(t, Math.cos(longitude));
  const eta = Math.asinh(Math.sin(longitude) / Math.hypot(t, Math.cos(longitude)));
  const [x, y] = bent(series(ALPHA, n), 1, xi, eta);
  return [k * y, k * x];
}

// [easting, northing] of a latitude and longitude in degrees.
export function toMetres(grid, lat, lng) {
  const shape = figure(grid);
  const [, origin] = plane(shape, grid.latitude * RADIAN, 0);
  const [east, north] = plane(shape, lat * RADIAN, (lng - grid.longitude) * RADIAN);
  return [grid.east + east, grid.north + north - origin];
}

// [latitude, longitude] in degrees of an easting and northing.
export function toDegrees(grid, east, north) {
  const { k, e, n } = figure(grid);
  const [, origin] = plane({ k, e, n }, grid.latitude * RADIAN, 0);
  const [xi, eta] = bent(series(BETA, n), -1, (north - grid.north + origin) / k, (east - grid.east) / k);
  const t = Math.sin(xi) / Math.hypot(Math.sinh(eta), Math.cos(xi));
  let latitude = Math.atan(t);
  for (let round = 0; round < 4; round += 1) { // Newton; the second round is exact already
    const miss = (conformal(latitude, e) - t) / Math.hypot(1, t);
    const sine = Math.sin(latitude);
    latitude -= (miss * (1 - e * e * sine * sine) * Math.hypot(1, Math.tan(latitude)) * Math.cos(latitude) ** 2) / (1 - e * e);
  }
  return [latitude / RADIAN, grid.longitude + Math.atan2(Math.sinh(eta), Math.cos(xi)) / RADIAN];
}

// [latitude, longitude] of what a user typed: longitude and latitude, or easting and northing;
// null where it is neither.
export function placeTyped(grid, text) {
  const parts = text.trim().split(/[\s,，;；]+/);
  const [x, y] = parts.map(Number);
  if (parts.length !== 2 || parts.includes("") || !Number.isFinite(x) || !Number.isFinite(y)) return null;
  if (Math.abs(x) <= 180 && Math.abs(y) <= 90) return [y, x];
  const found = grid ? toDegrees(grid, x, y) : null;
  return found && found.every(Number.isFinite) && Math.abs(found[0]) <= 90 ? found : null;
}

export function degreesText({ lat, lng }) {
  return `${lng.toFixed(6)}°, ${lat.toFixed(6)}°`;
}
