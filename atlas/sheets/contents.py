"""目录: the general sheets line by line, then one row an estate with the pages of its sheets."""

from collections.abc import Callable, Sequence
from functools import partial

from atlas import furniture
from atlas.canvas import Box, Canvas
from atlas.fitting import print_within
from atlas.furniture import GREY
from atlas.ink import BLACK, Ink, TextStyle
from atlas.sheet import AtlasContext, PageNumber, PagePlan, PageReport, Title, draw_furniture
from atlas.sheets.listing import room_of
from atlas.table import PageTable, TableCell, TableColumn, TableRow
from atlas.text import clean
from wording import say, say_parts

Numbered = tuple[int, PagePlan]
_LINE_MM = 6.4
_ROW_MM = 6.0
_COLUMNS = 3
_GAP_MM = 8.0


def plan(
    context: AtlasContext,
    number: str,
    page_plans: Callable[[], Sequence[PagePlan]],
    body: Sequence[PagePlan],
) -> list[PagePlan]:
    """
    Plan the table of contents.

    Parameters
    ----------
    context : AtlasContext
        District, findings, rulebook, plan and request of the booklet.
    number : str
        图号.
    page_plans : callable
        Returns the plans of all pages of the booklet; called when the contents are drawn.
    body : sequence of PagePlan
        The plans of all pages but cover and contents.
    """
    title = say("sheet_kind.contents", context.language)
    estates = len({page_plan.estate_id for page_plan in body if page_plan.estate_id})
    lines = sum(_is_general(page_plan) for page_plan in body) + 2
    first, later = _rows_on(context, lines)
    pages = 1 if estates <= first else 1 + -(-(estates - first) // later)
    return [
        PagePlan(
            f"contents::{n + 1}",
            "contents",
            title if n == 0 else title + say("sheet.continued", context.language),
            number if n == 0 else f"{number}-{n + 1}",
            partial(_draw, context, page_plans, (n, lines)),
        )
        for n in range(pages)
    ]


def _is_general(page_plan: PagePlan) -> bool:
    """Return whether a page starts a sheet that is about no single estate."""
    return not page_plan.estate_id and page_plan.key.endswith(":1")


def _rows_on(context: AtlasContext, lines: int) -> tuple[int, int]:
    """Return how many estates the first page holds below the lines, and how many a further one."""
    room = room_of(context).h - 8
    return max(int((room - _lines_height(lines)) / _ROW_MM), 0), int(room / _ROW_MM)


def _lines_height(lines: int) -> float:
    return -(-lines // _COLUMNS) * _LINE_MM + 6


def _draw(
    context: AtlasContext,
    page_plans: Callable[[], Sequence[PagePlan]],
    place: tuple[int, int],
    canvas: Canvas,
    page_number: PageNumber,
) -> PageReport:
    part, lines = place
    listed = list(enumerate(page_plans(), start=1))
    own = [page_plan for _, page_plan in listed if page_plan.kind == "contents"][part]
    draw_furniture(canvas, context, Title(own.title, own.number), page_number, panel=False)
    room, (first, later) = room_of(context), _rows_on(context, lines)
    start = 0 if part == 0 else first + (part - 1) * later
    rows = _rows(context, listed)[start : start + (later if part else first)]
    with canvas.layer("furniture"):
        if part == 0:
            _draw_lines(canvas, room, [pair for pair in listed if _is_general(pair[1])])
            room = room.below(_lines_height(lines))
        if rows:
            table = _table(context, listed, room.w)
            table.draw(canvas, room.x, room.y, rows)
    furniture.draw_watermark(canvas, context.layout, context.request)
    return PageReport()


def _draw_lines(canvas: Canvas, room: Box, listed: Sequence[Numbered]) -> None:
    """Draw a line for each general sheet, in columns read downwards."""
    rows = -(-len(listed) // _COLUMNS)
    wide = (room.w - _GAP_MM * (_COLUMNS - 1)) / _COLUMNS
    for n, (page, page_plan) in enumerate(listed):
        column, row = divmod(n, rows)
        x, y = room.x + column * (wide + _GAP_MM), room.y + row * _LINE_MM
        _draw_line(canvas, Box(x, y, wide, _LINE_MM), page_plan, page)


def _draw_line(canvas: Canvas, box: Box, page_plan: PagePlan, page: int) -> None:
    base, style = box.y + 4.2, TextStyle(8.0, "bold", BLACK)
    width = canvas.text(box.x, base, page_plan.number, TextStyle(7.5, "sans", GREY))
    left = box.x + max(width + 3, 14)
    room = box.right - left - 14
    end = left + print_within(canvas, (left, base), page_plan.title, style, room=room)
    canvas.line(
        [(end + 1.5, base - 0.5), (box.right - 8, base - 0.5)],
        Ink(stroke=GREY, width=0.12, dash=(0.3, 0.8)),
    )
    canvas.text(box.right, base, str(page), style, align="right")
    canvas.link(box, f"sheet:{page_plan.number}")


def _kinds(listed: Sequence[Numbered]) -> list[str]:
    return list(dict.fromkeys(page_plan.kind for _, page_plan in listed if page_plan.estate_id))


def _table(context: AtlasContext, listed: Sequence[Numbered], width: float) -> PageTable:
    language = context.language
    head = say_parts("heads.contents", language)
    columns = [
        TableColumn(head[0], 8, "centre", TextStyle(8.0, "sans", GREY)),
        TableColumn(head[1], 40, "left", TextStyle(8.0, "bold", BLACK)),
        TableColumn(head[2], 20, "left", TextStyle(7.5)),
    ]
    columns += [
        TableColumn(say(f"sheet_kind.{kind}", language), 20, "centre", TextStyle(8.0))
        for kind in _kinds(listed)
    ]
    return PageTable(context.fonts, columns, width, least=_ROW_MM)


def _rows(context: AtlasContext, listed: Sequence[Numbered]) -> list[TableRow]:
    """Return a row for each estate: the first and last page of each kind of sheet, linked."""
    pages: dict[str, dict[str, list[Numbered]]] = {}
    for page, page_plan in listed:
        if page_plan.estate_id:
            pages.setdefault(page_plan.estate_id, {}).setdefault(page_plan.kind, []).append(
                (page, page_plan)
            )
    kinds, place = (
        _kinds(listed),
        {key: n for n, key in enumerate(context.estates["estate_id"], 1)},
    )
    return [
        TableRow(
            (
                f"{place[estate]:02d}",
                TableCell(clean(context.by_id[estate].name), target=f"estate:{estate}"),
                context.town_label(context.town_of(estate)),
                *(_pages(own.get(kind, [])) for kind in kinds),
            )
        )
        for estate, own in pages.items()
    ]


def _pages(own: Sequence[Numbered]) -> TableCell:
    if not own:
        return TableCell("—")
    first, last = own[0][0], own[-1][0]
    words = str(first) if first == last else f"{first}–{last}"
    return TableCell(words, target=f"sheet:{own[0][1].number}")
