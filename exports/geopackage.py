"""
GeoPackages to hand over: the findings with the facility gaps, or the layers of a district.

Stored in EPSG:4490, every column with its Chinese label as the alias that QGIS and ArcGIS show.
"""

import tempfile
from pathlib import Path

import geopandas as gpd

import layers
from geo.crs import STORAGE_CRS, to_crs
from layers.district import District
from layers.findings import COLUMNS, facility_gaps
from store import geopackage
from store.geopackage import Table


def findings_package(findings: gpd.GeoDataFrame, district: District, path: Path) -> None:
    """
    Write the findings, with their evidence geometry, and the facility gaps.

    Parameters
    ----------
    findings : geopandas.GeoDataFrame
        Findings of `district`, columns `layers.findings.COLUMNS`, in the working CRS.
    district : District
        What was assessed.
    path : pathlib.Path
        The .gpkg, replaced in one step: layers `findings` and `facility_gaps`.

    Raises
    ------
    StoreError
        If the file cannot be written.
    """
    gaps = facility_gaps(findings, district)
    tables = [
        Table("findings", "结论", COLUMNS, "Geometry", to_crs(findings, STORAGE_CRS, "findings")),
        _layer("facility_gaps", gaps),
    ]
    geopackage.write(path, tables, date=_date(findings, district))


def layers_package(district: District) -> bytes:
    """Return the bytes of a GeoPackage with every layer of `district` that was surveyed."""
    tables = [_layer(name, frame) for name, frame in district.frames.items() if district.has(name)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "layers.gpkg"
        geopackage.write(path, tables, date=district.data_date or geopackage.UNDATED)
        return path.read_bytes()


def _layer(name: str, frame: gpd.GeoDataFrame) -> Table:
    return Table.of_layer(layers.ALL[name], to_crs(frame, STORAGE_CRS, name))


def _date(findings: gpd.GeoDataFrame, district: District) -> str:
    dates = findings["as_of"].dropna()
    return str(dates.max()) if len(dates) else district.data_date or geopackage.UNDATED
