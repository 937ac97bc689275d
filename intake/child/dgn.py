"""
DGN drawings of version 7 by GDAL: each level a table a kind of geometry, as the layers of a DXF.

The format has no names of levels and no encoding: text comes as bytes for the encoding step, and
what is on a level a person says. A point is written as a line without length.
"""

import functools
import struct
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import shapely

from intake.child import gdal
from intake.child.answer import Answer
from intake.child.drawn import Entity, Texts, tables
from intake.child.member import Source
from intake.child.refused import Refused
from intake.reading import Cell, DeliveredTable

KIND = "dgn"
"""The format, a key of `intake.child.sniff.FORMATS`."""
LEVEL = "Level"
_HEAD = struct.Struct("<2sH")  # of an element: what it is, and how many words follow
_TEXT, _LINKS = "Text", "ULink"
_LAYER = "elements"
_END = b"\xff\xff"


def read(source: Source, answer: Answer) -> tuple[()]:
    """
    Read a drawing, each level a part of its own.

    Parameters
    ----------
    source : Source
        The .dgn; a copy is put into its private folder.
    answer : Answer
        Takes the tables.

    Raises
    ------
    Refused
        If GDAL cannot open it, or nothing is drawn.
    """
    source.scratch.mkdir()
    copy = source.scratch / "in.dgn"
    data = source.member.path.read_bytes()
    copy.write_bytes(data)
    file = gdal.GdalFile(copy, source.member.name, KIND, cut=_cut(data), encoding="latin-1")
    whole = gdal.table(file, _LAYER)
    if not whole.rows:
        raise Refused(f"{KIND}.unreadable" if whole.lost else "table.none")
    levels = _levels(whole)
    texts = Texts(levels)
    lost = whole.lost
    for name, drawn in levels.items():
        of_level = functools.partial(_tables, name, drawn, replace(whole, lost=lost), source, texts)
        answer.part(f"{source.member.name}/{name}", of_level)
        lost = ()
    return ()


def _cut(data: bytes) -> str:
    """Return where a drawing breaks off in the middle of an element, "" if it is whole."""
    at = 0
    while at + _HEAD.size <= len(data) and data[at : at + 2] != _END:
        at += _HEAD.size + 2 * _HEAD.unpack_from(data, at)[1]
    return f"{len(data)} < {at}" if at > len(data) else ""


def _tables(
    name: str, drawn: Sequence[Entity], whole: DeliveredTable, source: Source, texts: Texts
) -> list[DeliveredTable]:
    """Return the tables of a level with the texts in their outlines; the first has the losses."""
    drawn_tables = tables(name, drawn, source.member, whole.notes, file_format=KIND)
    found = [texts.on(one) for one in drawn_tables]
    found[:1] = [replace(one, lost=whole.lost) for one in found[:1]]
    return found


def _levels(whole: DeliveredTable) -> dict[str, list[Entity]]:
    """Return the elements of each level, in the order of the levels."""
    columns: Mapping[str | bytes, Sequence[Cell]] = {f.heading: f.cells for f in whole.fields}
    shapes = shapely.from_wkb(np.array(whole.wkb, dtype=object), on_invalid="ignore")
    shapes = _points(shapes)
    found: dict[int, list[Entity]] = defaultdict(list)
    for at, row in enumerate(whole.rows):
        said = {
            heading: cells[at]
            for heading, cells in columns.items()
            if heading not in (LEVEL, _TEXT, _LINKS)
        }
        one = Entity(shapes[at], str(row), columns[_TEXT][at], None, said)
        found[int(str(columns[LEVEL][at] or 0))].append(one)
    return {f"{LEVEL} {number}": found[number] for number in sorted(found)}


def _points(shapes: np.ndarray) -> np.ndarray:
    """Return lines without length as the points that they stand for."""
    is_point = (shapely.get_type_id(shapes) == 1) & (shapely.length(shapes) == 0)
    return np.where(is_point, shapely.get_point(shapes, 0), shapes)
