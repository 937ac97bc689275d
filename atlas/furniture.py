"""Furniture 图廓整饰: frame, heading, 图签, 会签栏, north arrow, scale bar, legend, notes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from atlas.canvas import Box, Canvas
from atlas.fitting import LEAST_PT, fitted, pitch_of, print_within
from atlas.ink import BLACK, RGB, WHITE, Ink, TextStyle
from atlas.request import PAPERS, Request, Stage
from atlas.symbols import RED, draw_symbol, letter
from atlas.table import HEAD_FILL
from atlas.view import MapView
from geo.errors import DataError
from layers.style import Theme
from wording import Language, say

BINDING_MM = 25.0
MARGIN_MM = 5.0
HEAD_MM = 15.0
TITLE_BLOCK_MM = 34.0
FRAME = Ink(stroke=BLACK, width=0.7)
THIN = Ink(stroke=BLACK, width=0.2)
GREY: RGB = (104, 112, 126)
PANEL_FILL: RGB = (245, 247, 250)
LEGEND_ROW_MM = 5.2
SECTION_MM = 6.4
"""Height of a section heading."""
_BAR_MM = 50.0
_TILE_MM, _TILE_GAP_MM = 8.8, 1.6
_LINE_MM = 6.0  # of the two texts beside the title


@dataclass(frozen=True)
class PageLayout:
    """
    The parts of a sheet of paper, by position.

    Attributes
    ----------
    width, height : float
        Of the paper [mm].
    sheet, head, body, panel : Box
        The frame, the heading inside it, the ground for a map or a table, the column beside it.
    """

    width: float
    height: float
    sheet: Box
    head: Box
    body: Box
    panel: Box

    @property
    def full(self) -> Box:
        """The ground of a sheet without a panel."""
        return Box(self.body.x, self.body.y, self.panel.right - self.body.x, self.body.h)

    @property
    def map_box(self) -> Box:
        """The frame of the map: the body less a rim for coordinates."""
        return self.body.inset(4.5)

    @property
    def panel_room(self) -> Box:
        """The panel less its title block."""
        height = self.panel.h - TITLE_BLOCK_MM
        return Box(self.panel.x + 3, self.panel.y + 3, self.panel.w - 6, height - 4)


def layout_of(paper: str) -> PageLayout:
    """
    Return the layout of a paper.

    Raises
    ------
    DataError
        If `paper` is no key of `PAPERS`.
    """
    if paper not in PAPERS:
        raise DataError(
            f"unknown paper {paper!r}; expected one of {', '.join(PAPERS)}",
            f"未知图幅 {paper!r}；应为 {'、'.join(PAPERS)} 之一",
        )
    width, height = PAPERS[paper]
    sheet = Box(BINDING_MM, MARGIN_MM, width - BINDING_MM - MARGIN_MM, height - 2 * MARGIN_MM)
    panel_w = 116.0 if paper == "A3" else 92.0
    below = sheet.below(HEAD_MM)
    return PageLayout(
        width,
        height,
        sheet,
        sheet.top(HEAD_MM),
        Box(below.x, below.y, below.w - panel_w, below.h),
        Box(below.right - panel_w, below.y, panel_w, below.h),
    )


@dataclass(frozen=True)
class Heading:
    """Texts of a sheet's heading."""

    title: str
    line1: str
    line2: str
    scale: str
    number: str


def draw_sheet(canvas: Canvas, layout: PageLayout, heading: Heading, request: Request) -> None:
    """Draw frame and heading."""
    head = layout.head
    canvas.box(head, Ink(fill=PANEL_FILL))
    canvas.box(Box(head.x, head.y, 2.4, head.h), Ink(fill=HEAD_FILL))
    right = head.right - 76
    most = right - head.x - 70
    title = TextStyle(21.0, "serif", BLACK)
    width = print_within(
        canvas, (head.x + 6, head.y + 10.0), heading.title, title, room=most, high=head.h - 2
    )
    left = head.x + 6 + width + 4
    room = right - left - 2
    line1, line2 = TextStyle(7.5, "bold", HEAD_FILL), TextStyle(7.0, "sans", GREY)
    print_within(canvas, (left, head.y + 5.2), heading.line1, line1, room=room, high=_LINE_MM)
    print_within(canvas, (left, head.y + 11.4), heading.line2, line2, room=room, high=_LINE_MM)
    _draw_stamp(canvas, Box(right, head.y + 3.6, 27, 7.8), request)
    for x, word, value in (
        (head.right - 24, "sheet.scale", heading.scale),
        (head.right - 4, "sheet.sheet_number", heading.number),
    ):
        canvas.text(
            x,
            head.y + 5.4,
            say(word, request.language),
            TextStyle(6.0, "sans", GREY),
            align="right",
        )
        canvas.text(x, head.y + 11.6, value, TextStyle(11.0, "bold", BLACK), align="right")
    canvas.line([(head.x, head.bottom), (head.right, head.bottom)], Ink(stroke=BLACK, width=0.3))
    canvas.box(layout.sheet, FRAME)


