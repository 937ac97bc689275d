"""
Bays: marked where the ground has room for them, beside the lanes along the rows of buildings.

Where the ground is deep enough they stand square to the lane, else along it; between groups of
bays there is a gap for a tree.
"""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely

from demonstration.compound import Compound, Rect, Segment, corners
from demonstration.ground import Ground
from demonstration.rows import CRS, note
from demonstration.traits import Traits

_FROM_LANE_M = 1.8  # from the lane's centre line to the bays
_SQUARE_M, _ALONG_M = (2.5, 5.3), (6.0, 2.2)  # width along the lane and depth of a bay
_LEFT_M = 1.0  # of ground beyond the bays
_GROUP, _GAP_M = 6, 2.4
_FROM_SPINE_M, _FROM_END_M = 5.0, 1.0


@dataclass(frozen=True, slots=True)
class Bays:
    """A group of marked bays: their estate, how many, and their ground in plot coordinates."""

    estate: int
    spaces: int
    rect: Rect


def mark_bays(rng: np.random.Generator, ground: Ground, traits: Traits) -> list[Bays]:
    """
    Mark the bays of every estate: the better it is kept the more, none where nobody did.

    Parameters
    ----------
    rng : numpy.random.Generator
        The stream of this part.
    ground : Ground
    traits : Traits
    """
    households = np.bincount(ground.mix.estate, weights=ground.mix.households)
    wished = households * np.maximum(
        0, 0.75 * traits.upkeep + 0.08 * rng.normal(size=len(households))
    )
    wished[traits.is_abandoned] = 0
    marked: list[Bays] = []
    for compound in ground.compounds:
        left = int(wished[compound.estate])
        for group in _room(compound) if compound.links else []:
            if left >= group.spaces:
                marked.append(group)
                left -= group.spaces
    return marked


def bay_depth(bays: list[Bays], estate: int, lane_y: float) -> float:
    """Return how far the bays along one lane reach north of it [m], 0 where there are none."""
    tops = [b.rect[3] - lane_y for b in bays if b.estate == estate and 0 < b.rect[1] - lane_y < 3]  # noqa: PLR2004
    return max(tops, default=0.0)


def bays_frame(ground: Ground, bays: list[Bays]) -> gpd.GeoDataFrame:
    """Return the bays as rows of the paving layer."""
    blocks = np.array([ground.compounds[each.estate].block for each in bays], dtype=np.int64)
    rects = corners(np.array([each.rect for each in bays]).reshape(-1, 4))
    table = {
        "paving_id": [f"VP{number + 1:04d}" for number in range(len(bays))],
        "kind": "parking",
        "estate_id": [ground.ids[each.estate] for each in bays],
        **note(),
    }
    shapes = shapely.polygons(ground.frame.to_world(blocks, rects))
    return gpd.GeoDataFrame(table, geometry=shapes, crs=CRS)


def _room(compound: Compound) -> list[Bays]:
    """Return the groups of bays that fit north of the lanes of an estate."""
    found = []
    for row in compound.rows:
        deep = _free_depth(compound, row) - _FROM_LANE_M - _LEFT_M
        for width, depth in (_SQUARE_M, _ALONG_M):
            if deep >= depth:
                found += _groups(compound.estate, row, width, depth)
                break
    return found


def _free_depth(compound: Compound, row: Segment) -> float:
    """Return the depth of the ground north of a lane, to the next building or wall [m]."""
    y, tops = row[1], [part[3] for part in compound.parts]
    limits = [top for top in tops if top > y] + [s[1] for s in compound.slots.values() if s[1] > y]
    if compound.hole and compound.hole[1] > y:
        limits.append(compound.hole[1])
    return min(limits, default=y) - y


def _groups(estate: int, row: Segment, width: float, depth: float) -> list[Bays]:
    """Return groups of bays one after the other along a lane."""
    start, y, end, _ = row
    west = min(start, end) + (_FROM_SPINE_M if start < end else _FROM_END_M)
    east = max(start, end) - (_FROM_END_M if start < end else _FROM_SPINE_M)
    found = []
    while east - west >= 2 * width:
        spaces = min(_GROUP, int((east - west) // width))
        low = y + _FROM_LANE_M
        found.append(Bays(estate, spaces, (west, low, west + spaces * width, low + depth)))
        west += spaces * width + _GAP_M
    return found
