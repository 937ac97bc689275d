"""
Points of a survey as CASS writes them (.dat): number, code, easting, northing, height on each line.

Easting comes first in the file, whatever the axes are called on paper.
"""

import re

from intake.cass import FORMAT, HEADINGS
from intake.child.member import Member
from intake.child.refused import Refused
from intake.reading import Cell, DeliveredTable, Field, RowFlaw

_CELLS = len(HEADINGS)
_MOST_WRONG = 0.5  # share of lines that are no points beyond which the file is something else
_NUMBER = re.compile(rb"[-+]?\d+(\.\d*)?([eE][-+]?\d+)?")


def read(member: Member) -> DeliveredTable:
    """
    Read a file of points.

    Parameters
    ----------
    member : Member
        The .dat.

    Raises
    ------
    Refused
        If most of its lines are no points.
    """
    lines = member.path.read_bytes().removeprefix(b"\xef\xbb\xbf").splitlines()
    written = [(row, line) for row, line in enumerate(lines, 1) if line.strip(b" \t\x1a")]
    cut = [[cell.strip() for cell in line.split(b",")] for _, line in written]
    is_point = [len(cells) == _CELLS and all(map(_NUMBER.fullmatch, cells[2:4])) for cells in cut]
    if not written or sum(is_point) < _MOST_WRONG * len(cut):
        raise Refused("cass.no_points", f"{sum(is_point)} / {len(cut)}")
    cells = [list(map(_cell, (line + [b""] * _CELLS)[:_CELLS])) for line in cut]
    flaws = [
        RowFlaw(row, "cass.line", line[:80].decode("utf-8", "replace"), line)
        for (row, line), fits in zip(written, is_point, strict=True)
        if not fits
    ]
    columns = zip(*cells, strict=True)
    return DeliveredTable(
        member=member.name,
        name=member.stem,
        format=FORMAT,
        rows=[row for row, _ in written],
        fields=tuple(Field(name, column) for name, column in zip(HEADINGS, columns, strict=True)),
        flaws=tuple(flaws),
    )


def _cell(raw: bytes) -> Cell:
    """Return text as it is for the encoding step; ASCII as text, nothing as None."""
    if not raw:
        return None
    return raw.decode("ascii") if raw.isascii() else raw
