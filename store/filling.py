"""Rows into the table of a layer: one by one through its triggers, or many at once past them."""

import sqlite3
from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import shapely

from layers.spec import LayerSpec
from store import geopackage, journal_schema, schema
from store.geometry_blob import encode
from store.schema import GEOMETRY, KEY, quoted

SRS_ID = 4490
_ROWS_AT_ONCE = 50_000
_KEYS_AT_ONCE = 10_000  # a statement takes at least 32,766 values
_MANY = 1000  # rows from which making the triggers anew costs less than running them


def keys_present(base: sqlite3.Connection, spec: LayerSpec, keys: Sequence[str]) -> set[str]:
    """Return those of `keys` that rows of a layer have."""
    key, found = quoted(spec.key), set[str]()
    for start in range(0, len(keys), _KEYS_AT_ONCE):
        some = keys[start : start + _KEYS_AT_ONCE]
        marks = ", ".join("?" * len(some))
        query = f"SELECT {key} FROM {quoted(spec.name)} WHERE {key} IN ({marks})"
        found.update(value for (value,) in base.execute(query, some))
    return found


def fill(base: sqlite3.Connection, statement: str, spec: LayerSpec, rows: gpd.GeoDataFrame) -> None:
    """
    Run a statement for every row: its columns, then its geometry.

    Parameters
    ----------
    base : sqlite3.Connection
        In a transaction.
    statement : str
        Takes the columns of `spec` and the geometry, in that order.
    spec : LayerSpec
        With exactly the columns that are written.
    rows : geopandas.GeoDataFrame
        In EPSG:4490.
    """
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        part = rows.iloc[start : start + _ROWS_AT_ONCE]
        columns = [geopackage.cells(part[c.name], c) for c in spec.columns]
        blobs = encode(np.asarray(part.geometry.array, dtype=object), SRS_ID)
        base.executemany(statement, zip(*columns, blobs, strict=True))


def add(base: sqlite3.Connection, spec: LayerSpec, rows: gpd.GeoDataFrame) -> None:
    """
    Add rows whose keys are not there.

    The triggers that run at every row are taken away for many of them, what they do is done for all
    at once, and they are put back as they were: in the transaction, so that nobody ever sees the
    table without them.

    Parameters
    ----------
    base : sqlite3.Connection
        In a transaction.
    spec : LayerSpec
        With exactly the columns that are written.
    rows : geopandas.GeoDataFrame
        In EPSG:4490, no key of theirs in the table.
    """
    if len(rows) < _MANY:
        fill(base, schema.insert(spec), spec, rows)
        return
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name IN (?, ?)"
    names = (
        f"rtree_{spec.name}_{GEOMETRY}_insert",
        f"{journal_schema.past_table(spec.name)}_added",
    )
    triggers = base.execute(query, names).fetchall()
    for name, _ in triggers:
        base.execute(f"DROP TRIGGER {quoted(name)}")
    (last,) = base.execute(f"SELECT coalesce(max({KEY}), 0) FROM {quoted(spec.name)}").fetchone()
    fill(base, schema.insert(spec), spec, rows)
    _index(base, spec, rows, last)
    if names[1] in dict(triggers):
        base.execute(journal_schema.added_since(spec), (last,))
    for _, statement in triggers:
        base.execute(statement)


def _index(base: sqlite3.Connection, spec: LayerSpec, rows: gpd.GeoDataFrame, last: int) -> None:
    """Fill the R-tree with the rows that were added after the row `last`."""
    query = f"SELECT {KEY} FROM {quoted(spec.name)} WHERE {KEY} > ? ORDER BY {KEY}"
    ids = [number for (number,) in base.execute(query, (last,))]
    bounds = np.asarray(shapely.bounds(np.asarray(rows.geometry.array, dtype=object)))
    boxes = bounds[:, [0, 2, 1, 3]].tolist()
    base.executemany(
        f"INSERT INTO {quoted(f'rtree_{spec.name}_{GEOMETRY}')} VALUES (?, ?, ?, ?, ?)",
        ((number, *box) for number, box in zip(ids, boxes, strict=True) if not np.isnan(box[0])),
    )
