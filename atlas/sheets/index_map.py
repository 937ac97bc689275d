"""
区位总图: the towns and every estate of the booklet, numbered, at one general scale.

Where there are more estates than the list beside a map can name, the general map shows which sheet
shows which ground, and each of those sheets numbers and lists its own estates.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import shapely
from numpy.typing import NDArray

from atlas import furniture
from atlas.canvas import Canvas
from atlas.counts import count_estates
from atlas.evidence import records
from atlas.ink import BLACK, Type
from atlas.mapframe import MapFrame
from atlas.sheet import MEASURING, Folio, Leaf, Material, Report, Title, dress
from atlas.sheets.close_up import crowded, draw_close_up
from atlas.sheets.estate_map import close_map, draw_panel_foot, draw_themes, foot_height, furnish
from atlas.sheets.general import (
    Mark,
    centres_of,
    draw_estates,
    estate_marks,
    label_towns,
    set_marks,
)
from atlas.sheets.present import number as whole
from atlas.stock import Features
from atlas.table import Cell, Column, Row, Table
from atlas.text import clean
from atlas.view import GENERAL_SCALES, Bounds, fit
from geo.arrays import FloatArray
from wording import say, say_parts

NUMBER = "A1"
GROUND = ("town", "street")
_THEMES_AT_MOST = 8
_AROUND_M = 80.0


@dataclass(frozen=True)
class Part:
    """A sheet of the index: its 图号 and the places of its estates among the booklet's."""

    number: str
    places: NDArray[np.intp]


@dataclass(frozen=True)
class _Sheet:
    """What one page shows: its ground, the estates that are its own, and the rows beside it."""

    bounds: Bounds
    own: NDArray[np.intp]
    parts: Sequence[Part]
    rows: Sequence[Row]


def plan(material: Material, number: str) -> list[Leaf]:
    """Plan the general map, and the sheets of the index where one map cannot list all estates."""
    title, parts = say("sheet_kind.index_map", material.language), parts_of(material)
    everyone, rows = np.arange(len(material.estates)), _rows(material)
    grounds = [frame.total_bounds for frame in (material.district["towns"], material.estates)]
    listed = _part_rows(material, parts) if parts else rows
    sheets = {Title(title, number): _Sheet(_joined(grounds), everyone, parts, listed)}
    for part in parts:
        words = title + say("sheet.continued", material.language)
        ground = _joined([material.estates.iloc[part.places].total_bounds], _AROUND_M)
        own = [rows[place] for place in part.places]
        sheets[Title(words, part.number)] = _Sheet(ground, part.places, (), own)
    return [
        Leaf(
            f"index_map::{n}", "index_map", own.words, own.number, partial(_draw, material, own, s)
        )
        for n, (own, s) in enumerate(sheets.items(), start=1)
    ]


