"""
Survey tables: where the headings are, which rows are data, and what merged cells mean.

A grid as an office writes it: a title over everything, one or two rows of headings merged across
and down, perhaps a row of units, data with cells merged down, a row 合计 and a note by whom it was
filled in. Rows that are not data are named in notes with what they say; none vanishes.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from intake import units
from intake.child.text import plain
from intake.letters import comparable
from intake.reading import Cell, Field, MergedCells, Note

Grid = list[list[Cell]]
Merge = tuple[int, int, int, int]
"""First row, first column, last row, last column, counted from 0, both ends inside."""

_TOTAL = re.compile(
    r"^(合\s*计|总\s*计|小\s*计|共\s*计|总\s*和|total|sum)\s*[:：]?$", re.IGNORECASE
)
_FOOTNOTE = re.compile(
    r"^[(（]?(注|备\s*注|说\s*明|填\s*表|制\s*表|审\s*核|填报|联系人|单位|计量单位|\*)[^:：]{0,8}[:：]"
)
_FORM_LINE = re.compile(r"^[^:：]{1,12}[:：]")  # 填报单位：…, 日期：…, 单位：万元
_NAMES = re.compile(r"名|编号|序号|小区$|楼号|栋号|\bid$|\bname$", re.IGNORECASE)
_LEADS = re.compile(r"名称|编号|^序号|楼号|栋号|^id$|^name$", re.IGNORECASE)
_NO_UNIT = {"—", "-", "/", "单位", "计量单位"}
_NUMBER = re.compile(r"^[\s¥￥]*[-+]?[\d,，.]+\s*%?$")
_DITTO = {"同上", "同前", "〃", "〞", "″"}
_HEAD_ROWS = 30
_JOIN = "/"


@dataclass(frozen=True, slots=True)
class Survey:
    """A survey table: columns, the row numbers of the sheet, and what else the sheet says."""

    fields: tuple[Field, ...]
    rows: tuple[int, ...]
    notes: tuple[Note, ...]
    remarks: tuple[str, ...] = ()
    merged: tuple[MergedCells, ...] = ()
    first: int = 1
    """The row of its headings."""


def tables(grid: Grid, merges: Sequence[Merge] = ()) -> list[Survey]:
    """
    Return the tables of a sheet, from left to right and top to bottom; none without headings.

    Tables stand side by side where the first heading comes again, or where an empty column parts
    them and each names its own things. What stands above them belongs to each.
    """
    found: list[Survey | None] = []
    for piece in stacked(grid, merges):
        first = _first_heading_row(piece, merges)
        blocks = [] if first is None else _blocks(piece, merges, first)
        found += [tabulate(_cut(piece, first or 0, block), merges) for block in blocks]
    return [survey for survey in found if survey is not None]


def stacked(grid: Grid, merges: Sequence[Merge] = ()) -> list[Grid]:
    """
    Return the grid of each table that stands below another, the rows of the others left blank.

    A table begins below where other headings come, or the same under a title of their own. What
    stands above the first belongs to each.
    """
    first = _first_heading_row(grid, merges)
    if first is None:
        return [grid]
    starts = _starts(grid, first, _last_heading_row(grid, merges, first) + 1)
    if not starts:
        return [grid]
    pieces = pairwise([first, *starts, len(grid)])
    return [
        [row if i < first or start <= i < end else [None] * len(row) for i, row in enumerate(grid)]
        for start, end in pieces
    ]


def _starts(grid: Grid, first: int, below: int) -> list[int]:
    """Return where tables begin below the first: the titles above their headings, if any."""
    lead = next(plain(cell) for cell in grid[first] if plain(cell))
    headings, starts = grid[first], []
    for i in range(below, len(grid) - 1):
        if not _may_be_headings(grid, i, lead):
            continue
        start = i
        while start > below and len(set(_texts(grid[start - 1]))) == 1:
            start -= 1
        if _texts(grid[i]) != _texts(headings) or (
            start < i and not _stands_above(grid, start, i, first)
        ):
            starts.append(start)
            headings = grid[i]
    return starts


def _may_be_headings(grid: Grid, at: int, lead: str) -> bool:
    """Return whether a row below a table reads like headings: words alone, the first of names."""
    own = next((plain(cell) for cell in grid[at] if cell is not None), "")
    if own != lead:  # nothing above, or a title
        is_apart = sum(cell is not None for cell in grid[at - 1]) < 2  # noqa: PLR2004
        if not is_apart or not _LEADS.search(comparable(own)):
            return False
    are_words = all(_is_word(cell) for cell in grid[at] if plain(cell))
    return are_words and len(set(_texts(grid[at]))) > 1 and bool(_texts(grid[at + 1]))


def _stands_above(grid: Grid, start: int, end: int, first: int) -> bool:
    """Return whether titles are those above the first table again, as on every printed page."""
    above = {text for row in grid[:first] for text in _texts(row)}
    return all(text in above for row in grid[start:end] for text in _texts(row))


def _blocks(grid: Grid, merges: Sequence[Merge], first: int) -> list[range]:
    """Return the columns of each table that stands beside others."""
    headings = [plain(cell) for cell in grid[first]]
    lead = next(heading for heading in headings if heading)
    bridged = {
        j for top, left, low, right in merges if low >= first for j in range(left, right + 1)
    }
    starts = [0]
    for j in range(1, len(headings)):
        is_again = headings[j] == lead and _is_table(headings[starts[-1] : j])
        is_apart = (
            j - 1 not in bridged
            and all(row[j - 1] is None for row in grid[first:])
            and _is_table(headings[starts[-1] : j])
            and _is_table(headings[j:], named=True)
        )
        if is_again or is_apart:
            starts.append(j)
    return [range(a, b) for a, b in pairwise([*starts, len(headings)])]


def _is_table(headings: Sequence[str], *, named: bool = False) -> bool:
    """Return whether headings make a table: two or more, one of them that of names if asked."""
    there = {heading for heading in headings if heading}
    return len(there) > 1 and (not named or any(_NAMES.search(comparable(name)) for name in there))


def _cut(grid: Grid, first: int, block: range) -> Grid:
    """Return the grid with nothing beside a block of columns from the first row of headings on."""
    return [
        row if i < first else [cell if j in block else None for j, cell in enumerate(row)]
        for i, row in enumerate(grid)
    ]


def tabulate(grid: Grid, merges: Sequence[Merge] = ()) -> Survey | None:
    """
    Turn a grid of cells into columns and rows.

    Parameters
    ----------
    grid : list of list of cell
        Every row equally long; None where nothing is written.
    merges : sequence of Merge
        Merged ranges; CSV has none.

    Returns
    -------
    Survey or None
        None where there is no row of headings.
    """
    grid = [list(row) for row in grid]
    first = _first_heading_row(grid, merges)
    if first is None:
        return None
    last = _last_heading_row(grid, merges, first)
    filled = _fill(grid, merges, last)
    if last > first and _is_units(grid, last):  # headings merged down beside a row of units
        last -= 1
    has_units = _is_units(grid, last + 1)
    headings = _headings(filled, first, last, has_units=has_units)
    notes = [_note("row.title", i, filled[i]) for i in range(first) if _texts(filled[i])]
    body = []
    for i in range(last + 1 + has_units, len(filled)):
        rule = _not_data(grid[i], filled[i], headings)
        if rule is None:
            body.append(i)
        elif rule:
            notes.append(_note(rule, i, filled[i]))
    notes += _fill_ditto(filled, body)
    keep = [
        j for j, name in enumerate(headings) if name or any(filled[i][j] is not None for i in body)
    ]
    names = {j: headings[j] or f"#{j + 1}" for j in keep}
    fields = tuple(Field(name, [filled[i][j] for i in body]) for j, name in names.items())
    notes.insert(0, Note("row.headings", f"{first + 1}–{last + 1 + has_units}"))
    around = [i for i in range(len(filled)) if i < first or (i > last and i not in set(body))]
    remarks = dict.fromkeys(text for i in around for text in _texts(filled[i]))
    return Survey(
        fields,
        tuple(i + 1 for i in body),
        tuple(notes),
        tuple(remark for remark in remarks if not _NUMBER.match(remark)),
        tuple(_merged_numbers(grid, merges, last, names)),
        first + 1,
    )


def _merged_numbers(
    grid: Grid, merges: Sequence[Merge], last: int, names: Mapping[int, str | bytes]
) -> Iterator[MergedCells]:
    """Yield the numbers below the headings that are merged over several rows."""
    for top, left, bottom, _ in merges:
        if top > last and bottom > top and left in names:
            text = plain(grid[top][left]) if top < len(grid) else ""
            if text and not _is_word(grid[top][left]):
                yield MergedCells(plain(names[left]), top + 1, bottom + 1)


def _fill_ditto(grid: Grid, body: Sequence[int]) -> list[Note]:
    """Copy the cell above into every cell that reads 同上; the first row has none above."""
    filled = []
    for above, i in pairwise(body):
        columns = [j for j, cell in enumerate(grid[i]) if plain(cell) in _DITTO]
        for j in columns:
            grid[i][j] = grid[above][j]
        filled += [str(i + 1)] if columns else []
    return [Note("row.ditto", ", ".join(filled))] if filled else []


def _texts(row: list[Cell]) -> list[str]:
    return [text for text in map(plain, row) if text]


def _is_word(cell: Cell) -> bool:
    text = plain(cell)
    return bool(text) and not _NUMBER.match(text) and not isinstance(cell, (int, float))


def _first_heading_row(grid: Grid, merges: Sequence[Merge]) -> int | None:
    """
    Return the first row of at least two different words.

    A title is one word merged across; a line such as 填报单位：… 日期：… is part of a form's head.
    """
    written = ((i, row) for i, row in enumerate(grid) if _texts(row))
    for i, row in islice(written, _HEAD_ROWS):
        texts = _texts(row)
        spans = [m for m in merges if m[0] <= i <= m[2] and m[3] > m[1]]
        only_title = len(set(texts)) < 2 or (len(texts) <= 2 and bool(spans) and len(row) > 4)  # noqa: PLR2004
        is_form = all(map(_FORM_LINE.match, texts)) and (
            len(texts) <= 2 or not all(text.endswith((":", "：")) for text in texts)  # noqa: PLR2004
        )
        if not only_title and not is_form and all(_is_word(c) for c in row if plain(c)):
            return i
    return None


def _last_heading_row(grid: Grid, merges: Sequence[Merge], first: int) -> int:
    """Follow merged headings down; without merges, ask whether the next row reads like headings."""
    last = max([first, *(m[2] for m in merges if m[0] == first and m[2] - m[0] < _HEAD_ROWS)])
    across = [m for m in merges if m[0] == first and m[3] > m[1] and m[2] == first]
    if across and last == first and first + 1 < len(grid):
        last = first + 1
    is_merged = any(top <= first + 1 and bottom >= first for top, _, bottom, _ in merges)
    if last == first and not is_merged and first + 2 < len(grid):
        last += _is_second_heading_row(*grid[first : first + 3])
    return last


def _is_second_heading_row(upper: list[Cell], lower: list[Cell], below: list[Cell]) -> bool:
    """
    Return whether the row below headings goes on with them.

    It fills their gaps above numbers (户数 over two columns, 住宅 and 商业 below); or it names no
    feature and has a word above every number (改造前 and 改造后, 户数 below each).
    """
    if not _texts(lower) or not all(_is_word(cell) for cell in lower if plain(cell)):
        return False
    gaps = any(not plain(a) and plain(b) for a, b in zip(upper, lower, strict=True))
    are_numbers = [
        bool(plain(c)) and not _is_word(c) for a, c in zip(lower, below, strict=True) if plain(a)
    ]
    lead = next(j for j, cell in enumerate(upper) if plain(cell))
    names_none = not plain(lower[lead]) and _is_word(below[lead])
    return (gaps and any(plain(c) and not _is_word(c) for c in below)) or (
        names_none and all(are_numbers)
    )


def _fill(grid: Grid, merges: Sequence[Merge], last: int) -> Grid:
    """Write a merged value into every cell it covers: headings both ways, data downwards only."""
    filled = [list(row) for row in grid]
    for top, left, bottom, right in merges:
        value = grid[top][left] if top < len(grid) and left < len(grid[top]) else None
        for i in range(top, min(bottom, len(grid) - 1) + 1):
            for j in range(left, (right if top <= last else left) + 1):
                if j < len(filled[i]):
                    filled[i][j] = value
    return filled


def _is_units(grid: Grid, at: int) -> bool:
    texts = _texts(grid[at]) if at < len(grid) else []
    return bool(texts) and all(map(_is_unit, texts)) and any(map(units.parse, texts))


def _is_unit(text: str) -> bool:
    return comparable(text) in _NO_UNIT or units.parse(text) is not None


def _headings(grid: Grid, first: int, last: int, *, has_units: bool) -> list[str | bytes]:
    """Join the headings of each column from top to bottom, without repeats."""
    upper = list(grid[first])
    names = []
    carried: Cell = None
    for j, cell in enumerate(upper):
        carried = cell if plain(cell) else carried
        below = [grid[i][j] for i in range(first + 1, last + 1)]
        lead = cell if plain(cell) or not any(map(plain, below)) else carried
        unit = grid[last + 1][j] if has_units else None
        names.append(_heading([lead, *below], unit if units.parse(plain(unit)) else None))
    return names


def _heading(parts: list[Cell], unit: Cell) -> str | bytes:
    """Join headings from top to bottom without repeats; bytes stay bytes for the encoding step."""
    letters = [_letters(part) for part in (*parts, _bare(unit))]
    names = list(
        dict.fromkeys(filter(None, (re.sub(r"[ \t\r\n]+", "", part) for part in letters[:-1])))
    )
    joined, short = _JOIN.join(names), letters[-1]
    text = f"{joined}({short})" if short and joined else joined
    return text.encode("latin-1") if any(isinstance(part, bytes) for part in parts) else text


def _bare(unit: Cell) -> Cell:
    """Return a unit without its brackets, in the encoding it came in."""
    text = plain(unit).strip("()（）[] ")
    if not isinstance(unit, bytes):
        return text
    return text.encode("gb18030" if plain(unit).encode() != unit.strip() else "utf-8")


def _letters(cell: Cell) -> str:
    """Return text, one letter a byte where it is bytes."""
    return cell.decode("latin-1") if isinstance(cell, bytes) else plain(cell)


def _not_data(own: list[Cell], filled: list[Cell], headings: list[str | bytes]) -> str | None:
    """Return the rule by which a row is not data, "" for a blank one, None for data."""
    texts = _texts(own)
    if not texts:
        return "" if not _texts(filled) else None
    words = [text for text in texts[:2] if not _NUMBER.match(text)]
    # Further on TOTAL may be the name of a filling station.
    if any(
        _TOTAL.match(comparable(word)) and (at == 0 or not word.isascii())
        for at, word in enumerate(words)
    ):
        return "row.total"
    if len(texts) <= 2 and _FOOTNOTE.match(comparable(texts[0])):  # noqa: PLR2004 - a note is nearly alone in its row
        return "row.footnote"
    # Each under its own heading: the same words elsewhere are somebody's data.
    if len(texts) > 2 and all(  # noqa: PLR2004
        re.sub(r"\s+", "", plain(cell)) in _words(name)
        for cell, name in zip(own, headings, strict=True)
        if plain(cell)
    ):
        return "row.headings_again"
    return None


def _words(heading: str | bytes) -> set[str]:
    """Return a heading whole, its parts from top to bottom, and all of these without their unit."""
    name = plain(heading)
    parts = {name, *name.split(_JOIN)}
    return parts | {re.sub(r"\([^()]*\)$", "", part) for part in parts}


def _note(rule: str, at: int, row: list[Cell]) -> Note:
    values = list(dict.fromkeys(_texts(row)))
    return Note(rule, f"{at + 1}: {json.dumps(values, ensure_ascii=False)}")
