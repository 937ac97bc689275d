"""管线与绿地图: pipes and plants of an estate, and the clearances between them."""

from functools import partial
from types import SimpleNamespace

import numpy as np
import shapely

from atlas import furniture
from atlas.canvas import Box, Canvas
from atlas.evidence import Evidence
from atlas.feature_source import Features
from atlas.ink import BLACK, TextStyle
from atlas.sheet import MEASURING, AtlasContext, PageNumber, PagePlan, PageReport, Title
from atlas.sheets.estate_map import (
    BASE,
    PIPES,
    PLANTS,
    draw_estate,
    draw_panel_foot,
    estate_row,
    foot_height,
)
from atlas.sheets.judged import RELATED, about_pipes_and_green, draw_judged, plan_rest
from atlas.sheets.present import number as whole
from atlas.table import PageTable, TableCell, TableColumn, TableRow
from atlas.text import clean
from atlas.titles import titled
from wording import say, say_parts

THEMES = (*BASE, *PLANTS, *PIPES)
FURTHER = "C4"
_THEMES_AT_MOST = 20


def plan(context: AtlasContext, estate_id: str, number: str) -> list[PagePlan]:
    """Plan the sheet; none for the public, who may not see pipelines."""
    if context.request.is_public:
        return []
    name, town = clean(estate_row(context, estate_id).name), context.town_of(estate_id)
    title = titled(name, "pipes_green", context.language)
    draw = partial(_draw, context, estate_id, Title(title, number, town))
    return [
        PagePlan(f"pipes_green:{estate_id}:1", "pipes_green", title, number, draw, estate_id, town)
    ]


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
        body = furniture.section(
            canvas, room, say("sheet.pipes", language), say("sheet.inside", language)
        )
        end = _pipe_table(context, body.w).draw(
            canvas, body.x, body.y, pipe_rows(context, estate_id)
        )
        body = furniture.section(canvas, room.below(end + 3 - room.y), say("sheet.green", language))
        end = furniture.draw_figures(canvas, body, _green_figures(context, estate_id), 3)
        rest = Box(room.x, end + 2, room.w, room.bottom - end - 2)
        draw_judged(canvas, context, rest, _judged(context, estate_id), ("sheet.judged", FURTHER))
    draw_panel_foot(canvas, context, report, page_number)


def plan_further(context: AtlasContext) -> list[PagePlan]:
    """Plan the table of the judgements that found no room beside their map, of all estates."""
    if context.request.is_public:
        return []
    return plan_rest(context, "pipes_green", FURTHER, "sheet.judged", partial(_judged, context))


def _judged(context: AtlasContext, estate_id: str) -> tuple[list[SimpleNamespace], float]:
    """Return what is judged of pipes and green, and the height for it beside the map [mm]."""
    room, pipes = context.layout.panel_room, _pipe_table(context, context.layout.panel_room.w)
    used = sum(map(pipes.height, pipe_rows(context, estate_id))) + pipes.head_height
    foot = foot_height(context, _THEMES_AT_MOST, MEASURING)
    above = 2 * furniture.SECTION_MM + used + furniture.figures_height(1) + 5
    return about_pipes_and_green(context, estate_id), room.h - above - foot - 4


def related_gaps(context: AtlasContext, estate_id: str) -> list[Evidence]:
    """Return the gaps decided by a pipe, a tree or a green, numbered as on the gap sheet."""
    return [
        gap
        for gap in context.gaps.get(estate_id, [])
        if gap.row.witness_layer in RELATED or gap.row.origin_layer in RELATED
    ]


def pipe_rows(context: AtlasContext, estate_id: str) -> list[TableRow]:
    """Return length, diameters, materials and unknown depths of each kind inside the estate."""
    outline = estate_row(context, estate_id).geometry
    rows = []
    for key in PIPES:
        theme = context.style.themes[key]
        near = context.feature_source.near(theme, estate_id, outline.bounds)
        lengths = shapely.length(shapely.intersection(near.shapes, outline))
        inside = near.take(lengths > 0)
        if len(inside):
            unknown = int(np.isnan(inside.numbers("depth_m")).sum())
            style = TextStyle(6.5, "bold", theme.ink.stroke or BLACK)
            rows.append(
                TableRow(
                    (
                        TableCell(theme.label(context.language), style),
                        whole(lengths.sum()),
                        _diameters(inside),
                        _materials(inside),
                        f"{unknown}/{len(inside)}",
                    )
                )
            )
    lacking = say("sheet.unknown_short", context.language)
    return rows or [TableRow((lacking, "—", "—", "—", "—"))]


def _diameters(pipes: Features) -> str:
    known = pipes.numbers("diameter_mm")
    return "、".join(f"{mm:.0f}" for mm in np.unique(known[~np.isnan(known)])) or "—"


def _materials(pipes: Features) -> str:
    return "、".join(sorted({clean(m) for m in pipes.columns["material"] if m is not None})) or "—"


def _pipe_table(context: AtlasContext, width: float) -> PageTable:
    words = say_parts("heads.pipes", context.language)
    shares = (22, 13, 22, 31, 14)
    columns = [
        TableColumn(word, share, "left" if n in (0, 2, 3) else "centre", TextStyle(6.4))
        for n, (word, share) in enumerate(zip(words, shares, strict=True))
    ]
    return PageTable(context.fonts, columns, width, least=4.5)


def _green_figures(context: AtlasContext, estate_id: str) -> list[tuple[str, str, bool]]:
    district, outline = context.district, estate_row(context, estate_id).geometry
    language = context.language
    lacking = say("sheet.unknown_short", language)
    greens = context.feature_source.near(
        context.style.themes["green_space"], estate_id, outline.bounds
    )
    inside = float(shapely.area(shapely.intersection(greens.shapes, outline)).sum())
    trees = sum(plant.kind == "tree" for plant in context.members("trees", estate_id))
    share = f"{inside / outline.area:.1%}" if district.has("green_space") else lacking
    return [
        (
            f"{inside:,.0f}" if district.has("green_space") else lacking,
            say("figure.green_area", language),
            False,
        ),
        (share, say("figure.green_ratio", language), False),
        (
            str(trees) if district.has("trees") else lacking,
            say("figure.trees", language),
            False,
        ),
    ]
