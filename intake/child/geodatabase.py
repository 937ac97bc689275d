"""File geodatabases: the folder rebuilt under names of ours, its indexes checked, read by GDAL."""

import struct
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from shutil import copyfile

from intake.child import gdal
from intake.child.answer import Answer
from intake.child.member import Member

# An index has a head, an offset for each row in blocks of 1,024, and a tail.
_HEAD, _ROWS, _TAIL = 16, 1024, 16
_VERSION, _SIZES = 3, (4, 5, 6)


def read(name: str, files: Sequence[Member], place: Path, answer: Answer) -> tuple[()]:
    """
    Read every layer of a geodatabase, each a part of its own.

    Parameters
    ----------
    name : str
        As people know it.
    files : sequence of Member
        The files of its folder.
    place : Path
        Where it is rebuilt; nothing is there yet.
    answer : Answer
        Takes the tables, and names an index that is cut: GDAL reads its layer as empty.

    Raises
    ------
    Refused
        If GDAL finds no layer in it.
    """
    place.mkdir()
    for file in files:
        own = PurePosixPath(file.name).name
        if own.isascii() and own.replace(".", "").replace("_", "").isalnum():
            copyfile(file.path, place / own)  # older kernels' fences let no link through
            if file.suffix == ".gdbtablx" and _is_cut(file.path):
                answer.refuse(f"{name}/{own}", "filegdb.cut")
    return gdal.read(gdal.GdalFile(place, name, "filegdb"), answer)


def _is_cut(index: Path) -> bool:
    """Return whether an index is shorter than its head says."""
    with index.open("rb") as stream:
        head = stream.read(_HEAD)
    if len(head) < _HEAD:
        return True
    version, blocks, _, size = struct.unpack("<4i", head)
    is_known = version == _VERSION and size in _SIZES and blocks >= 0
    return is_known and index.stat().st_size < _HEAD + blocks * _ROWS * size + _TAIL
