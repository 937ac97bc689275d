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
from atlas.canvas import Box, Canvas
from atlas.counts import count_estates
from atlas.evidence import records
from atlas.feature_source import Features
from atlas.ink import BLACK, TextStyle
from atlas.mapframe import MapFrame
from atlas.sheet import (
    MEASURING,
    AtlasContext,
    PageNumber,
    PagePlan,
    PageReport,
    Title,
    draw_furniture,
)
from atlas.sheets.close_up import crowded, draw_close_up
from atlas.sheets.estate_map import close_map, draw_panel_foot, draw_themes, foot_height, furnish
from atlas.sheets.general import (
    Mark,
    centres_of,
    draw_estates,
    estate_marks,
    label_towns,
    rank_texts,
    set_marks,
)
from atlas.sheets.present import number as whole
from atlas.table import PageTable, TableCell, TableColumn, TableRow, text_of
from atlas.text import clean
from atlas.view import GENERAL_SCALES, Bounds, fit
from geo.arrays import FloatArray
from rules.ranking import formula
from wording import listing, say, say_parts

NUMBER = "A1"
GROUND = ("town", "street")
_THEMES_AT_MOST = 14
_AROUND_M = 80.0
_LINE_MM = 2.9


@dataclass(frozen=True)
class IndexPart:
    """A sheet of the index: its 图号 and the positions of its estates, shape (n,)."""

    number: str
    places: NDArray[np.intp]


@dataclass(frozen=True)
class _Sheet:
    """What one page shows: its ground, the estates that are its own, and the rows beside it."""

    bounds: Bounds
    own: NDArray[np.intp]
    parts: Sequence[IndexPart]
    rows: Sequence[TableRow]


def plan(context: AtlasContext, number: str) -> list[PagePlan]:
    """Plan the general map, and the sheets of the index where one map cannot list all estates."""
    title, parts = say("sheet_kind.index_map", context.language), parts_of(context)
    everyone, rows = np.arange(len(context.estates)), _rows(context)
    grounds = [frame.total_bounds for frame in (context.district["towns"], context.estates)]
    listed = _part_rows(context, parts) if parts else rows
    sheets = {Title(title, number): _Sheet(_joined(grounds), everyone, parts, listed)}
    for part in parts:
        words = title + say("sheet.continued", context.language)
        ground = _joined([context.estates.iloc[part.places].total_bounds], _AROUND_M)
        own = [rows[place] for place in part.places]
        sheets[Title(words, part.number)] = _Sheet(ground, part.places, (), own)
    return [
        PagePlan(
            f"index_map::{n}", "index_map", own.words, own.number, partial(_draw, context, own, s)
        )
        for n, (own, s) in enumerate(sheets.items(), start=1)
    ]


def parts_of(context: AtlasContext) -> list[IndexPart]:
    """Return the sheets of the index, none where one map lists every estate."""
    rows, table = _rows(context), _table(context)
    room = _table_foot(context, _THEMES_AT_MOST) - context.layout.panel_room.y - 6.4
    centres, everyone = centres_of(context), np.arange(len(rows))
    for sheets in range(1, len(rows) + 1):  # until the longest list has room
        pieces = _halved(centres, everyone, sheets)
        longest = max(sum(table.height(rows[n]) for n in piece) for piece in pieces)
        if longest <= room - table.head_height:
            break
    if len(pieces) == 1:
        return []
    return [IndexPart(f"{NUMBER}-{n}", np.sort(piece)) for n, piece in enumerate(pieces, start=2)]


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


def _draw(
    context: AtlasContext, title: Title, sheet: _Sheet, canvas: Canvas, page_number: PageNumber
) -> PageReport:
    view = fit(context.layout.map_box, sheet.bounds, margin=4, scales=GENERAL_SCALES)
    report = PageReport()
    draw_furniture(canvas, context, replace(title, scale=f"1:{view.scale:,}"), page_number)
    frame = MapFrame(canvas, view, context.style)
    marks = part_marks(context, sheet.parts) or estate_marks(context, sheet.own)
    draw = partial(_draw_ground, context, sheet)
    towns = draw(frame)
    frame.grid()
    near = crowded(np.array([mark.at for mark in marks]), view)
    if near is not None:
        frame.placer.avoid(view.to_paper(np.array([near.window.exterior], dtype=object)))
    label_towns(frame, towns, context)
    inset = None if near is None else draw_close_up(frame, near, draw, context.language)
    furnish(frame, context)
    key = "index_sheet" if sheet.parts else "index_number"
    set_marks(frame, key, marks, but=near)
    close_map(frame, report, title.words)
    if inset is not None:
        set_marks(inset, key, marks)
        close_map(inset, report, say("sheet.close_up", context.language))
    _draw_panel(canvas, context, sheet, report, page_number)
    furniture.draw_watermark(canvas, context.layout, context.request)
    return report


