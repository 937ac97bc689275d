"""乡镇汇总: one sheet a town, with a map of its estates, their figures and charts of their gaps."""

from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from atlas import furniture
from atlas.canvas import Box, Canvas
from atlas.chart import Bar, draw_bars
from atlas.evidence import CLASS_ORDER, class_labels
from atlas.ink import BLACK, TextStyle
from atlas.mapframe import MapFrame
from atlas.sheet import AtlasContext, PageNumber, PagePlan, PageReport, Title, draw_furniture
from atlas.sheets.estate_map import (
    allowed,
    close_map,
    draw_panel_foot,
    draw_themes,
    foot_height,
    furnish,
)
from atlas.sheets.general import draw_estates, estate_marks, set_marks
from atlas.sheets.index_map import part_marks, parts_of
from atlas.sheets.present import number as whole
from atlas.sheets.summary import estate_table
from atlas.table import PageTable, TableCell, TableColumn, TableRow
from atlas.text import clean
from atlas.titles import titled
from atlas.view import GENERAL_SCALES, Bounds, fit
from layers.findings import GAP_KINDS, is_gap
from wording import say, say_parts

THEMES = ("town", "green_space", "street", "building_context")
_NAMED = 40  # more estates are marked by their sheets of the index
_TILES_MM = 22.0
_KINDS_MM = 42.0
_WORTH_MM = 40.0  # less is left to the list of estates: it takes the place of the chart
_AROUND_M = 120.0


def plan(context: AtlasContext, number: str) -> list[PagePlan]:
    """Plan a sheet for each town that has an estate in the booklet."""
    page_plans = []
    for position, town in enumerate(towns_of(context), start=1):
        title = titled(context.town_label(town), "town", context.language)
        own = f"{number}-{position}"
        draw = partial(_draw, context, town, Title(title, own, town))
        page_plans.append(PagePlan(f"town:{town}:1", "town", title, own, draw, "", town))
    return page_plans


def towns_of(context: AtlasContext) -> list[str]:
    """Return the towns of the booklet's estates, in the district's order."""
    present = {context.town_of(key) for key in context.estates["estate_id"]}
    named = dict.fromkeys(map(clean, context.district["towns"]["name"]))
    return [name for name in named if name in present]


def _draw(
    context: AtlasContext, town: str, title: Title, canvas: Canvas, page_number: PageNumber
) -> PageReport:
    table = estate_table(context)
    table = table[[context.town_of(str(key)) == town for key in table.index]]
    view = fit(context.layout.map_box, _bounds(context, table), margin=4, scales=GENERAL_SCALES)
    report = PageReport()
    draw_furniture(canvas, context, replace(title, scale=f"1:{view.scale:,}"), page_number)
    frame = MapFrame(canvas, view, context.style)
    draw_themes(frame, context, allowed(context, THEMES))
    own = np.flatnonzero(context.estates["estate_id"].isin(list(table.index)))
    draw_estates(frame, context, own)
    frame.grid()
    furnish(frame, context)
    _mark(frame, context, own)
    close_map(frame, report, title.words)
    _draw_panel(canvas, context, table, report, page_number)
    furniture.draw_watermark(canvas, context.layout, context.request)
    return report


def _mark(frame: MapFrame, context: AtlasContext, own: NDArray[np.intp]) -> None:
    """Set the numbers and names of the town's estates; of very many, the sheets that show them."""
    if len(own) <= _NAMED:
        set_marks(frame, "index_number", estate_marks(context, own, names=True))
    elif "index_map" in context.request.kinds:
        parts = [part for part in parts_of(context) if np.isin(part.places, own).any()]
        set_marks(frame, "index_sheet", part_marks(context, parts))


def _bounds(context: AtlasContext, table: pd.DataFrame) -> Bounds:
    """Return the ground of the town's estates with some of the streets around them [m]."""
    own = context.estates[context.estates["estate_id"].isin(list(table.index))]
    west, south, east, north = (float(value) for value in own.total_bounds)
    return west - _AROUND_M, south - _AROUND_M, east + _AROUND_M, north + _AROUND_M


