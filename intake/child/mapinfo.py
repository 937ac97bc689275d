"""
MapInfo tables (.tab with .dat, .map and .id) and their text form (.mif with .mid), by GDAL.

A .tab may point to other files and databases: only one that describes its own table is read, from
a copy in our own words. The values of a .mid are read as text, because GDAL would write 0 where a
text stands in a column of numbers. Text stays bytes: a character set that is stated is often wrong.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile

from intake.child import gdal
from intake.child.answer import Answer
from intake.child.gdal import GdalFile
from intake.child.member import Source
from intake.child.refused import Refused
from intake.gathering import COMPANIONS

_FIELD = re.compile(rb"(?i)^\s*(\S+)\s+((?:char|decimal|integer|largeint|smallint|float|date|time"
                    rb"|datetime|logical)\b\s*(?:\([\d,\s]*\))?)(.*)$")  # fmt: skip
_COUNT = re.compile(rb"(?i)^\s*(?:fields|columns)\s+(\d+)")
_NATIVE = re.compile(rb"(?i)^\s*type\s+native\b")
_CHARSET = re.compile(rb"(?i)^\s*!?charset\b")
_DATA = re.compile(rb"(?i)^\s*data\s*$")
_MOST_FIELDS = 2_000


def read(source: Source, answer: Answer) -> tuple[()]:
    """
    Read a table.

    Parameters
    ----------
    source : Source
        The .tab or .mif, with its companions in the family.
    answer : Answer
        Takes the table.

    Raises
    ------
    Refused
        If a companion is missing, or the table is elsewhere.
    """
    source.scratch.mkdir()
    member = source.member
    is_text = member.suffix == ".mif"
    for part in COMPANIONS[member.suffix]:
        if part not in source.family:
            raise Refused("mapinfo.part", part)
        copyfile(source.family[part].path, source.scratch / f"in{part}")
    lines = re.split(rb"\r\n|\n|\r", member.path.read_bytes())
    copy = source.scratch / f"in{member.suffix}"
    copy.write_bytes(b"\n".join(_as_text(lines) if is_text else _own_table(lines)))
    counts = {"in": _rows(source.family[".mid"].path)} if is_text else {}
    file = GdalFile(copy, member.name, "mapinfo", member.stem, counts, encoding="latin-1")
    return gdal.read(file, answer)


def _own_table(lines: list[bytes]) -> Iterator[bytes]:
    """Yield the description of a table in its own .dat, nothing else of what was written."""
    if not any(map(_NATIVE.match, lines)):
        raise Refused("mapinfo.linked")
    fields = list(_fields(lines))
    yield b"!table"
    yield b"!version 300"
    yield b"!charset Neutral"
    yield b""
    yield b"Definition Table"
    yield b'  Type NATIVE Charset "Neutral"'
    yield b"  Fields %d" % len(fields)
    for name, kind, rest in fields:
        yield b"    %s %s%s" % (name, kind, rest if b";" in rest else b" ;")


def _as_text(lines: list[bytes]) -> Iterator[bytes]:
    """Yield a .mif with every column as text and no character set."""
    left = 0
    for number, line in enumerate(lines):
        if _DATA.match(line):
            yield from lines[number:]
            return
        count = _COUNT.match(line)
        field = _FIELD.match(line) if left else None
        if count:
            left = int(count.group(1))
        left -= field is not None
        if field:
            yield b"  %s Char(254)" % field.group(1)
        else:
            yield b'Charset "Neutral"' if _CHARSET.match(line) else line
    raise Refused("mapinfo.unreadable", "Data")


def _fields(lines: list[bytes]) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Yield name, type and index of each field, as many as the table says it has."""
    counts = ((i, found) for i, found in enumerate(map(_COUNT.match, lines)) if found)
    at, count = next(((i, int(found.group(1))) for i, found in counts), (0, 0))
    if not 0 < count <= _MOST_FIELDS:
        raise Refused("mapinfo.unreadable", f"Fields {count}")
    for line in lines[at + 1 : at + 1 + count]:
        found = _FIELD.match(line)
        if found is None:
            raise Refused("mapinfo.unreadable", repr(line[:60]))
        yield found.group(1), found.group(2), found.group(3)


def _rows(path: Path) -> int:
    """Return how many rows a .mid has."""
    return sum(bool(line.strip()) for line in path.read_bytes().splitlines())
