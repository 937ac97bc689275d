// The legend stands below the map and covers nothing; every layer in it is also its own switch.

function drawLegend(view) {
  const { legend, words } = view;
  const key = element("div", "legend-key");
  key.append(gapRow(view), severityRow(view));
  legend.replaceChildren(key, layerRow(view), footRow(view));
  legend.setAttribute("aria-label", words.legend);
}

function gapRow(view) {
  const row = element("div", "legend-row gaps");
  GAP_ORDER.forEach((kind, k) => {
    const item = element("span", "legend-item");
    const count = view.state.counts[k];
    item.append(gapSymbol(kind, 18), element("span", "", view.words.kinds[k]));
    const number = element("b", "gap-count", count);
    number.dataset.kind = kind;
    item.append(number);
    row.append(item);
  });
  const degrees = element("span", "legend-item degrees");
  degrees.append(gapSymbol("parking", 14, 2), element("span", "", view.words.degrees[1]),
                 gapSymbol("parking", 14, 1), element("span", "", view.words.degrees[0]));
  const number = element("span", "legend-item");
  number.append(gapBadge("12", view.ink.severity[4]), element("span", "", view.words.count));
  row.append(degrees, number);
  return row;
}

function severityRow(view) {
  const row = element("div", "legend-row severity");
  row.append(colourSwitch(view, "worst", view.words.severity), colourSwitch(view, "gaps", view.words.count));
  const limits = view.limits;
  const words = view.colourBy === "gaps"
    ? limits.map((most, n) => countWord(limits, n)) : view.words.bands;
  words.forEach((word, band) => row.append(swatch(view.ink.severity[band], word)));
  if (view.colourBy !== "gaps") row.append(swatch(view.ink.unknown, view.words.unknown));
  return row;
}

function countWord(limits, n) {
  const [from, to] = [n === 0 ? 0 : limits[n - 1] + 1, limits[n]];
  return n === 0 || from >= to ? `≤ ${to}` : `${from}–${to}`;
}

function colourSwitch(view, by, word) {
  const button = element("button", "colour-switch", word);
  button.type = "button";
  button.dataset.by = by;
  button.setAttribute("aria-pressed", String(view.colourBy === by));
  button.onclick = () => {
    view.colourBy = by;
    view.restyle();
    rememberLook(view);
  };
  return button;
}

function swatch(colour, word) {
  const item = element("span", "legend-item");
  const box = element("span", "legend-swatch");
  box.style.background = colour;
  item.append(box, element("span", "", word));
  return item;
}

function layerRow(view) {
  const row = element("div", "legend-row layers");
  for (const layer of view.layerNames) {
    const button = element("button", "layer-switch");
    button.type = "button";
    button.dataset.layer = layer;
    button.setAttribute("aria-pressed", String(view.on.has(layer)));
    button.append(layerSwatch(view, layer), element("span", "", view.words.layers[layer]));
    button.onclick = () => {
      if (view.on.has(layer)) view.on.delete(layer);
      else view.on.add(layer);
      button.setAttribute("aria-pressed", String(view.on.has(layer)));
      view.refreshLayers();
      rememberLook(view);
    };
    row.append(button);
    if (layer === "pipelines") row.append(pipeKey(view));
  }
  return row;
}

function pipeKey(view) {
  const key = element("span", "pipe-key");
  key.hidden = !view.on.has("pipelines");
  for (const [code, word] of Object.entries(view.words.pipes)) {
    const item = element("span", "legend-item");
    const line = element("span", "legend-line");
    line.style.borderTopColor = PIPE_COLOURS[code];
    item.append(line, element("span", "", word));
    key.append(item);
  }
  return key;
}

function layerSwatch(view, layer) {
  const style = layer === "estates" ? { fillColor: view.ink.severity[2], color: view.ink.outline }
    : layerStyle(view, layer, null);
  const box = element("span", `layer-mark ${style.radius ? "point" : style.fill === false ? "line" : "area"}`);
  if (style.fill === false) {
    box.style.borderTop = `${layer === "towns" ? "2px dashed" : "3px solid"} ${style.color}`;
  } else {
    box.style.background = style.fillColor;
    box.style.borderColor = style.radius && layer !== "entrances" ? style.fillColor : style.color;
  }
  return box;
}

function footRow(view) {
  const row = element("div", "legend-foot");
  for (const text of view.words.foot) row.append(element("span", "", text));
  return row;
}
