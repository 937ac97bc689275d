"""Pages that are one table over as many sheets as it needs."""

from collections.abc import Callable, Sequence
from functools import partial

from atlas import furniture
from atlas.canvas import Box, Canvas
from atlas.ink import Type
from atlas.sheet import Folio, Leaf, Material, Report, dress
from atlas.table import Row, Table
from atlas.words import say

Intro = Callable[[Canvas, Box], float]
_MARGIN_MM = 6.0


def room_of(material: Material) -> Box:
    """Return the ground for a table on a sheet without a panel."""
    return material.layout.full.inset(_MARGIN_MM)


def plan_listing(
    material: Material,
    kind: str,
    names: tuple[str, str],
    table: Table,
    rows: Sequence[Row],
    *,
    intro: tuple[float, Intro] | None = None,
    outro: tuple[float, Intro] | None = None,
    town: str = "",
    depth: int = 0,
) -> list[Leaf]:
    """
    Plan the pages of a table.

    Parameters
    ----------
    material : Material
        What is drawn from.
    kind : str
        Of `request.SHEETS`.
    names : tuple of str
        图名 and 图号.
    table : Table
        Columns, measured for `room_of(material)`.
    rows : sequence of Row
        All rows.
    intro, outro : tuple of (float, callable), optional
        Height [mm] and drawing of what stands above the first and below the last rows.
    town : str, default ""
        The town that signs.
    depth : int, default 0
        Of the bookmark.
    """
    title, number = names
    height = room_of(material).h
    above = intro[0] if intro else 0.0
    pages = table.pages(rows, height - above, height)
    if outro and sum(map(table.height, pages[-1])) + table.head_height + outro[0] > height - (
        above if len(pages) == 1 else 0.0
    ):
        pages.append([])
    leaves = []
    for n, shown in enumerate(pages, start=1):
        own_title = title if n == 1 else title + say("continued", material.language)
        own_number = number if n == 1 else f"{number}-{n}"
        ends = (
            intro[1] if intro and n == 1 else None,
            outro[1] if outro and n == len(pages) else None,
        )
        draw = partial(_draw, material, table, shown, ends, (own_title, own_number, town))
        leaves.append(
            Leaf(f"{kind}:{town}:{n}", kind, own_title, own_number, depth, draw, "", town)
        )
    return leaves


def _draw(
    material: Material,
    table: Table,
    rows: Sequence[Row],
    ends: tuple[Intro | None, Intro | None],
    names: tuple[str, str, str],
    canvas: Canvas,
    folio: Folio,
) -> Report:
    title, number, town = names
    dress(canvas, material, title, number, folio, town=town, panel=False)
    room = room_of(material)
    with canvas.layer("furniture"):
        y = ends[0](canvas, room) if ends[0] else room.y
        if rows:
            y = table.draw(canvas, room.x, y, rows)
        if ends[1]:
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
