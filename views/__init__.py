"""What people see: one file a page, each with `render()`; only `views.map` knows folium."""
