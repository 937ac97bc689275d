"""Tables: columns that share a width, cells that wrap, rows that go on over pages."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain

import numpy as np

from atlas.canvas import CAP_HEIGHT, Box, Canvas
from atlas.fitting import LEAST_PT, narrowed
from atlas.ink import BLACK, RGB, WHITE, Ink, TextStyle
from atlas.text import MM_PER_PT, Fonts

HEAD_FILL: RGB = (18, 74, 138)
STRIPE: RGB = (244, 247, 251)
RULE = Ink(stroke=(196, 204, 216), width=0.12)
_LEADING = 1.3
_PAD_MM = 0.9
_SLACK_MM = 0.01  # against rounding
_CELL = TextStyle(6.5)
_HEAD = TextStyle(6.5, "bold", WHITE)


@dataclass(frozen=True)
class TableColumn:
    """A column: its heading, its share of the width, and how its cells are set."""

    heading: str
    share: float
    align: str = "left"
    type: TextStyle = _CELL


@dataclass(frozen=True)
class TableCell:
    """A cell that differs from its column: colour, weight, a link."""

    text: str
    type: TextStyle | None = None
    target: str = ""


@dataclass(frozen=True)
class TableRow:
    """A row: cells, name of the link destination at it ("" for none), whether it is a total."""

    cells: tuple[str | TableCell, ...]
    destination: str = ""
    strong: bool = False


def digest_text(rows: Sequence[TableRow]) -> str:
    """
    Return rows as text to be digested.

    The text does not follow the names of these classes: digests of issued pages are kept and
    compared with those of later builds.
    """
    return f"[{', '.join(map(_row_text, rows))}]"


def _row_text(row: TableRow) -> str:
    cells = ", ".join(map(_cell_text, row.cells)) + ("," if len(row.cells) == 1 else "")
    return f"Row(cells=({cells}), place={row.destination!r}, strong={row.strong!r})"


def _cell_text(cell: str | TableCell) -> str:
    if isinstance(cell, str):
        return repr(cell)
    style = cell.type
    look = style and f"Type(size={style.size!r}, face={style.face!r}, colour={style.colour!r})"
    return f"Cell(text={cell.text!r}, type={look}, target={cell.target!r})"


@dataclass
class PageTable:
    """
    A table measured for a width.

    Attributes
    ----------
    fonts : Fonts
        To measure with.
    columns : sequence of TableColumn
        From the left.
    width : float
        Of the whole table [mm].
    widest : sequence of TableRow
        Rows whose words, as those of the heading, no column is too narrow for.
    """

    fonts: Fonts
    columns: Sequence[TableColumn]
    width: float
    head_type: TextStyle = _HEAD
    least: float = 5.2
    widest: Sequence[TableRow] = ()
    _heights: dict[TableRow, float] = field(default_factory=dict)

    @cached_property
    def widths(self) -> list[float]:
        """Width of each column [mm]: its share, raised to its longest word if all have room."""
        shares = np.array([column.share for column in self.columns])
        words = np.array([self._longest_word(n) for n in range(len(self.columns))])
        narrow = np.zeros(len(shares), dtype=bool)
        widths = self.width * shares / shares.sum()
        while words.sum() <= self.width and (narrow < (widths < words)).any():
            narrow |= widths < words
            rest = self.width - words[narrow].sum()
            widths = np.where(narrow, words, rest * shares / shares[~narrow].sum())
        return [float(width) for width in widths]

    def _longest_word(self, n: int) -> float:
        """Return the width [mm] of a column that holds its longest word in the least type."""
        cells = [self.columns[n].heading, *(text_of(row.cells[n]) for row in self.widest)]
        wide = max(self.fonts.widest_word(cell, "bold", LEAST_PT) for cell in cells)
        return wide + 2 * _PAD_MM + _SLACK_MM

    @cached_property
    def head_height(self) -> float:
        """Height of the heading [mm]."""
        return max(6.2, self._tallest(self._head) + 1.6)

    @property
    def _head(self) -> list[TableCell]:
        return [TableCell(column.heading, self.head_type) for column in self.columns]

    def height(self, row: TableRow) -> float:
        """Return the height of a row [mm]."""
        if row not in self._heights:
            self._heights[row] = max(self.least, self._tallest(row.cells) + 1.6)
        return self._heights[row]

    def fitting(self, rows: Sequence[TableRow], room: float) -> list[TableRow]:
        """Return the first of `rows`, as many as fit below the heading in `room` [mm]."""
        ends = np.cumsum([self.head_height, *map(self.height, rows)])
        return list(rows[: int((ends[1:] <= room).sum())])

    def fitting_groups(self, rows: Sequence[TableRow], room: float) -> list[TableRow]:
        """Return `fitting` rows without a last heading of a group (`strong`) that has no row."""
        shown = self.fitting(rows, room)
        return shown[:-1] if shown and shown[-1].strong and len(shown) < len(rows) else shown

    def pages(self, rows: Sequence[TableRow], first: float, later: float) -> list[list[TableRow]]:
        """
        Divide rows among pages.

        Parameters
        ----------
        rows : sequence of TableRow
            All of them; one taller than a page is divided between lines of its cells.
        first, later : float
            Height for the table on the first and on every further page [mm], heading included.

        Returns
        -------
        list of list of TableRow
            At least one page, which may be empty.
        """
        pages: list[list[TableRow]] = [[]]
        room, whole = first - self.head_height, later - self.head_height
        for row in chain.from_iterable(self._pieces(row, whole) for row in rows):
            if self.height(row) > room and (pages[-1] or len(pages) == 1):
                pages.append([])
                room = whole
            pages[-1].append(row)
            room -= self.height(row)
        return pages

    def _pieces(self, row: TableRow, room: float) -> list[TableRow]:
        """Return the row or, if it is taller than `room` [mm], rows that print all its lines."""
        if self.height(row) <= room:
            return [row]
        step = max(column.type.size for column in self.columns) * MM_PER_PT * _LEADING
        most = max(int((room - 1.6) / step), 1)
        texts = [
            self._lines(*place) for place in zip(self.columns, row.cells, self.widths, strict=True)
        ]
        starts = range(0, max(map(len, texts)), most)
        cut = [["\n".join(lines[start : start + most]) for lines in texts] for start in starts]
        return [
            TableRow(
                tuple(map(_with_text, row.cells, cells)), "" if n else row.destination, row.strong
            )
            for n, cells in enumerate(cut)
        ]

    def _tallest(self, cells: Sequence[str | TableCell]) -> float:
        """Return the height of the tallest of a row's cells [mm]."""
        places = zip(self.columns, cells, self.widths, strict=True)
        return max(
            len(self._lines(*place)) * self._style(*place).size * MM_PER_PT * _LEADING
            for place in places
        )

    def draw(self, canvas: Canvas, x: float, y: float, rows: Sequence[TableRow]) -> float:
        """Draw heading and `rows` from (x, y) [mm] downwards; return the table's lower end [mm]."""
        canvas.box(Box(x, y, self.width, self.head_height), Ink(fill=HEAD_FILL))
        self._draw_cells(canvas, (x, y, self.head_height), self._head)
        y += self.head_height
        for position, row in enumerate(rows):
            height = self.height(row)
            if row.destination:
                canvas.add_destination(row.destination, y - 12)
            if row.strong or position % 2:
                fill: RGB = (228, 235, 245) if row.strong else STRIPE
                canvas.box(Box(x, y, self.width, height), Ink(fill=fill))
            self._draw_cells(canvas, (x, y, height), row.cells, strong=row.strong)
            y += height
            canvas.line([(x, y), (x + self.width, y)], RULE)
        return y

    def _draw_cells(
        self,
        canvas: Canvas,
        at: tuple[float, float, float],
        cells: Sequence[str | TableCell],
        *,
        strong: bool = False,
    ) -> None:
        x, y, height = at
        for column, cell, width in zip(self.columns, cells, self.widths, strict=True):
            lines, style = self._lines(column, cell, width), self._style(column, cell, width)
            if strong and not isinstance(cell, TableCell):
                style = replace(style, face="bold", colour=BLACK)
            step = style.size * MM_PER_PT * _LEADING
            base = y + (height - step * len(lines)) / 2 + step * (0.5 + CAP_HEIGHT / 2 / _LEADING)
            left = (
                x + {"left": _PAD_MM, "centre": width / 2, "right": width - _PAD_MM}[column.align]
            )
            for n, line in enumerate(lines):
                canvas.text(left, base + n * step, line, style, align=column.align)
            if isinstance(cell, TableCell) and cell.target:
                canvas.link(Box(x, y, width, height), cell.target)
            x += width

    def _style(self, column: TableColumn, cell: str | TableCell, width: float) -> TextStyle:
        """Return the style of a cell, smaller where its longest word is wider than the column."""
        own = cell.type if isinstance(cell, TableCell) and cell.type else column.type
        return narrowed(self.fonts, text_of(cell), own, width - 2 * _PAD_MM)

    def _lines(self, column: TableColumn, cell: str | TableCell, width: float) -> list[str]:
        style = self._style(column, cell, width)
        return self.fonts.wrap(text_of(cell), style.face, style.size, width - 2 * _PAD_MM)


def text_of(cell: str | TableCell) -> str:
    """Return what a cell prints."""
    return cell.text if isinstance(cell, TableCell) else cell


def _with_text(cell: str | TableCell, text: str) -> str | TableCell:
    return replace(cell, text=text) if isinstance(cell, TableCell) else text
