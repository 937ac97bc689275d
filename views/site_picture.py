"""
A picture of one greening site: its surroundings, every planting by its verdict, dimensions.

An SVG image: it carries no script, and every text in it is escaped.
"""

from collections.abc import Iterator
from html import escape
from typing import Any

import geopandas as gpd
import pandas as pd

from clearances.verdict import ClearanceVerdict
from greening.review import Review
from greening.suggest import Action, Suggestion
from layers.style import css_colour, layer_styles
from views.svg import PictureWindow, label, path, picture, rings, scale_bar

_MARGIN_M, _CLOSE_M, _LABEL_STEPS = 6.0, 5.0, 7
_KEY_SIGNS = 6
COLOURS = {
    ClearanceVerdict.SHORT: "#b3261e",
    ClearanceVerdict.VERIFY: "#b26a00",
    ClearanceVerdict.UNKNOWN: "#6b6b6b",
    ClearanceVerdict.MET: "#1b7f3b",
}
_FILLS = (
    ("greening_sites", "#eef6e8", "#7ba05b"),
    ("paving", "#ececec", "#c9c9c9"),
    ("fire_lanes", "#fbe3e0", "#d98880"),
    ("buildings", "#d9dde3", "#8a94a3"),
)
_OVERHEAD = "#7a3fb0"


def site_picture(review: Review, site_id: str, finding_id: str = "") -> str:
    """
    Return the SVG of a site.

    Parameters
    ----------
    review : Review
        What is shown.
    site_id : str
        Which site.
    finding_id : str, default ""
        A finding of the check to look at closely.
    """
    pairs = review.found.pairs
    closely = pairs[(pairs["finding_id"] == finding_id) & (pairs["site_id"] == site_id)]
    view = _view(review, site_id, closely)
    plant_id = str(closely["plant_id"].iloc[0]) if len(closely) else ""
    parts = [
        *_surfaces(view, review),
        *_ground(view, review, site_id),
        *_lines(view, review),
        *_dots(view, review),
        *_plantings(view, review, plant_id),
        *_dimensions(view, review, site_id, closely),
        *scale_bar(view, 5),
    ]
    return picture(view, parts)


def _view(review: Review, site_id: str, closely: gpd.GeoDataFrame) -> PictureWindow:
    sites = review.district["greening_sites"]
    margin = _CLOSE_M if len(closely) else _MARGIN_M
    shown = closely if len(closely) else sites[sites["site_id"] == site_id]
    west, south, east, north = shown.total_bounds
    lack = max(0.0, 0.45 * (east - west) - (north - south)) / 2  # never a mere strip
    wide = max(0.0, 0.9 * (north - south) - (east - west)) / 2
    return PictureWindow(
        west - margin - wide, south - margin - lack, east + margin + wide, north + margin + lack
    )


def _surfaces(view: PictureWindow, review: Review) -> Iterator[str]:
    for layer, fill, line in _FILLS:
        for shape in _shapes(view.see(review.district[layer])):
            yield f'<path d="{path(view, shape)}" fill="{fill}" stroke="{line}"/>'


def _ground(view: PictureWindow, review: Review, site_id: str) -> Iterator[str]:
    ground = review.ground[review.ground["site_id"] == site_id]
    for shape in ground.geometry[~ground.geometry.is_empty]:
        yield f'<path d="{path(view, shape)}" fill="#bfe3a8" stroke="none"/>'


def _lines(view: PictureWindow, review: Review) -> Iterator[str]:
    seen = view.see(review.district["pipelines"])
    style = layer_styles()["pipelines"]
    colours = [css_colour(theme.ink.stroke) for theme in style.themes]
    for place, (pipe, theme) in enumerate(zip(_rows(seen), style.theme_of_rows(seen), strict=True)):
        colour = colours[theme]
        wide = 0.0 if pd.isna(pipe.diameter_mm) else pipe.diameter_mm / 1000 * view.scale
        yield (
            f'<path d="{path(view, pipe.geometry)}" fill="none" stroke="{colour}" '
            f'stroke-width="{max(wide, 2.0):.1f}"/>'
        )
        x, y = view.at(*_beside_middle(view, pipe.geometry, place))
        yield f'<text x="{x:.1f}" y="{y - 5:.1f}" fill="{colour}">{escape(pipe.kind)}</text>'
    for line in _shapes(view.see(review.district["overhead_lines"])):
        yield (
            f'<path d="{path(view, line)}" fill="none" stroke="{_OVERHEAD}" '
            'stroke-width="2" stroke-dasharray="9 4 2 4"/>'
        )


def _dots(view: PictureWindow, review: Review) -> Iterator[str]:
    for point in _shapes(view.see(review.district["poles"])):
        x, y = view.at(point.x, point.y)
        yield f'<rect x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8" fill="#333333"/>'
    for point in _shapes(view.see(review.district["trees"])):
        x, y = view.at(point.x, point.y)
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="#9bb98f" stroke="#5d7a52"/>'