def _draw_stamp(canvas: Canvas, box: Box, request: Request) -> None:
    words = say("sheet.draft" if request.stage is Stage.DRAFT else "sheet.formal", request.language)
    canvas.box(box, Ink(stroke=RED, width=0.5))
    letter(canvas, words, box.x + box.w / 2, box.y + box.h / 2, TextStyle(10.0, "bold", RED))


def draw_watermark(canvas: Canvas, layout: PageLayout, request: Request) -> None:
    """Print 征求意见稿 across a draft sheet, on its own PDF layer."""
    if request.stage is not Stage.DRAFT:
        return
    middle = layout.body.x + layout.body.w / 2, layout.body.y + layout.body.h / 2
    size = 0.15 * min(layout.body.w, layout.body.h) / 0.3528
    style = TextStyle(size, "bold", RED)
    with canvas.layer("watermark"), canvas.turned(*middle, 35, 0.08):
        canvas.text(0, size * 0.12, say("sheet.draft", request.language), style, align="centre")


def draw_signers(
    canvas: Canvas, layout: PageLayout, names: Sequence[str], language: Language
) -> None:
    """Draw the sign-off strip in the binding margin, rotated by 90 degrees."""
    cells = [
        (
            say("sheet.signers", language),
            say("sheet.signature", language),
            say("sheet.date", language),
        )
    ]
    cells += [(name, "", "") for name in names]
    long = min(27.0, (layout.sheet.h - 6) / max(len(cells), 1))
    widths, offsets = (10.4, 4.8, 4.6), (0.0, 10.4, 15.2)
    for n, cell in enumerate(cells):
        top = layout.sheet.bottom - 3 - (n + 1) * long
        for column, text in enumerate(cell):
            box = Box(4.0 + offsets[column], top, widths[column], long)
            canvas.box(box, THIN)
            size = 6.0 if n else 6.5
            style = TextStyle(size, "bold" if not n else "sans", BLACK)
            lines, style = fitted(canvas, text, style, long - 1.2, box.w)
            for row, line in enumerate(lines):
                x = box.x + box.w / 2 + 0.8 + (row - (len(lines) - 1) / 2) * pitch_of(style)
                with canvas.turned(x, top + long / 2, 90):
                    canvas.text(0, 0, line, style, align="centre")


def draw_title_block(
    canvas: Canvas, layout: PageLayout, rows: Sequence[Sequence[tuple[str, str, float]]]
) -> None:
    """
    Draw 图签 at the foot of the panel.

    Parameters
    ----------
    canvas : Canvas
        The page.
    layout : PageLayout
        Whose panel it is drawn in.
    rows : sequence of sequence of (str, str, float)
        Caption, value and relative width of each field, row by row.
    """
    panel = layout.panel
    height = TITLE_BLOCK_MM / len(rows)
    y = panel.bottom - TITLE_BLOCK_MM
    canvas.box(Box(panel.x, y, panel.w, TITLE_BLOCK_MM), Ink(fill=WHITE, stroke=BLACK, width=0.35))
    for row in rows:
        x, total = panel.x, sum(share for _, _, share in row)
        for caption, value, share in row:
            width = panel.w * share / total
            canvas.box(Box(x, y, width, height), THIN)
            canvas.text(x + 1.2, y + 2.7, caption, TextStyle(6.0, "sans", GREY))
            style, at = TextStyle(7.5, "bold", BLACK), (x + 1.2, y + height - 1.8)
            print_within(canvas, at, value, style, room=width - 2, high=height - 3.3)
            x += width
        y += height


