"""Pages that are one table over as many sheets as it needs."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from atlas import furniture
from atlas.canvas import Box, Canvas
from atlas.ink import TextStyle
from atlas.sheet import AtlasContext, PageNumber, PagePlan, PageReport, Title, draw_furniture
from atlas.table import PageTable, TableRow
from atlas.text import clean
from wording import Language, say

Intro = Callable[[Canvas, Box], float]
_MARGIN_MM = 6.0
_LINE_MM = 3.8
_SENTENCE = TextStyle(8.0, "sans", furniture.GREY)


def _same(canvas: Canvas, room: Box) -> float:
    """Draw nothing; what follows starts at the top of `room`."""
    del canvas
    return room.y


NOTHING: tuple[float, Intro] = (0.0, _same)
"""No introduction, no closing words."""


def room_of(context: AtlasContext) -> Box:
    """Return the box [mm] of a table on a sheet without a panel."""
    return context.layout.full.inset(_MARGIN_MM)


def plan_listing(
    context: AtlasContext,
    kind: str,
    title: Title,
    listed: tuple[PageTable, Sequence[TableRow]],
    intro: tuple[float, Intro] = NOTHING,
    outro: tuple[float, Intro] = NOTHING,
) -> list[PagePlan]:
    """
    Plan the pages of a table.

    Parameters
    ----------
    context : AtlasContext
        District, findings, rulebook, plan and request of the booklet.
    kind : str
        Of `request.SHEETS`.
    title : Title
        Of the first page; further pages say that they continue it.
    listed : tuple of PageTable and sequence of TableRow
        Columns, measured for `room_of(context)`, and all rows.
    intro, outro : tuple of (float, callable)
        Height [mm] and drawing function of the part above the first and below the last rows.
    """
    table, rows = listed
    height = room_of(context).h
    pages = table.pages(rows, height - intro[0], height)
    used = sum(map(table.height, pages[-1])) + table.head_height
    if used + outro[0] > height - (intro[0] if len(pages) == 1 else 0.0):
        pages.append([])
    page_plans = []
    start, last = title.part, title.part + len(pages) - 1
    for n, shown in enumerate(pages, start=start):
        own = title if n == 1 else _continued(title, n, context.language)
        ends = (intro[1] if n == start else _same, outro[1] if n == last else _same)
        draw = partial(_draw, context, (table, shown), ends, own)
        key = f"{kind}:{title.town}:{n}"
        page_plans.append(PagePlan(key, kind, own.words, own.number, draw, "", title.town))
    return page_plans


def plan_remaining(
    context: AtlasContext,
    kind: str,
    number: str,
    table: PageTable,
    rows_of: Callable[[str], Sequence[TableRow]],
    title: str = "",
) -> list[PagePlan]:
    """
    Plan the pages that estates share for the rows without room beside their maps.

    Parameters
    ----------
    context : AtlasContext
        District, findings, rulebook, plan and request of the booklet.
    kind, number : str
        Of `request.SHEETS`; 图号 of the first page.
    table : PageTable
        Its first column for the name of the estate, measured for `room_of(context)`.
    rows_of : callable
        Returns the rows of an estate that its own sheet leaves out, without the first column.
    title : str, default ""
        What the sheet continues, "" for the kind of sheet.

    Returns
    -------
    list of PagePlan
        None if every sheet has room for its rows.
    """
    rows = [
        TableRow((clean(estate.name), *row.cells), row.destination, row.strong)
        for estate in context.estates.itertuples()
        for row in rows_of(str(estate.estate_id))
    ]
    if not rows:
        return []
    words = title or say(f"sheet_kind.{kind}", context.language)
    words += say("sheet.continued", context.language)
    pages = plan_listing(context, kind, Title(words, number), (table, rows))
    return [replace(page, key=f"{kind}:{number}:{n}") for n, page in enumerate(pages, start=1)]


def plan_following(
    context: AtlasContext, sheet: PagePlan, table: PageTable, rows: Sequence[TableRow]
) -> list[PagePlan]:
    """Plan the pages of the rows that a sheet of one estate has no room for, right behind it."""
    title = Title(sheet.title, sheet.number, sheet.town, part=2)
    return [
        replace(page, key=f"{sheet.kind}:{sheet.estate_id}:{n}", estate_id=sheet.estate_id)
        for n, page in enumerate(
            plan_listing(context, sheet.kind, title, (table, rows)), start=title.part
        )
    ]


def _continued(title: Title, n: int, language: Language) -> Title:
    mark = say("sheet.continued", language)
    words = title.words.removesuffix(mark) + mark
    return Title(words, f"{title.number}-{n}", title.town)


def _draw(
    context: AtlasContext,
    listed: tuple[PageTable, Sequence[TableRow]],
    ends: tuple[Intro, Intro],
    title: Title,
    canvas: Canvas,
    page_number: PageNumber,
) -> PageReport:
    draw_furniture(canvas, context, title, page_number, panel=False)
    room = room_of(context)
    table, rows = listed
    with canvas.layer("furniture"):
        y = ends[0](canvas, room)
        if rows:
            y = table.draw(canvas, room.x, y, rows)
        ends[1](canvas, Box(room.x, y + 3, room.w, room.bottom - y - 3))
    furniture.draw_watermark(canvas, context.layout, context.request)
    return PageReport()


def sentence(context: AtlasContext, text: str) -> tuple[float, Intro]:
    """Return a sentence of introduction, for `plan_listing`."""
    lines = context.fonts.wrap(text, _SENTENCE.face, _SENTENCE.size, room_of(context).w)
    height = len(lines) * _LINE_MM + 3.4

    def draw(canvas: Canvas, room: Box) -> float:
        for n, line in enumerate(lines):
            canvas.text(room.x, room.y + 3.4 + n * _LINE_MM, line, _SENTENCE)
        return room.y + height

    return height, draw
