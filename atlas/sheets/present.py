"""现状图: present state of an estate: buildings, key figures, place in the district."""

from collections import Counter
from collections.abc import Sequence
from functools import partial

from atlas import furniture
from atlas.canvas import Box, Canvas
from atlas.evidence import is_unknown
from atlas.ink import BLACK, TextStyle
from atlas.sheet import AtlasContext, PageNumber, PagePlan, PageReport, Title
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
from atlas.sheets.judged import draw_judged, walks
from atlas.table import PageTable, TableColumn, TableRow
from atlas.text import clean
from atlas.titles import titled
from wording import say, say_parts

THEMES = (*BASE, *PLANTS, *ACCESS, *PLACES)
_LOCATOR_MM = 42.0


def plan(context: AtlasContext, estate_id: str, number: str) -> list[PagePlan]:
    """Plan the sheet of an estate's present state."""
    name, town = clean(estate_row(context, estate_id).name), context.town_of(estate_id)
    title = titled(name, "present", context.language)
    draw = partial(_draw, context, estate_id, Title(title, number, town))
    return [PagePlan(f"present:{estate_id}:1", "present", title, number, draw, estate_id, town)]


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
        body = furniture.section(
            canvas, room.below(_LOCATOR_MM + 10), say("sheet.buildings", language)
        )
        table = _table(context, body.w)
        rows = _rows(context, estate_id)
        limit = room.bottom - foot_height(context, len(report.drawn), page_number) - 4
        shown = table.fitting(rows, limit - body.y)
        end = table.draw(canvas, body.x, body.y, shown)
        if len(shown) < len(rows):
            words = say("sheet.more_rows", language, n=len(rows) - len(shown))
            canvas.text(body.x + 1, end + 2.8, words, TextStyle(6.0, "sans", furniture.GREY))
            end += 3.4
        rest = Box(body.x, end + 4, body.w, limit - end - 4)
        draw_judged(canvas, context, rest, walks(context, estate_id), "sheet.walks")
    draw_panel_foot(canvas, context, report, page_number)


def _table(context: AtlasContext, width: float) -> PageTable:
    words = say_parts("heads.buildings", context.language)
    shares = (22, 12, 12, 14, 20, 16, 14)
    columns = [
        TableColumn(
            word,
            share,
            "left" if n == 0 else "centre",
            TextStyle(6.5, "bold" if n == 0 else "sans", BLACK),
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
                clean(row.name or row.building_id),
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
