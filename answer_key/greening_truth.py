"""
Near cases of the greening check: plantings at 0.99 and 1.01 of every clearance, with the answer.

The distances below are the answer key, written down by hand from the clearance tables (the stricter
of CJJ 75-97 and GB 50289-2016, and of the two building tables); the check reads them from the
rulebook, so the two can disagree and a test would show it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from demonstration.grounds import sides
from geo.arrays import FloatArray

PIPES = {
    ("JS", "JP", "direct"): (1.5, 1.0),
    ("PS", "WS", "direct"): (1.5, 1.0),
    ("PS", "YS", "direct"): (1.5, 1.0),
    ("RQ", "TR", "direct"): (1.2, 1.2),
    ("RL", "RS", "direct"): (1.5, 1.5),
    ("DL", "GD", "direct"): (1.0, 1.0),
    ("TX", "XX", "duct"): (1.5, 1.0),
}
"""Required of trees and shrubs [m] by kind, sub-kind and laying."""

WINDOWED, BLANK, LOW_WALL, HIGH_WALL = (3.0, 1.5), (2.0, 1.5), (1.0, 0.5), (2.0, 0.5)
POLES = {"lamp": 2.0, "power": 1.5, "telecom": 1.5}
KERB, OVERHEAD_10KV, OVERHEAD_10KV_ABOVE = 0.75, 2.0, 1.5
_CROWN_M, _TREE_HEIGHT_M = 3.0, 5.0  # mature, of the tree planted here
_SPECIES = {"tree": "malus_micromalus", "shrub": "lonicera_maackii"}
_LONG_M = 12.0  # a pipe long enough to take a row of cases
_STEP_M, _DENSE_M = 2.0, 0.5  # between the cases of a row; at a gable, far from its corners
_EACH = 2  # instances of every object
_FACTORS = (0.99, 1.01)


def near_cases(frames: Mapping[str, gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    """
    Return the near cases: points with `estate_id`, `kind`, `species_id` and the answer.

    Parameters
    ----------
    frames : mapping of str to geopandas.GeoDataFrame
        `pipelines`, `buildings`, `walls`, `paving`, `poles`, `overhead_lines`, `fire_lanes`.
    """
    makers = (_by_pipes, _by_buildings, _by_enclosures, _by_lines, _by_poles, _by_ground)
    rows = [row for maker in makers for row in maker(frames)]
    table = pd.DataFrame(rows)
    table["species_id"] = table["kind"].map(_SPECIES)
    points = [shapely.Point(*np.round(place, 4)) for place in table.pop("place")]
    return gpd.GeoDataFrame(table, geometry=points, crs=frames["pipelines"].crs)


def _row(  # noqa: PLR0913 - the cells of the answer key
    place: FloatArray,
    thing: Any,  # noqa: ANN401 - a row of any layer
    object_layer: str,
    object_id: str,
    *,
    kind: str,
    required_m: float,
    distance_m: float,
    verdict: str,
) -> dict[str, object]:
    return {
        "place": place,
        "estate_id": thing.estate_id,
        "kind": kind,
        "object_layer": object_layer,
        "object_id": object_id,
        "required_m": required_m,
        "distance_m": distance_m,
        "verdict": verdict,
        "how": f"{distance_m:.4f} m where {required_m:g} m is required",
    }


def _beside(
    start: FloatArray, end: FloatArray, count: int, step_m: float = _STEP_M
) -> tuple[FloatArray, FloatArray]:
    """Return `count` places along the middle of a segment, and the unit normal to its right."""
    along = (end - start) / np.hypot(*(end - start))
    offsets = (np.arange(count) - (count - 1) / 2) * step_m
    middle = (start + end) / 2
    return middle + offsets[:, None] * along, np.array([along[1], -along[0]])


def _expected(distance: float, required: float, accuracy: float) -> str:
    """Answer by hand: too close; hidden by the survey's accuracy, or never surveyed; or met."""
    if distance < required:
        return "short"
    if np.isnan(accuracy) or distance - accuracy < required:
        return "verify"
    return "met"


def _by_pipes(frames: Mapping[str, gpd.GeoDataFrame]) -> Iterator[dict[str, object]]:
    """Trees and shrubs at 0.99 and 1.01 of the clearance, and the same beyond the accuracy."""
    pipes = frames["pipelines"]
    long = pipes[pipes["estate_id"].notna() & (pipes.length >= _LONG_M)]
    for (kind, sub, laid), required in PIPES.items():
        alike = long[(long["kind"] == kind) & (long["sub_kind"] == sub) & (long["laid"] == laid)]
        for pipe in _some(alike):
            blank = any(np.isnan([pipe.depth_m, pipe.accuracy_m, pipe.diameter_mm]))
            accuracy = np.nan if blank else pipe.accuracy_m
            wanted = [
                (plant, need, extra + factor * need)
                for plant, need in zip(("tree", "shrub"), required, strict=True)
                for extra in (0.0, float(np.nan_to_num(accuracy)))
                for factor in _FACTORS
            ]
            start, end = shapely.get_coordinates(pipe.geometry)[[0, -1]]
            places, normal = _beside(start, end, len(wanted))
            half = np.nan_to_num(pipe.diameter_mm) / 2000
            for place, (plant, need, gap) in zip(places, wanted, strict=True):
                yield _row(
                    place + normal * (half + gap),
                    pipe,
                    "pipelines",
                    pipe.pipe_id,
                    kind=plant,
                    required_m=need,
                    distance_m=gap,
                    verdict=_expected(gap, need, accuracy),
                )