def _draw_ground(context: AtlasContext, sheet: _Sheet, frame: MapFrame) -> Features:
    """Draw towns, streets, estates and the ground of further sheets; return the towns seen."""
    towns = draw_themes(frame, context, GROUND)["town"]
    draw_estates(frame, context, sheet.own)
    grounds = [context.estates.iloc[part.places].total_bounds for part in sheet.parts]
    frame.draw_shapes("index_part", [shapely.box(*ground) for ground in grounds])
    return towns


def part_marks(context: AtlasContext, parts: Sequence[IndexPart]) -> list[Mark]:
    """Return the 图号 of each sheet of the index, in the middle of its estates."""
    centres = centres_of(context)
    middles = [np.median(centres[part.places], axis=0).tolist() for part in parts]
    return [
        Mark(part.number, (x, y), f"sheet:{part.number}")
        for part, (x, y) in zip(parts, middles, strict=True)
    ]


def _table_foot(context: AtlasContext, themes: int, page_number: PageNumber = MEASURING) -> float:
    """Return where the list beside the map must end [mm]."""
    return context.layout.panel_room.bottom - foot_height(context, themes, page_number) - 4


def _draw_panel(
    canvas: Canvas,
    context: AtlasContext,
    sheet: _Sheet,
    report: PageReport,
    page_number: PageNumber,
) -> None:
    language, room = context.language, context.layout.panel_room
    with canvas.layer("furniture"):
        heading = say("sheet.index_sheets" if sheet.parts else "sheet.town_estates", language)
        body = furniture.section(canvas, room, heading, str(len(sheet.own)))
        table = _table(context, is_cut=bool(sheet.parts))
        limit = _table_foot(context, len(report.drawn), page_number)
        shown = table.fitting(sheet.rows, limit - body.y)
        end = table.draw(canvas, body.x, body.y, shown)
        _draw_formula(canvas, context, Box(body.x + 1, end, body.w - 2, limit - end))
        if len(shown) < len(sheet.rows):
            canvas.cut += [text_of(row.cells[1]) for row in sheet.rows[len(shown) :]]
            words = say("sheet.more_rows_index", language, n=len(sheet.rows) - len(shown))
            canvas.text(body.x + 1, end + 3, words, TextStyle(6.0, "sans", furniture.GREY))
    draw_panel_foot(canvas, context, report, page_number)


def _draw_formula(canvas: Canvas, context: AtlasContext, box: Box) -> None:
    """Print how the estates are ranked, where the list leaves room for it."""
    style = TextStyle(6.0, "sans", furniture.GREY)
    lines = canvas.fonts.wrap(formula(context.book, context.language), "sans", 6.0, box.w)
    if box.h < (len(lines) + 2) * _LINE_MM:
        return
    for n, line in enumerate(lines, start=2):
        canvas.text(box.x, box.y + n * _LINE_MM, line, style)


def _rows(context: AtlasContext) -> list[TableRow]:
    """Return a row for each estate of the booklet."""
    counts = count_estates(context.concerned_findings, context.estates)
    ranks = rank_texts(context)
    return [
        TableRow(
            (
                TableCell(str(n), target=f"estate:{row.estate_id}@map"),
                TableCell(clean(row.name), target=f"estate:{row.estate_id}"),
                context.town_label(context.town_of(row.estate_id)) or "—",
                "—" if row.households is None else str(row.households),
                str(int(counts["gaps"][row.estate_id])),
                ranks[row.estate_id],
            )
        )
        for n, row in enumerate(records(context.estates), start=1)
    ]


def _part_rows(context: AtlasContext, parts: Sequence[IndexPart]) -> list[TableRow]:
    """Return a row for each sheet of the index: its towns, and the sums of its estates."""
    counts = count_estates(context.concerned_findings, context.estates)
    rows = []
    for part in parts:
        own = context.estates.iloc[part.places]
        towns = dict.fromkeys(context.town_of(key) or "—" for key in own["estate_id"])
        households = own["households"].sum(min_count=1)
        rows.append(
            TableRow(
                (
                    TableCell(part.number, target=f"sheet:{part.number}"),
                    listing(map(context.town_label, towns), context.language),
                    str(len(own)),
                    whole(households),
                    str(int(counts["gaps"].loc[list(own["estate_id"])].sum())),
                )
            )
        )
    return rows


def _table(context: AtlasContext, *, is_cut: bool = False) -> PageTable:
    shares: tuple[int, ...]
    if is_cut:
        words = say_parts("heads.index_parts", context.language)
        shares, left = (16, 44, 14, 16, 12), {1}
    else:
        words = say_parts("heads.index_estates", context.language)
        shares, left = (10, 40, 20, 12, 11, 13), {1, 2}
    columns = [
        TableColumn(
            word,
            share,
            "left" if n in left else "centre",
            TextStyle(7.0, "bold" if n in (0, 1) else "sans", BLACK),
        )
        for n, (word, share) in enumerate(zip(words, shares, strict=True))
    ]
    return PageTable(context.fonts, columns, context.layout.panel_room.w, least=5.4)
