"""Opening the live store of a district: in its folder, or in the database its settings name."""

from functools import lru_cache
from pathlib import Path

from store.contract import Store
from store.district_file import FILE_NAME, read_district_file
from store.folder import Reading, read
from store.live import LiveStore
from store.live_geopackage import GeoPackageDatabase
from store.tables import Database

STORE_VARIABLE = "LITONG_STORE"
"""Environment variable that jobs and views take a database's address from."""


def read_store(path: Path, address: str = "") -> Reading:
    """Return the newest district of a store, with the account of every table of its file."""
    where = _address(path, address)
    return Reading(open_store(path, where).read(), ()) if where else read(path)


def open_store(path: Path, address: str = "") -> Store:
    """
    Return the live store of the district in a folder, or in a single GeoPackage.

    Nothing is read or written yet; a file of older form becomes a live store at the first write.

    Parameters
    ----------
    path : pathlib.Path
        The folder, or the file.
    address : str, default ""
        Where a PostgreSQL database keeps the district of that folder, such as
        postgresql://planner@server/litong; "" for what district.toml says, else the folder itself.

    Raises
    ------
    StoreError
        If the address is none.
    """
    return LiveStore(database_at(path, address))


def database_at(path: Path, address: str = "") -> Database:
    """Return where `open_store` keeps its tables."""
    where = _address(path, address)
    return _postgis(where, path) if where else GeoPackageDatabase(path)


def _address(path: Path, address: str) -> str:
    """Return the database's address, "" where the folder itself is the store."""
    if not (path / FILE_NAME).is_file():
        return ""
    return address or read_district_file(path).store


@lru_cache(maxsize=4)
def _postgis(address: str, folder: Path) -> Database:
    # An office without a server never loads this.
    from store.postgis import PostgisDatabase, engine_of  # noqa: PLC0415

    return PostgisDatabase(engine_of(address), folder)
