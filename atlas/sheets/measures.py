"""方案图: what is to be done on an estate, by 基础 / 完善 / 提升, each work at its place."""

from dataclasses import replace
from functools import partial

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from atlas import furniture
from atlas.canvas import Canvas
from atlas.evidence import CLASS_ORDER, anchor_of, is_unknown, lines_of, places_of
from atlas.ink import BLACK, WHITE, TextStyle
from atlas.mapframe import Callout, MapFrame
from atlas.sheet import (
    MEASURING,
    AtlasContext,
    PageNumber,
    PagePlan,
    PageReport,
    Title,
    draw_furniture,
)
from atlas.sheets.estate_map import (
    ACCESS,
    BASE,
    PLACES,
    PLANTS,
    apart,
    close_map,
    draw_panel_foot,
    draw_themes,
    estate_row,
    estate_view,
    foot_height,
    furnish,
    label_themes,
)
from atlas.sheets.listing import plan_following, plan_remaining, room_of
from atlas.symbols import RED
from atlas.table import PageTable, TableCell, TableColumn, TableRow
from atlas.text import clean
from atlas.titles import titled
from atlas.works import MARKS, Work, pending_of, works_of
from layers.findings import CLASSES
from layers.style import Theme
from wording import say, say_parts

SPOTS = dict(zip(CLASS_ORDER, ("spot_basic", "spot_improving", "spot_upgrading"), strict=True))
FURTHER = "C2"
_FIGURES_MM = 12.0
_THEMES_AT_MOST = 24


def plan(context: AtlasContext, estate_id: str, number: str) -> list[PagePlan]:
    """
    Plan the sheet of measures.

    Where the map has a mark whose row found no room beside it, all such rows follow on a page of
    the estate's own; else what found no room is on `plan_further`.
    """
    name, town = clean(estate_row(context, estate_id).name), context.town_of(estate_id)
    title = titled(name, "measures", context.language)
    draw = partial(_draw, context, estate_id, Title(title, number, town))
    sheet = PagePlan(f"measures:{estate_id}:1", "measures", title, number, draw, estate_id, town)
    if not _has_own_page(context, estate_id):
        return [sheet]
    table = _table(context, room_of(context).w)
    return [sheet, *plan_following(context, sheet, table, _remaining(context, estate_id))]


def plan_further(context: AtlasContext) -> list[PagePlan]:
    """Plan the table of the works that found no room beside their map, of all estates together."""
    return plan_remaining(
        context,
        "measures",
        FURTHER,
        _table(context, room_of(context).w, of_several=True),
        lambda key: [] if _has_own_page(context, key) else _remaining(context, key),
    )


def _remaining(context: AtlasContext, estate_id: str) -> list[TableRow]:
    """Return the rows that have no room beside the map."""
    return _all_rows(context, estate_id, wide=True)[len(_shown(context, estate_id)) :]


def _has_own_page(context: AtlasContext, estate_id: str) -> bool:
    """Return whether a mark on the map has no room for its row beside it."""
    placed = sum(work.is_placed for work in works_of(context, estate_id))
    return len(_shown(context, estate_id)) < placed


def _all_rows(context: AtlasContext, estate_id: str, *, wide: bool) -> list[TableRow]:
    """Return the rows of the works with a place, of the others, then of what lacks data."""
    works = works_of(context, estate_id)
    rows = _rows(works, context, wide=wide)
    placed = sum(work.is_placed for work in works)
    if placed < len(works):
        words = say("sheet.works_unplaced", context.language)
        rows.insert(placed, TableRow(("", words, "", "", "", ""), strong=True))
    return [*rows, *_pending_rows(context, estate_id, wide=wide)]


def _shown(context: AtlasContext, estate_id: str) -> list[TableRow]:
    """Return the rows beside the map."""
    foot = foot_height(context, _THEMES_AT_MOST, MEASURING)
    room = context.layout.panel_room.h - _FIGURES_MM - 6.4 * 2 - foot - 5
    table = _table(context, context.layout.panel_room.w)
    return table.fitting_groups(_all_rows(context, estate_id, wide=False), room)


def _table(context: AtlasContext, width: float, *, of_several: bool = False) -> PageTable:
    words = say_parts("heads.works", context.language)
    more = 1.4 if width > context.layout.panel.w else 0.0  # a page of its own
    columns: tuple[TableColumn, ...] = (
        TableColumn(words[0], 9, "centre", TextStyle(6.5 + more, "bold", BLACK)),
        TableColumn(words[1], 22, type=TextStyle(6.4 + more, "bold", BLACK)),
        TableColumn(words[2], 36, type=TextStyle(6.2 + more)),
        TableColumn(words[3], 15, type=TextStyle(6.4 + more)),
        TableColumn(words[4], 13, type=TextStyle(6.2 + more, "bold", RED)),
        TableColumn(words[5], 22, type=TextStyle(6.0 + more, "sans", (70, 78, 92))),
    )
    if of_several:
        named = say("common.estate", context.language)
        estate = TableColumn(named, 18, type=TextStyle(7.8, "bold", BLACK))
        columns = (estate, *columns)
    return PageTable(context.fonts, columns, width, least=7.0 if more else 5.2)


