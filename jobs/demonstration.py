"""`litong demo`: the invented district, written as a folder that everything else reads."""

from pathlib import Path
from typing import Literal, TypeAlias

import demo
from jobs.printing import show
from store import write_district
from store.district_file import FILE_NAME
from wording import Language

Size: TypeAlias = Literal["tiny", "demo", "stress"]
_SHOWN_DIGITS = 12


def write_demonstration(folder: Path, size: Size, seed: int, language: Language) -> None:
    """
    Build the invented district and write it with its answer key.

    Raises
    ------
    StoreError
        If the folder cannot be written to.
    """
    built = demo.build(size, seed)
    write_district(built.district, folder, truth=built.truth)
    show(
        "demo.done",
        language,
        folder=folder,
        estates=len(built.district["estates"]),
        buildings=len(built.district["buildings"]),
        version=built.district.version[:_SHOWN_DIGITS],
    )


def ensure_demonstration(folder: Path, language: Language) -> Path:
    """Return `folder`, with the demonstration district in it if it has none yet."""
    if not (folder / FILE_NAME).is_file():
        write_demonstration(folder, "demo", 2023, language)
    return folder
