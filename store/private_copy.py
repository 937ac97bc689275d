"""A store that cannot be written, copied into a private folder where it can be."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from store import takeover
from store.databases import database_at
from store.district_file import FILE_NAME
from store.folder import find
from store.scratch import private_folder
from store.tables import Database


@contextmanager
def copied(database: Database) -> Iterator[Database]:
    """
    Yield a private copy of a store: its file, and what was decided in files beside it.

    Parameters
    ----------
    database : Database
        In a folder, or in a single file.

    Raises
    ------
    StoreError
        If it cannot be read.
    """
    own = database.folder
    with private_folder("backup") as folder:
        database.backup(folder / ("district.gpkg" if own is None else find(own)[1].name))
        if own is not None:
            for file in filter(Path.is_file, [own / FILE_NAME, *takeover.old_files(own)]):
                copy = folder / file.relative_to(own)
                copy.parent.mkdir(exist_ok=True)
                shutil.copyfile(file, copy)
        yield database_at(folder)
