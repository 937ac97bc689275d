"""
A live store in PostgreSQL with PostGIS: SQLAlchemy Core for the statements, COPY for many rows.

One writer at a time holds the lock of the trail; readers see one snapshot. The URL may carry a
password: it is kept in the engine alone and stands in no message.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import geopandas as gpd
import numpy as np
import pandas as pd
import psycopg
import shapely
import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

import layers
from geo.crs import STORAGE_CRS
from geo.errors import DataError, StoreError
from layers.district import District
from layers.spec import LayerSpec
from store import geopackage, live_geopackage, postgis_schema
from store.atomic import replacing
from store.chain import Link
from store.copying import copy
from store.district_file import FILE_NAME, read_district_file
from store.folder import FILE, read_district
from store.past import Past
from store.schema import GEOMETRY, KEY, quoted
from store.trail import CHANGES, TOTALS, past_table


def engine_of(url: str) -> sa.Engine:
    """
    Return the engine for a URL such as postgresql://planner@server/litong.

    Raises
    ------
    StoreError
        If it is no such URL.
    """
    try:
        parsed = sa.make_url(url).set(drivername="postgresql+psycopg")
        # Data stand in no message; a connection lives as long as its transaction.
        return sa.create_engine(parsed, hide_parameters=True, poolclass=sa.NullPool)
    except ArgumentError as error:
        raise StoreError(
            "the store's address is no URL such as postgresql://user@server/database",
            "数据库地址应形如 postgresql://用户@服务器/数据库",
        ) from error


class PostgisDatabase:
    """
    The tables of a live store in one schema of a PostgreSQL database.

    Parameters
    ----------
    engine : sqlalchemy.Engine
        The database.
    folder : pathlib.Path
        The district's folder: its district.toml names the district (and the schema), and its
        GeoPackage is what the first change takes over.
    """

    def __init__(self, engine: sa.Engine, folder: Path) -> None:
        self._engine = engine
        self._folder = folder
        self._schema = f"litong_{read_district_file(folder).id}"
        self._tables = postgis_schema.tables(self._schema)

    @contextmanager
    def reading(self) -> Iterator["PostgisTables"]:
        """Open one consistent state for reading."""
        with self._connected("REPEATABLE READ") as connection:
            yield PostgisTables(connection, self._tables)

    @contextmanager
    def writing(self) -> Iterator["PostgisTables"]:
        """Open the only transaction that may write; it is kept if the block ends well."""
        with self._locked() as tables:
            file = self._folder / FILE
            if not tables.is_live and file.is_file():
                _take_over(file, tables)
            yield tables

    @contextmanager
    def _locked(self) -> Iterator["PostgisTables"]:
        with self._connected("READ COMMITTED") as connection:
            lock = sa.func.pg_advisory_xact_lock(sa.func.hashtext(self._schema))
            connection.execute(sa.select(lock))
            tables = PostgisTables(connection, self._tables)
            tables.lock()
            yield tables
            connection.commit()

    @contextmanager
    def _connected(self, isolation: Any) -> Iterator[sa.Connection]:  # noqa: ANN401 - a Literal
        try:
            with self._engine.connect() as connection:
                yield connection.execution_options(isolation_level=isolation)
        except (SQLAlchemyError, psycopg.Error) as error:
            place = self._engine.url.render_as_string(hide_password=True)
            cause = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
            raise StoreError(
                f"{place}: {cause}", f"{place}：数据库操作未完成（{cause}）"
            ) from error

    def stamp(self) -> str:
        """Return a text that changes whenever the content may have changed."""
        toml = (self._folder / FILE_NAME).stat()
        with self.reading() as tables:
            return f"{tables.state()} {toml.st_size}-{toml.st_mtime_ns}"

    def unrecorded(self) -> District:
        """Return the district of the folder's GeoPackage: what the first change takes over."""
        return read_district(self._folder)

    def settings(self) -> Mapping[str, Any]:
        """Return what district.toml says now."""
        return read_district_file(self._folder).settings()

    def backup(self, path: Path) -> None:
        """Copy everything, the trail included, into one GeoPackage."""
        with self.reading() as source, replacing(path) as scratch:
            geopackage.write(scratch, [], date=geopackage.UNDATED)
            with live_geopackage.written(scratch) as target:
                copy(source, target)
            live_geopackage.without_log(scratch)

    def is_empty(self) -> bool:
        """Return whether the database has no trail yet."""
        with self.reading() as tables:
            return not tables.is_live

    def adopt(self, path: Path) -> None:
        """Take over a backup whole, the trail included."""
        with self._locked() as tables:
            _take_over(path, tables)