def section(canvas: Canvas, box: Box, title: str, note: str = "") -> Box:
    """Draw a section heading at the top of `box` [mm]; return the part of the box below it."""
    canvas.box(Box(box.x, box.y, 1.2, 4.6), Ink(fill=HEAD_FILL))
    canvas.text(box.x + 2.8, box.y + 3.7, title, TextStyle(9.0, "bold", BLACK))
    if note:
        room = box.w - 5 - canvas.fonts.width(title, "bold", 9.0)
        style = TextStyle(6.0, "sans", GREY)
        print_within(
            canvas, (box.right, box.y + 3.0), note, style, room=room, align="right", high=6.0
        )
    return box.below(SECTION_MM)


def figures_height(rows: int) -> float:
    """Return the height of so many rows of key figures, their gap included [mm]."""
    return rows * (_TILE_MM + _TILE_GAP_MM)


def draw_figures(
    canvas: Canvas, box: Box, figures: Sequence[tuple[str, str, bool]], columns: int = 2
) -> float:
    """
    Draw key figures as tiles, row by row.

    Parameters
    ----------
    canvas : Canvas
        The page.
    box : Box
        Left, top and width of the tiles [mm]; its height is not used.
    figures : sequence of (str, str, bool)
        Value, label, and whether the tile is red.
    columns : int, default 2
        Tiles in a row.

    Returns
    -------
    float
        Lower end of the tiles, their gap included [mm].
    """
    gap, high = _TILE_GAP_MM, _TILE_MM
    wide = (box.w - gap * (columns - 1)) / columns
    for n, (value, words, alarming) in enumerate(figures):
        row, column = divmod(n, columns)
        tile = Box(box.x + column * (wide + gap), box.y + row * (high + gap), wide, high)
        canvas.box(tile, Ink(fill=(252, 232, 234) if alarming else (238, 243, 250)))
        style = TextStyle(11.0, "bold", RED if alarming else HEAD_FILL)
        word = canvas.fonts.widest_word(words, "sans", LEAST_PT)
        room = min(tile.w * 0.55, tile.w - word - 3.7)
        width = print_within(canvas, (tile.x + 1.8, tile.y + 6.1), value, style, room=room)
        left, small = tile.x + 2.8 + width, TextStyle(6.5, "sans", GREY)
        print_within(
            canvas, (left, tile.y + 5.7), words, small, room=tile.right - left - 0.8, high=high
        )
    rows = -(-len(figures) // columns)
    return box.y + figures_height(rows)


def draw_north(canvas: Canvas, box: Box, language: Language) -> None:
    """Draw the north arrow in a square `box` [mm]."""
    x, y, r = box.x + box.w / 2, box.y + box.h / 2, box.w / 2 - 0.4
    canvas.circle(x, y, r, Ink(fill=WHITE, stroke=GREY, width=0.15))
    half = r * 0.36
    tip, foot = y - r * 0.82, y + r * 0.25
    canvas.polygon(
        [(x, tip), (x - half, foot), (x, foot - r * 0.2)], Ink(fill=BLACK, stroke=BLACK, width=0.15)
    )
    canvas.polygon(
        [(x, tip), (x + half, foot), (x, foot - r * 0.2)], Ink(fill=WHITE, stroke=BLACK, width=0.15)
    )
    canvas.text(
        x, y + r * 0.72, say("sheet.north", language), TextStyle(7.0, "bold", BLACK), align="centre"
    )


def scale_bar_size(
    canvas: Canvas, view: MapView, paper: str, language: Language
) -> tuple[float, float]:
    """Return width and height of the scale bar's box [mm]: room for the bar and for the words."""
    words = canvas.fonts.width(_scale_note(view, paper, language), "sans", 6.0)
    return max(_bar_length(view) * view.mm_per_m + 14.0, words + 2.5), 12.0


def _scale_note(view: MapView, paper: str, language: Language) -> str:
    return say("sheet.scale_note", language, scale=view.scale, paper=paper, metres=view.scale / 100)


def _bar_length(view: MapView) -> int:
    """Return the ground length of the bar [m]: the greatest 1, 2 or 5 x 10^n within 50 mm."""
    room = _BAR_MM / view.mm_per_m
    return max(int(m * 10**e) for e in range(7) for m in (1, 2, 5) if m * 10**e <= room * 1.0001)


def draw_scale_bar(canvas: Canvas, box: Box, view: MapView, paper: str, language: Language) -> None:
    """Draw the scale in `box` [mm] as a bar and as a number."""
    canvas.box(box, Ink(fill=WHITE, stroke=GREY, width=0.15))
    length, parts = _bar_length(view), 5
    unit, per = ("km", 1000) if length >= 5000 else ("m", 1)  # noqa: PLR2004
    wide = length * view.mm_per_m
    left, top = box.x + (box.w - wide - 4.0) / 2, box.y + 4.6
    for n in range(parts):
        fill = BLACK if n % 2 == 0 else WHITE
        cell = Box(left + wide * n / parts, top, wide / parts, 1.4)
        canvas.box(cell, Ink(fill=fill, stroke=BLACK, width=0.15))
    small = TextStyle(6.0, "sans", BLACK)
    for n in range(parts + 1):
        value = f"{length * n / parts / per:g}"
        canvas.text(left + wide * n / parts, top - 1.0, value, small, align="centre")
    canvas.text(left + wide + 3.2, top - 1.0, unit, small)
    note = _scale_note(view, paper, language)
    canvas.text(box.x + box.w / 2, top + 4.9, note, TextStyle(6.0, "sans", GREY), align="centre")


def draw_legend(
    canvas: Canvas, box: Box, themes: Iterable[Theme], language: Language, *, columns: int = 3
) -> float:
    """Draw a sample of each theme from the top of `box`; return the legend's lower end [mm]."""
    wide, high = box.w / columns, LEGEND_ROW_MM
    shown = list(themes)
    for n, theme in enumerate(shown):
        row, column = divmod(n, columns)
        x, y = box.x + column * wide, box.y + row * high + high / 2
        with canvas.layer("furniture"):
            _draw_sample(canvas, theme, x, y)
            style = TextStyle(6.2, "sans", BLACK)
            label = theme.label(language)
            print_within(canvas, (x + 9.2, y + 0.9), label, style, room=wide - 10, high=high)
    return box.y + -(-len(shown) // columns) * high


def _draw_sample(canvas: Canvas, theme: Theme, x: float, y: float) -> None:
    if theme.shape == "area":
        canvas.box(Box(x + 0.4, y - 1.7, 7.4, 3.4), theme.ink)
    elif theme.shape == "line":
        width = 1.4 if theme.measure_column else theme.ink.width
        ink = Ink(stroke=theme.ink.stroke, width=width, dash=theme.ink.dash)
        canvas.line([(x + 0.4, y), (x + 7.8, y)], ink)
    elif theme.shape == "disc":
        canvas.circle(x + 4, y, 1.7, theme.ink)
        canvas.circle(x + 4, y, 0.22, Ink(fill=(82, 62, 38)))
    else:
        draw_symbol(canvas, theme, x + 4, y)


def draw_notes(canvas: Canvas, box: Box, notes: Sequence[str], *, size: float = 6.2) -> float:
    """Print numbered notes of `size` [pt] down `box`; return their end [mm]."""
    y, step = box.y + 2.4, size * 0.3528 * 1.35
    for n, note in enumerate(notes, start=1):
        for row, line in enumerate(canvas.fonts.wrap(f"{n}. {note}", "sans", size, box.w)):
            if y > box.bottom + 0.2:
                canvas.cut.append(note)
                return y
            canvas.text(box.x + (2.2 if row else 0), y, line, TextStyle(size, "sans", (70, 78, 92)))
            y += step
    return y


def notes_height(canvas: Canvas, width: float, notes: Sequence[str], *, size: float = 6.2) -> float:
    """Return the height [mm] of numbered notes of `size` [pt] in a column of `width` [mm]."""
    lines = sum(
        len(canvas.fonts.wrap(f"{n}. {t}", "sans", size, width)) for n, t in enumerate(notes, 1)
    )
    return lines * size * 0.3528 * 1.35 + 1.0
