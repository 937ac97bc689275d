"""
GeoPackages to hand over: the findings with the facility gaps, or the layers of a district.

Stored in EPSG:4490. A table `layer_styles` lets QGIS open every layer styled, with Chinese aliases
and code labels; the schema extension holds the same labels for other programs. Written by
sqlite3 alone; equal content, equal bytes.
"""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import geopandas as gpd

import layers
from exports.qml import qml
from exports.snapshot import date_of, surveyed
from geo.crs import STORAGE_CRS, to_crs
from layers.district import District
from layers.findings import COLUMNS, facility_gaps
from layers.spec import LayerSpec
from store import geopackage
from store.atomic import replacing
from store.geopackage import Table
from store.schema import GEOMETRY
from store.scratch import private_folder
from store.stored_spec import spec_of_frame

_STYLES = """
CREATE TABLE layer_styles (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256),
    f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256),
    styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT,
    owner TEXT(30), ui TEXT(30), update_time DATETIME);
"""


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
    write_styled(path, tables, [layers.ALL["facility_gaps"]], _date(findings, district))


def layers_package(district: District) -> bytes:
    """
    Return the bytes of a GeoPackage with every layer of `district` that was surveyed.

    Columns and layers that only a later build knows go along as they are.
    """
    frames = surveyed(district)
    every = {**frames, **district.unknown_frames}
    tables = [_layer(name, frame) for name, frame in every.items()]
    with private_folder("export") as folder:
        path = folder / "layers.gpkg"
        write_styled(path, tables, [layers.ALL[name] for name in frames], date_of(district))
        return path.read_bytes()


def write_styled(path: Path, tables: list[Table], styled: Iterable[LayerSpec], date: str) -> None:
    """
    Write tables as a GeoPackage in which QGIS finds the styles of some.

    Parameters
    ----------
    path : pathlib.Path
        The .gpkg, replaced in one step.
    tables : list of Table
        In EPSG:4490.
    styled : iterable of LayerSpec
        Of tables that have the name, and the columns of the style, of one of our layers.
    date : str
        Of the data, ISO 8601.

    Raises
    ------
    StoreError
        If the file cannot be written.
    """
    with replacing(path) as scratch:
        geopackage.write(scratch, tables, date=date)
        with closing(sqlite3.connect(scratch)) as base, base:
            _add_styles(base, styled, f"{date}T00:00:00.000Z")


def _add_styles(base: sqlite3.Connection, styled: Iterable[LayerSpec], changed: str) -> None:
    """Add the table in which QGIS looks for the style of a layer."""
    base.executescript(_STYLES)
    base.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, last_change)"
        " VALUES ('layer_styles', 'attributes', 'layer_styles', ?)",
        (changed,),
    )
    base.executemany(
        "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name,"
        " f_geometry_column, styleName, styleQML, useAsDefault, description, owner, update_time)"
        " VALUES ('', '', ?, ?, ?, ?, 1, ?, '', ?)",
        [
            (spec.name, GEOMETRY, spec.label_zh, qml(spec), spec.label_en, changed)
            for spec in styled
        ],
    )


def _layer(name: str, frame: gpd.GeoDataFrame) -> Table:
    return Table.of_layer(spec_of_frame(name, frame), to_crs(frame, STORAGE_CRS, name))


def _date(findings: gpd.GeoDataFrame, district: District) -> str:
    dates = findings["as_of"].dropna()
    return str(dates.max()) if len(dates) else date_of(district)
