"""区位总图: the towns and every estate of the booklet, numbered, at one general scale."""

from dataclasses import replace
from functools import partial

import numpy as np
import shapely

from atlas import furniture
from atlas.canvas import Canvas
from atlas.counts import count_estates
from atlas.evidence import records
from atlas.ink import BLACK, RGB, Type
from atlas.mapframe import Callout, MapFrame
from atlas.placement import around, within
from atlas.sheet import Folio, Leaf, Material, Report, Title, dress
from atlas.sheets.close_up import crowded, draw_close_up
from atlas.sheets.estate_map import close_map, draw_panel_foot, draw_themes, foot_height, furnish
from atlas.stock import Features
from atlas.table import Cell, Column, Row, Table
from atlas.text import clean
from atlas.view import View, fit
from atlas.words import say

GENERAL_SCALES = (4000, 5000, 10000, 15000, 20000, 25000, 50000, 100000, 200000, 500000, 1000000)
THEMES = ("town", "street", "index_estate")
_BESIDE = 60.0  # a town's name stands inside it where it can [mm]
_TOWN: RGB = (70, 84, 110)


def plan(material: Material, number: str) -> list[Leaf]:
    """Plan the general map."""
    title = say("index_map", material.language)
    draw = partial(_draw, material, Title(title, number))
    return [Leaf("index_map::1", "index_map", title, number, draw)]


def _draw(material: Material, title: Title, canvas: Canvas, folio: Folio) -> Report:
    district = material.district
    grounds = [frame.total_bounds for frame in (district["towns"], material.estates) if len(frame)]
    west, south = (float(value) for value in np.min(grounds, axis=0)[:2])
    east, north = (float(value) for value in np.max(grounds, axis=0)[2:])
    view = fit(material.layout.map_box, (west, south, east, north), margin=4, scales=GENERAL_SCALES)
    report = Report()
    dress(canvas, material, replace(title, scale=f"1:{view.scale:,}"), folio)
    frame = MapFrame(canvas, view, material.style)
    seen = draw_themes(frame, material, THEMES)
    frame.grid()
    near = crowded(material, view)
    if near is not None:
        frame.placer.avoid(view.to_paper(np.array([near.window.exterior], dtype=object)))
    _label_towns(frame, seen["town"])
    inset = None if near is None else draw_close_up(frame, material, near, THEMES)
    furnish(frame, material)
    number_estates(frame, material, but=None if inset is None else inset.view)
    close_map(frame, report, title.words)
    if inset is not None:
        number_estates(inset, material)
        close_map(inset, report, say("close_up", material.language))
    _draw_panel(canvas, material, report, folio)
    furniture.draw_watermark(canvas, material.layout, material.request)
    return report


def _label_towns(frame: MapFrame, rows: Features) -> None:
    with frame.canvas.layer("map", "labels"):
        for shape, name in zip(rows.shapes, rows.columns["name"], strict=True):
            lines = [("  ".join(clean(name)), Type(14.0, "serif", _TOWN))]
            polygon = max(shapely.get_parts(shape), key=lambda part: part.area)
            size = frame.block_size(lines)
            inside, beside = (
                within(polygon, *size, grid=15),
                around(polygon.centroid.coords[0], *size),
            )
            places = np.concatenate([inside[0], beside[0]])
            cost = np.concatenate([inside[1], beside[1] + _BESIDE])
            frame.label(clean(name), lines, (places, cost), halo=0.5)


def number_estates(
    frame: MapFrame, material: Material, *, names: bool = False, but: View | None = None
) -> None:
    """Set each estate's number, and on request its name, beside it, save those in view of `but`."""
    theme = frame.style.themes["index_number"]
    centres = shapely.centroid(np.asarray(material.estates.geometry.array, dtype=object))
    inside = shapely.intersects(centres, frame.view.window)
    if but is not None:
        inside &= ~shapely.intersects(centres, but.window)
    anchors = frame.view.project(shapely.get_coordinates(centres))
    for n, row in enumerate(records(material.estates)):
        if not inside[n]:
            continue
        x, y = (float(value) for value in anchors[n])
        name = frame.canvas.fonts.fit(clean(row.name), "bold", 7.0, 40) if names else ""
        call = Callout((str(n + 1),), (f"estate:{row.estate_id}",), (x, y), name)
        frame.callout(theme, call, colour=_TOWN)


def _draw_panel(canvas: Canvas, material: Material, report: Report, folio: Folio) -> None:
    language, room = material.language, material.layout.panel_room
    counts = count_estates(material.findings, material.estates, material.request.department)
    with canvas.layer("furniture"):
        body = furniture.section(
            canvas, room, say("town_estates", language), str(len(material.estates))
        )
        table = _table(material, body.w)
        rows = [
            Row(
                (
                    Cell(str(n), target=f"estate:{row.estate_id}@map"),
                    Cell(clean(row.name), target=f"estate:{row.estate_id}"),
                    material.town_of(row.estate_id),
                    "—" if row.households is None else str(row.households),
                    str(int(counts["gaps"][row.estate_id])),
                )
            )
            for n, row in enumerate(records(material.estates), start=1)
        ]
        limit = room.bottom - foot_height(material, len(report.drawn), folio) - 4
        shown = table.pages(rows, limit - body.y, 1.0)[0]
        end = table.draw(canvas, body.x, body.y, shown)
        if len(shown) < len(rows):
            words = say("more_in_summary", language).format(len(rows) - len(shown))
            canvas.text(body.x + 1, end + 3, words, Type(6.0, "sans", furniture.GREY))
    draw_panel_foot(canvas, material, report, folio)


def _table(material: Material, width: float) -> Table:
    zh = material.language == "zh"
    words = (
        ("编号", "小区", "乡镇", "户数", "短板")
        if zh
        else ("No.", "Estate", "Town", "Households", "Gaps")
    )
    shares = (10, 44, 22, 14, 12)
    columns = [
        Column(
            word,
            share,
            "left" if n in (1, 2) else "centre",
            Type(7.0, "bold" if n in (0, 1) else "sans", BLACK),
            1,
        )
        for n, (word, share) in enumerate(zip(words, shares, strict=True))
    ]
    return Table(material.fonts, columns, width, least=5.4)