def _draw_panel(
    canvas: Canvas,
    context: AtlasContext,
    table: pd.DataFrame,
    report: PageReport,
    page_number: PageNumber,
) -> None:
    room = context.layout.panel_room
    foot = foot_height(context, len(report.drawn), page_number)
    with canvas.layer("furniture"):
        furniture.draw_figures(canvas, room, _tiles(context, table), 3)
        body = room.below(_TILES_MM)
        listed = Box(body.x, body.y, body.w, room.bottom - foot - 4 - body.y)
        if listed.h > _KINDS_MM + _WORTH_MM:
            _draw_chart(canvas, context, listed.top(_KINDS_MM), table)
            listed = listed.below(_KINDS_MM)
        _draw_estates(canvas, context, listed, table)
    draw_panel_foot(canvas, context, report, page_number)


def _draw_chart(canvas: Canvas, context: AtlasContext, box: Box, table: pd.DataFrame) -> None:
    language = context.language
    body = furniture.section(canvas, box, say("sheet.chart_kinds", language))
    bars, labels = _kind_bars(context, table), class_labels(language)
    draw_bars(canvas, body.top(_KINDS_MM - 8), bars, labels, label_share=0.16)


def _tiles(context: AtlasContext, table: pd.DataFrame) -> list[tuple[str, str, bool]]:
    area, language = table["floor_area_m2"].sum(min_count=1), context.language
    tiles = [
        (str(len(table)), say("figure.estates", language), False),
        (whole(table["buildings"].sum()), say("figure.buildings", language), False),
        (whole(table["households"].sum(min_count=1)), say("figure.households", language), False),
        (
            "—" if pd.isna(area) else f"{area / 1e4:.2f}",
            say("figure.floor_area_10k", language),
            False,
        ),
        (str(int(table["gaps"].sum())), say("figure.gaps", language), bool(table["gaps"].sum())),
    ]
    if not context.request.is_public:
        tiles.append((str(int(table["unknown"].sum())), say("figure.unknown", language), False))
    return tiles


def _kind_bars(context: AtlasContext, table: pd.DataFrame) -> list[Bar]:
    rows = context.concerned_findings
    rows = rows[is_gap(rows) & rows["estate_id"].isin(list(table.index))]
    crossed = pd.crosstab(rows["gap_kind"], rows["item_class"]).reindex(
        index=list(GAP_KINDS), columns=list(CLASS_ORDER), fill_value=0
    )
    return [
        Bar(label[context.language], tuple(values))
        for label, values in zip(GAP_KINDS.values(), crossed.to_numpy(float).tolist(), strict=True)
    ]


def _draw_estates(canvas: Canvas, context: AtlasContext, box: Box, table: pd.DataFrame) -> None:
    box = furniture.section(canvas, box, say("sheet.town_estates", context.language))
    first = say_parts("heads.town", context.language)
    classes = class_labels(context.language)
    words = (*first, *classes, say("sheet.town_total", context.language))
    shares = (10, 40, 9, 11, 13, 13, 13, 13, 11)
    columns = [
        TableColumn(
            word,
            share,
            "left" if n == 1 else "centre",
            TextStyle(6.5, "bold" if n == 1 else "sans", BLACK),
        )
        for n, (word, share) in enumerate(zip(words, shares, strict=True))
    ]
    listed = PageTable(context.fonts, columns, box.w, least=5.2)
    place = {key: n for n, key in enumerate(context.estates["estate_id"], start=1)}
    rows = [
        TableRow(
            (
                str(place[str(key)]),
                TableCell(clean(row["name"]), target=f"estate:{key}"),
                whole(row["buildings"]),
                whole(row["households"]),
                whole(row["built_year"]).replace(",", ""),
                *(str(int(row[name])) for name in CLASS_ORDER),
                TableCell(str(int(row["gaps"])), TextStyle(6.5, "bold", (193, 18, 47))),
            )
        )
        for key, row in table.iterrows()
    ]
    shown = listed.fitting(rows, box.h)
    end = listed.draw(canvas, box.x, box.y, shown)
    if len(shown) < len(rows):
        left = say("sheet.more_in_summary", context.language, n=len(rows) - len(shown))
        canvas.text(box.x + 1, end + 2.8, left, TextStyle(6.0, "sans", furniture.GREY))
