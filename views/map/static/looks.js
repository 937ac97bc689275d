// How features are drawn: the looks of the style table as Leaflet's path options.

import { classOf, estateColour } from "./classes.js";

const FULL_PX = 6; // radius of a symbol of the usual size, over an estate
const SPECK_PX = 2.4; // the same over a town

// Places grow with the map: specks over a town, symbols over an estate.
export function symbolRadius(radius, zoom) {
  const grown = Math.max(SPECK_PX, Math.min(FULL_PX, SPECK_PX + (zoom - 14.5) * 1.1));
  return (radius * grown) / FULL_PX;
}

export function pathOptions(look, { dark, zoom }) {
  const ink = dark ? look.dark : look.light;
  const options = {
    color: ink.stroke || ink.fill, weight: look.weight, dashArray: look.dash, opacity: 1,
    fill: Boolean(ink.fill), fillColor: ink.fill, fillOpacity: look.opacity,
  };
  if (look.radius === null) return options;
  return { ...options, radius: symbolRadius(look.radius, zoom), symbol: look.symbol, mark: look.mark };
}

// `crowded`: outlines of many small shapes would hide their colour. What nobody knows is dashed.
export function estateOptions(state, { palette, crowded }, row) {
  if (state.shown && !state.shown.has(row)) {
    return { color: palette.fadedLine, weight: 1, dashArray: null, fillColor: palette.faded, fillOpacity: 0.55, opacity: 1 };
  }
  const selected = row === state.selected;
  const colour = estateColour(state, palette, row);
  return {
    color: selected ? palette.selected : crowded ? colour : palette.outline,
    weight: selected ? 4 : crowded ? 1 : 1.4,
    dashArray: classOf(state, row)?.code === "unknown" ? [4, 3] : null,
    opacity: 1, fillColor: colour, fillOpacity: 0.9,
  };
}
