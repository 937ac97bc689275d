"""Tables: columns that share a width, cells that wrap, rows that go on over pages."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from atlas.canvas import CAP_HEIGHT, Box, Canvas
from atlas.ink import BLACK, RGB, WHITE, Ink, TextStyle
from atlas.text import MM_PER_PT, Fonts

HEAD_FILL: RGB = (18, 74, 138)
STRIPE: RGB = (244, 247, 251)
RULE = Ink(stroke=(196, 204, 216), width=0.12)
_LEADING = 1.3
_CELL = TextStyle(6.5)
_HEAD = TextStyle(6.5, "bold", WHITE)


@dataclass(frozen=True)
class TableColumn:
    """A column: its heading, its share of the width, and how its cells are set."""

    heading: str
    share: float
    align: str = "left"
    type: TextStyle = _CELL
    lines: int = 3


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
    """

    fonts: Fonts
    columns: Sequence[TableColumn]
    width: float
    head_type: TextStyle = _HEAD
    least: float = 5.2
    _heights: dict[TableRow, float] = field(default_factory=dict)

    def widths(self) -> list[float]:
        """Return the width of each column [mm]."""
        total = sum(column.share for column in self.columns)
        return [self.width * column.share / total for column in self.columns]

    @property
    def head_height(self) -> float:
        """Height of the heading [mm]."""
        return 6.2

    def height(self, row: TableRow) -> float:
        """Return the height of a row [mm]."""
        if row not in self._heights:
            tallest = max(
                len(self._lines(column, cell, width)) * column.type.size * MM_PER_PT * _LEADING
                for column, cell, width in zip(self.columns, row.cells, self.widths(), strict=True)
            )
            self._heights[row] = max(self.least, tallest + 1.6)
        return self._heights[row]

    def pages(self, rows: Sequence[TableRow], first: float, later: float) -> list[list[TableRow]]:
        """
        Divide rows among pages.

        Parameters
        ----------
        rows : sequence of TableRow
            All of them.
        first, later : float
            Height for the table on the first and on every further page [mm], heading included.

        Returns
        -------
        list of list of TableRow
            At least one page, which may be empty.
        """
        pages: list[list[TableRow]] = [[]]
        room = first - self.head_height
        for row in rows:
            if self.height(row) > room and (pages[-1] or len(pages) == 1):
                pages.append([])
                room = later - self.head_height
            pages[-1].append(row)
            room -= self.height(row)
        return pages

    def draw(self, canvas: Canvas, x: float, y: float, rows: Sequence[TableRow]) -> float:
        """Draw heading and `rows` from (x, y) [mm] downwards; return the table's lower end [mm]."""
        canvas.box(Box(x, y, self.width, self.head_height), Ink(fill=HEAD_FILL))
        self._draw_cells(
            canvas,
            (x, y, self.head_height),
            [TableCell(column.heading, self.head_type) for column in self.columns],
        )
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
        for column, cell, width in zip(self.columns, cells, self.widths(), strict=True):
            own = cell.type if isinstance(cell, TableCell) else None
            style = own or (TextStyle(column.type.size, "bold", BLACK) if strong else column.type)
            lines = self._lines(column, cell, width)
            step = style.size * MM_PER_PT * _LEADING
            base = y + (height - step * len(lines)) / 2 + step * (0.5 + CAP_HEIGHT / 2 / _LEADING)
            left = x + {"left": 0.9, "centre": width / 2, "right": width - 0.9}[column.align]
            for n, line in enumerate(lines):
                canvas.text(left, base + n * step, line, style, align=column.align)
            if isinstance(cell, TableCell) and cell.target:
                canvas.link(Box(x, y, width, height), cell.target)
            x += width

    def _lines(self, column: TableColumn, cell: str | TableCell, width: float) -> list[str]:
        text = cell.text if isinstance(cell, TableCell) else cell
        own = cell.type if isinstance(cell, TableCell) and cell.type else column.type
        return self.fonts.fill(text, own.face, own.size, width - 1.8, lines=column.lines)
