"""
CSV and tab-separated survey tables; text stays bytes.

Every separator, quote and line end is an ASCII byte that no second byte of a GBK character can be,
so the file is cut into cells first and decoded, cell by cell, afterwards.
"""

import csv
import io

from intake.child.member import Member
from intake.child.refused import Refused
from intake.child.survey import Grid, tabulate
from intake.child.text import decode
from intake.reading import Cell, Flaw, Note, Table

_SEPARATORS = (",", "\t", ";", "|")
_LARGEST_CELL = 1_000_000


def read(member: Member, encoding: str) -> Table:
    """Read a table of separated values."""
    data = member.path.read_bytes()
    notes: tuple[Note, ...] = ()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or encoding.lower().startswith("utf-16"):
        text, codec = decode(data, encoding)
        data, notes = text.encode("utf-8"), (Note("text.encoding", codec),)
    data = data.removeprefix(b"\xef\xbb\xbf")
    if b"\x00" in data:
        raise Refused("csv.binary")
    lines, separator = _lines(data)
    width = max((len(line) for line in lines), default=0)
    grid: Grid = [[*map(_cell, line), *[None] * (width - len(line))] for line in lines]
    survey = tabulate(grid)
    if survey is None:
        raise Refused("table.no_headings")
    ragged = [i + 1 for i, line in enumerate(lines) if len(line) not in (0, width)]
    usual = max(map(len, lines))
    return Table(
        member=member.name,
        name=member.stem,
        format="delimited",
        rows=survey.rows,
        fields=survey.fields,
        flaws=tuple(
            Flaw(row, "csv.ragged", f"{len(lines[row - 1])} ≠ {usual}")
            for row in sorted(set(ragged) & set(survey.rows))
        ),
        notes=(*notes, Note("csv.separator", repr(separator)), *survey.notes),
        encoding=encoding,
    )


def _lines(data: bytes) -> tuple[list[list[str]], str]:
    """Cut the bytes, one letter a byte, at the separator most of the first lines have."""
    letters = data.decode("latin-1")
    head = [line for line in letters.splitlines()[:20] if line]
    if not head:
        raise Refused("table.none")
    separator = max(_SEPARATORS, key=lambda s: (sum(s in line for line in head), head[0].count(s)))
    csv.field_size_limit(_LARGEST_CELL)
    try:
        return list(csv.reader(io.StringIO(letters, newline=""), delimiter=separator)), separator
    except csv.Error as error:
        raise Refused("csv.broken", str(error)) from error


def _cell(letters: str) -> Cell:
    text = letters.strip(" \t\r\n")
    return text.encode("latin-1") if not text.isascii() else text or None
