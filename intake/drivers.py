"""
GDAL's drivers: the few that may open a file, and every other by name, to be switched off.

GDAL looks at the content, not at the extension: a VRT called ``.geojson`` would read any file of
the server. Drivers are switched off in the child's environment before GDAL is loaded; it then
compares the remaining ones with `ALLOWED` and does without GDAL if a new release brought one more.
"""

ALLOWED = ("DGN", "ESRI Shapefile", "FlatGeobuf", "GML", "GPX", "MapInfo File", "OpenFileGDB")

SKIPPED = (
    "ADBC", "AIVector", "ARCGEN", "AVCBin", "AVCE00", "AmigoCloud", "Arrow", "BAG", "BNA", "CAD",
    "CSV", "CSW", "Carto", "Cloudant", "CouchDB", "DB2ODBC", "DGNV8", "DODS", "DWG",
    "DXF", "DuckDB", "EDIGEO", "EEDA", "ELAS", "ESRIC", "ESRIJSON", "Elasticsearch", "FileGDB",
    "GDALG", "GMLAS", "GPKG", "GPSBabel", "GTFS", "GTM", "Geoconcept", "GeoJSON",
    "GeoJSONSeq", "GeoRSS", "HANA", "HDF5", "HTF", "HTTP", "IDB", "Idrisi", "Interlis 1",
    "Interlis 2", "JML", "JP2ECW", "JP2KAK", "JP2Lura", "JP2MrSID", "JP2OpenJPEG", "JPEGXL",
    "JSONFG", "KML", "LIBKML", "LVBAG", "MBTiles", "MEM", "MSSQLSpatial", "MVT",
    "MapML", "Memory", "MiraMonVector", "MongoDBv3", "MySQL", "NAS", "NGW", "OAPIF", "OCI",
    "ODBC", "ODS", "OGDI", "OGR_GMT", "OGR_PDS", "OGR_SDTS", "OGR_VRT", "OGCAPI", "OSM",
    "OpenAir", "PCIDSK", "PDF", "PDS4", "PGDUMP", "PGeo", "PLSCENES", "PMTiles", "Parquet",
    "PostGISRaster", "PostgreSQL", "REC", "S57", "SDTS", "SEGUKOOA", "SEGY", "SOSI", "SQLite",
    "SUA", "SVG", "SXF", "Selafin", "TIGER", "TopoJSON", "UK .NTF", "VDV", "VFK", "VICAR",
    "Walk", "WAsP", "WFS", "WFS3", "XLS", "XLSX", "XODR", "XPlane", "netCDF",
)  # fmt: skip
"""Vector drivers known to GDAL 3.6-3.12, none of which may open anything."""