def _rows(works: list[Work], context: AtlasContext, *, wide: bool) -> list[TableRow]:
    themes, size = context.style.themes, 7.9 if wide else 6.5
    rows = []
    for work in works:
        colour = themes[MARKS[work.item_class]].ink.fill or BLACK
        rows.append(
            TableRow(
                (
                    TableCell(
                        work.code,
                        TextStyle(size, "bold", colour),
                        f"{work.destination}@map" if work.is_placed else "",
                    ),
                    work.item,
                    work.target,
                    work.amount,
                    TableCell(
                        "、".join(str(e.number) for e in work.gaps), target=work.gaps[0].destination
                    ),
                    work.department if wide else work.lead,
                ),
                destination=work.destination,
            )
        )
    return rows


def _pending_rows(context: AtlasContext, estate_id: str, *, wide: bool) -> list[TableRow]:
    """Return the row of an item without survey data: it has no amount and no work."""
    language = context.language
    mark, unknown = (say(f"sheet.{key}", language) for key in ("pending_mark", "unknown_short"))
    grey = TextStyle(7.6 if wide else 6.2, "sans", furniture.GREY)
    return [
        TableRow(
            (
                TableCell(f"{mark}{n}", TextStyle(grey.size, "bold", furniture.GREY)),
                TableCell(each.item, grey),
                TableCell(say("common.labelled", language, name=unknown, value=each.lacking), grey),
                TableCell("—", grey),
                TableCell("—", grey),
                each.supplier,
            )
        )
        for n, each in enumerate(pending_of(context, estate_id), start=1)
    ]


def _draw(
    context: AtlasContext,
    estate_id: str,
    title: Title,
    canvas: Canvas,
    page_number: PageNumber,
) -> PageReport:
    report, view = PageReport(), estate_view(context, estate_id)
    draw_furniture(canvas, context, replace(title, scale=f"1:{view.scale:,}"), page_number)
    works = works_of(context, estate_id)
    frame = MapFrame(canvas, view, context.style, estate_id)
    seen = draw_themes(frame, context, (*BASE, *PLANTS))
    _draw_lines(frame, works)
    seen |= draw_themes(frame, context, (*ACCESS, *PLACES))
    _draw_spots(frame, works)
    frame.grid()
    furnish(frame, context)
    _call_out(frame, works, context)
    label_themes(frame, seen, context.language)
    close_map(frame, report, title.words)
    language, room = context.language, context.layout.panel_room
    with canvas.layer("furniture"):
        body = furniture.section(
            canvas, room, say("sheet.by_class", language), say("sheet.plan_basis", language)
        )
        furniture.draw_figures(canvas, body, _figures(context, estate_id, works), 4)
        rows = _shown(context, estate_id)
        left = len(_all_rows(context, estate_id, wide=False)) - len(rows)
        further = f"{title.number}-2" if _has_own_page(context, estate_id) else FURTHER
        note = say("sheet.further", language, n=left, sheet=further) if left else ""
        title_words = say("sheet.works", language)
        body = furniture.section(canvas, body.below(_FIGURES_MM), title_words, note)
        if rows:
            _table(context, body.w).draw(canvas, body.x, body.y, rows)
        else:
            canvas.text(body.x + 2, body.y + 4, say("sheet.no_gaps", language), TextStyle(8.0))
    draw_panel_foot(canvas, context, report, page_number)
    furniture.draw_watermark(canvas, context.layout, context.request)
    return report


def _figures(
    context: AtlasContext, estate_id: str, works: list[Work]
) -> list[tuple[str, str, bool]]:
    money = estate_row(context, estate_id).budget_yuan
    counted = [
        (str(sum(w.item_class == name for w in works)), CLASSES[name][context.language], False)
        for name in CLASS_ORDER
    ]
    cost = "?" if is_unknown(money) else f"{money / 1e4:,.1f}"
    return [*counted, (cost, say("figure.cost_of_estate", context.language), False)]


def _draw_lines(frame: MapFrame, works: list[Work]) -> None:
    """Draw the roads to be made good and the pipes to be renewed, under every symbol."""
    gaps = [gap for work in works for gap in work.gaps]
    for line, key in (("path", "works_path"), ("pipe", "works_line")):
        frame.draw_shapes(key, lines_of(gaps, line))


def _draw_spots(frame: MapFrame, works: list[Work]) -> None:
    """Mark the gaps of each class with small shapes."""
    for item_class in CLASS_ORDER:
        gaps = [gap for work in works if work.item_class == item_class for gap in work.gaps]
        frame.draw_shapes(SPOTS[item_class], apart(places_of(gaps), frame.view))


def _call_out(frame: MapFrame, works: list[Work], context: AtlasContext) -> None:
    """Set each work's mark where its first gap is; one without a place has none."""
    for item_class in CLASS_ORDER:
        theme: Theme = context.style.themes[MARKS[item_class]]
        places: dict[tuple[float, float], list[Work]] = {}
        for work in (w for w in works if w.item_class == item_class and w.is_placed):
            point = _first_anchor(work, frame.view.window)
            if point is None:
                frame.unplaced.append(work.code)
            else:
                places.setdefault((round(point.x, 1), round(point.y, 1)), []).append(work)
        for (x, y), group in places.items():
            anchor = frame.view.project(np.array([[x, y]]))[0]
            numbers = tuple(work.code for work in group)
            targets = tuple(work.destination for work in group)
            call = Callout(numbers, targets, (float(anchor[0]), float(anchor[1])))
            frame.callout(theme, call, colour=theme.ink.fill or WHITE)


def _first_anchor(work: Work, window: BaseGeometry) -> shapely.Point | None:
    shapes = [gap.shape for gap in work.gaps if gap.line != "route"]
    found = [anchor_of(shape, window) for shape in shapes]
    return next((point for point in found if point is not None), None)
