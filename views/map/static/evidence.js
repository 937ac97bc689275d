// What a finding or a service area adds to the map: the route walked, the tick at the threshold,
// the straight line for contrast, the ground within reach.

function drawEvidence(view, evidence) {
  const { L, overlay, ink, pen } = view;
  overlay.clearLayers();
  const { area, route, spots } = evidence;
  if (area) {
    overlay.addLayer(L.polygon(area.rings, {
      renderer: pen,
      color: ink.area, weight: 1.6, opacity: 0.9, fillColor: ink.area, fillOpacity: 0.14,
      interactive: false, className: "service-area",
    }));
  }
  if (spots) {
    for (const at of spots) {
      overlay.addLayer(L.circleMarker(at, { renderer: pen, radius: 4, color: ink.route, weight: 2, interactive: false,
        fillColor: ink.panel, fillOpacity: 1, className: "evidence-spot" }));
    }
  }
  if (route) drawRoute(view, route);
}

function drawRoute(view, route) {
  const { L, overlay, ink, pen } = view;
  const line = { renderer: pen, interactive: false, lineCap: "round", lineJoin: "round" };
  overlay.addLayer(L.polyline(route.straight, { ...line, color: ink.straight, weight: 2,
    dashArray: "2 7", className: "straight-line" }));
  overlay.addLayer(L.polyline(route.line, { ...line, color: ink.halo, weight: 8, opacity: 0.95 }));
  overlay.addLayer(L.polyline(route.line, { ...line, color: ink.route, weight: 4.2,
    className: "walked-route" }));
  const ends = [route.line[0], route.line[route.line.length - 1]];
  overlay.addLayer(L.circleMarker(ends[0], { renderer: pen, radius: 5, color: ink.route, weight: 3,
    fillColor: ink.panel, fillOpacity: 1, interactive: false }));
  overlay.addLayer(L.circleMarker(ends[1], { renderer: pen, radius: 6, color: ink.halo, weight: 2,
    fillColor: ink.route, fillOpacity: 1, interactive: false }));
  if (route.tick) {
    overlay.addLayer(L.marker(route.tick, tag(view, "tick", route.tickText)));
  }
  overlay.addLayer(L.marker(ends[1], tag(view, "length", route.text)));
  overlay.addLayer(L.marker(L.latLng(
    (route.straight[0][0] + route.straight[1][0]) / 2, (route.straight[0][1] + route.straight[1][1]) / 2,
  ), tag(view, "straight", route.straightText)));
}

function tag(view, kind, text) {
  const box = element("div", `route-tag ${kind}`);
  if (kind === "tick") box.append(element("i", "tick-mark"));
  box.append(element("span", "", text));
  return { icon: view.L.divIcon({ className: "gap-label", html: box, iconSize: null }),
           interactive: false, keyboard: false, pane: "evidence-tags" };
}

function evidenceBounds(view) {
  const bounds = view.L.latLngBounds([]);
  view.overlay.eachLayer((layer) => {
    if (layer.getBounds) bounds.extend(layer.getBounds());
    else if (layer.getLatLng) bounds.extend(layer.getLatLng());
  });
  return bounds;
}