def _dimensions(
    view: PictureWindow, review: Review, site_id: str, closely: gpd.GeoDataFrame
) -> Iterator[str]:
    """Draw the dimension line of everything that does not pass, or of the one looked at."""
    pairs = review.found.pairs
    failing = (pairs["site_id"] == site_id) & (pairs["verdict"] != ClearanceVerdict.MET)
    for pair in _rows(closely if len(closely) else pairs[failing]):
        x1, y1 = view.at(pair.plant_east_m, pair.plant_north_m)
        x2, y2 = view.at(pair.foot_east_m, pair.foot_north_m)
        colour = COLOURS[ClearanceVerdict(pair.verdict)]
        yield (
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
            f'stroke="{colour}" stroke-width="{3 if len(closely) else 1.5}"/>'
            f'<circle cx="{x2:.1f}" cy="{y2:.1f}" r="3" fill="{colour}"/>'
        )
        if len(closely):
            gap = f"{pair.distance_m:.3f} m ({pair.required_m:.2f} m)"
            yield label((x1 + x2) / 2 + 12, (y1 + y2) / 2, gap, colour, large=True)


def _plantings(view: PictureWindow, review: Review, plant_id: str) -> Iterator[str]:
    plants = review.found.plants
    proposed = view.see(plants[plants["plant_layer"] == "plantings"])
    design = review.district["plantings"].set_index("planting_id")
    moves = {one.planting_id: one for one in review.suggested}
    for plant in _rows(proposed):
        x, y = view.at(plant.geometry.x, plant.geometry.y)
        colour = COLOURS[ClearanceVerdict(plant.verdict)]
        yield from _ghost(view, design.loc[plant.plant_id], (x, y))
        yield from _arrow(view, moves.get(plant.plant_id), (x, y))
        ring = 3 if plant.plant_id == plant_id else 1
        radius = 7 if plant.kind == "tree" else 5
        yield (
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{colour}" '
            f'stroke="#111111" stroke-width="{ring}"/>'
        )
        yield label(x + 9, y - 4, _tag(str(plant.number), plant.plant_id), "#111111")


def _tag(number: str, plant_id: str) -> str:
    """Return a planting's number; a long key used in its place is shortened."""
    if number != plant_id or len(number) <= _KEY_SIGNS:
        return number
    return f"…{number[-_KEY_SIGNS:]}"


def _ghost(view: PictureWindow, row: pd.Series, now: tuple[float, float]) -> Iterator[str]:
    """Draw where the designer had put a planting that was moved."""
    if pd.isna(row["design_east_m"]):
        return
    x, y = view.at(row["design_east_m"], row["design_north_m"])
    yield (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="7" fill="none" stroke="#777777" '
        f'stroke-dasharray="3 2"/><line x1="{x:.1f}" y1="{y:.1f}" x2="{now[0]:.1f}" '
        f'y2="{now[1]:.1f}" stroke="#777777" stroke-dasharray="3 3"/>'
    )


def _arrow(view: PictureWindow, one: Suggestion | None, now: tuple[float, float]) -> Iterator[str]:
    """Draw the suggested position of a planting, or a cross if there is none."""
    if one is None:
        return
    if one.action is Action.REMOVE:
        x, y = now
        yield (
            f'<path d="M{x - 9:.1f} {y - 9:.1f}L{x + 9:.1f} {y + 9:.1f}M{x + 9:.1f} {y - 9:.1f}'
            f'L{x - 9:.1f} {y + 9:.1f}" stroke="#b3261e" stroke-width="2"/>'
        )
        return
    x, y = view.at(*one.there)
    yield (
        f'<line x1="{now[0]:.1f}" y1="{now[1]:.1f}" x2="{x:.1f}" y2="{y:.1f}" stroke="#1b5faa" '
        f'stroke-width="1.5" stroke-dasharray="5 3"/>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6" fill="none" stroke="#1b5faa" stroke-width="2"/>'
    )


def _rows(frame: pd.DataFrame) -> list[Any]:
    return list(frame.itertuples())


def _shapes(frame: gpd.GeoDataFrame) -> list[Any]:
    return list(frame.geometry)


def _beside_middle(view: PictureWindow, shape: Any, place: int) -> tuple[float, float]:  # noqa: ANN401
    """Return a point of a line near the middle of the picture, another for each `place`."""
    points = next(rings(shape.__geo_interface__))
    (x0, y0), (x1, y1) = points[0][:2], points[-1][:2]
    shift = (place % _LABEL_STEPS - _LABEL_STEPS // 2) * (view.north - view.south) / _LABEL_STEPS
    aim = ((view.west + view.east) / 2 + shift, (view.south + view.north) / 2 + shift)
    along = [(x0 + (x1 - x0) * s / 40, y0 + (y1 - y0) * s / 40) for s in range(41)]
    return min(along, key=lambda p: (p[0] - aim[0]) ** 2 + (p[1] - aim[1]) ** 2)
