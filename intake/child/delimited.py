"""
CSV and tab-separated survey tables; text stays bytes.

Every separator, quote and line end is an ASCII byte that no second byte of a GBK character can be,
so the file is cut into cells first and decoded, cell by cell, afterwards. A quotation mark that is
never closed costs its own line: other programs swallow the rest of the file.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

from intake.child.fault_place import fault_place
from intake.child.member import Member
from intake.child.refused import Refused
from intake.child.survey import Grid, Survey, stacked, tabulate
from intake.child.text import decode
from intake.reading import Cell, DeliveredTable, Note, RowFlaw

_SEPARATORS = (",", "\t", ";", "|")
_LARGEST_CELL = 1_000_000
_LONGEST = 50  # lines that one quoted cell may run on
_LINE = re.compile(r"\r\n|\n|\r")
_GUARDED = re.compile(r"""^=\s*"([^"]*)"$|^'(?=[=+\-@\d])(.*)$""", re.DOTALL)
"""What spreadsheet programs and our own tables put around text so that it stays text."""


def read(member: Member, encoding: str) -> list[DeliveredTable]:
    """Read the tables of separated values, each below the other."""
    data = member.path.read_bytes()
    notes: tuple[Note, ...] = ()
    if encoding.lower().startswith("utf-16") or is_wide(data):
        text, codec = decode(data, encoding or is_wide(data))
        data, notes = text.encode("utf-8"), (Note("text.encoding", codec),)
    data = data.removeprefix(b"\xef\xbb\xbf")
    if b"\x00" in data:
        raise Refused("csv.binary")
    lines, unclosed, separator = _lines(data)
    width = max((len(line) for line in lines), default=0)
    grid: Grid = [[*map(_cell, line), *[None] * (width - len(line))] for line in lines]
    surveys = [survey for survey in map(tabulate, stacked(grid)) if survey is not None]
    if not surveys:
        raise Refused("table.no_headings")
    return [
        DeliveredTable(
            member=member.name,
            name=member.stem if number == 1 else f"{member.stem} ({number})",
            format="delimited",
            rows=survey.rows,
            fields=survey.fields,
            flaws=tuple(_flaws(lines, unclosed, survey)),
            notes=(*notes, Note("csv.separator", repr(separator)), *survey.notes),
            encoding=encoding,
            remarks=survey.remarks,
        )
        for number, survey in enumerate(surveys, 1)
    ]


def is_wide(data: bytes) -> str:
    """Return the encoding of UTF-16 text, recognised by its zero bytes; "" for any other."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    head = data[:4096]
    low, high = head[1::2].count(0), head[0::2].count(0)
    if max(low, high) * 8 < len(head) or min(low, high):
        return ""
    return "utf-16-le" if low else "utf-16-be"


def _lines(data: bytes) -> tuple[list[list[str]], set[int], str]:
    """Cut the bytes, one letter a byte, at the separator most of the first lines have."""
    plain = _LINE.split(data.decode("latin-1"))
    head = [line for line in plain[:20] if line]
    if not head:
        raise Refused("table.none")
    separator = max(_SEPARATORS, key=lambda s: (sum(s in line for line in head), head[0].count(s)))
    csv.field_size_limit(_LARGEST_CELL)
    usual = Counter(line.count(separator) + 1 for line in plain if line and '"' not in line)
    width = usual.most_common(1)[0][0] if usual else 0
    cut: list[list[str]] = []
    unclosed: set[int] = set()
    try:
        for cells, is_closed in _records(plain, separator, width):
            if not is_closed:
                unclosed.add(len(cut))
            cut.append(cells)
    except csv.Error as error:
        raise Refused("csv.broken", fault_place(error)) from error
    while cut and cut[-1] in ([], [""]):
        cut.pop()
    return cut, unclosed, separator


def _records(plain: list[str], separator: str, width: int) -> Iterator[tuple[list[str], bool]]:
    """Yield the cells of each record, a quoted line end joined again, and whether all is closed."""
    at = 0
    while at < len(plain):
        joined, end = plain[at], at + 1
        while joined.count('"') % 2 and end < min(len(plain), at + _LONGEST):
            joined, end = f"{joined}\n{plain[end]}", end + 1
        cells = _cut(joined, separator)
        is_closed = joined.count('"') % 2 == 0
        if end - at > 1 and not (is_closed and (len(cells) == width or not width)):
            is_closed, end = False, at + 1
            cells = plain[at].split(separator)
        yield cells, is_closed
        at = end


def _cut(line: str, separator: str) -> list[str]:
    return next(csv.reader(io.StringIO(line, newline=""), delimiter=separator), [])


def _flaws(lines: list[list[str]], unclosed: set[int], survey: Survey) -> Iterator[RowFlaw]:
    """Yield the rows of data that cannot be split into cells, or have too few or too many."""
    usual = max(map(len, lines[survey.first - 1 : max(survey.rows, default=survey.first)]))
    for row in survey.rows:
        line = lines[row - 1]
        if row - 1 in unclosed:
            yield RowFlaw(row, "csv.quote", line[0][:40])
        elif len(line) not in {0, usual}:
            yield RowFlaw(row, "csv.ragged", f"{len(line)} ≠ {usual}")


def _cell(letters: str) -> Cell:
    text = letters.strip(" \t\r\n")
    guarded = _GUARDED.match(text)
    text = next(part for part in guarded.groups() if part is not None) if guarded else text
    return text.encode("latin-1") if not text.isascii() else text or None
