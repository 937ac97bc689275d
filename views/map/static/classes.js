// The classes of estates while all gaps, or those of one kind, are shown; worked out on the server.

export function shownView({ figures, show }) {
  return figures.views[show] ?? figures.views[""];
}

// The class of an estate: the code of its colour, its label.
export function classOf(state, row) {
  const view = shownView(state);
  return view.classes[view.places[row]];
}

export function estateColour(state, palette, row) {
  return palette.rank[classOf(state, row)?.code] ?? palette.rank.unknown;
}
