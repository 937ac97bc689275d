"""The map that the sheets of one estate share: view, themes, labels and furniture."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from atlas import furniture, labels
from atlas.canvas import Box, Canvas
from atlas.evidence import is_unknown
from atlas.feature_source import Features
from atlas.ink import BLACK, WHITE, Ink, TextStyle
from atlas.mapframe import MapFrame
from atlas.placement import Placer, within
from atlas.sheet import AtlasContext, PageNumber, PageReport, Title, draw_furniture, notes_of
from atlas.symbols import RED
from atlas.themes import keys_of
from atlas.view import BETWEEN, Bounds, MapView, fit
from layers.style import layer_styles
from wording import Language, say

BASE = keys_of("ground", "outline")
PIPES, PLANTS = keys_of("pipes"), keys_of("plants")
ACCESS, PLACES = keys_of("access"), keys_of("places")
_MARGIN_MM = 9.0
_SAMPLE_MM = 27.0
_MARK_MM = 3.0
_RIM = Ink(stroke=BLACK, width=0.45)


def estate_row(context: AtlasContext, estate_id: str) -> SimpleNamespace:
    """Return the row of an estate."""
    return context.by_id[estate_id]


def estate_view(context: AtlasContext, estate_id: str) -> MapView:
    """Return the view of an estate at the requested scale, or the largest round one that fits."""
    outline = estate_row(context, estate_id).geometry
    box, asked = context.layout.map_box, context.request.scale
    if asked:
        return fit(box, outline.bounds, margin=2.0, scales=(asked,))
    return fit(box, outline.bounds, margin=_MARGIN_MM, between=BETWEEN)


def allowed(context: AtlasContext, keys: Sequence[str]) -> list[str]:
    """Return `keys` without the themes that the booklet's readers may not see."""
    themes = context.style.themes
    return [key for key in keys if not (context.request.is_public and themes[key].sensitive)]


def draw_themes(frame: MapFrame, context: AtlasContext, keys: Sequence[str]) -> dict[str, Features]:
    """Draw the themes in order; return the features of each inside the frame [mm]."""
    return {key: frame.draw(key, context.feature_source) for key in allowed(context, keys)}


def label_themes(frame: MapFrame, seen: dict[str, Features], language: Language) -> None:
    """Write the labels of what was drawn, the most important first."""
    themes = frame.style.themes
    with frame.canvas.layer("map", "labels"):
        if "building" in seen:
            labels.label_buildings(frame, seen["building"], language)
        for key in (*ACCESS, *PLACES):
            if key in seen and len(seen[key]) and layer_styles()[themes[key].layer].label_column:
                labels.label_points(frame, seen[key], themes[key], language)
        for key in PIPES:
            if key in seen and len(seen[key]):
                labels.label_pipes(frame, seen[key], themes[key])
        if "walkway" in seen:
            labels.label_streets(frame, seen["walkway"])
        if "building_around" in seen:
            labels.label_around(frame, seen["building_around"], language)


def furnish(frame: MapFrame, context: AtlasContext) -> None:
    """Draw grid, north arrow, scale bar and rim; they take the quietest corners."""
    box, canvas = frame.view.box, frame.canvas
    paper, language = context.request.paper, context.language
    w, h = furniture.scale_bar_size(canvas, frame.view, paper, language)
    corners = [
        Box(box.right - w - 2, box.bottom - h - 2, w, h),
        Box(box.x + 2, box.bottom - h - 2, w, h),
        Box(box.right - w - 2, box.y + 2, w, h),
    ]
    bar = frame.placer.quietest(corners)
    arrow = frame.placer.quietest(
        [Box(box.x + 2, box.y + 2, 15, 15), Box(box.right - 17, box.y + 2, 15, 15)]
    )
    with canvas.layer("furniture"):
        furniture.draw_scale_bar(canvas, bar, frame.view, paper, language)
        furniture.draw_north(canvas, arrow, language)


