"""管线与绿地图: what lies under an estate and what grows on it, and the clearances between them."""

from functools import partial

import numpy as np
import shapely

from atlas import furniture
from atlas.canvas import Box, Canvas
from atlas.evidence import Evidence
from atlas.ink import BLACK, Type
from atlas.sheet import Folio, Leaf, Material, Report, Title
from atlas.sheets.estate_map import (
    BASE,
    PIPES,
    PLANTS,
    draw_estate,
    draw_panel_foot,
    estate_row,
    foot_height,
)
from atlas.sheets.judged import RELATED, about_pipes_and_green, draw_judged
from atlas.sheets.present import number as whole
from atlas.stock import Features
from atlas.table import Cell, Column, Row, Table
from atlas.text import clean
from atlas.titles import titled
from wording import say, say_parts

THEMES = (*BASE, *PLANTS, *PIPES)


def plan(material: Material, estate_id: str, number: str) -> list[Leaf]:
    """Plan the sheet; none for the public, who may not see pipelines."""
    if material.request.is_public:
        return []
    name, town = clean(estate_row(material, estate_id).name), material.town_of(estate_id)
    title = titled(name, "pipes_green", material.language)
    draw = partial(_draw, material, estate_id, Title(title, number, town))
    return [Leaf(f"pipes_green:{estate_id}:1", "pipes_green", title, number, draw, estate_id, town)]


def _draw(material: Material, estate_id: str, title: Title, canvas: Canvas, folio: Folio) -> Report:
    report = draw_estate(canvas, material, estate_id, THEMES, title, folio)
    _draw_panel(canvas, material, estate_id, report, folio)
    furniture.draw_watermark(canvas, material.layout, material.request)
    return report


def _draw_panel(
    canvas: Canvas, material: Material, estate_id: str, report: Report, folio: Folio
) -> None:
    language, room = material.language, material.layout.panel_room
    limit = room.bottom - foot_height(material, len(report.drawn), folio) - 4
    with canvas.layer("furniture"):
        body = furniture.section(
            canvas, room, say("sheet.pipes", language), say("sheet.inside", language)
        )
        end = _pipe_table(material, body.w).draw(
            canvas, body.x, body.y, pipe_rows(material, estate_id)
        )
        body = furniture.section(canvas, room.below(end + 3 - room.y), say("sheet.green", language))
        end = furniture.draw_figures(canvas, body, _green_figures(material, estate_id), 3)
        rest = Box(room.x, end + 2, room.w, limit - end - 2)
        rows = about_pipes_and_green(material, estate_id)
        draw_judged(canvas, material, rest, rows, "sheet.judged")
    draw_panel_foot(canvas, material, report, folio)


def related_gaps(material: Material, estate_id: str) -> list[Evidence]:
    """Return the gaps decided by a pipe, a tree or a green, numbered as on the gap sheet."""
    return [
        gap
        for gap in material.gaps.get(estate_id, [])
        if gap.row.witness_layer in RELATED or gap.row.origin_layer in RELATED
    ]


def pipe_rows(material: Material, estate_id: str) -> list[Row]:
    """Return length, diameters, materials and unknown depths of each kind inside the estate."""
    outline = estate_row(material, estate_id).geometry
    rows = []
    for key in PIPES:
        theme = material.style.themes[key]
        near = material.stock.near(theme, estate_id, outline.bounds)
        lengths = shapely.length(shapely.intersection(near.shapes, outline))
        inside = near.take(lengths > 0)
        if len(inside):
            unknown = int(np.isnan(inside.numbers("depth_m")).sum())
            style = Type(6.5, "bold", theme.ink.stroke or BLACK)
            rows.append(
                Row(
                    (
                        Cell(theme.label(material.language), style),
                        whole(lengths.sum()),
                        _diameters(inside),
                        _materials(inside),
                        f"{unknown}/{len(inside)}",
                    )
                )
            )
    lacking = say("sheet.unknown_short", material.language)
    return rows or [Row((lacking, "—", "—", "—", "—"))]


def _diameters(pipes: Features) -> str:
    known = pipes.numbers("diameter_mm")
    return "、".join(f"{mm:.0f}" for mm in np.unique(known[~np.isnan(known)])) or "—"


def _materials(pipes: Features) -> str:
    return "、".join(sorted({clean(m) for m in pipes.columns["material"] if m is not None})) or "—"


def _pipe_table(material: Material, width: float) -> Table:
    words = say_parts("heads.pipes", material.language)
    shares = (20, 14, 30, 24, 14)
    columns = [
        Column(word, share, "left" if n in (0, 2, 3) else "centre", Type(6.4), 2)
        for n, (word, share) in enumerate(zip(words, shares, strict=True))
    ]
    return Table(material.fonts, columns, width, least=4.8)


def _green_figures(material: Material, estate_id: str) -> list[tuple[str, str, bool]]:
    district, outline = material.district, estate_row(material, estate_id).geometry
    language = material.language
    lacking = say("sheet.unknown_short", language)
    greens = material.stock.near(material.style.themes["green_space"], estate_id, outline.bounds)
    inside = float(shapely.area(shapely.intersection(greens.shapes, outline)).sum())
    trees = sum(plant.kind == "tree" for plant in material.members("trees", estate_id))
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
