"""Paving and walls: carriageways and lanes as surfaces, and the walls round every estate."""

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import shapely

from demonstration.compound import Compound, Segment
from demonstration.ground import Ground
from demonstration.rows import CRS, note
from geo.arrays import FloatArray

_KERB_M = 2.6  # from the middle of the sidewalk to the kerb; trees stand between
_LANE_HALF_M, _GATE_HALF_M, _TOUCHES_M = 1.7, 2.4, 0.01


def paving_frame(ground: Ground) -> gpd.GeoDataFrame:
    """Return the paving layer: carriageways between the blocks and the estates' lanes."""
    frame, streets = ground.frame, ground.streets
    roads = _strips(frame.junction, frame.street_half - _KERB_M)
    is_lane = np.isin(streets.kind, ["lane", "path"]) & (streets.estate >= 0)
    lanes = _strips(streets.lines[is_lane], np.full(is_lane.sum(), _LANE_HALF_M))
    ids = np.array([*ground.ids, None], dtype=object)
    owner = np.concatenate([np.full(len(roads), -1), streets.estate[is_lane]])
    table = {
        "paving_id": [f"V{number + 1:06d}" for number in range(len(owner))],
        "kind": "road",
        "estate_id": ids[owner],
        **note(),
    }
    shapes = shapely.polygons(np.concatenate([roads, lanes]))
    return gpd.GeoDataFrame(table, geometry=shapes, crs=CRS)


def walls_frame(rng: np.random.Generator, ground: Ground) -> gpd.GeoDataFrame:
    """Return the walls layer: enclosure walls with a gap at every open gate."""
    lines, owner = [], []
    for compound in ground.compounds:
        local = np.array(list(_walls(compound))).reshape(-1, 2, 2)
        lines.append(ground.frame.to_world(compound.block, local))
        owner += [ground.ids[compound.estate]] * len(local)
    table = {
        "wall_id": [f"Q{number + 1:05d}" for number in range(len(owner))],
        "kind": "enclosure",
        "estate_id": owner,
        "height_m": np.round(1.6 + 0.9 * rng.random(len(owner)), 1),
        **note(),
    }
    return gpd.GeoDataFrame(table, geometry=shapely.linestrings(np.concatenate(lines)), crs=CRS)


def _strips(lines: FloatArray, half_m: FloatArray) -> FloatArray:
    """Return the rectangle round each line, shape (n, 4, 2)."""
    run = lines[:, 1] - lines[:, 0]
    along = run / np.hypot(run[:, 0], run[:, 1])[:, None]
    left = np.stack([-along[:, 1], along[:, 0]], axis=1) * half_m[:, None]
    start, end = lines[:, 0], lines[:, 1]
    ring: FloatArray = np.stack([start - left, end - left, end + left, start + left], axis=1)
    return np.round(ring, 4)


def _walls(compound: Compound) -> Iterator[Segment]:
    """Yield the sides of every part, cut at the open gates that lie on them."""
    gates = [point for point, is_open in compound.gates if is_open]
    for west, south, east, north in compound.parts:
        for y in (south, north):
            at = [gate[0] for gate in gates if abs(gate[1] - y) < _TOUCHES_M]
            yield from ((one, y, other, y) for one, other in _cut(west, east, at))
        for x in (west, east):
            at = [gate[1] for gate in gates if abs(gate[0] - x) < _TOUCHES_M]
            yield from ((x, one, x, other) for one, other in _cut(south, north, at))


def _cut(low: float, high: float, gates: list[float]) -> Iterator[tuple[float, float]]:
    """Yield the pieces of a side between its gates."""
    start = low
    for gate in sorted(gate for gate in gates if low < gate < high):
        yield start, gate - _GATE_HALF_M
        start = gate + _GATE_HALF_M
    yield start, high
