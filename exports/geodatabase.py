"""
The layers of a district as a zipped file geodatabase (.gdb.zip), for ArcGIS.

Text fields are as wide as the LayerSpec says, whole numbers are int32, yes or no is int16 with 1
and 0; EPSG:4490, stored to 1e-12 degree so that the 0.1 mm grid survives. A geodatabase carries
identifiers and time stamps of its own: equal content does not give equal bytes.
"""

from pathlib import Path

import geopandas as gpd

from exports import gdal_child
from exports.archive import zipped
from exports.fields import Shortfall, fit_gdb, gdb_type
from exports.shapefile import LEGEND, legend
from exports.snapshot import date_of, snapshot, surveyed
from geo.crs import STORAGE_CRS
from layers.district import District
from layers.spec import LayerSpec
from store.scratch import private_folder

_GRID = {"XORIGIN": "-400", "YORIGIN": "-400", "XYSCALE": "1e12", "XYTOLERANCE": "1e-11"}


def district_geodatabase(district: District) -> tuple[bytes, tuple[Shortfall, ...]]:
    """
    Return every surveyed layer as the bytes of a .gdb.zip, and what it could not hold.

    Raises
    ------
    StoreError
        If the files cannot be written.
    """
    name = f"{district.district_id}.gdb"
    with private_folder("export") as folder:
        source = folder / "source.gpkg"
        taken = snapshot(surveyed(district), fit_gdb, source, date_of(district))
        tables = [_table(spec, frame, folder / name) for spec, frame in taken.tables]
        gdal_child.write(
            {"source": str(source), "driver": "OpenFileGDB", "options": _GRID, "tables": tables}
        )
        files = {f"{name}/{file.name}": file.read_bytes() for file in (folder / name).iterdir()}
    named = [(spec, {c.name: c.name for c in spec.columns}) for spec, _ in taken.tables]
    return zipped({**files, LEGEND: legend(named)}), taken.shortfalls


def _table(spec: LayerSpec, frame: gpd.GeoDataFrame, path: Path) -> dict[str, object]:
    single = spec.geometry == "Point" and not (frame.geom_type == "MultiPoint").any()
    multi = "" if single else "Multi"
    return {
        "table": spec.name,
        "path": str(path),
        "layer": spec.name,
        "geometry": multi + spec.geometry,
        "crs": STORAGE_CRS.to_wkt("WKT2_2019"),
        "encoding": "UTF-8",
        "options": {"LAYER_ALIAS": spec.label_zh},
        "fields": {c.name: (c.name, gdb_type(c)) for c in spec.columns},
    }
