// Names and gap symbols of the estates in sight, placed so that none covers another.

const LABELS_AT_MOST = 260;
const CROWDED = 500; // estates in sight beyond which only the selected one is named
const SYMBOL_PX = 19;
const BADGE_PX = 10; // half the height of the number of gaps
const measure = document.createElement("canvas").getContext("2d");

function textWidth(text, font) {
  measure.font = font;
  return measure.measureText(text).width;
}

function relabel(view) {
  const { L, map, labels } = view;
  labels.clearLayers();
  if (!view.on.has("estates")) return;
  const taken = [];
  const bounds = map.getBounds().pad(0.05);
  for (const candidate of estateCandidates(view, bounds).concat(townCandidates(view))) {
    const box = firstFree(candidate, taken);
    if (!box) continue;
    taken.push(box);
    labels.addLayer(L.marker(candidate.at, {
      icon: L.divIcon({ className: "gap-label", html: candidate.draw(box.form), iconSize: null }),
      interactive: false, keyboard: false,
    }));
    if (taken.length >= LABELS_AT_MOST) break;
  }
}

function townCandidates(view) {
  const { map } = view;
  if (!view.on.has("towns") || map.getZoom() > 15.6) return [];
  return view.towns.map((town) => {
    const at = town.label;
    const point = map.latLngToContainerPoint(at);
    const width = textWidth(town.name, "600 15px sans-serif") + 16;
    const lift = 46;
    return {
      at, point,
      forms: [{ name: "town", left: width / 2, right: width / 2, top: lift + 12, bottom: 12 - lift }],
      draw: () => {
        const box = element("div", "town-name", town.name);
        box.style.transform = `translate(-50%, calc(-50% - ${lift}px))`;
        return box;
      },
    };
  });
}

function estateCandidates(view, bounds) {
  const { map, state } = view;
  const zoom = map.getZoom();
  let rows = view.inSight(bounds).filter((row) => !view.shown || view.shown.has(row));
  if (rows.length > CROWDED) rows = rows.filter((row) => row === view.selected);
  const rank = (row) => (row === view.selected ? 9 : state.worst[row] ?? -1);
  rows.sort((a, b) => rank(b) - rank(a));
  return rows.map((row) => {
    const kinds = GAP_ORDER.map((kind, k) => ({ kind, degree: state.kinds[k][row] })).filter((gap) => gap.degree > 0);
    const name = view.text("estates", "name", row);
    const at = view.centre(row);
    const gaps = state.gaps[row] || 0;
    const icons = (kinds.length * (SYMBOL_PX + 1)) / 2;
    const words = textWidth(name, "500 12.5px sans-serif") / 2 + 3;
    const apart = distanceApart(view, row);
    const forms = [];
    if (zoom >= 14.2) {
      forms.push({ name: "full", left: Math.max(icons, words), right: Math.max(icons, words),
                   top: kinds.length ? apart + 20 : BADGE_PX, bottom: apart + 17 });
    }
    if (zoom >= 13 && kinds.length) {
      forms.push({ name: "icons", left: icons, right: icons, top: apart + 20, bottom: BADGE_PX });
    }
    forms.push({ name: "dot", left: 12, right: 12, top: BADGE_PX, bottom: BADGE_PX });
    return { at, point: map.latLngToContainerPoint(at), forms, tiny: heightOf(view, row) < 8,
             draw: (form) => drawLabel(view, row, { kinds, gaps, name, form, apart }) };
  });
}

// Symbols stand above a small estate and its name below; a large one has room for both inside,
// on either side of its number of gaps.
function distanceApart(view, row) {
  const height = heightOf(view, row);
  return height < 90 ? Math.max(height / 2, BADGE_PX) : BADGE_PX;
}

function heightOf(view, row) {
  const bounds = view.byRow[row].getBounds();
  return view.map.latLngToContainerPoint(bounds.getSouthWest()).y
    - view.map.latLngToContainerPoint(bounds.getNorthEast()).y;
}

function firstFree(candidate, taken) {
  const { x, y } = candidate.point;
  for (const form of candidate.forms) {
    const box = { x0: x - form.left, x1: x + form.right, y0: y - form.top, y1: y + form.bottom,
                  form: form.name };
    const free = taken.every((t) => box.x1 < t.x0 || box.x0 > t.x1 || box.y1 < t.y0 || box.y0 > t.y1);
    if (free) return box;
    if (form.name === "dot" && candidate.tiny) return { ...box, form: "speck" };
  }
  return null;
}

function dot(colour) {
  const made = element("span", "estate-dot");
  made.style.background = colour;
  return made;
}

// How many gaps: where all are alike in severity, their number tells estates apart.
function gapBadge(text, colour) {
  const badge = element("b", "estate-count", text);
  badge.style.borderColor = colour;
  return badge;
}

function drawLabel(view, row, { kinds, gaps, name, form, apart }) {
  const box = element("div", `estate-label ${row === view.selected ? "picked" : ""}`);
  const counted = gaps > 0 && form !== "speck";
  if (counted) box.append(gapBadge(gaps, estateColour(view, row)));
  if (form === "speck" || form === "dot") {
    if (!counted) box.append(dot(estateColour(view, row)));
    return box;
  }
  const icons = element("div", "estate-icons");
  for (const { kind, degree } of kinds) icons.append(gapSymbol(kind, SYMBOL_PX, degree));
  icons.style.bottom = `${apart}px`;
  box.append(icons);
  if (form === "full") {
    const words = element("div", "estate-name", name);
    words.style.top = `${apart}px`;
    box.append(words);
  }
  return box;
}
