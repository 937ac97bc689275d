"""The map: folium compiled once per content version, drawn by vendored Leaflet, fed with JSON."""
