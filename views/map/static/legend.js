// The legend stands below the map and covers nothing; every layer in it is also its own switch.

function drawLegend(view) {
  const { legend, words } = view;
  legend.replaceChildren(gapRow(view), severityRow(view), layerRow(view), footRow(view));
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
  return row;
}

function severityRow(view) {
  const row = element("div", "legend-row severity");
  row.append(element("span", "legend-title", view.words.severity));
  view.words.bands.forEach((word, band) => row.append(swatch(view.ink.severity[band], word)));
  row.append(swatch(view.ink.unknown, view.words.unknown));
  return row;
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
    box.style.borderColor = style.radius ? style.fillColor : style.color;
  }
  return box;
}

function footRow(view) {
  const row = element("div", "legend-foot");
  for (const text of view.words.foot) row.append(element("span", "", text));
  return row;
}
