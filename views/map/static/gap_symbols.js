// The four gap symbols: shape and colour both differ, so either alone tells them apart.

export const GAP_ORDER = ["elevator", "parking", "charging", "elder_care"];

const GAP_SYMBOLS = {
  elevator: {
    colour: "#0a6cb0",
    shape: "M3 3h18v18H3z",
    glyph: "M9 7h6v10H9z M12 7v10 M5.6 11l1.2-2 1.2 2z M16 13l1.2 2 1.2-2z",
  },
  parking: {
    colour: "#c65a11",
    shape: "M12 1.8a10.2 10.2 0 1 0 0 20.4a10.2 10.2 0 1 0 0-20.4z",
    glyph: "M9.4 17.6V6.6h3.6a3.3 3.3 0 0 1 0 6.6H9.4",
  },
  charging: {
    colour: "#0b8f62",
    shape: "M12 .9 23.1 12 12 23.1.9 12z",
    glyph: "M13.2 5.4 8.4 13h3.2l-1 5.6 5-8h-3.3z",
    solid: true,
  },
  elder_care: {
    colour: "#86418a",
    shape: "M6.4 2.3h11.2L23.2 12l-5.6 9.7H6.4L.8 12z",
    glyph: "M11.2 6.6a1.7 1.7 0 1 0 .01 0z M10.4 10.4v4.2l-1.6 4 M10.4 14.4l2.6 1.2.8 3.2 M10.6 11.4l3 1.6h1.6 M16.4 12.4v6.6",
  },
};

// The kinds that an estate lacks, as far as they are shown: { kind, degree }, 1 short, 2 missing.
export function gapKinds({ figures, show }, row) {
  return GAP_ORDER.map((kind, k) => ({ kind, degree: figures.kinds[k][row] }))
    .filter(({ kind, degree }) => degree > 0 && (!show || show === kind));
}

const SVG = "http://www.w3.org/2000/svg";

// A missing thing is a filled symbol, one that falls short an outlined one.
export function gapSymbol(kind, size, degree = 2) {
  const symbol = GAP_SYMBOLS[kind];
  const filled = degree === 2;
  const line = filled ? "#ffffff" : symbol.colour;
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("width", size);
  svg.setAttribute("height", size);
  svg.setAttribute("aria-hidden", "true");
  const shape = document.createElementNS(SVG, "path");
  shape.setAttribute("d", symbol.shape);
  shape.setAttribute("fill", filled ? symbol.colour : "#ffffff");
  shape.setAttribute("stroke", line);
  shape.setAttribute("stroke-width", filled ? "1.6" : "2.4");
  const glyph = document.createElementNS(SVG, "path");
  glyph.setAttribute("d", symbol.glyph);
  glyph.setAttribute("fill", symbol.solid ? line : "none");
  glyph.setAttribute("stroke", line);
  glyph.setAttribute("stroke-width", symbol.solid ? "0.6" : "1.7");
  glyph.setAttribute("stroke-linejoin", "round");
  glyph.setAttribute("stroke-linecap", "round");
  svg.append(shape, glyph);
  return svg;
}
