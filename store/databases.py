"""Which database keeps the tables of a store: a GeoPackage, or a server that its settings name."""

from functools import lru_cache
from pathlib import Path

from store.district_file import FILE_NAME, read_district_file
from store.live_geopackage import GeoPackageDatabase
from store.tables import Database


def database_at(path: Path, address: str = "") -> Database:
    """Return the database that keeps the tables of a store; parameters as of `open_store`."""
    where = address_of(path, address)
    return _postgis(where, path) if where else GeoPackageDatabase(path)


def address_of(path: Path, address: str) -> str:
    """Return the database's address, "" where the folder itself is the store."""
    if not (path / FILE_NAME).is_file():
        return ""
    return address or read_district_file(path).store


@lru_cache(maxsize=4)
def _postgis(address: str, folder: Path) -> Database:
    # An office without a server never loads this.
    from store.postgis import PostgisDatabase, engine_of  # noqa: PLC0415

    return PostgisDatabase(engine_of(address), folder)
