"""方案图: what is to be done on an estate, by 基础 / 完善 / 提升, each work at its place."""

from dataclasses import replace
from functools import partial

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from atlas import furniture
from atlas.canvas import Canvas
from atlas.evidence import CLASS_ORDER, anchor_of, is_unknown, lines_of, places_of
from atlas.ink import BLACK, WHITE, Type
from atlas.mapframe import Callout, MapFrame
from atlas.sheet import MEASURING, Folio, Leaf, Material, Report, Title, dress
from atlas.sheets.estate_map import (
    ACCESS,
    BASE,
    PLACES,
    PLANTS,
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
from atlas.sheets.listing import plan_listing, room_of
from atlas.symbols import RED
from atlas.table import Cell, Column, Row, Table
from atlas.text import clean
from atlas.titles import titled
from atlas.works import Work, pending_of, works_of
from layers.style import Theme
from wording import say, say_parts

MARKS = dict(
    zip(CLASS_ORDER, ("measure_basic", "measure_improving", "measure_upgrading"), strict=True)
)
SPOTS = dict(zip(CLASS_ORDER, ("spot_basic", "spot_improving", "spot_upgrading"), strict=True))
_FIGURES_MM = 12.0


def plan(material: Material, estate_id: str, number: str) -> list[Leaf]:
    """Plan the sheet of measures, and table pages for what does not fit beside the map."""
    name, town = clean(estate_row(material, estate_id).name), material.town_of(estate_id)
    title = titled(name, "measures", material.language)
    works = works_of(material, estate_id)
    table = _table(material, material.layout.panel_room.w)
    room = (
        material.layout.panel_room.h
        - _FIGURES_MM
        - 6.4 * 2
        - foot_height(material, 24, MEASURING)
        - 5
    )
    pending = _pending_rows(material, estate_id, wide=False)
    shown = table.pages([*_rows(works, material, wide=False), *pending], room, 1.0)[0]
    draw = partial(_draw, material, estate_id, shown, Title(title, number, town))
    first = Leaf(f"measures:{estate_id}:1", "measures", title, number, draw, estate_id, town)
    rest = [*_rows(works, material, wide=True), *_pending_rows(material, estate_id, wide=True)]
    rest = rest[len(shown) :]
    if not rest:
        return [first]
    wide = _table(material, room_of(material).w)
    further = Title(title, number, town, part=2)
    more = plan_listing(material, "measures", further, (wide, rest))
    return [first, *(_owned(leaf, estate_id, n) for n, leaf in enumerate(more, start=2))]


def _owned(leaf: Leaf, estate_id: str, n: int) -> Leaf:
    return Leaf(
        f"measures:{estate_id}:{n}",
        leaf.kind,
        leaf.title,
        leaf.number,
        leaf.draw,
        estate_id,
        leaf.town,
    )


def _table(material: Material, width: float) -> Table:
    words = say_parts("heads.works", material.language)
    more = 1.4 if width > material.layout.panel.w else 0.0  # a page of its own
    columns = (
        Column(words[0], 9, "centre", Type(6.5 + more, "bold", BLACK), 1),
        Column(words[1], 22, type=Type(6.4 + more, "bold", BLACK)),
        Column(words[2], 36, type=Type(6.2 + more)),
        Column(words[3], 15, type=Type(6.4 + more)),
        Column(words[4], 13, type=Type(6.2 + more, "bold", RED)),
        Column(words[5], 22, type=Type(6.0 + more, "sans", (70, 78, 92))),
    )
    return Table(material.fonts, columns, width, least=7.0 if more else 5.2)


def _rows(works: list[Work], material: Material, *, wide: bool) -> list[Row]:
    themes, size = material.style.themes, 7.9 if wide else 6.5
    rows = []
    for work in works:
        colour = themes[MARKS[work.item_class]].ink.fill or BLACK
        rows.append(
            Row(
                (
                    Cell(work.code, Type(size, "bold", colour), f"{work.place}@map"),
                    work.item,
                    work.target,
                    work.amount,
                    Cell("、".join(str(e.number) for e in work.gaps), target=work.gaps[0].place),
                    work.department if wide else work.lead,
                ),
                place=work.place,
            )
        )
    return rows


def _pending_rows(material: Material, estate_id: str, *, wide: bool) -> list[Row]:
    """Return a row for what nobody has surveyed: no work is made up for it."""
    mark = say("sheet.pending_mark", material.language)
    grey = Type(7.6 if wide else 6.2, "sans", furniture.GREY)
    return [
        Row(
            (
                Cell(f"{mark}{n}", Type(grey.size, "bold", furniture.GREY)),
                Cell(each.item, grey),
                Cell(f"{say('sheet.unknown_short', material.language)}：{each.lacking}", grey),
                Cell("—", grey),
                Cell("—", grey),
                each.supplier,
            )
        )
        for n, each in enumerate(pending_of(material, estate_id), start=1)
    ]


def _draw(
    material: Material,
    estate_id: str,
    rows: list[Row],
    title: Title,
    canvas: Canvas,
    folio: Folio,
) -> Report:
    report, view = Report(), estate_view(material, estate_id)
    dress(canvas, material, replace(title, scale=f"1:{view.scale:,}"), folio)
    works = works_of(material, estate_id)
    frame = MapFrame(canvas, view, material.style, estate_id)
    seen = draw_themes(frame, material, (*BASE, *PLANTS))
    _draw_lines(frame, works)
    seen |= draw_themes(frame, material, (*ACCESS, *PLACES))
    _draw_spots(frame, works)
    frame.grid()
    furnish(frame, material)
    _call_out(frame, works, material)
    label_themes(frame, seen)
    close_map(frame, report, title.words)
    language, room = material.language, material.layout.panel_room
    with canvas.layer("furniture"):
        body = furniture.section(
            canvas, room, say("sheet.by_class", language), say("sheet.plan_basis", language)
        )
        furniture.draw_figures(canvas, body, _figures(material, estate_id, works), 4)
        body = furniture.section(canvas, body.below(_FIGURES_MM), say("sheet.works", language))
        if rows:
            _table(material, body.w).draw(canvas, body.x, body.y, rows)
        else:
            canvas.text(body.x + 2, body.y + 4, say("sheet.no_gaps", language), Type(8.0))
    draw_panel_foot(canvas, material, report, folio)
    furniture.draw_watermark(canvas, material.layout, material.request)
    return report


def _figures(material: Material, estate_id: str, works: list[Work]) -> list[tuple[str, str, bool]]:
    money = estate_row(material, estate_id).budget_yuan
    counted = [(str(sum(w.item_class == name for w in works)), name, False) for name in CLASS_ORDER]
    cost = "?" if is_unknown(money) else f"{money / 1e4:,.1f}"
    return [*counted, (cost, say("figure.cost_of_estate", material.language), False)]


def _draw_lines(frame: MapFrame, works: list[Work]) -> None:
    """Draw the roads to be made good and the pipes to be renewed, under every symbol."""
    gaps = [gap for work in works for gap in work.gaps]
    for line, key in (("path", "works_path"), ("pipe", "works_line")):
        frame.draw_shapes(key, lines_of(gaps, line))


def _draw_spots(frame: MapFrame, works: list[Work]) -> None:
    """Mark where the gaps of each class lie with small shapes."""
    for item_class in CLASS_ORDER:
        gaps = [gap for work in works if work.item_class == item_class for gap in work.gaps]
        frame.draw_shapes(SPOTS[item_class], apart(places_of(gaps), frame.view))


def _call_out(frame: MapFrame, works: list[Work], material: Material) -> None:
    """Set each work's mark where its first gap is, or on the estate's corner."""
    corner = upper_corner(estate_row(material, frame.estate_id).geometry)
    for item_class in CLASS_ORDER:
        theme: Theme = material.style.themes[MARKS[item_class]]
        places: dict[tuple[float, float], list[Work]] = {}
        for work in (w for w in works if w.item_class == item_class):
            point = _first_anchor(work, frame.view.window) or corner
            places.setdefault((round(point.x, 1), round(point.y, 1)), []).append(work)
        for (x, y), group in places.items():
            anchor = frame.view.project(np.array([[x, y]]))[0]
            numbers = tuple(work.code for work in group)
            targets = tuple(work.place for work in group)
            call = Callout(numbers, targets, (float(anchor[0]), float(anchor[1])))
            frame.callout(theme, call, colour=theme.ink.fill or WHITE)


def _first_anchor(work: Work, window: BaseGeometry) -> shapely.Point | None:
    # A walk starts somewhere, but the facility it lacks may be built anywhere: no place is meant.
    shapes = [gap.shape for gap in work.gaps if not isinstance(gap.shape, shapely.LineString)]
    found = [anchor_of(shape, window) for shape in shapes]
    return next((point for point in found if point is not None), None)