def close_map(frame: MapFrame, report: PageReport, name: str) -> None:
    """Draw the rim and add themes, omitted labels and ground of the frame to the report."""
    frame.canvas.box(frame.view.box, _RIM)
    frame.canvas.georeference(frame.view.georeference(name))
    report.drawn |= frame.drawn
    if not frame.drawn.keys() - {"grid"}:
        report.empty.append(name)
    report.unplaced += frame.unplaced
    report.scales.append((frame.view.scale, frame.view.bounds))


def figures(context: AtlasContext, estate_id: str) -> list[tuple[str, str, bool]]:
    """Return the key figures of an estate: value, label, whether it is printed in red."""
    district, row = context.district, estate_row(context, estate_id)
    buildings, units, parking, greens = (
        context.members(layer, estate_id)
        for layer in ("buildings", "units", "parking", "green_space")
    )
    area = shapely.area(row.geometry)
    lifts = sum(bool(unit.has_lift) for unit in units)
    bays = [lot.spaces for lot in parking if lot.spaces is not None]
    shapes = np.array([green.geometry for green in greens], dtype=object)
    green = float(shapely.area(shapely.intersection(shapes, row.geometry)).sum())
    language = context.language
    values = (
        (_whole(len(buildings)), say("figure.buildings", language), False),
        (_whole(row.households), say("figure.households", language), False),
        (
            _whole(len(units) if district.has("units") else None),
            say("figure.units", language),
            False,
        ),
        (_area(row.floor_area_m2), say("figure.floor_area_of_estate", language), False),
        (_whole(sum(bays) if bays else None), say("figure.bays", language), False),
        (
            _whole(lifts if district.has("units") else None),
            say("figure.lifts", language),
            lifts == 0,
        ),
        (
            f"{green / area:.1%}" if district.has("green_space") else "",
            say("figure.green_share", language),
            False,
        ),
        (_whole(row.built_year).replace(",", ""), say("figure.built", language), False),
    )
    lacking = say("sheet.unknown_short", language)
    return [
        (value or "?", words if value else f"{words} {lacking}", bad)
        for value, words, bad in values
    ]


def _whole(value: object) -> str:
    return "" if is_unknown(value) else f"{int(str(value).split('.')[0]):,}"


def _area(value: float | None) -> str:
    return "" if value is None else f"{value / 10000:.2f}"


def draw_locator(canvas: Canvas, box: Box, context: AtlasContext, estate_id: str) -> None:
    """Draw the small map of the estate's town and its neighbours, this estate ringed."""
    district = context.district
    view = fit(box, _town_bounds(context, estate_id), margin=2.0)
    towns = shapely.clip_by_rect(
        np.asarray(district["towns"].geometry.array, dtype=object), *view.bounds
    )
    shapes = view.to_paper(towns)
    centres = view.project(
        shapely.get_coordinates(
            shapely.centroid(np.asarray(district["estates"].geometry.array, dtype=object))
        )
    )
    here = (district["estates"]["estate_id"] == estate_id).to_numpy()
    others = centres[~here & np.array([box.holds(x, y) for x, y in centres.tolist()])]
    fills = ((230, 240, 220), (252, 238, 214), (224, 235, 247), (243, 229, 241))
    with canvas.layer("furniture"), canvas.clip(box):
        canvas.box(box, Ink(fill=WHITE))
        for n, shape in enumerate(shapes):
            canvas.draw([shape], Ink(fill=fills[n % 4], stroke=furniture.GREY, width=0.2))
        dot = Ink(fill=WHITE, stroke=furniture.GREY, width=0.2)
        canvas.circles(others, np.full(len(others), 0.6), dot)
        for x, y in centres[here]:
            canvas.circle(x, y, 1.7, Ink(stroke=RED, width=0.5))
            canvas.circle(x, y, 0.7, Ink(fill=RED))
        names = map(context.town_label, district["towns"]["name"])
        _name_towns(canvas, box, names, shapes, centres[here])
    with canvas.layer("furniture"):
        canvas.box(box, _RIM)


