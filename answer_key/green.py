"""
Green space and trees: lawns between the rows, parks and canal banks, trees along streets and lawns.

The lawns' size is chosen so that the green ratio of their estate is the planted one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from answer_key.estates import Estates
from answer_key.grades import Case, Grade, Planted, plant
from demonstration.compound import Compound, Rect, corners
from demonstration.frame import CANAL_HALF_M, Frame
from demonstration.ground import Ground
from demonstration.rows import CRS, note
from geo.arrays import IntArray

RATIO = Grade("green.ratio.old", (-0.2, -0.05), (0.005, 0.02), (0.001, -0.001), digits=3)
CONCENTRATED = Grade(
    "green.concentrated.old", (-0.27, -0.05), (0.05, 0.35), (0.001, -0.001), digits=3
)
SPECIES = ("国槐", "刺槐", "白蜡", "臭椿")
_BED_INSET_M = 1.0  # from the south wall of a row to the bed before it
_BROAD_M, _NARROW_M = (
    8.6,
    6.0,
)  # of a lawn that counts as concentrated green, and of one that does not
_LEAST_BED_M = 2.0
_USUAL_SHARE, _ROOMY = 0.12, 0.272


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


@dataclass(frozen=True)
class Lawns:
    """The beds of all estates, and what was planned of them."""

    beds: list[Bed]
    ratio: Planted
    concentrated: Planted


def lay_lawns(rng: np.random.Generator, estates: Estates, compounds: Sequence[Compound]) -> Lawns:
    """
    Lay beds before the south walls until the planned share of every estate's ground is green.

    Parameters
    ----------
    rng : numpy.random.Generator
        The stream of this part.
    estates : Estates
        The estates as drawn.
    compounds : sequence of Compound
        Their ground.
    """
    count = len(estates.ids)
    room = np.array([sum((r[2] - r[0]) * _depth(r) for r in _grounds(c)) for c in compounds])
    roomy = np.flatnonzero(room > _ROOMY * estates.land_m2)
    ratio = plant(rng, RATIO, count, roomy)
    share = np.where(np.isnan(ratio.values), _USUAL_SHARE, ratio.values)
    concentrated = _plan_lawns(rng, estates, compounds)
    beds: list[Bed] = []
    for compound in compounds:
        at = compound.estate
        lawn = concentrated.values[at] * estates.persons[at]
        is_narrow = concentrated.cases[at] == Case.BAD
        beds += _beds(compound, share[at] * estates.land_m2[at], lawn, is_narrow=is_narrow)
    return Lawns(beds, ratio, concentrated)


def _grounds(compound: Compound) -> list[Rect]:
    """Return the ground before each south wall, down to the row below or to the wall."""
    floors = [part[1] + 0.6 for part in compound.parts] + [row[1] + 2.0 for row in compound.rows]
    found = []
    for west, low, east, _ in compound.slots.values():
        bottom = max((floor for floor in floors if floor < low), default=low)
        found.append((west, bottom, east, low - _BED_INSET_M))
    return [rect for rect in found if _depth(rect) > _LEAST_BED_M]


def _depth(rect: Rect) -> float:
    return rect[3] - rect[1]


def _plan_lawns(
    rng: np.random.Generator, estates: Estates, compounds: Sequence[Compound]
) -> Planted:
    """
    Plan the concentrated green per person.

    It must be broad to count, so that only an estate of some size can have just enough or just too
    little; a failing one has a lawn that is large enough but too narrow.
    """
    count = len(compounds)
    deep = np.array([max(map(_depth, _grounds(c)), default=0) > _BROAD_M for c in compounds])
    large = deep & (estates.persons * CONCENTRATED.near[1] > _BROAD_M**2)
    order = rng.permutation(np.flatnonzero(large))
    cases = np.where(deep & (rng.random(count) < 0.6), Case.GOOD, Case.UNKNOWN)  # noqa: PLR2004
    cases[order] = np.resize([Case.JUST_MET, Case.JUST_FAILED, Case.BAD, Case.GOOD], len(order))
    low, high = CONCENTRATED.good
    good = np.maximum(low + (high - low) * rng.random(count), _BROAD_M**2 / estates.persons)
    met, failed = CONCENTRATED.near
    zero = np.zeros(count)
    return Planted(
        CONCENTRATED, np.choose(cases, [good, good, zero + met, zero + failed, zero]), cases
    )


def _beds(compound: Compound, green_m2: float, lawn_m2: float, *, is_narrow: bool) -> list[Bed]:
    """Lay a concentrated lawn on the deepest ground, and common beds for the rest."""
    at, grounds = compound.estate, sorted(_grounds(compound), key=_depth, reverse=True)
    beds = []
    if lawn_m2 and grounds:
        west, south, east, north = grounds[0]
        depth = _NARROW_M if is_narrow else _BROAD_M
        length = min(round(lawn_m2 / depth, 4), east - west - 1)
        beds.append(Bed(at, (west, north - depth, west + length, north), is_concentrated=True))
        grounds[0] = (west + length + 0.5, south, east, north)
    rest = green_m2 - sum(bed.area_m2 for bed in beds)
    room = sum((r[2] - r[0]) * _depth(r) for r in grounds)
    fraction = min(1.0, rest / room) if room else 0.0
    if fraction > 0:
        beds += [Bed(at, (w, n - (n - s) * fraction, e, n)) for w, s, e, n in grounds]
    return beds


def green_frame(
    rng: np.random.Generator,
    ground: Ground,
    estates: Estates,
    lawns: Lawns,
) -> gpd.GeoDataFrame:
    """Return the green space layer: lawns, parks, banks of the canal."""
    beds, frame, compounds, infill = lawns.beds, ground.frame, ground.compounds, ground.infill
    blocks = np.array([compounds[bed.estate].block for bed in beds])
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
        "estate_id": [estates.ids[bed.estate] for bed in beds] + [None] * sum(sizes[1:]),
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
