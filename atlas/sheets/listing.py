"""Pages that are one table over as many sheets as it needs."""

from collections.abc import Callable, Sequence
from functools import partial

from atlas import furniture
from atlas.canvas import Box, Canvas
from atlas.ink import Type
from atlas.sheet import Folio, Leaf, Material, Report, Title, dress
from atlas.table import Row, Table
from wording import Language, say

Intro = Callable[[Canvas, Box], float]
_MARGIN_MM = 6.0


def _same(canvas: Canvas, room: Box) -> float:
    """Draw nothing; what follows starts at the top of `room`."""
    del canvas
    return room.y


NOTHING: tuple[float, Intro] = (0.0, _same)
"""No introduction, no closing words."""


def room_of(material: Material) -> Box:
    """Return the ground for a table on a sheet without a panel."""
    return material.layout.full.inset(_MARGIN_MM)


def plan_listing(
    material: Material,
    kind: str,
    title: Title,
    listed: tuple[Table, Sequence[Row]],
    intro: tuple[float, Intro] = NOTHING,
    outro: tuple[float, Intro] = NOTHING,
) -> list[Leaf]:
    """
    Plan the pages of a table.

    Parameters
    ----------
    material : Material
        What is drawn from.
    kind : str
        Of `request.SHEETS`.
    title : Title
        Of the first page; further pages say that they continue it.
    listed : tuple of Table and sequence of Row
        Columns, measured for `room_of(material)`, and all rows.
    intro, outro : tuple of (float, callable)
        Height [mm] and drawing of what stands above the first and below the last rows.
    """
    table, rows = listed
    height = room_of(material).h
    pages = table.pages(rows, height - intro[0], height)
    used = sum(map(table.height, pages[-1])) + table.head_height
    if used + outro[0] > height - (intro[0] if len(pages) == 1 else 0.0):
        pages.append([])
    leaves = []
    start, last = title.part, title.part + len(pages) - 1
    for n, shown in enumerate(pages, start=start):
        own = title if n == 1 else _continued(title, n, material.language)
        ends = (intro[1] if n == start else _same, outro[1] if n == last else _same)
        draw = partial(_draw, material, (table, shown), ends, own)
        key = f"{kind}:{title.town}:{n}"
        leaves.append(Leaf(key, kind, own.words, own.number, draw, "", title.town))
    return leaves


def _continued(title: Title, n: int, language: Language) -> Title:
    return Title(title.words + say("sheet.continued", language), f"{title.number}-{n}", title.town)


def _draw(
    material: Material,
    listed: tuple[Table, Sequence[Row]],
    ends: tuple[Intro, Intro],
    title: Title,
    canvas: Canvas,
    folio: Folio,
) -> Report:
    dress(canvas, material, title, folio, panel=False)
    room = room_of(material)
    table, rows = listed
    with canvas.layer("furniture"):
        y = ends[0](canvas, room)
        if rows:
            y = table.draw(canvas, room.x, y, rows)
        ends[1](canvas, Box(room.x, y + 3, room.w, room.bottom - y - 3))
    furniture.draw_watermark(canvas, material.layout, material.request)
    return Report()


def sentence(text: str, size: float = 8.0) -> tuple[float, Intro]:
    """Return one line of introduction, for `plan_listing`."""

    def draw(canvas: Canvas, room: Box) -> float:
        shown = canvas.fonts.fit(text, "sans", size, room.w)
        canvas.text(room.x, room.y + 3.4, shown, Type(size, "sans", furniture.GREY))
        return room.y + 7.0

    return 7.0, draw
