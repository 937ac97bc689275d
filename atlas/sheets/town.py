"""乡镇汇总: one sheet a town, with a map of its estates, their figures and charts of their gaps."""

from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from atlas import furniture
from atlas.canvas import Box, Canvas
from atlas.chart import Bar, draw_bars
from atlas.evidence import CLASS_ORDER, concerns
from atlas.ink import BLACK, Type
from atlas.mapframe import MapFrame
from atlas.sheet import Folio, Leaf, Material, Report, Title, dress
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
from atlas.table import Cell, Column, Row, Table
from atlas.text import clean
from atlas.titles import titled
from atlas.view import GENERAL_SCALES, Bounds, fit
from layers.findings import GAP_KINDS, is_gap
from wording import Language, say, say_parts

THEMES = ("town", "green_space", "street", "building_context")
_NAMED = 40  # more estates are marked by their sheets of the index
_TILES_MM = 22.0
_KINDS_MM = 42.0
_AROUND_M = 120.0


def plan(material: Material, number: str) -> list[Leaf]:
    """Plan a sheet for each town that has an estate in the booklet."""
    leaves = []
    for position, town in enumerate(towns_of(material), start=1):
        title = titled(town, "town", material.language)
        own = f"{number}-{position}"
        draw = partial(_draw, material, town, Title(title, own, town))
        leaves.append(Leaf(f"town:{town}:1", "town", title, own, draw, "", town))
    return leaves


def towns_of(material: Material) -> list[str]:
    """Return the towns of the booklet's estates, in the district's order."""
    present = {material.town_of(key) for key in material.estates["estate_id"]}
    named = dict.fromkeys(map(clean, material.district["towns"]["name"]))
    return [name for name in named if name in present]


def _draw(material: Material, town: str, title: Title, canvas: Canvas, folio: Folio) -> Report:
    table = estate_table(material)
    table = table[[material.town_of(str(key)) == town for key in table.index]]
    view = fit(material.layout.map_box, _bounds(material, table), margin=4, scales=GENERAL_SCALES)
    report = Report()
    dress(canvas, material, replace(title, scale=f"1:{view.scale:,}"), folio)
    frame = MapFrame(canvas, view, material.style)
    draw_themes(frame, material, allowed(material, THEMES))
    own = np.flatnonzero(material.estates["estate_id"].isin(list(table.index)))
    draw_estates(frame, material, own)
    frame.grid()
    furnish(frame, material)
    _mark(frame, material, own)
    close_map(frame, report, title.words)
    _draw_panel(canvas, material, table, report, folio)
    furniture.draw_watermark(canvas, material.layout, material.request)
    return report


def _mark(frame: MapFrame, material: Material, own: NDArray[np.intp]) -> None:
    """Set the numbers and names of the town's estates; of very many, the sheets that show them."""
    if len(own) <= _NAMED:
        set_marks(frame, "index_number", estate_marks(material, own, names=True))
    elif "index_map" in material.request.sheets:
        parts = [part for part in parts_of(material) if np.isin(part.places, own).any()]
        set_marks(frame, "index_sheet", part_marks(material, parts))


def _bounds(material: Material, table: pd.DataFrame) -> Bounds:
    """Return the ground of the town's estates with some of the streets around them [m]."""
    own = material.estates[material.estates["estate_id"].isin(list(table.index))]
    west, south, east, north = (float(value) for value in own.total_bounds)
    return west - _AROUND_M, south - _AROUND_M, east + _AROUND_M, north + _AROUND_M


def _draw_panel(
    canvas: Canvas, material: Material, table: pd.DataFrame, report: Report, folio: Folio
) -> None:
    language, room = material.language, material.layout.panel_room
    foot = foot_height(material, len(report.drawn), folio)
    with canvas.layer("furniture"):
        furniture.draw_figures(canvas, room, _tiles(table, language), 3)
        body = furniture.section(canvas, room.below(_TILES_MM), say("sheet.chart_kinds", language))
        draw_bars(
            canvas,
            body.top(_KINDS_MM - 8),
            _kind_bars(material, table),
            CLASS_ORDER,
            label_share=0.12,
        )
        body = furniture.section(
            canvas, room.below(_TILES_MM + _KINDS_MM), say("sheet.town_estates", language)
        )
        _draw_estates(
            canvas, material, Box(body.x, body.y, body.w, room.bottom - foot - 4 - body.y), table
        )
    draw_panel_foot(canvas, material, report, folio)


def _tiles(table: pd.DataFrame, language: Language) -> list[tuple[str, str, bool]]:
    area = table["floor_area_m2"].sum(min_count=1)
    return [
        (str(len(table)), say("figure.estates", language), False),
        (whole(table["buildings"].sum()), say("figure.buildings", language), False),
        (whole(table["households"].sum(min_count=1)), say("figure.households", language), False),
        (
            "—" if pd.isna(area) else f"{area / 1e4:.2f}",
            say("figure.floor_area_10k", language),
            False,
        ),
        (str(int(table["gaps"].sum())), say("figure.gaps", language), bool(table["gaps"].sum())),
        (str(int(table["unknown"].sum())), say("figure.unknown", language), False),
    ]


def _kind_bars(material: Material, table: pd.DataFrame) -> list[Bar]:
    rows = material.findings
    rows = rows[is_gap(rows) & rows["estate_id"].isin(list(table.index))]
    if material.request.department:
        rows = rows[concerns(rows, material.request.department)]
    crossed = pd.crosstab(rows["gap_kind"], rows["item_class"]).reindex(
        index=list(GAP_KINDS), columns=list(CLASS_ORDER), fill_value=0
    )
    return [
        Bar(label[material.language], tuple(values))
        for label, values in zip(GAP_KINDS.values(), crossed.to_numpy(float).tolist(), strict=True)
    ]


def _draw_estates(canvas: Canvas, material: Material, box: Box, table: pd.DataFrame) -> None:
    first = say_parts("heads.town", material.language)
    words = (*first, *CLASS_ORDER, say("sheet.town_total", material.language))
    shares = (10, 40, 9, 11, 13, 13, 13, 13, 11)
    columns = [
        Column(
            word,
            share,
            "left" if n == 1 else "centre",
            Type(6.5, "bold" if n == 1 else "sans", BLACK),
            2,
        )
        for n, (word, share) in enumerate(zip(words, shares, strict=True))
    ]
    listed = Table(material.fonts, columns, box.w, least=5.2)
    place = {key: n for n, key in enumerate(material.estates["estate_id"], start=1)}
    rows = [
        Row(
            (
                str(place[str(key)]),
                Cell(clean(row["name"]), target=f"estate:{key}"),
                whole(row["buildings"]),
                whole(row["households"]),
                whole(row["built_year"]).replace(",", ""),
                *(str(int(row[name])) for name in CLASS_ORDER),
                Cell(str(int(row["gaps"])), Type(6.5, "bold", (193, 18, 47))),
            )
        )
        for key, row in table.iterrows()
    ]
    shown = listed.pages(rows, box.h, 1.0)[0]
    end = listed.draw(canvas, box.x, box.y, shown)
    if len(shown) < len(rows):
        left = say("sheet.more_in_summary", material.language, n=len(rows) - len(shown))
        canvas.text(box.x + 1, end + 2.8, left, Type(6.0, "sans", furniture.GREY))