def _take_over(file: Path, target: "PostgisTables") -> None:
    """Copy the rows and the trail of a GeoPackage, if it has a trail."""
    with geopackage.opened(file) as base:
        source = live_geopackage.GeoPackageTables(base)
        if source.is_live:
            copy(source, target)


class PostgisTables:
    """One transaction on the tables of a schema; `store.tables.Tables` says what they do."""

    def __init__(self, connection: sa.Connection, tables: sa.MetaData) -> None:
        self._connection = connection
        self._meta = tables
        self._present = set(sa.inspect(connection).get_table_names(schema=tables.schema))

    def lock(self) -> None:
        """Keep every other writer out until the transaction ends."""
        if self.is_live:
            table = f"{quoted(str(self._meta.schema))}.{CHANGES}"
            self._connection.execute(sa.text(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE"))

    @property
    def is_live(self) -> bool:
        """Whether there is a trail."""
        return CHANGES in self._present

    def state(self) -> str:
        """Return what changes with every change, recorded or not."""
        if not self.is_live:
            return "-"
        newest = [sa.select(sa.func.max(self._table(CHANGES).c.seq))]
        newest += [
            sa.select(sa.func.max(self._table(name).c["_id"]))
            for name in map(past_table, layers.SURVEYED)
            if name in self._present
        ]
        row = self._connection.execute(sa.select(*(q.scalar_subquery() for q in newest))).one()
        return ",".join(str(number or 0) for number in row)

    def links(self) -> list[Link]:
        """Return the trail, oldest first."""
        if not self.is_live:
            return []
        return [Link._make(row) for row in self._connection.execute(self._records())]

    def last(self) -> Link | None:
        """Return the newest record."""
        if not self.is_live:
            return None
        newest = self._records(newest=True).limit(1)
        row = self._connection.execute(newest).one_or_none()
        return Link._make(row) if row else None

    def append(self, seq: int, link: Link) -> None:
        """Add a record."""
        values = {"seq": seq, **link._asdict(), "record": link.text}
        values.pop("text")
        self._connection.execute(self._table(CHANGES).insert().values(values))

    def begin(self) -> None:
        """Make the tables of the trail; every layer keeps its former rows from now on."""
        self._make(CHANGES)
        self._run(postgis_schema.append_only(str(self._meta.schema), CHANGES))
        for name in layers.SURVEYED:
            if name in self._present:
                self._keep_former(name)

    def frames(self) -> dict[str, gpd.GeoDataFrame]:
        """Return the rows of the layers that have a table."""
        return {name: self._frame(name) for name in layers.SURVEYED if name in self._present}

    def one(self, layer: str, key: str) -> gpd.GeoDataFrame | None:
        """Return the row of this key, a frame without rows if there is none; None without table."""
        return self._frame(layer, key) if layer in self._present else None

    def values(self, layer: str, column: str) -> set[str]:
        """Return every value in a text column of a layer."""
        if layer not in self._present:
            return set()
        cells = self._table(layer).c[column]
        return set(self._connection.scalars(sa.select(cells).where(cells.is_not(None))))

    def total(self, layer: str) -> bytes:
        """Return what `keep_total` kept for a layer, b"" if nothing."""
        if TOTALS not in self._present:
            return b""
        column = self._table(TOTALS).c
        found = self._connection.scalar(sa.select(column.total).where(column.layer == layer))
        return bytes(found or b"")

    def keep_total(self, layer: str, total: bytes) -> None:
        """Keep the sum over a layer's rows (`layers.content`) as it is after this transaction."""
        if TOTALS not in self._present:
            self._make(TOTALS)
        table = self._table(TOTALS)
        self._connection.execute(table.delete().where(table.c.layer == layer))
        self._connection.execute(table.insert().values(layer=layer, total=total))

    def put(self, layer: str, rows: gpd.GeoDataFrame, at: str) -> None:  # noqa: ARG002
        """Add rows, or change those whose key is there; the layer's table is made if need be."""
        spec, table = layers.ALL[layer], self._table(layer)
        _require_no_nul(spec, rows)
        if layer not in self._present:
            self._make(layer)
            self._run([postgis_schema.spatial_index(str(self._meta.schema), layer)])
            if self.is_live:
                self._keep_former(layer)
        own = table.c[spec.key]
        there = set(self._connection.scalars(sa.select(own).where(own == _any(rows[spec.key]))))
        known = np.array([key in there for key in rows[spec.key]], dtype=bool)
        self._copy(f"{_named(table)}", spec, rows[~known])
        if known.any():
            self._change(table, spec, rows[known])

    def remove(self, layer: str, keys: Sequence[str], at: str) -> None:  # noqa: ARG002
        """Remove rows by their keys."""
        if keys:
            table = self._table(layer)
            own = table.c[layers.ALL[layer].key]
            self._connection.execute(table.delete().where(own == _any(keys)))

    def past(self, layer: str, after: int = 0) -> list[Past]:
        """Return the former rows of a layer that changes after `after` replaced, oldest first."""
        name = past_table(layer)
        if name not in self._present:
            return []
        table = self._table(name)
        query = sa.select(table).where(table.c["_change"] > after).order_by(table.c["_id"])
        columns = [column.name for column in layers.ALL[layer].columns]
        return [
            Past(
                change,
                action,
                key,
                shape,
                {n: _plain(v) for n, v in zip(columns, values, strict=True) if v is not None},
            )
            for _, change, action, key, shape, *values in self._connection.execute(query)
        ]

    def add_past(self, layer: str, rows: Sequence[Past]) -> None:
        """Add former rows that another store kept."""
        table, spec = self._table(past_table(layer)), layers.ALL[layer]
        names = ["_change", "_action", "_key", GEOMETRY, *(column.name for column in spec.columns)]
        listed = ", ".join(map(quoted, names))
        with (
            self._driver.cursor() as cursor,
            cursor.copy(f"COPY {_named(table)} ({listed}) FROM STDIN") as stream,
        ):
            for row in rows:
                cells = [row.cells.get(column.name) for column in spec.columns]
                stream.write_row((row.change, row.action, row.key, row.shape, *cells))

    def touched(self, layer: str, after: int = 0, key: str = "") -> dict[str, int]:
        """Return key -> the last change after `after` that touched it, of one key or of all."""
        name = past_table(layer)
        if name not in self._present:
            return {}
        column = self._table(name).c
        query = sa.select(column["_key"], sa.func.max(column["_change"]))
        query = query.where(column["_change"] > after).group_by(column["_key"])
        if key:
            query = query.where(column["_key"] == key)
        return {row[0]: row[1] for row in self._connection.execute(query)}

    @property
    def _driver(self) -> psycopg.Connection[Any]:
        """The connection below SQLAlchemy's: COPY is the driver's alone."""
        return cast("psycopg.Connection[Any]", self._connection.connection.driver_connection)

    def _table(self, name: str) -> sa.Table:
        return self._meta.tables[f"{self._meta.schema}.{name}"]

    def _records(self, *, newest: bool = False) -> sa.Select[tuple[str, str, str]]:
        column = self._table(CHANGES).c
        order = column.seq.desc() if newest else column.seq
        return sa.select(column.record, column.previous, column.digest).order_by(order)

    def _make(self, name: str) -> None:
        schema = sa.schema.CreateSchema(str(self._meta.schema), if_not_exists=True)
        self._connection.execute(schema)
        self._table(name).create(self._connection)
        self._present.add(name)

    def _keep_former(self, layer: str) -> None:
        self._make(past_table(layer))
        self._run(postgis_schema.guards(str(self._meta.schema), layers.ALL[layer]))

    def _run(self, statements: Iterable[str]) -> None:
        for statement in statements:
            self._connection.exec_driver_sql(statement)

    def _frame(self, layer: str, key: str = "") -> gpd.GeoDataFrame:
        """Return the rows of a layer, those with `key` or all."""
        spec, table = layers.ALL[layer], self._table(layer)
        names = [column.name for column in spec.columns]
        query = sa.select(table.c[GEOMETRY], *(table.c[name] for name in names))
        if key:
            query = query.where(table.c[spec.key] == key)
        rows = self._connection.execute(query.order_by(table.c[KEY])).all()
        shapes, *values = zip(*rows, strict=True) if rows else [()] * (len(names) + 1)
        plain = {
            name: pd.Series(list(map(_plain, cells)), dtype=object)
            for name, cells in zip(names, values, strict=True)
        }
        blobs = np.array([None if s is None else bytes(s) for s in shapes], dtype=object)
        geometry = gpd.GeoSeries(shapely.from_wkb(blobs), crs=STORAGE_CRS)
        return gpd.GeoDataFrame(plain, geometry=geometry)

    def _copy(self, target: str, spec: LayerSpec, rows: gpd.GeoDataFrame) -> None:
        """Add rows to a table by COPY."""
        if not len(rows):
            return
        cells = [geopackage.cells(rows[column.name], column) for column in spec.columns]
        shapes = np.asarray(rows.geometry.array, dtype=object)
        # EWKB in hexadecimal is what a geometry column reads.
        wkb = shapely.to_wkb(shapely.set_srid(shapes, 4490), hex=True, include_srid=True)
        names = ", ".join([GEOMETRY, *(quoted(column.name) for column in spec.columns)])
        command = f"COPY {target} ({names}) FROM STDIN"
        with self._driver.cursor() as cursor, cursor.copy(command) as stream:
            for row in zip(wkb.tolist(), *cells, strict=True):
                stream.write_row(row)

    def _change(self, table: sa.Table, spec: LayerSpec, rows: gpd.GeoDataFrame) -> None:
        """Change rows that are there, by way of a table that the transaction forgets."""
        names = [GEOMETRY, *(quoted(column.name) for column in spec.columns)]
        here, sets = _named(table), ", ".join(f"{name} = new.{name}" for name in names)
        blank = f"SELECT {', '.join(names)} FROM {here} WITH NO DATA"
        same = f"old.{quoted(spec.key)} = new.{quoted(spec.key)}"
        self._run([f"CREATE TEMPORARY TABLE litong_new ON COMMIT DROP AS {blank}"])
        self._copy("litong_new", spec, rows)
        self._run([f"UPDATE {here} AS old SET {sets} FROM litong_new AS new WHERE {same}"])
        self._run(["DROP TABLE litong_new"])


def _any(keys: Iterable[str]) -> sa.Function[str]:
    return sa.func.any(sa.bindparam("keys", list(keys), sa.ARRAY(sa.Text)))


def _named(table: sa.Table) -> str:
    return f"{quoted(str(table.schema))}.{quoted(table.name)}"


def _plain(value: object) -> object:
    """Return a value as a GeoPackage keeps it, so that a trail has one digest in both."""
    return int(value) if isinstance(value, bool) else value


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