def _by_buildings(frames: Mapping[str, gpd.GeoDataFrame]) -> Iterator[dict[str, object]]:
    """South fronts have windows, gables none where surveyed; else every wall is windowed."""
    buildings, walls = frames["buildings"], frames["walls"]
    buildings = buildings[buildings["estate_id"].notna()]
    seen = buildings["building_id"].isin(walls["building_id"].dropna())
    for surveyed in (True, False):
        some = _first(buildings[seen == surveyed])
        for building, edges in zip(list[Any](some.itertuples()), sides(some), strict=True):
            gable = BLANK if surveyed else WINDOWED
            for edge, required in ((edges[0], WINDOWED), (edges[1], gable)):
                yield from _cases(building, edge, required, "buildings", building.building_id)


def _by_enclosures(frames: Mapping[str, gpd.GeoDataFrame]) -> Iterator[dict[str, object]]:
    """Walls below 2 m, and walls of 2 m and more."""
    walls = frames["walls"]
    walls = walls[(walls["kind"] == "enclosure") & (walls.length >= _LONG_M)]
    is_low = walls["height_m"].astype("float64") < 2.0  # noqa: PLR2004 - the tables' own limit
    for low, required in ((True, LOW_WALL), (False, HIGH_WALL)):
        for wall in _some(walls[is_low == low]):
            edge = shapely.get_coordinates(wall.geometry)[[0, -1]]
            yield from _cases(wall, edge, required, "walls", wall.wall_id)


def _by_lines(frames: Mapping[str, gpd.GeoDataFrame]) -> Iterator[dict[str, object]]:
    """Beside 10 kV lines of known height: 1.0 m from the mature crown, or 1.5 m above the tree."""
    lines = frames["overhead_lines"]
    known = lines[lines["height_m"].notna()].drop_duplicates("height_m")
    for line in _some(known):
        start, end = shapely.get_coordinates(line.geometry)[[0, -1]]
        need = OVERHEAD_10KV + _CROWN_M / 2
        gaps = [0.99 * need, line.accuracy_m + 0.99 * need, line.accuracy_m + 1.01 * need]
        places, normal = _beside(start, end, len(gaps))
        is_high = line.height_m - _TREE_HEIGHT_M >= OVERHEAD_10KV_ABOVE
        for place, gap in zip(places, gaps, strict=True):
            yield _row(
                place + normal * gap,
                line,
                "overhead_lines",
                line.line_id,
                kind="tree",
                required_m=need,
                distance_m=gap,
                verdict="met" if is_high else _expected(gap, need, line.accuracy_m),
            )


def _by_poles(frames: Mapping[str, gpd.GeoDataFrame]) -> Iterator[dict[str, object]]:
    poles = frames["poles"]
    for kind, need in POLES.items():
        for pole in _some(poles[poles["kind"] == kind]):
            foot = shapely.get_coordinates(pole.geometry)[0]
            for factor, away in zip(_FACTORS, ((1.0, 0.0), (-1.0, 0.0)), strict=True):
                gap = factor * need
                yield _row(
                    foot + np.array(away) * gap,
                    pole,
                    "poles",
                    pole.pole_id,
                    kind="tree",
                    required_m=need,
                    distance_m=gap,
                    verdict=_expected(gap, need, 0.0),
                )


def _by_ground(frames: Mapping[str, gpd.GeoDataFrame]) -> Iterator[dict[str, object]]:
    """Kerbs, fire lanes (the trunk outside) and climbing areas (the crown outside)."""
    paving, lanes = frames["paving"], frames["fire_lanes"]
    for road in _some(paving[paving["kind"] == "road"]):
        yield from _cases(road, _edge(road.geometry), (KERB,), "paving", road.paving_id)
    for area in _some(lanes[lanes["kind"] == "climbing"]):
        edge = _edge(area.geometry)
        yield from _cases(area, edge, (_CROWN_M / 2,), "fire_lanes", area.lane_id)


def _cases(
    thing: Any,  # noqa: ANN401 - a row of any layer
    edge: FloatArray,
    required: tuple[float, ...],
    object_layer: str,
    object_id: str,
) -> Iterator[dict[str, object]]:
    """Stand at 0.99 and 1.01 of each requirement off the middle of an edge, to its right."""
    wanted = [
        (kind, need, factor * need)
        for kind, need in zip(("tree", "shrub"), required, strict=False)
        for factor in _FACTORS
    ]
    places, normal = _beside(edge[0], edge[1], len(wanted), _DENSE_M)
    for place, (kind, need, gap) in zip(places, wanted, strict=True):
        yield _row(
            place + normal * gap,
            thing,
            object_layer,
            object_id,
            kind=kind,
            required_m=need,
            distance_m=gap,
            verdict=_expected(gap, need, 0.0),
        )


def _first(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the first of each of the first few estates."""
    return frame[frame["estate_id"].notna()].drop_duplicates("estate_id").head(_EACH)


def _some(frame: gpd.GeoDataFrame) -> list[Any]:
    """Return the rows of `_first`."""
    return list(_first(frame).itertuples())


def _edge(polygon: shapely.Polygon) -> FloatArray:
    """Return the longest edge of a polygon, shape (2, 2), with the outside on its right."""
    points = shapely.get_coordinates(shapely.orient_polygons(polygon))
    edges = np.stack([points[:-1], points[1:]], axis=1)
    longest: FloatArray = edges[np.argmax(np.hypot(*(edges[:, 1] - edges[:, 0]).T))]
    return longest
