"""方案图: what is to be done on an estate, by 基础 / 完善 / 提升, each work at its place."""

from dataclasses import dataclass, replace
from functools import partial
from math import ceil

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from atlas import furniture
from atlas.canvas import Canvas
from atlas.evidence import CLASS_ORDER, Evidence, anchor_of
from atlas.ink import BLACK, WHITE, Type
from atlas.mapframe import Callout, MapFrame
from atlas.sheet import MEASURING, Folio, Leaf, Material, Report, Title, dress
from atlas.sheets.estate_map import (
    ACCESS,
    BASE,
    PLACES,
    PLANTS,
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
from atlas.table import Cell, Column, Row, Table
from atlas.text import clean
from atlas.themes import Theme
from atlas.words import say, titled

THEMES = (*BASE, *PLANTS, *ACCESS, *PLACES)
MARKS = dict(
    zip(CLASS_ORDER, ("measure_basic", "measure_improving", "measure_upgrading"), strict=True)
)
_PER_HOUSEHOLD = {"bay/hh": ("个车位", "bays"), "port/hh": ("个充电口", "ports")}
_FIGURES_MM = 12.0


@dataclass(frozen=True)
class Work:
    """
    One kind of works on an estate: an item of the plan that some gaps call for.

    Attributes
    ----------
    number : int
        Within its class, from 1.
    item_class, item, target, amount, department : str
        Words of the table.
    gaps : tuple of Evidence
        The gaps it closes.
    """

    number: int
    item_class: str
    item: str
    target: str
    amount: str
    department: str
    gaps: tuple[Evidence, ...]

    @property
    def code(self) -> str:
        """Number with its class, as printed: 基1, 完2, 提3."""
        return f"{self.item_class[0]}{self.number}"


def works_of(material: Material, estate_id: str) -> list[Work]:
    """Return the works that an estate's gaps call for, in the order of classes and severity."""
    households = estate_row(material, estate_id).households
    by_item: dict[str, list[Evidence]] = {}
    for gap in material.gaps.get(estate_id, []):
        by_item.setdefault(gap.row.item_id, []).append(gap)
    works: list[Work] = []
    for gaps in by_item.values():
        row = gaps[0].row
        works.append(
            Work(
                number=1 + sum(work.item_class == row.item_class for work in works),
                item_class=row.item_class,
                item=clean(row.item_zh if material.language == "zh" else row.item_en),
                target=_target(gaps, material.language),
                amount=_amount(gaps, households, material.language),
                department=clean(row.department),
                gaps=tuple(gaps),
            )
        )
    return works


def _target(gaps: list[Evidence], language: str) -> str:
    """Say what the work has to reach, for each of its gaps."""
    zh = language == "zh"
    words = [
        clean(gap.row.metric_zh if zh else gap.row.metric_en)
        + ("" if gap.threshold == "—" else f" {gap.threshold}")
        for gap in gaps
    ]
    return ("；" if zh else "; ").join(dict.fromkeys(words))


def _amount(gaps: list[Evidence], households: int | None, language: str) -> str:
    """Return how much is to be built where the data say so: bays, ports, or places that fail."""
    zh = language == "zh"
    for row in (gap.row for gap in gaps):
        words = _PER_HOUSEHOLD.get(row.unit or "")
        if words and households is not None and row.threshold is not None:
            lacking = ceil(round((row.threshold - (row.value or 0.0)) * households, 6))
            return f"{lacking} {words[0 if zh else 1]}"
    failing = [int(gap.row.failing_members) for gap in gaps if gap.row.failing_members]
    return f"{max(failing)} {'处' if zh else 'places'}" if failing else "—"


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
        - 4
    )
    shown = table.pages(_rows(works, material), room, 1.0)[0]
    draw = partial(_draw, material, estate_id, shown, Title(title, number, town))
    first = Leaf(f"measures:{estate_id}:1", "measures", title, number, 1, draw, estate_id, town)
    rest = _rows(works[len(shown) :], material)
    if not rest:
        return [first]
    wide = _table(material, room_of(material).w)
    further = Title(title + say("continued", material.language), f"{number}-2", town)
    more = plan_listing(material, "measures", further, (wide, rest))
    return [first, *(_owned(leaf, estate_id, n) for n, leaf in enumerate(more, start=2))]


def _owned(leaf: Leaf, estate_id: str, n: int) -> Leaf:
    return Leaf(
        f"measures:{estate_id}:{n}",
        leaf.kind,
        leaf.title,
        leaf.number,
        1,
        leaf.draw,
        estate_id,
        leaf.town,
    )


def _table(material: Material, width: float) -> Table:
    words = (
        ("编号", "改造内容", "目标", "规模", "对应短板", "牵头与配合")
        if material.language == "zh"
        else ("No.", "Works", "To reach", "Amount", "Gaps", "Bodies")
    )
    columns = (
        Column(words[0], 9, "centre", Type(6.5, "bold", BLACK), 1),
        Column(words[1], 22, type=Type(6.4, "bold", BLACK)),
        Column(words[2], 36, type=Type(6.2)),
        Column(words[3], 15, type=Type(6.4)),
        Column(words[4], 13, type=Type(6.2, "bold", (193, 18, 47))),
        Column(words[5], 22, type=Type(6.0, "sans", (70, 78, 92))),
    )
    return Table(material.fonts, columns, width)


def _rows(works: list[Work], material: Material) -> list[Row]:
    themes = material.style.themes
    rows = []
    for work in works:
        colour = themes[MARKS[work.item_class]].ink.fill or BLACK
        rows.append(
            Row(
                (
                    Cell(work.code, Type(6.5, "bold", colour), f"{_place(work)}@map"),
                    work.item,
                    work.target,
                    work.amount,
                    Cell("、".join(str(e.number) for e in work.gaps), target=work.gaps[0].place),
                    work.department,
                ),
                place=_place(work),
            )
        )
    return rows


def _place(work: Work) -> str:
    return f"work:{work.gaps[0].finding_id}"


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
    seen = draw_themes(frame, material, THEMES)
    frame.grid()
    furnish(frame, material)
    _call_out(frame, works, material)
    label_themes(frame, seen)
    close_map(frame, report, title.words)
    language, room = material.language, material.layout.panel_room
    with canvas.layer("furniture"):
        body = furniture.section(
            canvas, room, say("by_class", language), say("plan_basis", language)
        )
        furniture.draw_figures(canvas, body, _figures(works), 3)
        body = furniture.section(canvas, body.below(_FIGURES_MM), say("works", language))
        if rows:
            _table(material, body.w).draw(canvas, body.x, body.y, rows)
        else:
            canvas.text(body.x + 2, body.y + 4, say("no_gaps", language), Type(8.0))
    draw_panel_foot(canvas, material, report, folio)
    furniture.draw_watermark(canvas, material.layout, material.request)
    return report


def _figures(works: list[Work]) -> list[tuple[str, str, bool]]:
    return [(str(sum(w.item_class == name for w in works)), name, False) for name in CLASS_ORDER]


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
            targets = tuple(_place(work) for work in group)
            call = Callout(numbers, targets, (float(anchor[0]), float(anchor[1])))
            frame.callout(theme, call, colour=theme.ink.fill or WHITE)


def _first_anchor(work: Work, window: BaseGeometry) -> shapely.Point | None:
    found = [anchor_of(gap.shape, window) for gap in work.gaps]
    return next((point for point in found if point is not None), None)
