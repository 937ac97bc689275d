"""`litong demo`: the invented district, written as a folder that everything else reads."""

from pathlib import Path
from typing import Literal, TypeAlias

import demo
from jobs.printing import console, plain
from store import write_district
from store.district_file import FILE_NAME

Size: TypeAlias = Literal["tiny", "demo", "stress"]
_DONE = {
    "zh": "演示数据已写入 {folder}：{estates} 个小区，{buildings} 栋楼，版本 {version}",
    "en": "Written to {folder}: {estates} estates, {buildings} buildings, version {version}",
}
_SHOWN_DIGITS = 12


def write_demonstration(folder: Path, size: Size, seed: int, language: str) -> None:
    """
    Build the invented district and write it with its answer key.

    Raises
    ------
    StoreError
        If the folder cannot be written to.
    """
    built = demo.build(size, seed)
    write_district(built.district, folder, truth=built.truth)
    sentence = _DONE[language].format(
        folder=folder,
        estates=len(built.district["estates"]),
        buildings=len(built.district["buildings"]),
        version=built.district.version[:_SHOWN_DIGITS],
    )
    console().print(plain(sentence))


def ensure_demonstration(folder: Path, language: str) -> Path:
    """Return `folder`, with the demonstration district in it if it has none yet."""
    if not (folder / FILE_NAME).is_file():
        write_demonstration(folder, "demo", 2023, language)
    return folder