def _town_bounds(context: AtlasContext, estate_id: str) -> Bounds:
    """Return the bounds [m] of an estate's town, of all estates where the town is unknown."""
    towns, town_id = context.district["towns"], estate_row(context, estate_id).town_id
    own = (
        towns[(towns["town_id"] == town_id).fillna(value=False)] if pd.notna(town_id) else towns[:0]
    )
    ground = own if len(own) else context.district["estates"]
    west, south, east, north = (float(value) for value in ground.total_bounds)
    return west, south, east, north


def _name_towns(
    canvas: Canvas, box: Box, names: Iterable[str], shapes: np.ndarray, keep_free: np.ndarray
) -> None:
    """Write each town's name once inside what is seen of it, clear of the estate's ring."""
    placer = Placer(box)
    placer.take_points(keep_free, 4.0)
    style = TextStyle(7.5, "serif", BLACK)
    for name, shape in zip(names, shapes, strict=True):
        w, h = canvas.fonts.width(name, "serif", 7.5) + 1, 3.4
        if shape.is_empty:
            continue
        largest = max(shapely.get_parts(shape), key=lambda part: part.area)
        centres, cost = within(largest, w, h)
        spot = placer.place(centres, w, h, cost)
        if spot is not None:
            canvas.text(spot.x, spot.y + 1.0, name, style, align="centre", halo=0.3)


def foot_height(context: AtlasContext, themes: int, page_number: PageNumber) -> float:
    """Return the height of legend and notes at the foot of the panel [mm]."""
    canvas = Canvas(1, 1, context.fonts)
    notes = furniture.notes_height(
        canvas, context.layout.panel_room.w, notes_of(context, page_number)
    )
    return -(-themes // legend_columns(context)) * furniture.LEGEND_ROW_MM + 8.4 + notes + 6.4


def apart(points: NDArray[np.object_], view: MapView) -> NDArray[np.object_]:
    """Return `points` [m] without those drawn within the same 3 mm cell as an earlier one."""
    cells = np.floor(shapely.get_coordinates(points) * view.mm_per_m / _MARK_MM)
    _, first = np.unique(cells, axis=0, return_index=True)
    return np.asarray(points[np.sort(first)])


def draw_panel_foot(
    canvas: Canvas, context: AtlasContext, report: PageReport, page_number: PageNumber
) -> None:
    """Draw the legend of what the sheet shows, and the notes, at the foot of the panel."""
    language, room = context.language, context.layout.panel_room
    height = foot_height(context, len(report.drawn), page_number)
    foot = Box(room.x, room.bottom - height, room.w, height)
    with canvas.layer("furniture"):
        note = say("sheet.legend_note", language)
        inner = furniture.section(canvas, foot, say("sheet.legend", language), note)
    end = furniture.draw_legend(
        canvas, inner, report.drawn.values(), language, columns=legend_columns(context)
    )
    with canvas.layer("furniture"):
        rest = Box(room.x, end + 2, room.w, room.bottom - end - 2)
        inner = furniture.section(canvas, rest, say("sheet.notes", language))
        furniture.draw_notes(canvas, inner, notes_of(context, page_number))


def legend_columns(context: AtlasContext) -> int:
    """Return the number of columns of the legend."""
    return int(context.layout.panel_room.w // _SAMPLE_MM)


def draw_estate(
    canvas: Canvas,
    context: AtlasContext,
    estate_id: str,
    themes: Sequence[str],
    title: Title,
    page_number: PageNumber,
) -> PageReport:
    """Draw the map of an estate with `themes`, its furniture and labels; return the report."""
    report, view = PageReport(), estate_view(context, estate_id)
    draw_furniture(canvas, context, replace(title, scale=f"1:{view.scale:,}"), page_number)
    frame = MapFrame(canvas, view, context.style, estate_id)
    seen = draw_themes(frame, context, themes)
    frame.grid()
    furnish(frame, context)
    label_themes(frame, seen, context.language)
    close_map(frame, report, title.words)
    return report
