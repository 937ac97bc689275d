"""短板图: an estate's gaps, numbered on the map, with their evidence beside it."""

from dataclasses import replace
from functools import partial

import numpy as np
import shapely

from atlas import furniture
from atlas.canvas import Box, Canvas
from atlas.evidence import Evidence, anchor_of, count_by_class, lines_of, places_of
from atlas.ink import BLACK, Ink, Type
from atlas.mapframe import Callout, MapFrame
from atlas.sheet import MEASURING, Folio, Leaf, Material, Report, Title, dress
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
    upper_corner,
)
from atlas.symbols import RED
from atlas.table import Cell, Column, Row, Table
from atlas.text import clean
from atlas.titles import titled
from atlas.view import BETWEEN, SCALES, fit
from wording import Language, say

_INSET_MM = 38.0
_THEMES_AT_MOST = 20
_SHARES = (7.0, 36.0, 17.0, 14.0, 22.0, 21.0)
_SHARES_APART = (7.0, 40.0, 15.0, 13.0, 46.0, 28.0)


def plan(material: Material, estate_id: str, number: str) -> list[Leaf]:
    """Plan the gap sheet of an estate and as many further pages as its table needs."""
    row = estate_row(material, estate_id)
    evidence = material.gaps.get(estate_id, [])
    name, town = clean(row.name), material.town_of(estate_id)
    pages = _table(material, material.layout.panel_room.w).pages(
        _rows(evidence, wide=False), _table_room(material), 1.0
    )
    title = titled(name, "gaps", material.language)
    first = Leaf(
        f"gaps:{estate_id}:1",
        "gaps",
        title,
        number,
        partial(_draw, material, estate_id, pages[0], Title(title, number, town)),
        estate_id,
        town,
    )
    rest = evidence[len(pages[0]) :]
    return [first, *_further(material, estate_id, rest, Title(title, number, town))]


def _further(
    material: Material, estate_id: str, evidence: list[Evidence], title: Title
) -> list[Leaf]:
    """Plan table pages for the gaps that found no room beside the map."""
    if not evidence:
        return []
    number = title.number
    room = material.layout.full.h - 12
    table = _table(material, material.layout.full.w - 12)
    pages = table.pages(_rows(evidence, wide=True), room, room)
    words = title.words + say("sheet.continued", material.language)
    return [
        Leaf(
            f"gaps:{estate_id}:{n}",
            "gaps",
            words,
            f"{number}-{n}",
            partial(_draw_further, material, rows, Title(words, f"{number}-{n}", title.town)),
            estate_id,
            title.town,
        )
        for n, rows in enumerate(pages, start=2)
    ]


def _table(material: Material, width: float) -> Table:
    """Return the table of gaps, in larger type on a page of its own."""
    language, grey = material.language, (70, 78, 92)
    apart = width > material.layout.panel.w
    more, shares = (1.2, _SHARES_APART) if apart else (0.0, _SHARES)
    looks = (
        Type(7.0 + more, "bold", RED),
        Type(6.4 + more, "bold", BLACK),
        Type(6.4 + more, "sans", RED),
        Type(6.4 + more),
        Type(6.0 + more, "sans", grey),
        Type(6.0 + more, "sans", grey),
    )
    heads = ("no", "gap", "value", "threshold", "basis", "department")
    columns = [
        Column(
            say(f"column.{head}", language), share, "left" if n else "centre", look, 2 if n else 1
        )
        for n, (head, share, look) in enumerate(zip(heads, shares, looks, strict=True))
    ]
    return Table(material.fonts, columns, width, least=6.4 if apart else 5.2)


def _rows(evidence: list[Evidence], *, wide: bool) -> list[Row]:
    return [
        Row(
            (
                Cell(str(item.number), target=f"{item.place}@map"),
                item.title + (f"（{item.remark}）" if item.remark else ""),
                item.value,
                item.threshold,
                item.basis if wide else item.source,
                item.department if wide else item.lead,
            ),
            place=item.place,
        )
        for item in evidence
    ]


def _table_room(material: Material) -> float:
    """Return the height left for the table between the routes and the legend [mm]."""
    foot = foot_height(material, _THEMES_AT_MOST, MEASURING)
    return material.layout.panel_room.h - _INSET_MM - 4 - 6.4 - foot - 5


def _draw(
    material: Material,
    estate_id: str,
    rows: list[Row],
    title: Title,
    canvas: Canvas,
    folio: Folio,
) -> Report:
    """Draw the map sheet."""
    report, view = Report(), estate_view(material, estate_id)
    dress(canvas, material, replace(title, scale=f"1:{view.scale:,}"), folio)
    evidence = material.gaps.get(estate_id, [])
    frame = MapFrame(canvas, view, material.style, estate_id)
    seen = draw_themes(frame, material, BASE)
    _draw_lines(frame, evidence)
    seen |= draw_themes(frame, material, (*ACCESS, *PLACES))
    _draw_places(frame, evidence)
    frame.grid()
    furnish(frame, material)
    _call_out(frame, evidence, material)
    label_themes(frame, seen)
    close_map(frame, report, title.words)
    _draw_panel(canvas, material, (estate_id, title.number), rows, report, folio)
    furniture.draw_watermark(canvas, material.layout, material.request)
    return report


