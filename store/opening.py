"""Opening the live store of a district: in its folder, or in the database its settings name."""

from pathlib import Path

from store.contract import Store
from store.databases import address_of, database_at
from store.folder import Reading, read
from store.live import LiveStore

STORE_VARIABLE = "LITONG_STORE"
"""Environment variable that jobs and views take a database's address from."""


def read_store(path: Path, address: str = "") -> Reading:
    """Return the newest district of a store, with the account of every table of its file."""
    where = address_of(path, address)
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
