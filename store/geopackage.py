"""
GeoPackage 1.3 by the standard library's sqlite3 alone.

A second SQLite in the same process (every GDAL wheel carries one) breaks the file locks of the
first, so the file of a district is opened here and nowhere else. Nothing read from a file is
executed: only real tables are read, names are quoted, views and triggers of the file never run.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import CRSError

from layers.spec import Column, LayerSpec
from store import schema
from store.atomic import replacing
from store.geometry_blob import decode, encode
from store.read_only import opened
from store.schema import GEOMETRY, KEY, quoted

UNDATED = "1970-01-01"  # stands where neither file nor rows have a date
_ROWS_AT_ONCE = 50_000  # a whole city's findings do not fit into memory twice
_OWN_SRS_ID = 100_000  # for a CRS without an EPSG code


@dataclass(frozen=True)
class Table:
    """
    One feature table to write.

    Attributes
    ----------
    name : str
        Table and layer name.
    label : str
        What people read.
    columns : tuple of Column
        Attribute columns, in order; the frame has them all.
    geometry : str
        "Point", "LineString", "Polygon", or "Geometry" for any.
    frame : geopandas.GeoDataFrame
        The rows, with a CRS.
    """

    name: str
    label: str
    columns: tuple[Column, ...]
    geometry: str
    frame: gpd.GeoDataFrame

    @classmethod
    def of_layer(cls, spec: LayerSpec, frame: gpd.GeoDataFrame) -> "Table":
        """
        Return the table of a layer: named, typed and labelled as its spec says.

        Parameters
        ----------
        spec : LayerSpec
        The layer, with every column that is written.
        frame : geopandas.GeoDataFrame
        Its rows, in the CRS in which they are stored.
        """
        return cls(spec.name, spec.label_zh, spec.columns, spec.geometry, frame)


@dataclass(frozen=True)
class Stored:
    """One feature table as found in a file: `frame` of plain objects, `changed` its date or ""."""

    name: str
    frame: gpd.GeoDataFrame
    changed: str


def write(path: Path, tables: Sequence[Table], *, date: str) -> None:
    """
    Write `tables` as a new GeoPackage in place of whatever `path` held.

    Parameters
    ----------
    path : pathlib.Path
        The file; replaced in one step.
    tables : sequence of Table
        Feature tables. Unknown values become NULL.
    date : str
        Date of the data, ISO 8601: the last change of every table (no clock is read here, so equal
        tables give equal files).

    Raises
    ------
    StoreError
        If the file cannot be written.
    """
    with replacing(path) as scratch, closing(sqlite3.connect(scratch)) as base:
        base.executescript(
            f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"  # a scratch file: see replacing
            f"PRAGMA application_id = {schema.APPLICATION_ID};"
            f"PRAGMA user_version = {schema.USER_VERSION};{schema.CORE}"
        )
        with base:
            declare_crs(base, {CRS.from_epsg(4326), *(CRS(table.frame.crs) for table in tables)})
            for table in tables:
                write_table(base, table, date)


def _srs_id(crs: CRS) -> int:
    return crs.to_epsg(min_confidence=100) or _OWN_SRS_ID


def declare_crs(base: sqlite3.Connection, systems: set[CRS]) -> None:
    """Register reference systems that are not registered yet."""
    rows = [
        (
            crs.name,
            _srs_id(crs),
            "NONE" if _srs_id(crs) == _OWN_SRS_ID else "EPSG",
            _srs_id(crs),
            crs.to_wkt("WKT1_GDAL"),
        )
        for crs in systems
    ]
    base.executemany(
        "INSERT OR IGNORE INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, NULL)", sorted(rows)
    )


def write_table(base: sqlite3.Connection, table: Table, date: str) -> None:
    """Make a feature table with its rows, its descriptions and its R-tree."""
    shapes = np.asarray(table.frame.geometry.array, dtype=object)
    srs_id = _srs_id(CRS(table.frame.crs))
    geometry = geometry_type(shapes, table.geometry)
    base.execute(schema.feature_table(table.name, table.columns, geometry))
    base.execute(
        "INSERT INTO gpkg_contents VALUES (?, 'features', ?, ?, ?, ?, ?, ?, ?, ?)",
        (table.name, table.name, table.label, f"{date}T00:00:00.000Z", *_box(shapes), srs_id),
    )
    base.execute(
        "INSERT INTO gpkg_geometry_columns VALUES (?, ?, ?, ?, 0, 0)",
        (table.name, GEOMETRY, geometry, srs_id),
    )
    describe_columns(base, table.name, table.columns)
    names = [GEOMETRY, *(column.name for column in table.columns)]
    insert = (
        f"INSERT INTO {quoted(table.name)} ({', '.join(map(quoted, names))}) "
        f"VALUES ({', '.join('?' * len(names))})"
    )
    for start in range(0, len(shapes), _ROWS_AT_ONCE):
        part = slice(start, start + _ROWS_AT_ONCE)
        columns = [cells(table.frame[c.name].iloc[part], c) for c in table.columns]
        base.executemany(insert, zip(encode(shapes[part], srs_id), *columns, strict=True))
    _index(base, table.name, shapes)


def geometry_type(shapes: NDArray[np.object_], declared: str) -> str:
    """
    Return the layer's type, or GEOMETRY where multi-part shapes stand among the single ones.

    Parameters
    ----------
    shapes : ndarray of shapely.Geometry, shape (n,)
        None where missing.
    declared : str
        Type of the spec: ``Point``, ``LineString`` or ``Polygon``; of a mixed table ``Geometry``.
    """
    kinds = set(shapely.get_type_id(shapes).tolist()) - {-1}
    single = {"Point": {0}, "LineString": {1}, "Polygon": {3}}.get(declared, set())
    return declared.upper() if single and kinds <= single else "GEOMETRY"


def _box(shapes: NDArray[np.object_]) -> list[float | None]:
    """Return minx, miny, maxx, maxy of all shapes, None where there is none."""
    drawn = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    return shapely.total_bounds(shapes[drawn]).tolist() if drawn.any() else [None] * 4


def describe_columns(base: sqlite3.Connection, table: str, columns: Iterable[Column]) -> None:
    """Register label, unit, codes and limits of columns (the schema extension)."""
    for column in columns:
        limited = column.least is not None or column.most is not None
        constraint = f"{table}_{column.name}" if column.codes or limited else None
        unit = f" [{column.unit}]" if column.unit else ""
        named = (column.label_zh, column.label_en, f"{column.label_en}{unit}")
        base.execute(
            "INSERT INTO gpkg_data_columns VALUES (?, ?, ?, ?, ?, NULL, ?)",
            (table, column.name, *named, constraint),
        )
        codes = column.codes or {}
        least = -np.inf if column.least is None else column.least
        most = np.inf if column.most is None else column.most
        limits = [(constraint, "range", None, least, 1, most, 1, None)] if limited else []
        base.executemany(
            "INSERT INTO gpkg_data_column_constraints VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                *(
                    (constraint, "enum", code, *[None] * 4, label.zh)
                    for code, label in codes.items()
                ),
                *limits,
            ],
        )


def cells(values: pd.Series, column: Column) -> list[object]:
    """
    Return a column as what sqlite3 stores: str, int, float or None.

    Parameters
    ----------
    values : pandas.Series, shape (n,)
        Cells that conform to `column`.
    column : Column
        Its spec; yes and no become 1 and 0.

    Returns
    -------
    list of object, length n
        None where unknown.
    """
    absent = values.isna()
    known: Sequence[object]
    if column.dtype == "float":
        known = values.astype("float64").tolist()
    elif column.dtype in ("int", "bool"):
        known = values.astype("Int64").to_numpy(dtype="int64", na_value=0).tolist()
    else:
        known = values.astype(object).tolist()
    return [None if gone else cell for cell, gone in zip(known, absent, strict=True)]


def _index(base: sqlite3.Connection, name: str, shapes: NDArray[np.object_]) -> None:
    """Fill the R-tree, register it, and leave the triggers that keep it right."""
    base.execute(schema.rtree_table(name))
    boxes = shapely.bounds(shapes)[:, [0, 2, 1, 3]]
    rows = np.flatnonzero(~np.isnan(boxes[:, 0]))
    base.executemany(
        f"INSERT INTO {quoted(f'rtree_{name}_{GEOMETRY}')} VALUES (?, ?, ?, ?, ?)",
        ((row + 1, *boxes[row].tolist()) for row in rows.tolist()),
    )
    base.execute(
        "INSERT INTO gpkg_extensions VALUES (?, ?, 'gpkg_rtree_index', ?, 'write-only')",
        (name, GEOMETRY, schema.RTREE_DEFINITION),
    )
    for trigger in schema.rtree_triggers(name):
        base.execute(trigger)


def read(path: Path) -> dict[str, Stored]:
    """
    Read every feature table of a GeoPackage, ours or anybody's, in the file's order.

    Returns
    -------
    dict of str to Stored
        By table name. Cells are plain Python values (text that is not UTF-8 keeps its bytes as
        surrogates, for the layer's checks to name); geometry is two-dimensional, None where NULL or
        unreadable; the CRS is None where the file declares none.

    Raises
    ------
    StoreError
        If there is no such file, or it is not a GeoPackage, or it is damaged.
    """
    with opened(path) as base:
        return tables_of(base)


def tables_of(base: sqlite3.Connection) -> dict[str, Stored]:
    """Return every feature table of an open GeoPackage, as `read` does."""
    return {place.table: read_table(base, place) for place in places(base)}


class Place(NamedTuple):
    """Where a feature table's geometry stands, in which CRS, and when it last changed."""

    table: str
    geometry: str
    srs_id: int
    changed: str | None


def places(base: sqlite3.Connection) -> list[Place]:
    """Return every feature table that is a real table, in the file's order."""
    rows = base.execute(
        "SELECT c.table_name, g.column_name, g.srs_id, c.last_change"
        " FROM gpkg_contents c JOIN gpkg_geometry_columns g ON g.table_name = c.table_name"
        " JOIN sqlite_master m ON m.name = c.table_name AND m.type = 'table'"
        " WHERE c.data_type = 'features' AND m.sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY c.rowid"
    )
    return [Place(*row) for row in rows]


def read_table(base: sqlite3.Connection, place: Place, **cells: str) -> Stored:
    """Return one feature table as found; of its rows those that have these `cells`."""
    where = " AND ".join(["1", *(f"{quoted(column)} = ?" for column in cells)])
    query = f"SELECT * FROM {quoted(place.table)} WHERE {where}"
    cursor = base.execute(query, list(cells.values()))
    names = [str(field[0]) for field in cursor.description]
    rows = cursor.fetchall()
    columns = dict(zip(names, zip(*rows, strict=True) if rows else [()] * len(names), strict=True))
    shapes = decode(columns.pop(place.geometry, (None,) * len(rows)))
    plain = {
        column: pd.Series(list(cells), dtype=object)
        for column, cells in columns.items()
        if column.lower() != KEY
    }
    crs = _crs(base, place.srs_id)
    frame = gpd.GeoDataFrame(plain, geometry=gpd.GeoSeries(shapes, crs=crs))
    return Stored(place.table, frame, str(place.changed or ""))


def _crs(base: sqlite3.Connection, srs_id: object) -> CRS | None:
    """Return the CRS declared under `srs_id`: by its EPSG code, else by its definition."""
    found = base.execute(
        "SELECT organization, organization_coordsys_id, definition"
        " FROM gpkg_spatial_ref_sys WHERE srs_id = ? AND srs_id NOT IN (-1, 0)",
        (srs_id,),
    ).fetchone()
    if found is None:
        return None
    organization, code, definition = found
    try:
        if str(organization).upper() == "EPSG":
            return CRS.from_epsg(int(code))
        crs = CRS.from_wkt(str(definition))
    except (CRSError, TypeError, ValueError):
        return None
    return None if crs.is_engineering else crs  # GDAL writes "Undefined SRS" where it knows none
