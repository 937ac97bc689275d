"""
Green space and trees: lawns between the rows, parks and canal banks, trees along streets and lawns.

A lawn's size is chosen so that the green ratio of its estate is the planted one. Some trees stand on
purpose just inside and just outside their clearance from a pipe (`demo.clearances`).
"""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from demo.compounds import Compound, Rect
from demo.estates import Estates, corners
from demo.frame import CANAL_HALF_M, Frame
from demo.grades import Grade, Planted, plant
from demo.infill import Infill
from demo.roster import Entry
from demo.rows import CRS, note

Floats = NDArray[np.float64]

RATIO = Grade("green.ratio.old", (0.05, 0.2), (0.26, 0.3), (0.251, 0.249), digits=3)
SPECIES = ("国槐", "刺槐", "白蜡", "臭椿")
_BED_INSET_M = 1.2  # from the south wall of a row to the bed before it
_NARROW_M, _BROAD_M = 4.5, 8.5


def lawns(
    rng: np.random.Generator, estates: Estates, compounds: list[Compound]
) -> tuple[list[tuple[int, Rect]], Planted]:
    """
    Lay beds before the south walls until the planned share of the estate's ground is green.

    Returns
    -------
    list of (int, Rect)
        Estate and bed in plot coordinates.
    Planted
        The green ratio that was planned.
    """
    count = len(estates.ids)
    room = np.array([sum(_area(bed) for bed in _beds(compound)) for compound in compounds])
    planted = plant(rng, RATIO, count)
    share = np.where(np.isnan(planted.values), 0.12, planted.values)
    laid: list[tuple[int, Rect]] = []
    for compound in compounds:
        wanted = share[compound.estate] * estates.land_m2[compound.estate]
        fraction = min(1.0, wanted / room[compound.estate])
        laid += [(compound.estate, _shortened(bed, fraction)) for bed in _beds(compound)]
    return laid, planted


def _beds(compound: Compound) -> list[Rect]:
    """The ground before each building's south wall down to the row below, or to the wall."""
    beds = []
    _, south, _, _ = compound.bounds
    floors = [south + 1.0, *(row[1] + 3.0 for row in compound.rows)]
    for west, low, east, _ in compound.slots.values():
        bottom = max(floor for floor in floors if floor < low)
        if low - _BED_INSET_M - bottom > 2.0:  # noqa: PLR2004
            beds.append((west, bottom, east, low - _BED_INSET_M))
    return beds


def _area(rect: Rect) -> float:
    return (rect[2] - rect[0]) * (rect[3] - rect[1])


def _shortened(bed: Rect, fraction: float) -> Rect:
    """A bed of that fraction of the area, kept against the south wall."""
    west, south, east, north = bed
    return west, north - (north - south) * fraction, east, north


def green_frame(
    rng: np.random.Generator,
    estates: Estates,
    beds: Sequence[tuple[int, Rect]],
    *,
    frame: Frame,
    compounds: list[Compound],
    infill: Infill,
) -> gpd.GeoDataFrame:
    """Return the green space layer."""
    blocks = np.array([compounds[estate].block for estate, _ in beds])
    own = shapely.polygons(frame.to_world(blocks, corners(np.array([bed for _, bed in beds]))))
    park_blocks = np.array([block for block, _ in infill.parks], dtype=np.int64)
    park_rects = np.array([rect for _, rect in infill.parks]).reshape(-1, 4)
    parks = shapely.polygons(frame.to_world(park_blocks, corners(park_rects)))
    banks = _banks(frame)
    owner = [estates.ids[estate] for estate, _ in beds]
    lone = [None] * (len(parks) + len(banks))
    depth = np.array([bed[3] - bed[1] for _, bed in beds])
    is_broad = depth >= _BROAD_M
    sun = np.round(0.15 + 0.5 * rng.random(len(beds)), 2)
    unknown_sun = np.full(len(lone), np.nan)
    table = {
        "green_id": [f"L{number + 1:05d}" for number in range(len(beds) + len(lone))],
        "kind": ["estate"] * len(beds) + ["park"] * len(parks) + ["street"] * len(banks),
        "name": [None] * len(beds)
        + [f"样例公园{number + 1}" for number in range(len(parks))]
        + ["样例渠岸绿带"] * len(banks),
        "estate_id": owner + lone,
        "is_public": [False] * len(beds) + [True] * len(parks) + [True] * len(banks),
        "is_concentrated": [*is_broad.tolist(), *([True] * len(parks)), *([False] * len(banks))],
        "sun_share": np.concatenate([sun, unknown_sun]),
        **note(),
    }
    return gpd.GeoDataFrame(table, geometry=[*own, *parks, *banks], crs=CRS)


def _banks(frame: Frame) -> list[shapely.Polygon]:
    """Planted strips along both banks of the canal, one between two streets."""
    strips = []
    for one, other in zip(frame.canal[:-1], frame.canal[1:], strict=True):
        along = (other - one) / np.hypot(*(other - one))
        aside = np.array([-along[1], along[0]])
        start, end = one + along * 22, other - along * 22
        for inner, outer in ((13.0, CANAL_HALF_M - 4), (-13.0, 4 - CANAL_HALF_M)):
            ring = [start + aside * inner, end + aside * inner, end + aside * outer, start + aside * outer]
            strips.append(shapely.Polygon(np.round(ring, 4)).normalize())
    return strips


__all__ = ["RATIO", "SPECIES", "Entry", "green_frame", "lawns"]
