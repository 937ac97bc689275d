"""Trees: rows on the lawns, avenues along the arterials, groves in the parks."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from demo.compounds import Compound, Rect
from demo.estates import Estates
from demo.frame import Frame
from demo.green import SPECIES
from demo.infill import Infill
from demo.rows import CRS, note

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_AVENUE_STEP_M, _AVENUE_ASIDE_M = 7.0, 1.6
_GROVE_STEP_M = 17.0


def trees_frame(
    rng: np.random.Generator,
    estates: Estates,
    beds: Sequence[tuple[int, Rect]],
    *,
    frame: Frame,
    compounds: list[Compound],
    infill: Infill,
) -> gpd.GeoDataFrame:
    """Return the trees layer."""
    lawn, owner = _on_lawns(rng, beds, frame, compounds)
    avenue = _avenues(frame)
    grove = _groves(rng, frame, infill)
    points = np.concatenate([lawn, avenue, grove])
    count = len(points)
    ids = np.array([*estates.ids, None], dtype=object)
    is_lawn = np.arange(count) < len(lawn)
    is_shrub = is_lawn & (rng.random(count) < 0.18)  # noqa: PLR2004
    diameter = np.round(10 + 30 * rng.random(count) ** 1.5, 0)
    measured = ~is_shrub & (rng.random(count) < 0.93)  # noqa: PLR2004
    species = np.array(SPECIES)[rng.integers(0, len(SPECIES), count)]
    table = {
        "tree_id": [f"T{number + 1:06d}" for number in range(count)],
        "kind": np.where(is_shrub, "shrub", "tree"),
        "estate_id": ids[np.concatenate([owner, np.full(count - len(lawn), -1)])],
        "species": np.where(is_shrub, "丁香", species),
        "diameter_cm": np.where(measured, diameter, np.nan),
        "crown_m": np.where(measured, np.round(2 + diameter / 8, 1), np.nan),
        "planted_year": np.where(rng.random(count) < 0.6, 2018 - diameter // 1.4, np.nan),  # noqa: PLR2004
        "is_avenue": (np.arange(count) >= len(lawn)) & (np.arange(count) < len(lawn) + len(avenue)),
        "height_m": np.where(measured, np.round(3 + diameter / 4, 1), np.nan),
        "is_alive": True,
        **note(),
    }
    return gpd.GeoDataFrame(table, geometry=shapely.points(points), crs=CRS)


def _on_lawns(
    rng: np.random.Generator,
    beds: Sequence[tuple[int, Rect]],
    frame: Frame,
    compounds: list[Compound],
) -> tuple[Floats, Ints]:
    """One row along the middle of each bed, 4-6 m apart; returns points and estates."""
    points, owner = [], []
    for estate, (west, south, east, north) in beds:
        count = int((east - west - 4) // 4)
        steps = np.cumsum(4 + 2 * rng.random(max(count, 0)))
        x = west + 2 + steps[steps < east - west - 4]
        aside = (rng.random(len(x)) - 0.5) * min(1.0, north - south - 1)
        local = np.stack([x, (south + north) / 2 + aside], axis=1)
        points.append(frame.to_world(compounds[estate].block, local))
        owner += [estate] * len(x)
    return np.concatenate([*points, np.empty((0, 2))]), np.array(owner, dtype=np.int64)


def _avenues(frame: Frame) -> Floats:
    """Trees beside the sidewalk along every arterial, on the street's side."""
    block, side = np.nonzero(frame.is_arterial)
    start, end = frame.ring[block, side], frame.ring[block, (side + 1) % 4]
    run = end - start
    length = np.hypot(run[:, 0], run[:, 1])
    along = run / length[:, None]
    outward = np.stack([along[:, 1], -along[:, 0]], axis=1)
    count = np.maximum(0, (length - 16) // _AVENUE_STEP_M).astype(np.int64)
    which = np.repeat(np.arange(len(count)), count)
    place = np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)
    offset = 8 + place * _AVENUE_STEP_M
    points = start[which] + along[which] * offset[:, None] + outward[which] * _AVENUE_ASIDE_M
    return np.round(points, 4)


def _groves(rng: np.random.Generator, frame: Frame, infill: Infill) -> Floats:
    """Loosely scattered trees in the parks."""
    points = [np.empty((0, 2))]
    for block, (west, south, east, north) in infill.parks:
        x, y = np.meshgrid(
            np.arange(west + 8, east - 8, _GROVE_STEP_M), np.arange(south + 8, north - 8, _GROVE_STEP_M)
        )
        local = np.stack([x.ravel(), y.ravel()], axis=1)
        local = local + 9 * (rng.random(local.shape) - 0.5)
        points.append(frame.to_world(block, local[rng.random(len(local)) < 0.7]))  # noqa: PLR2004
    return np.concatenate(points)
