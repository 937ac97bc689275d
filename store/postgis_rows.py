"""Rows of one table in PostgreSQL: read as a frame, added by COPY, changed by a scratch table."""

from collections.abc import Iterable, Sequence
from typing import Any, cast

import geopandas as gpd
import numpy as np
import pandas as pd
import psycopg
import shapely
import sqlalchemy as sa

from geo.crs import STORAGE_CRS
from geo.errors import DataError
from layers.spec import LayerSpec
from store import geopackage
from store.row_versions import RowVersion
from store.schema import GEOMETRY, KEY, quoted


def driver(connection: sa.Connection) -> psycopg.Connection[Any]:
    """Return the connection below SQLAlchemy's: COPY is the driver's alone."""
    return cast("psycopg.Connection[Any]", connection.connection.driver_connection)


def named(table: sa.Table) -> str:
    """Return the name of a table with its schema, as SQL."""
    return f"{quoted(str(table.schema))}.{quoted(table.name)}"


def any_of(keys: Iterable[str]) -> sa.Function[str]:
    """Return the operand that equals any of `keys`."""
    return sa.func.any(sa.bindparam("keys", list(keys), sa.ARRAY(sa.Text)))


def plain(value: object) -> object:
    """Return a value as a GeoPackage keeps it, so that a journal has one digest in both."""
    return int(value) if isinstance(value, bool) else value


def read(
    connection: sa.Connection, table: sa.Table, spec: LayerSpec, key: str = ""
) -> gpd.GeoDataFrame:
    """
    Return the rows of a layer as plain values, None where unknown.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        In a transaction.
    table : sqlalchemy.Table
        The layer's table.
    spec : LayerSpec
        With every column that is read.
    key : str, default ""
        The one row wanted, "" for all.

    Returns
    -------
    geopandas.GeoDataFrame
        In EPSG:4490, in the order in which rows were added.
    """
    names = [column.name for column in spec.columns]
    query = sa.select(table.c[GEOMETRY], *(table.c[name] for name in names))
    if key:
        query = query.where(table.c[spec.key] == key)
    rows = connection.execute(query.order_by(table.c[KEY])).all()
    shapes, *values = zip(*rows, strict=True) if rows else [()] * (len(names) + 1)
    columns = {
        name: pd.Series(list(map(plain, cells)), dtype=object)
        for name, cells in zip(names, values, strict=True)
    }
    blobs = np.array([None if s is None else bytes(s) for s in shapes], dtype=object)
    geometry = gpd.GeoSeries(shapely.from_wkb(blobs), crs=STORAGE_CRS)
    return gpd.GeoDataFrame(columns, geometry=geometry)


def put(
    connection: sa.Connection, table: sa.Table, spec: LayerSpec, rows: gpd.GeoDataFrame
) -> None:
    """
    Add rows, or change those whose key is there.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        In the transaction that may write.
    table : sqlalchemy.Table
        The layer's table.
    spec : LayerSpec
        With exactly the columns that are written; others stay as they are.
    rows : geopandas.GeoDataFrame
        In EPSG:4490, each key once.

    Raises
    ------
    DataError
        If a text holds the character NUL, which PostgreSQL cannot keep.
    """
    _require_no_nul(spec, rows)
    own = table.c[spec.key]
    there = set(connection.scalars(sa.select(own).where(own == any_of(rows[spec.key]))))
    known = np.array([key in there for key in rows[spec.key]], dtype=bool)
    _copy(connection, named(table), spec, rows[~known])
    if known.any():
        _change(connection, table, spec, rows[known])


def _copy(connection: sa.Connection, target: str, spec: LayerSpec, rows: gpd.GeoDataFrame) -> None:
    """Add rows to a table by COPY."""
    if not len(rows):
        return
    cells = [geopackage.cells(rows[column.name], column) for column in spec.columns]
    shapes = np.asarray(rows.geometry.array, dtype=object)
    # EWKB in hexadecimal is what a geometry column reads.
    wkb = shapely.to_wkb(shapely.set_srid(shapes, 4490), hex=True, include_srid=True)
    names = ", ".join([GEOMETRY, *(quoted(column.name) for column in spec.columns)])
    command = f"COPY {target} ({names}) FROM STDIN"
    with driver(connection).cursor() as cursor, cursor.copy(command) as stream:
        for row in zip(wkb.tolist(), *cells, strict=True):
            stream.write_row(row)


def _change(
    connection: sa.Connection, table: sa.Table, spec: LayerSpec, rows: gpd.GeoDataFrame
) -> None:
    """Change rows that are there, by way of a table that the transaction forgets."""
    names = [GEOMETRY, *(quoted(column.name) for column in spec.columns)]
    here, sets = named(table), ", ".join(f"{name} = new.{name}" for name in names)
    blank = f"SELECT {', '.join(names)} FROM {here} WITH NO DATA"
    same = f"old.{quoted(spec.key)} = new.{quoted(spec.key)}"
    connection.exec_driver_sql(f"CREATE TEMPORARY TABLE litong_new ON COMMIT DROP AS {blank}")
    _copy(connection, "litong_new", spec, rows)
    connection.exec_driver_sql(
        f"UPDATE {here} AS old SET {sets} FROM litong_new AS new WHERE {same}"
    )
    connection.exec_driver_sql("DROP TABLE litong_new")


def versions(
    connection: sa.Connection, table: sa.Table, names: Sequence[str], after: int
) -> list[RowVersion]:
    """Return the former rows in a table, with columns `names`, that entries after `after` made."""
    query = sa.select(table).where(table.c["_change"] > after).order_by(table.c["_id"])
    return [
        RowVersion(
            seq,
            action,
            key,
            shape,
            {n: plain(v) for n, v in zip(names, values, strict=True) if v is not None},
        )
        for _, seq, action, key, shape, *values in connection.execute(query)
    ]


def add_versions(
    connection: sa.Connection, table: sa.Table, names: Sequence[str], rows: Iterable[RowVersion]
) -> None:
    """Add former rows, with columns `names`, to a table by COPY."""
    listed = ", ".join(map(quoted, ["_change", "_action", "_key", GEOMETRY, *names]))
    command = f"COPY {named(table)} ({listed}) FROM STDIN"
    with driver(connection).cursor() as cursor, cursor.copy(command) as stream:
        for row in rows:
            cells = map(row.cells.get, names)
            stream.write_row((row.seq, row.action, row.key, row.shape, *cells))


def _require_no_nul(spec: LayerSpec, rows: gpd.GeoDataFrame) -> None:
    for column in spec.columns:
        if column.dtype in ("str", "date"):
            bad = rows[column.name].str.contains("\x00", regex=False, na=False)
            if bad.any():
                key = rows.loc[bad, spec.key].iloc[0]
                raise DataError(
                    f"{spec.name} {key!r}: {column.name} holds the character NUL, which "
                    "PostgreSQL cannot keep",
                    f"{spec.label_zh} {key!r}：{column.label_zh}含空字符（NUL），"
                    "PostgreSQL 无法保存",
                )
