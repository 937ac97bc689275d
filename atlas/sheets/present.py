"""现状图: present state of an estate: buildings, key figures, place in the district."""

from collections import Counter
from collections.abc import Sequence
from functools import partial
from types import SimpleNamespace

from atlas import furniture
from atlas.canvas import Box, Canvas
from atlas.evidence import is_unknown
from atlas.ink import BLACK, TextStyle
from atlas.sheet import MEASURING, AtlasContext, PageNumber, PagePlan, PageReport, Title
from atlas.sheets.estate_map import (
    ACCESS,
    BASE,
    PLACES,
    PLANTS,
    draw_estate,
    draw_locator,
    draw_panel_foot,
    estate_row,
    figures,
    foot_height,
)
from atlas.sheets.judged import draw_judged, plan_rest, walks
from atlas.sheets.listing import plan_remaining, room_of
from atlas.table import PageTable, TableColumn, TableRow
from atlas.text import clean
from atlas.titles import titled
from wording import numbered, say, say_parts

THEMES = (*BASE, *PLANTS, *ACCESS, *PLACES)
FURTHER = "C0"
FURTHER_WALKS = "C3"
_LOCATOR_MM = 42.0
_THEMES_AT_MOST = 24


def plan(context: AtlasContext, estate_id: str, number: str) -> list[PagePlan]:
    """Plan the sheet of the present state; buildings it has no room for are on `plan_further`."""
    name, town = clean(estate_row(context, estate_id).name), context.town_of(estate_id)
    title = titled(name, "present", context.language)
    draw = partial(_draw, context, estate_id, Title(title, number, town))
    return [PagePlan(f"present:{estate_id}:1", "present", title, number, draw, estate_id, town)]


def plan_further(context: AtlasContext) -> list[PagePlan]:
    """Plan the table of the buildings that found no room beside their map, of all estates."""
    return plan_remaining(
        context,
        "present",
        FURTHER,
        _table(context, room_of(context).w),
        lambda key: _rows(context, key)[len(_shown(context, key)) :],
    )


def plan_walks(context: AtlasContext) -> list[PagePlan]:
    """Plan the table of the walks that found no room beside their map, of all estates."""
    return plan_rest(context, "present", FURTHER_WALKS, "sheet.walks", partial(_walks, context))


def _walks(context: AtlasContext, estate_id: str) -> tuple[list[SimpleNamespace], float]:
    """Return the walks of an estate, and the height for them beside the map [mm]."""
    table = _table(context, context.layout.panel_room.w)
    used = sum(map(table.height, _shown(context, estate_id))) + table.head_height
    return walks(context, estate_id), _tables_room(context) - used - 4


def _tables_room(context: AtlasContext) -> float:
    """Return the height between the heading of the buildings and the legend [mm]."""
    foot = foot_height(context, _THEMES_AT_MOST, MEASURING)
    return context.layout.panel_room.h - _LOCATOR_MM - 10 - furniture.SECTION_MM - foot - 4


def _shown(context: AtlasContext, estate_id: str) -> list[TableRow]:
    """Return the rows beside the map."""
    table = _table(context, context.layout.panel_room.w)
    return table.fitting(_rows(context, estate_id), _tables_room(context))


def _draw(
    context: AtlasContext, estate_id: str, title: Title, canvas: Canvas, page_number: PageNumber
) -> PageReport:
    report = draw_estate(canvas, context, estate_id, THEMES, title, page_number)
    _draw_panel(canvas, context, estate_id, report, page_number)
    furniture.draw_watermark(canvas, context.layout, context.request)
    return report


def _draw_panel(
    canvas: Canvas,
    context: AtlasContext,
    estate_id: str,
    report: PageReport,
    page_number: PageNumber,
) -> None:
    language, room = context.language, context.layout.panel_room
    with canvas.layer("furniture"):
        note = f"{say('sheet.data_until', language)} {page_number.data_date}"
        body = furniture.section(canvas, room, say("sheet.location", language), note)
        half = body.w * 0.46
        draw_locator(canvas, Box(body.x, body.y, half, _LOCATOR_MM), context, estate_id)
        tiles = Box(body.x + half + 2, body.y, body.w - half - 2, _LOCATOR_MM)
        furniture.draw_figures(canvas, tiles, figures(context, estate_id))
        shown = _shown(context, estate_id)
        left = len(_rows(context, estate_id)) - len(shown)
        note = say("sheet.further", language, n=left, sheet=FURTHER) if left else ""
        body = room.below(_LOCATOR_MM + 10)
        body = furniture.section(canvas, body, say("sheet.buildings", language), note)
        end = _table(context, body.w).draw(canvas, body.x, body.y, shown) if shown else body.y
        rest = Box(body.x, end + 4, body.w, room.bottom - end - 4)
        heading = "sheet.walks", FURTHER_WALKS
        draw_judged(canvas, context, rest, _walks(context, estate_id), heading)
    draw_panel_foot(canvas, context, report, page_number)


def _table(context: AtlasContext, width: float) -> PageTable:
    words, named = say_parts("heads.buildings", context.language), [0]
    shares = [22, 12, 12, 14, 20, 16, 14]
    if width > context.layout.panel.w:  # a page of its own
        words, named = [say("common.estate", context.language), *words], [0, 1]
        shares = [30, *shares]
    columns = [
        TableColumn(
            word,
            share,
            "left" if n in named else "centre",
            TextStyle(6.5, "bold" if n in named else "sans", BLACK),
        )
        for n, (word, share) in enumerate(zip(words, shares, strict=True))
    ]
    return PageTable(context.fonts, columns, width, least=4.6)


def _rows(context: AtlasContext, estate_id: str) -> list[TableRow]:
    """Return one row a building and their sum; a figure never surveyed stays "—"."""
    buildings = context.members("buildings", estate_id)
    units = Counter(unit.building_id for unit in context.members("units", estate_id))
    rows = [
        TableRow(
            (
                clean(numbered(row.name or row.building_id, context.language)),
                number(row.storeys),
                number(units.get(row.building_id)),
                number(row.households),
                number(row.floor_area_m2),
                clean(row.structure or "—"),
                number(row.built_year).replace(",", ""),
            )
        )
        for row in buildings
    ]
    total = say("sheet.total", context.language)
    sums = [
        number(_sum([units.get(row.building_id) for row in buildings])),
        number(_sum([row.households for row in buildings])),
        number(_sum([row.floor_area_m2 for row in buildings])),
    ]
    return [*rows, TableRow((f"{total} {len(buildings)}", "", *sums, "", ""), strong=True)]


def _sum(values: Sequence[float | None]) -> float | None:
    """Return the sum of what is known, None where nothing is."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def number(value: object) -> str:
    """Return a whole number with thousands marks, "—" where there is none."""
    return "—" if is_unknown(value) else f"{float(str(value)):,.0f}"
