"""
A live store in PostgreSQL with PostGIS.

One writer at a time holds the lock of the journal; readers see one snapshot. The URL may carry a
password: it is kept in the engine alone and stands in no message.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from geo.errors import StoreError
from layers.district import District
from store import geopackage, head, live_geopackage, read_only
from store.atomic import replacing
from store.copying import copy
from store.district_file import FILE_NAME, read_district_file
from store.folder import FILE, read_district
from store.geopackage_tables import GeoPackageTables
from store.head import Head, read_head, write_head
from store.postgis_tables import PostgisTables
from wording import Text

_WAITS = {
    "connect_timeout": "10",  # [s]
    "tcp_user_timeout": "30000",  # [ms] a server that is gone
    "options": "-c lock_timeout=60s -c statement_timeout=10min",
}
"""How long a server is waited for, of which the URL may say otherwise; libpq waits for ever."""


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
        parsed = parsed.set(query=_WAITS | dict(parsed.query))
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

    @property
    def folder(self) -> Path | None:
        """The district's folder."""
        return self._folder

    @contextmanager
    def reading(self) -> Iterator[PostgisTables]:
        """Open one consistent state for reading."""
        with self._connected("REPEATABLE READ") as connection:
            yield PostgisTables(connection, self._schema)

    @contextmanager
    def writing(self) -> Iterator[PostgisTables]:
        """Open the only transaction that may write; it is kept if the block ends well."""
        with self._locked() as tables:
            file = self._folder / FILE
            if tables.schema is None and file.is_file():
                _take_over(file, tables)
            tables.require_own_guards()
            yield tables
            newest = tables.head()
        if newest:
            write_head(self._folder / head.SERVER_FILE, newest)

    @contextmanager
    def _locked(self) -> Iterator[PostgisTables]:
        with self._connected("READ COMMITTED") as connection:
            lock = sa.func.pg_advisory_xact_lock(sa.func.hashtext(self._schema))
            connection.execute(sa.select(lock))
            tables = PostgisTables(connection, self._schema)
            tables.lock()
            yield tables
            connection.commit()

    @contextmanager
    def _connected(self, isolation: Any) -> Iterator[sa.Connection]:  # noqa: ANN401 - a Literal
        try:
            with self._engine.connect() as connection:
                yield connection.execution_options(isolation_level=isolation)
        except (SQLAlchemyError, psycopg.Error) as error:
            place = self._engine.url.set(query={}).render_as_string(hide_password=True)
            cause = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
            raise StoreError(
                f"{place}: {cause}", f"{place}：数据库操作未完成（{cause}）"
            ) from error

    def head(self) -> Head | None:
        """Return the newest entry as noted in the folder."""
        return read_head(self._folder / head.SERVER_FILE)

    @property
    def is_read_only(self) -> bool:
        """Whether the place cannot be written: a server says so itself."""
        return False

    def require_writable(self) -> None:
        """Do nothing: a server says so itself."""

    def notices(self) -> Sequence[Text]:
        """Return nothing: a server has no file that could be copied by halves."""
        return ()

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
        """Copy everything, the journal included, into one GeoPackage."""
        with self.reading() as source, replacing(path) as scratch:
            geopackage.write(scratch, [], date=geopackage.UNDATED)
            with live_geopackage.written(scratch) as target:
                copy(source, target)
            live_geopackage.without_log(scratch)

    def is_empty(self) -> bool:
        """Return whether the database has no journal yet."""
        with self.reading() as tables:
            return tables.schema is None

    def adopt(self, path: Path) -> None:
        """Take over a backup whole, the journal included."""
        with self._locked() as tables:
            _take_over(path, tables)


def _take_over(file: Path, target: PostgisTables) -> None:
    """Copy the rows and the journal of a GeoPackage, if it has a journal."""
    with read_only.opened(file) as base:
        source = GeoPackageTables(base)
        if source.schema is not None:
            copy(source, target)
