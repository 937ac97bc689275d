"""Trees: rows on the lawns, avenues along the arterials, groves in the parks."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import shapely

from demonstration.compound import Compound
from demonstration.frame import Frame
from demonstration.green import Bed
from demonstration.ground import Ground
from demonstration.infill import Infill
from demonstration.rows import CRS, note
from geo.arrays import FloatArray, IntArray
from geo.runs import places_in_runs

_SPECIES = ("国槐", "刺槐", "白蜡", "臭椿")
_SHRUBS, _MEASURED, _DATED, _ALIVE = 0.18, 0.93, 0.6, 0.97
_AVENUE_STEP_M, _AVENUE_ASIDE_M = 7.0, 1.6
_GROVE_STEP_M = 17.0


def trees_frame(
    rng: np.random.Generator,
    ground: Ground,
    beds: Sequence[Bed],
    *,
    rows: tuple[FloatArray, IntArray],
) -> gpd.GeoDataFrame:
    """
    Return the trees layer.

    Parameters
    ----------
    rng : numpy.random.Generator
        The stream of this part.
    ground : Ground
    beds : sequence of Bed
        The lawns of the estates.
    rows : tuple of (ndarray, shape (n, 2), ndarray of int, shape (n,))
        Trees along the lanes of the estates [m], and their estates.
    """
    frame = ground.frame
    lawn, lawn_owner = _on_lawns(rng, beds, frame, ground.compounds)
    avenue, grove = _avenues(frame), _groves(rng, frame, ground.infill)
    sizes = [len(lawn), len(rows[0]), len(avenue), len(grove)]
    points, count = np.concatenate([lawn, rows[0], avenue, grove]), sum(sizes)
    owner = np.concatenate([lawn_owner, rows[1], np.full(sum(sizes[2:]), -1)])
    place = np.repeat(["lawn", "row", "avenue", "grove"], sizes)
    ids = np.array([*ground.ids, None], dtype=object)
    is_shrub = (place == "lawn") & (rng.random(count) < _SHRUBS)
    diameter = np.round(10 + 30 * rng.random(count) ** 1.5, 0)
    measured = ~is_shrub & (rng.random(count) < _MEASURED)
    species = np.array(_SPECIES)[rng.integers(0, len(_SPECIES), count)]
    is_dated = rng.random(count) < _DATED
    table = {
        "tree_id": [f"T{number + 1:06d}" for number in range(count)],
        "kind": np.where(is_shrub, "shrub", "tree"),
        "estate_id": ids[owner],
        "species": np.where(is_shrub, "丁香", species),
        "diameter_cm": np.where(measured, diameter, np.nan),
        "crown_m": np.where(measured, np.round(2 + diameter / 8, 1), np.nan),
        "planted_year": np.where(is_dated, 2018 - diameter // 1.4, np.nan),
        "is_avenue": np.isin(place, ["row", "avenue"]),
        "height_m": np.where(measured, np.round(3 + diameter / 4, 1), np.nan),
        "is_alive": rng.random(count) < _ALIVE,
        **note(),
    }
    return gpd.GeoDataFrame(table, geometry=shapely.points(points), crs=CRS)


def _on_lawns(
    rng: np.random.Generator,
    beds: Sequence[Bed],
    frame: Frame,
    compounds: Sequence[Compound],
) -> tuple[FloatArray, IntArray]:
    """One row along the middle of each bed, 5-11 m apart; returns points and estates."""
    points, owner = [], []
    for bed in beds:
        estate, (west, south, east, north) = bed.estate, bed.rect
        count = int((east - west - 4) // 4)
        steps = np.cumsum(5 + 6 * rng.random(max(count, 0)))  # some have died
        x = west + 2 + steps[steps < east - west - 4]
        aside = (rng.random(len(x)) - 0.5) * min(1.0, north - south - 1)
        local = np.stack([x, (south + north) / 2 + aside], axis=1)
        points.append(frame.to_world(compounds[estate].block, local))
        owner += [estate] * len(x)
    return np.concatenate([*points, np.empty((0, 2))]), np.array(owner, dtype=np.int64)


def _avenues(frame: Frame) -> FloatArray:
    """Trees beside the sidewalk along every arterial, on the street's side."""
    block, side = np.nonzero(frame.is_arterial)
    start, end = frame.ring[block, side], frame.ring[block, (side + 1) % 4]
    run = end - start
    length = np.hypot(run[:, 0], run[:, 1])
    along = run / length[:, None]
    outward = np.stack([along[:, 1], -along[:, 0]], axis=1)
    count = np.maximum(0, (length - 16) // _AVENUE_STEP_M).astype(np.int64)
    which = np.repeat(np.arange(len(count)), count)
    offset = 8 + places_in_runs(count) * _AVENUE_STEP_M
    points = start[which] + along[which] * offset[:, None] + outward[which] * _AVENUE_ASIDE_M
    return np.round(points, 4)


def _groves(rng: np.random.Generator, frame: Frame, infill: Infill) -> FloatArray:
    """Loosely scattered trees in the parks."""
    points = [np.empty((0, 2))]
    for block, (west, south, east, north) in infill.parks:
        across = np.arange(west + 8, east - 8, _GROVE_STEP_M)
        x, y = np.meshgrid(across, np.arange(south + 8, north - 8, _GROVE_STEP_M))
        local = np.stack([x.ravel(), y.ravel()], axis=1)
        local = local + 9 * (rng.random(local.shape) - 0.5)
        points.append(frame.to_world(block, local[rng.random(len(local)) < 0.7]))  # noqa: PLR2004
    return np.concatenate(points)
