"""Labels: what the map says about buildings, pipes, streets, facilities and gates, and where it may stand."""

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from atlas.ink import BLACK, RGB, Type
from atlas.mapframe import MapFrame
from atlas.placement import along, around, within
from atlas.text import clean, joined
from layers import ALL

_STREET: RGB = (104, 110, 124)
_STEEP = 50.0
_QUIET: RGB = (86, 80, 70)


def label_buildings(frame: MapFrame, rows: gpd.GeoDataFrame) -> None:
    """Write name, storeys, units and households into each building, less where there is less room."""
    for row in rows.itertuples():
        polygon = _largest(row.geometry)
        name = clean(_known(row.name) or _known(row.building_id))
        facts = joined([_count(row.storeys, "层"), _count(row.households, "户")])
        built = joined([_known(row.structure), _count(row.built_year, "年建")])
        for lines in _building_variants(name, facts, built):
            places = within(polygon, *frame.block_size(lines))
            if frame.label(name, lines, places, halo=0, required=False):
                break
        else:
            lines = [(frame.canvas.fonts.fit(name, "bold", 6.0, 30), Type(6.0, "bold", BLACK))]
            middle = (polygon.centroid.x, polygon.centroid.y)
            frame.label(name, lines, around(middle, *frame.block_size(lines), gap=2.0))


def _building_variants(name: str, facts: str, built: str) -> Iterator[list[tuple[str, Type]]]:
    for size in (10.0, 8.0, 7.0):
        head = [(name, Type(size, "bold", BLACK))]
        if facts and built:
            small = max(6.0, size - 3.0)
            yield [*head, (facts, Type(small, "sans", _QUIET)), (built, Type(6.0, "sans", _QUIET))]
        if facts:
            yield [*head, (facts, Type(6.0, "sans", _QUIET))]
    for size in (8.0, 7.0, 6.0):
        yield [(name, Type(size, "bold", BLACK))]


def label_around(frame: MapFrame, rows: gpd.GeoDataFrame, column: str) -> None:
    """Name features that are context: left out without a word where there is no room."""
    for row in rows[rows[column].notna()].itertuples():
        lines = [(clean(getattr(row, column))[:16], Type(6.0, "sans", _STREET))]
        places = within(_largest(row.geometry), *frame.block_size(lines))
        frame.label("", lines, places, halo=0, required=False)


def label_pipes(frame: MapFrame, rows: gpd.GeoDataFrame, code: str) -> None:
    """Write code and diameter along the longest stretch of each diameter."""
    theme_ink = next(t.ink.stroke for t in frame.drawn.values() if t.code == code)
    style = Type(6.0, "bold", theme_ink or BLACK)
    words = [
        code if pd.isna(mm) else f"{code} DN{mm:.0f}" for mm in rows["diameter_mm"].to_numpy(float)
    ]
    for text, group in rows.groupby(pd.Series(words, index=rows.index), sort=True):
        line = _longest(np.asarray(group.geometry.array, dtype=object))
        if line is not None and line.length > frame.canvas.fonts.width(text, "bold", 6.0) + 4:
            frame.label_along(str(text), str(text), style, along(line))


def label_streets(frame: MapFrame, rows: gpd.GeoDataFrame) -> None:
    """Write each street's name once, along its longest stretch."""
    named = rows[rows["name"].notna()]
    for name, group in named.groupby("name", sort=True):
        line = _longest(np.asarray(group.geometry.array, dtype=object))
        if line is not None:
            _label_street(frame, clean(name)[:12], line)


def _label_street(frame: MapFrame, name: str, line: shapely.LineString) -> None:
    """Write a name along a street; Chinese stands upright, one below the other, where it runs north."""
    style = Type(8.0, "serif", _STREET)
    points, angles, cost = along(line)
    if abs(float(np.median(angles))) > _STEEP and not name.isascii():
        stacked = [(character, style) for character in name]
        if line.length > frame.block_size(stacked)[1] + 2:
            frame.label("", stacked, (points, cost), required=False)
        return
    text = "  ".join(name) if not name.isascii() else name
    if line.length > frame.canvas.fonts.width(text, "serif", 8.0) + 2:
        frame.label_along("", text, style, (points, angles, cost), required=False)


def label_points(frame: MapFrame, rows: gpd.GeoDataFrame, layer: str, size: float) -> None:
    """Name facilities, car parks and gates beside their symbols."""
    codes = ALL[layer].column("kind").codes if layer != "entrances" else None
    for row in rows.itertuples():
        kind = codes[row.kind][0] if codes and row.kind in codes else ""
        name = clean(_known(row.name) or kind)
        bays = _known(getattr(row, "spaces", None))
        text = joined([name, f"{bays}位" if bays else ""], " ")
        if text:
            lines = [(frame.canvas.fonts.fit(text, "sans", 6.0, 34), Type(6.0, "sans", BLACK))]
            w, h = frame.block_size(lines)
            point = (row.geometry.x, row.geometry.y)
            places = around(point, w, h, gap=size / 2 + 0.2)
            frame.label(text, lines, places, required=False)


def _known(value: object) -> str:
    return "" if value is None or pd.isna(value) else str(value)


def _count(value: object, unit: str) -> str:
    return f"{int(str(value))}{unit}" if _known(value) else ""


def _largest(shape: shapely.Geometry) -> shapely.Polygon:
    return max(shapely.get_parts(shape), key=lambda part: part.area)


def _longest(shapes: np.ndarray) -> shapely.LineString | None:
    merged = shapely.get_parts(shapely.line_merge(shapely.union_all(shapes)))
    lines = [part for part in merged if part.geom_type == "LineString" and part.length > 0]
    return max(lines, key=lambda line: line.length) if lines else None
