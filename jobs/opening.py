"""The district that a command was given: its folder, or the database that keeps it instead."""

import os
from pathlib import Path

import typer

from jobs.printing import plain
from layers.district import District
from store import STORE_VARIABLE, Reading, Store, open_store, read_store
from wording import Language


def store_at(path: Path, language: Language) -> Store:
    """Return the live store of a district's folder; print what is special about the place."""
    store = open_store(path, os.environ.get(STORE_VARIABLE, ""))
    for notice in store.notices():
        typer.echo(plain(notice[language]), err=True)
    return store


def district_at(path: Path, language: Language) -> District:
    """Return the newest district of a folder, or of a single GeoPackage."""
    return store_at(path, language).read()


def reading_at(path: Path, language: Language) -> Reading:
    """Return the newest district, with the account of every table it was read from."""
    store_at(path, language)
    return read_store(path, os.environ.get(STORE_VARIABLE, ""))
