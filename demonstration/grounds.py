"""
What stands around the greening sites: windows of walls, poles, overhead lines, fire ground.

All of it is derived from the layers already drawn, from a stream of its own: adding it changed
none of them.
"""

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from demonstration.rows import CRS, note
from geo.arrays import FloatArray

_LANE_M = 4.0  # of lanes kept free for fire engines whose width nobody measured
_SURVEYED_SHARE = 0.7  # of the buildings whose windows were looked at
_LAMP_STEP_M, _LAMP_ASIDE_M = 22.0, 2.6
_CONDUCTOR_HEIGHTS_M = (9.0, np.nan, 6.0)  # in turn; one was never measured
_CLIMBING_M = ((5.0, 9.0), 12.0)  # from and to the north wall, length


def grounds(
    rng: np.random.Generator, frames: Mapping[str, gpd.GeoDataFrame]
) -> dict[str, gpd.GeoDataFrame]:
    """
    Return the layers `walls` (building walls added), `poles`, `overhead_lines` and `fire_lanes`.

    Parameters
    ----------
    rng : numpy.random.Generator
        The stream of this part.
    frames : mapping of str to geopandas.GeoDataFrame
        `estates`, `buildings`, `walls` and `walkways` as drawn, in the working CRS.
    """
    buildings = frames["buildings"]
    buildings = buildings[buildings["estate_id"].notna()].reset_index(drop=True)
    lanes = frames["walkways"]
    lanes = lanes[lanes["estate_id"].notna() & (lanes["kind"] == "lane")]
    return {
        "walls": pd.concat([frames["walls"], building_walls(rng, buildings)], ignore_index=True),
        "poles": _poles(rng, lanes),
        "overhead_lines": _overhead(frames["estates"]),
        "fire_lanes": fire_lanes(buildings, lanes),
    }


def layer(rows: Mapping[str, object], shapes: object, key: str, prefix: str) -> gpd.GeoDataFrame:
    """Return an invented layer with running ids."""
    found = gpd.GeoDataFrame(pd.DataFrame(rows), geometry=list(shapes), crs=CRS)  # type: ignore[call-overload]
    ids = [f"{prefix}{number + 1:04d}" for number in range(len(found))]
    return found.assign(**{key: ids}, **note())


def sides(buildings: gpd.GeoDataFrame) -> FloatArray:
    """Return the sides of rectangles, shape (n, 4, 2, 2): south, east, north, west."""
    rings = shapely.get_coordinates(np.asarray(buildings.geometry.exterior.array))
    corner = rings.reshape(-1, 5, 2)[:, :4]
    every = np.stack([corner, np.roll(corner, -1, axis=1)], axis=2)
    middle = every.mean(axis=2)
    centre = corner.mean(axis=1, keepdims=True)
    away = middle - centre
    angle = np.arctan2(away[..., 1], away[..., 0])
    turned = (angle + np.pi / 2 + np.pi / 4) % (2 * np.pi)  # south first, then counter-clockwise
    order = np.argsort(turned, axis=1)
    return np.take_along_axis(every, order[:, :, None, None], axis=1)


def building_walls(rng: np.random.Generator, buildings: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return blank gables and windowed fronts of the buildings that were looked at."""
    looked = np.flatnonzero(rng.random(len(buildings)) < _SURVEYED_SHARE)
    lines = np.asarray(shapely.linestrings(sides(buildings)[looked].reshape(-1, 2, 2)))
    own = buildings.iloc[np.repeat(looked, 4)]
    rows = {
        "kind": "building",
        "building_id": own["building_id"].to_numpy(),
        "estate_id": own["estate_id"].to_numpy(),
        "has_windows": np.tile([True, False], len(looked) * 2),
        "height_m": np.nan,
    }
    return layer(rows, lines, "wall_id", "BW")


def _poles(rng: np.random.Generator, lanes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Lamps on one side of the lanes; now and then a pole of another kind."""
    points, owner = [], []
    for line, estate in zip(lanes.geometry, lanes["estate_id"], strict=True):
        beside = shapely.offset_curve(line, _LAMP_ASIDE_M)
        along = np.arange(_LAMP_STEP_M / 2, line.length, _LAMP_STEP_M)
        points += list(shapely.line_interpolate_point(beside, along))
        owner += [estate] * len(along)
    kinds = rng.choice(np.array(["lamp", "power", "telecom"]), len(points), p=[0.8, 0.1, 0.1])
    return layer({"kind": kinds, "estate_id": owner}, points, "pole_id", "PO")


def _overhead(estates: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """One 10 kV line across every third estate, some of unknown height."""
    crossed = estates.iloc[::3]
    bounds = crossed.bounds
    middle = (bounds["minx"] + bounds["maxx"]).to_numpy() / 2.0
    ends = np.stack(
        [
            np.stack([middle, bounds["miny"].to_numpy()], axis=1),
            np.stack([middle, bounds["maxy"].to_numpy()], axis=1),
        ],
        axis=1,
    )
    rows = {
        "name": "样例10千伏线",
        "voltage_kv": np.full(len(crossed), 10.0),
        "height_m": np.resize(_CONDUCTOR_HEIGHTS_M, len(crossed)),
        "accuracy_m": np.full(len(crossed), 0.1),
        "estate_id": crossed["estate_id"].to_numpy(),
    }
    return layer(rows, shapely.linestrings(np.round(ends, 4)), "line_id", "OH")


def fire_lanes(buildings: gpd.GeoDataFrame, lanes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Draw the estates' lanes, and a climbing area before the north wall of every building."""
    (low, high), length = _CLIMBING_M
    north = sides(buildings)[:, 2]
    along = north[:, 1] - north[:, 0]
    unit = along / np.hypot(along[:, 0], along[:, 1])[:, None]
    outward = np.stack([unit[:, 1], -unit[:, 0]], axis=1)
    middle = north.mean(axis=1)
    corner = [(-length / 2, low), (length / 2, low), (length / 2, high), (-length / 2, high)]
    rings = np.stack([middle + unit * a + outward * b for a, b in corner], axis=1)
    width_m = lanes["width_m"].fillna(_LANE_M).to_numpy(dtype=np.float64)
    strips = shapely.buffer(np.asarray(lanes.geometry.array), width_m / 2, cap_style="flat")
    rows = {
        "kind": ["climbing"] * len(buildings) + ["lane"] * len(lanes),
        "estate_id": [*buildings["estate_id"], *lanes["estate_id"]],
    }
    areas = np.asarray(shapely.polygons(np.round(rings, 4)), dtype=object)
    return layer(rows, [*areas, *strips], "lane_id", "FL")
