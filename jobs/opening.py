"""The district that a command was given: its folder, or the database that keeps it instead."""

import os
from pathlib import Path

from layers.district import District
from store import STORE_VARIABLE, Reading, Store, open_store, read_store


def store_at(path: Path) -> Store:
    """Return the live store of a district's folder."""
    return open_store(path, os.environ.get(STORE_VARIABLE, ""))


def district_at(path: Path) -> District:
    """Return the newest district of a folder, or of a single GeoPackage."""
    return store_at(path).read()


def reading_at(path: Path) -> Reading:
    """Return the newest district, with the account of every table it was read from."""
    return read_store(path, os.environ.get(STORE_VARIABLE, ""))
