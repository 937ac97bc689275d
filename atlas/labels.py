"""Labels of buildings, pipes, streets, facilities and gates on a map frame."""

from collections.abc import Iterator, Mapping

import numpy as np
import shapely
from numpy.typing import NDArray

from atlas.feature_source import Features
from atlas.ink import BLACK, RGB, TextStyle
from atlas.mapframe import MapFrame
from atlas.placement import along, around, within
from atlas.text import clean, joined
from layers import ALL
from layers.style import Theme
from wording import Language, Text, numbered

_STREET: RGB = (104, 110, 124)
_STEEP = 50.0
_STRETCHES = 6
_QUIET: RGB = (86, 80, 70)


def label_buildings(frame: MapFrame, rows: Features, language: Language) -> None:
    """Write name, storeys, households and year into each building, less where there is no room."""
    columns = ("name", "building_id", "storeys", "households", "structure", "built_year")
    for shape, *cells in zip(rows.shapes, *(rows.columns[c] for c in columns), strict=True):
        name, key, storeys, households, structure, year = cells
        title = clean(numbered(_known(name) or _known(key), language))
        facts = joined([_count(storeys, "层"), _count(households, "户")])
        built = joined([clean(_known(structure)), _count(year, "年建")])
        polygon = _largest(shape)
        for lines in _building_variants(title, facts, built):
            places = within(polygon, *frame.block_size(lines))
            if frame.label(title, lines, places, halo=0, required=False):
                break
        else:
            lines = wrapped(frame, title, TextStyle(6.0, "bold", BLACK), 30)
            middle = (polygon.centroid.x, polygon.centroid.y)
            frame.label(title, lines, around(middle, *frame.block_size(lines), gap=2.0))


def _building_variants(name: str, facts: str, built: str) -> Iterator[list[tuple[str, TextStyle]]]:
    for size in (10.0, 8.0, 7.0):
        head = [(name, TextStyle(size, "bold", BLACK))]
        if facts and built:
            small = max(6.0, size - 3.0)
            yield [
                *head,
                (facts, TextStyle(small, "sans", _QUIET)),
                (built, TextStyle(6.0, "sans", _QUIET)),
            ]
        if facts:
            yield [*head, (facts, TextStyle(6.0, "sans", _QUIET))]
    for size in (8.0, 7.0, 6.0):
        yield [(name, TextStyle(size, "bold", BLACK))]


def wrapped(
    frame: MapFrame, text: str, style: TextStyle, room: float
) -> list[tuple[str, TextStyle]]:
    """Return the lines of a label no wider than `room` [mm]."""
    wrapped = frame.canvas.fonts.wrap(text, style.face, style.size, room)
    return [(line, style) for line in wrapped]


def label_around(frame: MapFrame, rows: Features, language: Language) -> None:
    """Write the names of surrounding features; one without room is omitted unreported."""
    for shape, name in zip(rows.shapes, rows.columns["name"], strict=True):
        if name is not None:
            lines = [(clean(numbered(name, language)), TextStyle(6.0, "sans", _STREET))]
            places = within(_largest(shape), *frame.block_size(lines))
            frame.label("", lines, places, halo=0, required=False)


def label_pipes(frame: MapFrame, rows: Features, theme: Theme) -> None:
    """Write code and diameter along the longest stretch of each diameter."""
    style = TextStyle(6.0, "bold", theme.ink.stroke or BLACK)
    sizes = rows.numbers("diameter_mm")
    for size in np.unique(sizes):
        own = np.isnan(sizes) if np.isnan(size) else sizes == size
        text = theme.code if np.isnan(size) else f"{theme.code} DN{size:.0f}"
        room = frame.canvas.fonts.width(text, "bold", 6.0) + 4
        lines = _longest(rows.shapes[own])[:_STRETCHES]
        lines = lines[shapely.length(lines) > room]
        if len(lines):
            inside = bool((rows.columns["estate_id"][own] == frame.estate_id).any())
            frame.label_along(text, text, style, along(lines), required=inside)


def label_streets(frame: MapFrame, rows: Features) -> None:
    """Write each street's name once, along its longest stretch."""
    names = rows.columns["name"]
    for name in sorted({str(name) for name in names if name is not None}):
        longest = _longest(rows.shapes[names == name])[:1]
        if len(longest):
            _label_street(frame, clean(name), longest)


def _label_street(frame: MapFrame, name: str, street: NDArray[np.object_]) -> None:
    """Write a name along a street; where it is steep, Chinese is written vertically."""
    style, length = TextStyle(8.0, "serif", _STREET), float(shapely.length(street[0]))
    points, angles, cost = along(street)
    steep = (np.abs(angles) > _STEEP) & (not name.isascii())
    if steep.mean() > 0.5:  # noqa: PLR2004 - most of it
        stacked = [(character, style) for character in name]
        if length > frame.block_size(stacked)[1] + 2:
            frame.label("", stacked, (points[steep], cost[steep]), required=False)
        return
    text = "  ".join(name) if not name.isascii() else name
    if length > frame.canvas.fonts.width(text, "serif", 8.0) + 2:
        where = points[~steep], angles[~steep], cost[~steep]
        frame.label_along("", text, style, where, required=False, halo=0.35)


def label_points(frame: MapFrame, rows: Features, theme: Theme, language: Language) -> None:
    """Name facilities, car parks and gates beside their symbols."""
    codes = ALL[theme.layer].column("kind").codes if "kind" in rows.columns else None
    blank = np.full(len(rows), None, dtype=object)
    columns = [rows.columns.get(c, blank) for c in ("name", "kind", "spaces")]
    points = shapely.get_coordinates(rows.shapes)
    for (x, y), name, kind, bays in zip(points, *columns, strict=True):
        named = clean(numbered(_known(name), language) or _label_of(codes or {}, kind))
        text = joined([named, f"{_known(bays)}位" if _known(bays) else ""], " ")
        if text:
            lines = wrapped(frame, text, TextStyle(6.0, "sans", BLACK), 34)
            w, h = frame.block_size(lines)
            places = around((x, y), w, h, gap=theme.size / 2 + 0.2)
            frame.label(text, lines, places, required=False)


def _known(value: object) -> str:
    return "" if value is None else str(value)


def _label_of(codes: Mapping[str, Text], kind: object) -> str:
    return codes[str(kind)].zh if kind in codes else ""


def _count(value: object, unit: str) -> str:
    return f"{int(str(value))}{unit}" if _known(value) else ""


def _largest(shape: shapely.Geometry) -> shapely.Polygon:
    parts: list[shapely.Polygon] = list(shapely.get_parts(shape))
    return max(parts, key=lambda part: part.area)


def _longest(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return `shapes` [mm] merged end to end, the longest first, without empty ones."""
    parts = shapely.get_parts(shapes)
    merged = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(parts)))
    lengths = shapely.length(merged)
    return np.asarray(merged[np.argsort(-lengths, kind="stable")][: int((lengths > 0).sum())])
