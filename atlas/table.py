"""Tables: columns that share a width, cells that wrap, rows that go on over pages."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from atlas.canvas import CAP_HEIGHT, Box, Canvas
from atlas.ink import BLACK, RGB, WHITE, Ink, Type
from atlas.text import MM_PER_PT, Fonts

HEAD_FILL: RGB = (18, 74, 138)
STRIPE: RGB = (244, 247, 251)
RULE = Ink(stroke=(196, 204, 216), width=0.12)
_LEADING = 1.3
_CELL = Type(6.5)
_HEAD = Type(6.5, "bold", WHITE)


@dataclass(frozen=True)
class Column:
    """A column: its heading, its share of the width, and how its cells are set."""

    heading: str
    share: float
    align: str = "left"
    type: Type = _CELL
    lines: int = 3


@dataclass(frozen=True)
class Cell:
    """A cell that differs from its column: colour, weight, a link."""

    text: str
    type: Type | None = None
    target: str = ""


@dataclass(frozen=True)
class Row:
    """A row: cells, the place it stands for, and whether it is a total."""

    cells: tuple[str | Cell, ...]
    place: str = ""
    strong: bool = False


@dataclass
class Table:
    """
    A table measured for a width.

    Attributes
    ----------
    fonts : Fonts
        To measure with.
    columns : sequence of Column
        From the left.
    width : float
        Of the whole table [mm].
    """

    fonts: Fonts
    columns: Sequence[Column]
    width: float
    head_type: Type = _HEAD
    least: float = 5.2
    _heights: dict[Row, float] = field(default_factory=dict)

    def widths(self) -> list[float]:
        """Return the width of each column [mm]."""
        total = sum(column.share for column in self.columns)
        return [self.width * column.share / total for column in self.columns]

    @property
    def head_height(self) -> float:
        """Height of the heading [mm]."""
        return 6.2

    def height(self, row: Row) -> float:
        """Return the height a row takes [mm]."""
        if row not in self._heights:
            tallest = max(
                len(self._lines(column, cell, width)) * column.type.size * MM_PER_PT * _LEADING
                for column, cell, width in zip(self.columns, row.cells, self.widths(), strict=True)
            )
            self._heights[row] = max(self.least, tallest + 1.6)
        return self._heights[row]

    def pages(self, rows: Sequence[Row], first: float, later: float) -> list[list[Row]]:
        """
        Share out rows over pages.

        Parameters
        ----------
        rows : sequence of Row
            All of them.
        first, later : float
            Height for the table on the first and on every further page [mm], heading included.

        Returns
        -------
        list of list of Row
            At least one page, which may hold nothing.
        """
        pages: list[list[Row]] = [[]]
        room = first - self.head_height
        for row in rows:
            if self.height(row) > room and (pages[-1] or len(pages) == 1):
                pages.append([])
                room = later - self.head_height
            pages[-1].append(row)
            room -= self.height(row)
        return pages

    def draw(self, canvas: Canvas, x: float, y: float, rows: Sequence[Row]) -> float:
        """Draw the heading and `rows` from (x, y) downwards; return where the table ends [mm]."""
        canvas.box(Box(x, y, self.width, self.head_height), Ink(fill=HEAD_FILL))
        self._draw_cells(
            canvas,
            (x, y, self.head_height),
            [Cell(column.heading, self.head_type) for column in self.columns],
        )
        y += self.head_height
        for position, row in enumerate(rows):
            height = self.height(row)
            if row.place:
                canvas.place(row.place, y - 12)
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
        cells: Sequence[str | Cell],
        *,
        strong: bool = False,
    ) -> None:
        x, y, height = at
        for column, cell, width in zip(self.columns, cells, self.widths(), strict=True):
            own = cell.type if isinstance(cell, Cell) else None
            style = own or (Type(column.type.size, "bold", BLACK) if strong else column.type)
            lines = self._lines(column, cell, width)
            step = style.size * MM_PER_PT * _LEADING
            base = y + (height - step * len(lines)) / 2 + step * (0.5 + CAP_HEIGHT / 2 / _LEADING)
            left = x + {"left": 0.9, "centre": width / 2, "right": width - 0.9}[column.align]
            for n, line in enumerate(lines):
                canvas.text(left, base + n * step, line, style, align=column.align)
            if isinstance(cell, Cell) and cell.target:
                canvas.link(Box(x, y, width, height), cell.target)
            x += width

    def _lines(self, column: Column, cell: str | Cell, width: float) -> list[str]:
        text = cell.text if isinstance(cell, Cell) else cell
        own = cell.type if isinstance(cell, Cell) and cell.type else column.type
        return self.fonts.fill(text, own.face, own.size, width - 1.8, lines=column.lines)
