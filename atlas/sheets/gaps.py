"""
短板图: an estate's gaps, numbered on the map, with their evidence beside it.

Every number on the map is explained beside it or on the page that follows; gaps of the whole estate
have no number on the map: they stand in a group of their own below the others.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import shapely

from atlas import furniture
from atlas.canvas import Box, Canvas
from atlas.evidence import Evidence, anchor_of, areas_of, count_by_class, lines_of, places_of
from atlas.ink import BLACK, Ink, TextStyle
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
from atlas.view import BETWEEN, SCALES, fit
from layers.findings import CLASSES
from wording import Language, listing, say

FURTHER = "C1"
_ROUTES_MM = 38.0
_FIGURES_MM = 12.0
_THEMES_AT_MOST = 20
_SHARES = (7.0, 29.0, 14.0, 12.5, 36.0, 18.5)
_SHARES_APART = (7.0, 40.0, 15.0, 13.0, 46.0, 28.0)


def plan(context: AtlasContext, estate_id: str, number: str) -> list[PagePlan]:
    """
    Plan the gap sheet of an estate.

    Where the map has a number whose row found no room beside it, all such rows follow on a page of
    the estate's own; else what found no room is on `plan_further`.
    """
    name, town = clean(estate_row(context, estate_id).name), context.town_of(estate_id)
    title = Title(titled(name, "gaps", context.language), number, town)
    draw = partial(_draw, context, estate_id, title)
    basis = _pinned(context, [estate_id])
    key = f"gaps:{estate_id}:1"
    sheet = PagePlan(key, "gaps", title.words, number, draw, estate_id, town, basis)
    if not _has_own_page(context, estate_id):
        return [sheet]
    table = _table(context, room_of(context).w)
    following = plan_following(context, sheet, table, _remaining(context, estate_id))
    return [sheet, *(replace(page, basis=basis) for page in following)]


def _pinned(context: AtlasContext, estate_ids: Iterable[str]) -> str:
    """Return which opinions are pinned on gaps of estates, as text to be digested; "" if none."""
    gaps = [item for key in estate_ids for item in context.gaps.get(key, ())]
    on = [(item.finding_id, context.opinions_on.get(item.finding_id)) for item in gaps]
    pinned = [pair for pair in on if pair[1]]
    return repr(pinned) if pinned else ""


def plan_further(context: AtlasContext) -> list[PagePlan]:
    """Plan the table of the gaps that found no room beside their map, of all estates together."""
    pages = plan_remaining(
        context,
        "gaps",
        FURTHER,
        _table(context, room_of(context).w, of_several=True),
        lambda key: [] if _has_own_page(context, key) else _remaining(context, key),
    )
    basis = _pinned(context, context.estates["estate_id"])
    return [replace(page, basis=basis) for page in pages]


def _remaining(context: AtlasContext, estate_id: str) -> list[TableRow]:
    """Return the rows that have no room beside the map."""
    rows = _rows(context, estate_id, wide=True)
    return rows[len(_beside(context, estate_id)[1]) :]


def _has_own_page(context: AtlasContext, estate_id: str) -> bool:
    """Return whether a number on the map has no room for its row beside it."""
    placed = sum(gap.shape is not None for gap in context.gaps.get(estate_id, []))
    return len(_beside(context, estate_id)[1]) < placed


def _beside(context: AtlasContext, estate_id: str) -> tuple[PageTable, list[TableRow]]:
    """Return the table beside the map and the rows it has room for."""
    rows = _rows(context, estate_id, wide=False)
    table = _table(context, context.layout.panel_room.w, rows)
    return table, table.fitting_groups(rows, _table_room(context, estate_id))


def _table(
    context: AtlasContext,
    width: float,
    widest: Sequence[TableRow] = (),
    *,
    of_several: bool = False,
) -> PageTable:
    """Return the table of gaps, in larger type on a page of its own."""
    language, grey = context.language, (70, 78, 92)
    apart = width > context.layout.panel.w
    more, shares = (1.2, _SHARES_APART) if apart else (0.0, _SHARES)
    looks = (
        TextStyle(7.0 + more, "bold", RED),
        TextStyle(6.4 + more, "bold", BLACK),
        TextStyle(6.4 + more, "sans", RED),
        TextStyle(6.4 + more),
        TextStyle(6.0 + more, "sans", grey),
        TextStyle(6.0 + more, "sans", grey),
    )
    heads = ("no", "gap", "value", "threshold", "basis", "department")
    columns = [
        TableColumn(say(f"column.{head}", language), share, "left" if n else "centre", look)
        for n, (head, share, look) in enumerate(zip(heads, shares, looks, strict=True))
    ]
    if of_several:
        estate = TableColumn(say("common.estate", language), 26.0, "left", looks[1])
        columns = [estate, *columns]
    least = 6.4 if apart else 5.2
    return PageTable(context.fonts, columns, width, least=least, widest=widest)


def _rows(context: AtlasContext, estate_id: str, *, wide: bool) -> list[TableRow]:
    """Return a row a gap, those of the whole estate below a row that says so."""
    evidence = context.gaps.get(estate_id, [])
    rows = [_row(item, _title(context, item), wide=wide) for item in evidence]
    placed = sum(item.shape is not None for item in evidence)
    if placed == len(evidence):
        return rows
    band = TableRow(("", say("sheet.whole_estate", context.language), "", "", "", ""), strong=True)
    return [*rows[:placed], band, *rows[placed:]]


def _title(context: AtlasContext, item: Evidence) -> str:
    """Return what the gap is called, with the numbers of the opinions pinned on it."""
    numbers = context.opinions_on.get(item.finding_id)
    if not numbers:
        return item.title
    mark = say(
        "opinions.mark", context.language, numbers=listing(map(str, numbers), context.language)
    )
    return f"{item.title}{mark}"


def _row(item: Evidence, title: str, *, wide: bool) -> TableRow:
    return TableRow(
        (
            TableCell(str(item.number), target=f"{item.destination}@map" if item.shape else ""),
            title,
            item.value,
            item.threshold,
            item.basis if wide else item.source,
            item.department if wide else item.lead,
        ),
        destination=item.destination,
    )


def _table_room(context: AtlasContext, estate_id: str) -> float:
    """Return the height left for the table between the figures and the legend [mm]."""
    foot = foot_height(context, _THEMES_AT_MOST, MEASURING)
    return context.layout.panel_room.h - _head_height(context, estate_id) - 4 - 6.4 - foot - 5


def _head_height(context: AtlasContext, estate_id: str) -> float:
    """Return the height of what is above the table [mm]: the routes, if there are any."""
    has_routes = lines_of(context.gaps.get(estate_id, []), "route")
    return _ROUTES_MM if has_routes else _FIGURES_MM + 6.4


def _draw(
    context: AtlasContext,
    estate_id: str,
    title: Title,
    canvas: Canvas,
    page_number: PageNumber,
) -> PageReport:
    """Draw the map sheet."""
    report, view = PageReport(), estate_view(context, estate_id)
    draw_furniture(canvas, context, replace(title, scale=f"1:{view.scale:,}"), page_number)
    evidence = context.gaps.get(estate_id, [])
    frame = MapFrame(canvas, view, context.style, estate_id)
    seen = draw_themes(frame, context, BASE)
    _draw_lines(frame, evidence)
    seen |= draw_themes(frame, context, (*ACCESS, *PLACES))
    _draw_places(frame, evidence)
    frame.grid()
    furnish(frame, context)
    _call_out(frame, evidence)
    label_themes(frame, seen, context.language)
    close_map(frame, report, title.words)
    _draw_panel(canvas, context, (estate_id, title.number), report, page_number)
    furniture.draw_watermark(canvas, context.layout, context.request)
    return report


def _draw_lines(frame: MapFrame, evidence: list[Evidence]) -> None:
    """Draw what fails as it is: ground, roads, pipes and walls; and overlong walks."""
    frame.draw_shapes("gap_area", areas_of(evidence))
    for line, key in (
        ("path", "gap_path"),
        ("pipe", "gap_line"),
        ("wall", "gap_wall"),
        ("route", "route"),
    ):
        frame.draw_shapes(key, lines_of(evidence, line))


def _draw_places(frame: MapFrame, evidence: list[Evidence]) -> None:
    """Mark the doors, trees and bays that fail."""
    points = [item for item in evidence if not shapely.get_dimensions(item.shape)]
    frame.draw_shapes("gap_place", apart(places_of(points), frame.view))


def _call_out(frame: MapFrame, evidence: list[Evidence]) -> None:
    """Set the numbers: one callout a place; what concerns the whole estate has none."""
    theme = frame.style.themes["callout"]
    places: dict[tuple[float, float], list[Evidence]] = {}
    for item in (gap for gap in evidence if gap.shape is not None):
        point = anchor_of(item.shape, frame.view.window)
        if point is None:
            frame.unplaced.append(str(item.number))
        else:
            places.setdefault((round(point.x, 1), round(point.y, 1)), []).append(item)
    for (x, y), items in places.items():
        anchor = frame.view.project(np.array([[x, y]]))[0]
        numbers = tuple(str(item.number) for item in items)
        targets = tuple(item.destination for item in items)
        frame.callout(theme, Callout(numbers, targets, (float(anchor[0]), float(anchor[1]))))


def _draw_panel(
    canvas: Canvas,
    context: AtlasContext,
    named: tuple[str, str],
    report: PageReport,
    page_number: PageNumber,
) -> None:
    """Draw routes, counts and the rows beside the map of the estate and 图号 `named`."""
    estate_id, number = named
    language, room = context.language, context.layout.panel_room
    evidence, (table, rows) = context.gaps.get(estate_id, []), _beside(context, estate_id)
    with canvas.layer("furniture"):
        _draw_head(canvas, room, context, estate_id, report)
        title = say("sheet.evidence", language)
        heading = say("sheet.evidence_count", language, title=title, n=len(evidence))
        body = room.below(_head_height(context, estate_id) + 4)
        note = _where(context, estate_id, number, rows)
        body = furniture.section(canvas, body, heading, note)
        if rows:
            table.draw(canvas, body.x, body.y, rows)
        elif not evidence:
            canvas.text(body.x + 2, body.y + 4, say("sheet.no_gaps", language), TextStyle(8.0))
    draw_panel_foot(canvas, context, report, page_number)


def _draw_head(
    canvas: Canvas, room: Box, context: AtlasContext, estate_id: str, report: PageReport
) -> None:
    """Draw the counts and, if there are walks among the gaps, their routes."""
    language, evidence = context.language, context.gaps.get(estate_id, [])
    if not lines_of(evidence, "route"):
        body = furniture.section(canvas, room, say("sheet.gaps_by_class", language))
        furniture.draw_figures(canvas, body, _tiles(evidence, language), 4)
        return
    body = furniture.section(canvas, room, say("sheet.routes", language))
    wide = body.w * 0.56
    box = Box(body.x, body.y, wide, _ROUTES_MM - 6)
    _draw_routes(canvas, box, context, estate_id, report)
    tiles = Box(body.x + wide + 2, body.y, body.w - wide - 2, _ROUTES_MM)
    furniture.draw_figures(canvas, tiles, _tiles(evidence, language), 2)


def _where(context: AtlasContext, estate_id: str, number: str, rows: list[TableRow]) -> str:
    """Return which gaps are listed beside the map and on which sheet the others are."""
    language, evidence = context.language, context.gaps.get(estate_id, [])
    shown = sum(bool(row.destination) for row in rows)
    if shown == len(evidence):
        return say("sheet.evidence_note", language)
    further = f"{number}-2" if _has_own_page(context, estate_id) else FURTHER
    if not shown:
        return say("sheet.evidence_elsewhere", language, sheet=further)
    first, last = evidence[0].number, evidence[shown - 1].number
    return say("sheet.evidence_part", language, first=first, last=last, sheet=further)


def _tiles(evidence: list[Evidence], language: Language) -> list[tuple[str, str, bool]]:
    words = say("figure.gaps", language)
    counted = [
        (str(n), CLASSES[name][language], False) for name, n in count_by_class(evidence).items()
    ]
    return [(str(len(evidence)), words, bool(evidence)), *counted]


def _draw_routes(
    canvas: Canvas, box: Box, context: AtlasContext, estate_id: str, report: PageReport
) -> None:
    """Draw the small map of whole routes, from the estate to the facilities it walks to."""
    outline = estate_row(context, estate_id).geometry
    evidence = context.gaps.get(estate_id, [])
    routes = lines_of(evidence, "route")
    bounds = shapely.total_bounds(np.array([outline, *routes], dtype=object))
    view = fit(box, tuple(bounds), margin=4.0, scales=SCALES[3:], between=BETWEEN[5:])
    frame = MapFrame(canvas, view, context.style, estate_id)
    canvas.box(box, Ink(fill=(252, 252, 250)))
    draw_themes(frame, context, ("walkway", "estate_around", "estate"))
    frame.draw_shapes("route", routes)
    close_map(frame, report, say("sheet.routes", context.language))
    canvas.text(
        box.right - 1,
        box.bottom - 1.2,
        f"1:{view.scale:,}",
        TextStyle(6.0, "bold", BLACK),
        align="right",
        halo=0.3,
    )
