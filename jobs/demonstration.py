"""`litong demo`: the invented district, written as a folder that everything else reads."""

from pathlib import Path

import demo
from jobs.printing import show
from store import SHOWN_DIGITS, write_district
from store.district_file import FILE_NAME
from wording import Language


def write_demonstration(folder: Path, size: demo.Size, language: Language) -> None:
    """
    Write the invented district of a size as a folder, and say what was written.

    Raises
    ------
    StoreError
        If the folder cannot be written to.
    """
    district = demo.district(size)
    write_district(district, folder)
    show(
        "demo.done",
        language,
        folder=folder,
        estates=len(district["estates"]),
        buildings=len(district["buildings"]),
        version=district.version[:SHOWN_DIGITS],
    )


def ensure_demonstration(folder: Path, language: Language) -> Path:
    """Return `folder`, with the demonstration district in it if it has none yet."""
    if not (folder / FILE_NAME).is_file():
        write_demonstration(folder, "demo", language)
    return folder
