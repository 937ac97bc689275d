"""Green space: lawns before the south walls of the rows, parks, and the banks of the canal."""

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from demonstration.bays import Bays, bay_depth
from demonstration.compound import Compound, Rect, corners
from demonstration.frame import Frame
from demonstration.grid import CANAL_HALF_M
from demonstration.ground import Ground
from demonstration.rows import CRS, note
from demonstration.traits import Traits
from geo.arrays import IntArray

_FROM_WALL_M, _FROM_ROW_M, _FROM_ENCLOSURE_M = 1.5, 2.2, 3.4  # of a lawn
_LEAST_M = 2.0  # depth of a lawn
_CONCENTRATED_M, _CONCENTRATED_M2 = 8.0, 400.0
_MOST = 0.85  # of the ground before a wall
_GAP_M = 1.5  # of hard ground between a lawn and the end of the wall


@dataclass(frozen=True, slots=True)
class Bed:
    """A lawn of an estate in plot coordinates; concentrated ones count as 集中绿地."""

    estate: int
    rect: Rect
    is_concentrated: bool = False

    @property
    def area_m2(self) -> float:
        """Area [m2]."""
        west, south, east, north = self.rect
        return (east - west) * (north - south)

    @property
    def width_m(self) -> float:
        """The shorter side [m]."""
        west, south, east, north = self.rect
        return min(east - west, north - south)


def lay_lawns(
    rng: np.random.Generator, ground: Ground, traits: Traits, bays: list[Bays]
) -> list[Bed]:
    """
    Lay lawns on the ground that rows, lanes and bays leave; where nobody looks after them, few.

    Parameters
    ----------
    rng : numpy.random.Generator
        The stream of this part.
    ground : Ground
    traits : Traits
    bays : list of Bays
        Marked in the estates.
    """
    beds = []
    for compound in ground.compounds:
        at = compound.estate
        share = float(np.clip(0.15 + 0.75 * traits.upkeep[at] + 0.1 * rng.normal(), 0.1, _MOST))
        for west, south, east, north in _grounds(compound, bays):
            low = north - (north - south) * share
            if north - low < _LEAST_M or rng.random() > 0.5 + traits.upkeep[at]:
                continue
            rect = (west + _GAP_M, round(low, 2), east - _GAP_M, north)
            size = (rect[2] - rect[0]) * (north - low)
            is_broad = north - low >= _CONCENTRATED_M and size >= _CONCENTRATED_M2
            beds.append(Bed(at, rect, is_concentrated=is_broad))
    return beds


def _grounds(compound: Compound, bays: list[Bays]) -> list[Rect]:
    """Return the ground before each south wall, down to lane, bays or wall."""
    floors = [part[1] + _FROM_ENCLOSURE_M for part in compound.parts]
    for _, y, _, _ in compound.rows:
        floors.append(y + max(_FROM_ROW_M, bay_depth(bays, compound.estate, y) + 0.8))
    found = []
    for west, low, east, _ in compound.slots.values():
        bottom = max((floor for floor in floors if floor < low), default=low)
        found.append((west, bottom, east, low - _FROM_WALL_M))
    return [rect for rect in found if rect[3] - rect[1] > _LEAST_M]


def green_frame(rng: np.random.Generator, ground: Ground, beds: Sequence[Bed]) -> gpd.GeoDataFrame:
    """Return the green space layer: lawns, parks, banks of the canal."""
    frame, infill = ground.frame, ground.infill
    blocks = np.array([ground.compounds[bed.estate].block for bed in beds])
    own = _shapes(frame, blocks, [bed.rect for bed in beds])
    park_blocks = np.array([block for block, _ in infill.parks], dtype=np.int64)
    parks = _shapes(frame, park_blocks, [rect for _, rect in infill.parks])
    banks = _banks(frame)
    sizes = [len(beds), len(parks), len(banks)]
    names = [f"样例公园{number + 1}" for number in range(len(parks))]
    sun = np.round(0.35 + 0.3 * rng.random(len(beds)), 2)
    table = {
        "green_id": [f"L{number + 1:05d}" for number in range(sum(sizes))],
        "kind": np.repeat(["estate", "park", "street"], sizes),
        "name": [None] * len(beds) + names + ["样例渠岸绿带"] * len(banks),
        "estate_id": [ground.ids[bed.estate] for bed in beds] + [None] * sum(sizes[1:]),
        "is_public": np.repeat([False, True, True], sizes),
        "is_concentrated": [bed.is_concentrated for bed in beds]
        + [True] * len(parks)
        + [False] * len(banks),
        "sun_share": np.concatenate([sun, np.full(sum(sizes[1:]), np.nan)]),
        **note(),
    }
    return gpd.GeoDataFrame(table, geometry=[*own, *parks, *banks], crs=CRS)


def _shapes(frame: Frame, blocks: IntArray, rects: Sequence[Rect]) -> list[BaseGeometry]:
    corner = corners(np.array(rects).reshape(-1, 4))
    return [shapely.Polygon(ring) for ring in frame.to_world(blocks, corner)]


def _banks(frame: Frame) -> list[BaseGeometry]:
    """Planted strips along both banks of the canal, one between two streets."""
    strips = []
    for one, other in zip(frame.canal[:-1], frame.canal[1:], strict=True):
        along = (other - one) / np.hypot(*(other - one))
        aside = np.array([-along[1], along[0]])
        start, end = one + along * 22, other - along * 22
        for inner, outer in ((13.0, CANAL_HALF_M - 4), (-13.0, 4 - CANAL_HALF_M)):
            offsets = [aside * inner, aside * inner, aside * outer, aside * outer]
            ring = np.array([start, end, end, start]) + np.array(offsets)
            strips.append(shapely.Polygon(np.round(ring, 4)).normalize())
    return strips
