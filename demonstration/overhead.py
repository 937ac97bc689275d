"""Poles, lamps and overhead lines: lamps along the lanes, cables before the walls they hang on."""

import geopandas as gpd
import numpy as np
import shapely

from demonstration.compound import Compound
from demonstration.ground import Ground
from demonstration.grounds import layer
from demonstration.rows import blank
from geo.arrays import FloatArray, IntArray

_LAMP_STEP_M, _LAMP_ASIDE_M, _WORKING = 20.0, 2.4, 0.93
_CABLE_ASIDE_M, _CABLE_HEIGHT_M = 2.6, 5.0  # from the lane towards the wall
_SPAN = (0.1, 0.9)  # of a row, the most that cables go along it
_POWER_KV, _POWER_HEIGHT_M, _POWER_ASIDE_M = 10.0, 9.0, 2.4
_POWER_LINES = 0.25  # for each estate, along streets


def overhead_frames(
    rng: np.random.Generator, ground: Ground, *, cables: IntArray, lit: FloatArray
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """
    Return the layers `poles` and `overhead_lines`.

    Parameters
    ----------
    rng : numpy.random.Generator
        The stream of this part.
    ground : Ground
    cables : ndarray of int, shape (estates,)
        Bundles of cable overhead.
    lit : ndarray of float, shape (estates,)
        Share of the paths that are lit; NaN: no lamp was surveyed.
    """
    lamps, lines = [], []
    for compound in ground.compounds:
        at = compound.estate
        lamps += [(ground.ids[at], "lamp", point) for point in _lamps(ground, compound, lit[at])]
        lines += [(ground.ids[at], line) for line in _cables(rng, ground, compound, cables[at])]
    ends = [(estate, "telecom", xy) for estate, line in lines for xy in line]
    power = _power_lines(rng, ground)
    poles = [*lamps, *ends, *((None, "power", xy) for line in power for xy in line)]
    every = [*lines, *((None, line) for line in power)]
    kv = np.repeat([0.0, _POWER_KV], [len(lines), len(power)])
    line_rows = {
        "name": np.where(kv > 0, "样例10千伏线", "样例通信线"),
        "kind": np.where(kv > 0, "power", "telecom"),
        "voltage_kv": kv,
        "height_m": np.where(kv > 0, _POWER_HEIGHT_M, _CABLE_HEIGHT_M),
        "accuracy_m": 0.1,
        "estate_id": [estate for estate, _ in every],
    }
    is_lamp = np.array([kind == "lamp" for _, kind, _ in poles])
    pole_rows = {
        "kind": [kind for _, kind, _ in poles],
        "estate_id": [estate for estate, _, _ in poles],
        "is_working": blank(rng.random(len(poles)) < _WORKING, ~is_lamp),
    }
    return (
        layer(pole_rows, shapely.points([xy for _, _, xy in poles]), "pole_id", "PO"),
        layer(line_rows, shapely.linestrings([line for _, line in every]), "line_id", "OH"),
    )


def _lamps(ground: Ground, compound: Compound, lit: float) -> FloatArray:
    """Lamps beside the lanes along the rows, as many as light so much of them."""
    local = []
    for start, y, end, _ in compound.rows if compound.links else []:
        count = int(abs(end - start) / _LAMP_STEP_M * np.nan_to_num(lit))
        x = start + (end - start) * (np.arange(count) + 0.5) / max(count, 1)
        local += [(each, y - _LAMP_ASIDE_M) for each in x]
    return ground.frame.to_world(compound.block, np.array(local).reshape(-1, 2))


def _cables(rng: np.random.Generator, ground: Ground, compound: Compound, count: int) -> FloatArray:
    """Draw bundles of cable along the north walls, one row after the other, shape (count, 2, 2)."""
    local = []
    for number in range(count):
        start, y, end, _ = compound.rows[number % len(compound.rows)]
        low, high = np.sort(_SPAN[0] + (_SPAN[1] - _SPAN[0]) * rng.random(2))
        aside = y - _CABLE_ASIDE_M - 0.1 * (number // len(compound.rows))
        local.append([(start + (end - start) * share, aside) for share in (low, high + 0.1)])
    return ground.frame.to_world(compound.block, np.array(local).reshape(-1, 2, 2))


def _power_lines(rng: np.random.Generator, ground: Ground) -> FloatArray:
    """Draw power lines along the kerb of some ordinary streets, shape (n, 2, 2)."""
    frame = ground.frame
    block, side = np.nonzero(~frame.is_arterial)
    chosen = rng.permutation(len(block))[: max(1, round(_POWER_LINES * len(ground.ids)))]
    start = frame.ring[block[chosen], side[chosen]]
    end = frame.ring[block[chosen], (side[chosen] + 1) % 4]
    run = end - start
    outward = np.stack([run[:, 1], -run[:, 0]], axis=1) / np.hypot(*run.T)[:, None]
    lines: FloatArray = np.stack([start, end], axis=1) + outward[:, None] * _POWER_ASIDE_M
    return np.round(lines, 4)
