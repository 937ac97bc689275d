// Marks: the booklet's symbols drawn on Leaflet's canvas, from a speck to a plate with its letter.

const LEAST_SHAPE_PX = 4; // a smaller mark is a dot, whatever its symbol
const LEAST_LETTER_PX = 5;

const square = (r) => [[-r, -r], [r, -r], [r, r], [-r, r]];
const OUTLINES = {
  plate: square,
  square,
  lift: square,
  diamond: (r) => [[0, -r], [r, 0], [0, r], [-r, 0]],
  gate: (r) => [[0, -r], [r, 0.8 * r], [-r, 0.8 * r]],
  gate_closed: (r) => [[0, -r], [r, 0.8 * r], [-r, 0.8 * r]],
  door: (r) => [[-r, -0.6 * r], [r, -0.6 * r], [0, 0.8 * r]],
};
const STROKES = {
  lift: (r) => [[[-r, -r], [r, r]], [[r, -r], [-r, r]]],
  gate_closed: (r) => [[[-r, -r], [r, r]]],
};

// Trace a mark around (x, y) as the current path of a 2D context; fill and stroke are the caller's.
export function traceMark(ctx, symbol, x, y, r) {
  ctx.beginPath();
  const outline = r >= LEAST_SHAPE_PX ? OUTLINES[symbol] : undefined;
  if (!outline) {
    ctx.arc(x, y, r, 0, 2 * Math.PI);
    return;
  }
  outline(r).forEach(([dx, dy], n) => (n ? ctx.lineTo(x + dx, y + dy) : ctx.moveTo(x + dx, y + dy)));
  ctx.closePath();
  for (const [[x0, y0], [x1, y1]] of STROKES[symbol] ? STROKES[symbol](r) : []) {
    ctx.moveTo(x + x0, y + y0);
    ctx.lineTo(x + x1, y + y1);
  }
}

export function writeLetter(ctx, letter, x, y, r, colour) {
  if (!letter || r < LEAST_LETTER_PX) return;
  ctx.font = `600 ${Math.round(r * 1.5)}px sans-serif`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.globalAlpha = 1;
  ctx.fillStyle = colour;
  ctx.fillText(letter, x, y + r * 0.08);
}

// Return the class of Leaflet layers that are drawn as marks; options `symbol` and `mark`.
export function markClass(L) {
  return L.CircleMarker.extend({
    _updatePath() {
      const renderer = this._renderer;
      if (!renderer._drawing || this._empty()) return;
      const { x, y } = this._point;
      traceMark(renderer._ctx, this.options.symbol, x, y, this._radius);
      renderer._fillStroke(renderer._ctx, this);
      writeLetter(renderer._ctx, this.options.mark, x, y, this._radius, this.options.color);
    },
  });
}