def _draw_lines(frame: MapFrame, evidence: list[Evidence]) -> None:
    """Draw roads and pipes that fail and walks too long, under the symbols they lead to."""
    for line, key in (("path", "gap_path"), ("pipe", "gap_line"), ("route", "route")):
        frame.draw_shapes(key, lines_of(evidence, line))


def _draw_places(frame: MapFrame, evidence: list[Evidence]) -> None:
    """Mark the doors, trees and buildings that fail."""
    frame.draw_shapes("gap_place", apart(places_of(evidence), frame.view))


def _call_out(frame: MapFrame, evidence: list[Evidence], material: Material) -> None:
    """Set the numbers: one callout a place; what concerns the whole estate hangs on its outline."""
    theme = frame.style.themes["callout"]
    places: dict[tuple[float, float], list[Evidence]] = {}
    for item in evidence:
        point = anchor_of(item.shape, frame.view.window)
        at = (0.0, 0.0) if point is None else (round(point.x, 1), round(point.y, 1))
        places.setdefault(at, []).append(item)
    whole = places.pop((0.0, 0.0), [])
    if whole:
        outline = estate_row(material, frame.estate_id).geometry
        point = upper_corner(outline)
        places[point.x, point.y] = whole
    for (x, y), items in places.items():
        anchor = frame.view.project(np.array([[x, y]]))[0]
        numbers = tuple(str(item.number) for item in items)
        targets = tuple(item.place for item in items)
        frame.callout(theme, Callout(numbers, targets, (float(anchor[0]), float(anchor[1]))))


def _draw_panel(
    canvas: Canvas,
    material: Material,
    named: tuple[str, str],
    rows: list[Row],
    report: Report,
    folio: Folio,
) -> None:
    """Draw routes, counts and the rows that stand beside the map; `named` is estate and 图号."""
    language, room = material.language, material.layout.panel_room
    estate_id, number = named
    evidence = material.gaps.get(estate_id, [])
    with canvas.layer("furniture"):
        body = furniture.section(canvas, room, say("sheet.routes", language))
        wide = body.w * 0.56
        box = Box(body.x, body.y, wide, _INSET_MM - 6)
        _draw_routes(canvas, box, material, estate_id, report)
        tiles = Box(body.x + wide + 2, body.y, body.w - wide - 2, _INSET_MM)
        furniture.draw_figures(canvas, tiles, _tiles(evidence, language), 2)
        title = say("sheet.evidence", language)
        heading = say("sheet.evidence_count", language, title=title, n=len(evidence))
        body = room.below(_INSET_MM + 4)
        note = say("sheet.evidence_note", language)
        if len(rows) < len(evidence):
            note = _where(evidence, len(rows), f"{number}-2", language)
        body = furniture.section(canvas, body, heading, note)
        if rows:
            _table(material, body.w).draw(canvas, body.x, body.y, rows)
        elif not evidence:
            canvas.text(body.x + 2, body.y + 4, say("sheet.no_gaps", language), Type(8.0))
    draw_panel_foot(canvas, material, report, folio)


def _where(evidence: list[Evidence], shown: int, further: str, language: Language) -> str:
    """Say which rows stand here and on which sheet the others are."""
    if not shown:
        return say("sheet.evidence_elsewhere", language, sheet=further)
    first, last = evidence[0].number, evidence[shown - 1].number
    return say("sheet.evidence_part", language, first=first, last=last, sheet=further)


def _tiles(evidence: list[Evidence], language: Language) -> list[tuple[str, str, bool]]:
    words = say("figure.gaps", language)
    counted = [(str(n), name, False) for name, n in count_by_class(evidence).items()]
    return [(str(len(evidence)), words, bool(evidence)), *counted]


def _draw_routes(
    canvas: Canvas, box: Box, material: Material, estate_id: str, report: Report
) -> None:
    """Draw the small map of whole routes, from the estate to the facilities it walks to."""
    outline = estate_row(material, estate_id).geometry
    evidence = material.gaps.get(estate_id, [])
    routes = lines_of(evidence, "route")
    bounds = shapely.total_bounds(np.array([outline, *routes], dtype=object))
    view = fit(box, tuple(bounds), margin=4.0, scales=SCALES[3:], between=BETWEEN[5:])
    frame = MapFrame(canvas, view, material.style, estate_id)
    canvas.box(box, Ink(fill=(252, 252, 250)))
    draw_themes(frame, material, ("walkway", "estate_around", "estate"))
    frame.draw_shapes("route", routes)
    close_map(frame, report, say("sheet.routes", material.language))
    canvas.text(
        box.right - 1,
        box.bottom - 1.2,
        f"1:{view.scale:,}",
        Type(6.0, "bold", BLACK),
        align="right",
        halo=0.3,
    )


def _draw_further(
    material: Material, rows: list[Row], title: Title, canvas: Canvas, folio: Folio
) -> Report:
    """Draw a page of nothing but table."""
    dress(canvas, material, title, folio, panel=False)
    full = material.layout.full.inset(6)
    with canvas.layer("furniture"):
        _table(material, full.w).draw(canvas, full.x, full.y, rows)
    furniture.draw_watermark(canvas, material.layout, material.request)
    return Report()
