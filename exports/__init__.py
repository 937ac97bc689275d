"""What leaves the house besides maps: workbooks, text tables, GeoPackages, shapefiles."""
