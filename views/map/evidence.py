"""What is drawn over the map for a finding or a service area, as small JSON of lat, lon pairs."""

from collections.abc import Iterator
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.geojson import display_geometries
from rules.reach import WithinReach
from wording import Language, say

LatLon = list[float]
_SPOTS = 400


def finding_evidence(findings: gpd.GeoDataFrame, language: Language) -> list[dict[str, Any]]:
    """
    Return what each finding draws: a route walked, or the places it names.

    Parameters
    ----------
    findings : geopandas.GeoDataFrame
        Rows of the findings, in a CRS of metres.
    language : {"zh", "en"}
        The language of length, straight length and threshold.

    Returns
    -------
    list of dict
        In the order of `findings`. ``route``: the line walked, the straight line, the tick at the
        threshold (None where the walk ends before it) and their texts; or ``spots``, points, at
        most 400; or nothing, where the finding has no geometry.
    """
    shapes = findings[[findings.geometry.name]].reset_index(drop=True)
    kinds = shapes.geom_type.fillna("").astype(object)
    walked, named = kinds == "LineString", ~kinds.isin(("", "LineString"))
    drawn: list[dict[str, Any]] = [{} for _ in range(len(shapes))]
    for row, route in _routes(shapes[walked].geometry, findings[walked.to_numpy()], language):
        drawn[row] = {"route": route}
    for row, spots in _spots(shapes[named].geometry):
        drawn[row] = {"spots": spots}
    return drawn


def _routes(
    lines: gpd.GeoSeries, findings: pd.DataFrame, language: Language
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the row and the route of each line."""
    lengths_m = lines.length.to_numpy(dtype=float)
    thresholds = findings["threshold"].to_numpy(dtype=float, na_value=np.nan)
    metres = np.array([unit == "m" for unit in findings["unit"]], dtype=bool)
    passed = metres & (thresholds > 0) & (thresholds < lengths_m)
    ticks = lines.interpolate(np.where(passed, thresholds, 0.0))
    ways = [[_flip(xy) for xy in line] for line in _coordinates(lines)]
    marks = [_flip(xy) for xy in _coordinates(ticks)]
    by_line = lines.get_coordinates().groupby(level=0)
    east, north = (by_line.last() - by_line.first()).reindex(lines.index).to_numpy().T
    straight_m = np.hypot(east, north)
    for place, row in enumerate(lines.index):
        way = ways[place]
        route: dict[str, Any] = {
            "line": way,
            "straight": [way[0], way[-1]],
            "text": say("map.walk_metres", language, m=f"{lengths_m[place]:,.0f}"),
            "straightText": say("map.straight_metres", language, m=f"{straight_m[place]:,.0f}"),
            "tick": None,
        }
        if passed[place]:
            route["tick"] = marks[place]
            route["tickText"] = say("map.limit_metres", language, m=f"{thresholds[place]:,.0f}")
        yield int(row), route


def _spots(shapes: gpd.GeoSeries) -> Iterator[tuple[int, list[LatLon]]]:
    """Yield the row of each shape and the places it names, by one point each."""
    exploded = shapes.explode(index_parts=False)
    parts = exploded[exploded.groupby(level=0).cumcount() < _SPOTS]
    points = [_flip(xy) for xy in _coordinates(gpd.GeoSeries(parts).representative_point())]
    rows = parts.index.to_numpy()
    for row in np.unique(rows).tolist():
        yield row, [point for point, own in zip(points, rows, strict=True) if own == row]


def area_evidence(reach: WithinReach) -> dict[str, Any]:
    """Return the ground within reach as rings of lat, lon pairs; empty if nothing is reached."""
    geometry = display_geometries(reach.area, "service area")[0]
    if geometry is None or not geometry["coordinates"]:
        return {}
    many = geometry["coordinates"]
    parts = [many] if geometry["type"] == "Polygon" else many
    return {"area": {"rings": [[[_flip(xy) for xy in ring] for ring in part] for part in parts]}}


def _coordinates(shapes: gpd.GeoSeries) -> list[Any]:
    """Return the coordinates of points or lines, longitude and latitude."""
    drawn = display_geometries(shapes, "evidence")
    return [geometry["coordinates"] for geometry in drawn if geometry is not None]


def _flip(xy: list[float]) -> LatLon:
    return [xy[1], xy[0]]
