"""
DBF tables read by hand: text stays bytes, and every promised row is accounted for.

GDAL decodes a GBK table without .cpg as Latin-1 without a word, and ends early where a file is cut.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from intake.child.member import Member
from intake.child.refused import Refused
from intake.reading import Cell, DeliveredTable, Field, RowFlaw

_HEADER, _DESCRIPTOR = 32, 32
_END_OF_FIELDS, _END_OF_FILE, _DELETED = 0x0D, 0x1A, ord("*")
_LANGUAGES = {
    0x4D: "gb18030", 0x7A: "gb18030", 0x78: "big5", 0x79: "cp949", 0x7B: "cp932", 0x01: "cp437",
    0x02: "cp850", 0x03: "cp1252", 0x57: "cp1252", 0xC8: "cp1250", 0xC9: "cp1251",
}  # fmt: skip
_MEMO = ("M", "G", "P")
_BINARY = {("I", 4): "<i4", ("+", 4): "<i4", ("O", 8): "<f8", ("B", 8): "<f8"}
_NO_DAY = b"00000000"
_YES, _NO = (b"T", b"t", b"Y", b"y", b"1"), (b"F", b"f", b"N", b"n", b"0")


@dataclass(frozen=True, slots=True)
class Dbf:
    """A table: its columns, how many rows it promised, what was lost, its language driver."""

    fields: tuple[Field, ...]
    count: int
    declared: int
    deleted: tuple[int, ...]
    lost: tuple[RowFlaw, ...]
    language: str


def read(member: Member) -> DeliveredTable:
    """Read a .dbf that came alone: a table without geometry."""
    table = read_dbf(member.path.read_bytes())
    return DeliveredTable(
        member.name,
        member.stem,
        "dbf",
        list(range(1, table.count + 1)),
        table.fields,
        flaws=tuple(RowFlaw(at + 1, "dbf.deleted") for at in table.deleted),
        lost=table.lost,
        encoding=table.language,
    )


def read_dbf(data: bytes, outlines: int = 0) -> Dbf:
    """
    Read a .dbf.

    Parameters
    ----------
    data : bytes
        The file.
    outlines : int, default 0
        Outlines in the .shp beside it. Rows beyond those the header promises are taken if as many
        outlines confirm them.

    Raises
    ------
    Refused
        If the header does not describe a table.
    """
    if len(data) < _HEADER:
        raise Refused("dbf.header", f"{len(data)} B")
    declared, start, width = struct.unpack_from("<IHH", data, 4)
    columns = _columns(data, start, width)
    body = data[start:]
    there = len(body) // width
    count = there if declared < outlines == there else min(declared, there)
    declared = max(declared, count)
    block = np.frombuffer(body, np.uint8, count * width).reshape(count, width)
    fields = []
    offset = 1
    for name, kind, size in columns:
        cut = np.ascontiguousarray(block[:, offset : offset + size])
        fields.append(Field(name, _cells(cut, kind, size)))
        offset += size
    return Dbf(
        tuple(fields),
        count,
        declared,
        tuple(np.flatnonzero(block[:, 0] == _DELETED).tolist()),
        _lost(body, declared, count, width),
        _LANGUAGES.get(data[29], ""),
    )


def _columns(data: bytes, start: int, width: int) -> list[tuple[bytes, str, int]]:
    """Return (name, type, width) of each column, checked against the header's own sums."""
    columns = []
    for at in range(_HEADER, min(start, len(data)) - _DESCRIPTOR + 1, _DESCRIPTOR):
        if data[at] == _END_OF_FIELDS:
            break
        name = data[at : at + 11].split(b"\x00", 1)[0]
        size = data[at + 16] + (data[at + 17] << 8 if data[at + 11] in b"Cc" else 0)
        columns.append((name, chr(data[at + 11]).upper(), size))
    if not columns or 1 + sum(size for _, _, size in columns) != width:
        raise Refused("dbf.header", f"{len(columns)} columns, {width} B")
    return columns


def _lost(body: bytes, declared: int, count: int, width: int) -> tuple[RowFlaw, ...]:
    """Return the rows promised and not there, or there and not promised, with their bytes."""
    rest = body[count * width :]
    if declared > count:
        cut = rest.rstrip(b"\x1a")
        return (RowFlaw(count + 1, "dbf.cut", f"{count} < {declared}", cut, declared - count),)
    if len(rest) > width and rest[:1] != b"\x1a":
        return (RowFlaw(count + 1, "dbf.beyond", f"> {declared}", rest, len(rest) // width),)
    return ()


def _cells(block: NDArray[np.uint8], kind: str, size: int) -> list[Cell]:
    if size == 0:
        return [None] * len(block)
    if kind in _MEMO:  # the number of a block in a file beside, which is refused by name
        return [None] * len(block)
    if (kind, size) in _BINARY:
        return list(block.view(_BINARY[kind, size]).ravel().tolist())
    raw = [cell.strip(b" \x00") for cell in block.view(f"S{size}").ravel().tolist()]
    read = _READERS.get(kind, _text)
    return [read(cell) for cell in raw]


def _text(cell: bytes) -> Cell:
    return cell or None


def _is_unset(cell: bytes) -> bool:
    """Return whether a field holds only the asterisks that GDAL and ArcGIS write for no value."""
    return not cell.strip(b"*")


def _flag(cell: bytes) -> Cell:
    return True if cell in _YES else False if cell in _NO else None


def _number(cell: bytes) -> Cell:
    """Return a number where it is one; anything else stays bytes, to be named as it is."""
    if _is_unset(cell):
        return None
    try:
        return int(cell)
    except ValueError:
        pass
    try:
        return float(cell)
    except ValueError:
        return cell


def _date(cell: bytes) -> Cell:
    if len(cell) == 8 and cell.isdigit():  # noqa: PLR2004 - YYYYMMDD
        text = cell.decode("ascii")
        return None if cell == _NO_DAY else f"{text[:4]}-{text[4:6]}-{text[6:]}"
    return cell or None


_READERS: dict[str, Callable[[bytes], Cell]] = {
    "N": _number,
    "F": _number,
    "D": _date,
    "L": _flag,
}