def parts_of(material: Material) -> list[Part]:
    """Return the sheets of the index, none where one map lists every estate."""
    rows, table = _rows(material), _table(material)
    room = material.layout.panel_room
    most = len(table.pages(rows, _table_foot(material, _THEMES_AT_MOST) - room.y - 6.4, 1.0)[0])
    if len(rows) <= most:
        return []
    everyone = np.arange(len(rows))
    pieces = _halved(centres_of(material), everyone, -(-len(rows) // most))
    return [Part(f"{NUMBER}-{n}", np.sort(piece)) for n, piece in enumerate(pieces, start=2)]


def _halved(centres: FloatArray, places: NDArray[np.intp], sheets: int) -> list[NDArray[np.intp]]:
    """Cut the ground across its longer side until each piece fills one of `sheets` sheets."""
    if sheets == 1:
        return [places]
    own = centres[places]
    axis = int(np.argmax(np.ptp(own, axis=0)))
    order = places[np.argsort(own[:, axis] * (1, -1)[axis], kind="stable")]  # from west, from north
    cut = round(len(order) * (sheets // 2) / sheets)
    return [
        *_halved(centres, order[:cut], sheets // 2),
        *_halved(centres, order[cut:], sheets - sheets // 2),
    ]


def _joined(grounds: Sequence[FloatArray], margin: float = 0.0) -> Bounds:
    known = np.array([ground for ground in grounds if not np.isnan(ground).any()], dtype=float)
    west, south = (float(value) - margin for value in known.min(axis=0)[:2])
    east, north = (float(value) + margin for value in known.max(axis=0)[2:])
    return west, south, east, north


def _draw(material: Material, title: Title, sheet: _Sheet, canvas: Canvas, folio: Folio) -> Report:
    view = fit(material.layout.map_box, sheet.bounds, margin=4, scales=GENERAL_SCALES)
    report = Report()
    dress(canvas, material, replace(title, scale=f"1:{view.scale:,}"), folio)
    frame = MapFrame(canvas, view, material.style)
    marks = part_marks(material, sheet.parts) or estate_marks(material, sheet.own)
    draw = partial(_draw_ground, material, sheet)
    towns = draw(frame)
    frame.grid()
    near = crowded(np.array([mark.at for mark in marks]), view)
    if near is not None:
        frame.placer.avoid(view.to_paper(np.array([near.window.exterior], dtype=object)))
    label_towns(frame, towns)
    inset = None if near is None else draw_close_up(frame, near, draw, material.language)
    furnish(frame, material)
    key = "index_sheet" if sheet.parts else "index_number"
    set_marks(frame, key, marks, but=near)
    close_map(frame, report, title.words)
    if inset is not None:
        set_marks(inset, key, marks)
        close_map(inset, report, say("sheet.close_up", material.language))
    _draw_panel(canvas, material, sheet, report, folio)
    furniture.draw_watermark(canvas, material.layout, material.request)
    return report


def _draw_ground(material: Material, sheet: _Sheet, frame: MapFrame) -> Features:
    """Draw towns, streets, estates and the ground of further sheets; return the towns seen."""
    towns = draw_themes(frame, material, GROUND)["town"]
    draw_estates(frame, material, sheet.own)
    grounds = [material.estates.iloc[part.places].total_bounds for part in sheet.parts]
    frame.draw_shapes("index_part", [shapely.box(*ground) for ground in grounds])
    return towns


def part_marks(material: Material, parts: Sequence[Part]) -> list[Mark]:
    """Return the 图号 of each sheet of the index, in the middle of its estates."""
    centres = centres_of(material)
    middles = [np.median(centres[part.places], axis=0).tolist() for part in parts]
    return [
        Mark(part.number, (x, y), f"sheet:{part.number}")
        for part, (x, y) in zip(parts, middles, strict=True)
    ]


def _table_foot(material: Material, themes: int, folio: Folio = MEASURING) -> float:
    """Return where the list beside the map must end [mm]."""
    return material.layout.panel_room.bottom - foot_height(material, themes, folio) - 4


def _draw_panel(
    canvas: Canvas, material: Material, sheet: _Sheet, report: Report, folio: Folio
) -> None:
    language, room = material.language, material.layout.panel_room
    with canvas.layer("furniture"):
        heading = say("sheet.index_sheets" if sheet.parts else "sheet.town_estates", language)
        body = furniture.section(canvas, room, heading, str(len(sheet.own)))
        table = _table(material, is_cut=bool(sheet.parts))
        limit = _table_foot(material, len(report.drawn), folio)
        shown = table.pages(sheet.rows, limit - body.y, 1.0)[0]
        end = table.draw(canvas, body.x, body.y, shown)
        if len(shown) < len(sheet.rows):
            words = say("sheet.more_rows_index", language, n=len(sheet.rows) - len(shown))
            canvas.text(body.x + 1, end + 3, words, Type(6.0, "sans", furniture.GREY))
    draw_panel_foot(canvas, material, report, folio)


def _rows(material: Material) -> list[Row]:
    """Return a row for each estate of the booklet."""
    counts = count_estates(material.findings, material.estates, material.request.department)
    return [
        Row(
            (
                Cell(str(n), target=f"estate:{row.estate_id}@map"),
                Cell(clean(row.name), target=f"estate:{row.estate_id}"),
                material.town_of(row.estate_id) or "—",
                "—" if row.households is None else str(row.households),
                str(int(counts["gaps"][row.estate_id])),
            )
        )
        for n, row in enumerate(records(material.estates), start=1)
    ]


def _part_rows(material: Material, parts: Sequence[Part]) -> list[Row]:
    """Return a row for each sheet of the index: its towns, and the sums of its estates."""
    counts = count_estates(material.findings, material.estates, material.request.department)
    rows = []
    for part in parts:
        own = material.estates.iloc[part.places]
        towns = dict.fromkeys(material.town_of(key) or "—" for key in own["estate_id"])
        households = own["households"].sum(min_count=1)
        rows.append(
            Row(
                (
                    Cell(part.number, target=f"sheet:{part.number}"),
                    "、".join(towns),
                    str(len(own)),
                    whole(households),
                    str(int(counts["gaps"].loc[list(own["estate_id"])].sum())),
                )
            )
        )
    return rows


def _table(material: Material, *, is_cut: bool = False) -> Table:
    if is_cut:
        words = say_parts("heads.index_parts", material.language)
        shares, left = (16, 44, 14, 16, 12), {1}
    else:
        words = say_parts("heads.index_estates", material.language)
        shares, left = (10, 44, 22, 14, 12), {1, 2}
    columns = [
        Column(
            word,
            share,
            "left" if n in left else "centre",
            Type(7.0, "bold" if n in (0, 1) else "sans", BLACK),
            1,
        )
        for n, (word, share) in enumerate(zip(words, shares, strict=True))
    ]
    return Table(material.fonts, columns, material.layout.panel_room.w, least=5.4)
