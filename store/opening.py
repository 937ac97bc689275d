"""Opening the live store of a district."""

from pathlib import Path

from store.contract import Store
from store.live import LiveStore
from store.live_geopackage import GeoPackageDatabase


def open_store(path: Path) -> Store:
    """
    Return the live store of the district in a folder, or in a single GeoPackage.

    Nothing is read or written yet; a file of older form becomes a live store at the first write.
    """
    return LiveStore(GeoPackageDatabase(path))
