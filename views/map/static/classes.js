// Classes of estates: by worst severity in the bands of the rulebook, or by number of gaps.

export function bandOf(value, limits) {
  if (value === null || value === undefined) return -1;
  let band = 0;
  while (band < limits.length - 1 && value > limits[band]) band += 1;
  return band;
}

// Upper limits of five classes of the number of gaps: none, then quarters of the span that occurs.
export function countLimits(gaps) {
  let [least, most] = [Infinity, 1];
  for (const count of gaps) {
    if (count > 0 && count < least) least = count;
    if (count > most) most = count;
  }
  const below = Math.min(least, most) - 1;
  return [0, 1, 2, 3, 4].map((n) => (n === 0 ? below : Math.ceil(below + ((most - below) * n) / 4)));
}

export function countRange(limits, n) {
  const [from, to] = [n === 0 ? 0 : limits[n - 1] + 1, limits[n]];
  return n === 0 || from >= to ? `≤ ${to}` : `${from}–${to}`;
}

export function estateColour({ figures, colourBy }, limits, palette, row) {
  const band = colourBy === "gaps"
    ? bandOf(figures.gaps[row], limits) : bandOf(figures.worst[row], figures.bands);
  return band < 0 ? palette.unknown : palette.severity[band];
}
