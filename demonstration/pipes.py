"""
The pipelines layer: material, year, depth and state of every pipe, with the gaps of a real survey.

Pipes of an estate are as old as it is, or as its renewal; gas came to a town at once. In the
outlying town no pipe was ever surveyed.
"""

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import KDTree

from demonstration.ground import Ground
from demonstration.roster import JINJI
from demonstration.rows import CRS, blank, note
from demonstration.traits import Traits, stepped
from demonstration.trenches import TRENCHES, Pipes, lay_pipes
from geo.arrays import BoolArray, FloatArray, IntArray

_GAS_CENTRAL, _GAS_ELSEWHERE = 2002, 2007  # years in which gas came
_HEAT_RENEWED, _CABLES_LAID = 2014, 2011
_PLASTIC_SINCE = {"JS": 2002, "RQ": 2000, "PS": 2009}  # before it, the older material
_STREET_YEARS = (1994, 2021)
_UNKNOWN = 0.15  # of estates, for each of depth, year and material of one kind of pipe
_LOST = 0.002  # of the cells


def pipelines_frame(
    rng: np.random.Generator, ground: Ground, traits: Traits, cables: IntArray
) -> gpd.GeoDataFrame:
    """
    Return the pipelines layer.

    Parameters
    ----------
    rng : numpy.random.Generator
        The stream of this part.
    ground : Ground
    traits : Traits
    cables : ndarray of int, shape (estates,)
        Bundles of cable overhead: where there are any, no duct was laid.
    """
    laid = lay_pipes(ground.frame, ground.compounds, ground.units)
    pipes = _surveyed(laid, ground, traits, cables)
    owner, count = pipes.estate, len(pipes.trench)
    kind = np.array([trench.kind for trench in TRENCHES])[pipes.trench]
    year = np.where(owner >= 0, _years(rng, traits, kind, owner), _street_years(rng, pipes))
    draw = rng.random((2, count))
    unknown = _unknown(rng, kind, owner, len(traits.built))
    low, high = np.array([trench.depth_m for trench in TRENCHES])[pipes.trench].T
    of_estate = rng.random(len(traits.built) + 1)[owner]  # one contractor dug a whole estate
    depth = stepped(low - 0.2 + (high - low + 0.2) * (0.7 * of_estate + 0.3 * draw[0]), 0.1)
    ids = np.array([*ground.ids, None], dtype=object)
    trench = {
        name: np.array([getattr(trench, name) for trench in TRENCHES], dtype=object)[pipes.trench]
        for name in ("sub_kind", "pressure", "laid")
    }
    table = {
        "pipe_id": [f"P{number + 1:06d}" for number in range(count)],
        "kind": kind,
        **trench,
        "estate_id": ids[owner],
        "diameter_mm": _diameters(pipes),
        "material": blank(_materials(pipes, kind, year), unknown[0]),
        "year": np.where(unknown[1], np.nan, year),
        "depth_m": np.where(unknown[2], np.nan, depth),
        "accuracy_m": stepped(0.1 + 0.2 * draw[1], 0.05),
        **_assessed(traits, kind, owner, year),
        **note(),
    }
    return gpd.GeoDataFrame(table, geometry=shapely.linestrings(pipes.lines), crs=CRS)


def _surveyed(pipes: Pipes, ground: Ground, traits: Traits, cables: IntArray) -> Pipes:
    """Leave out what no surveyor saw, and ducts where the cables hang."""
    towns = ground.frame.town_id
    _, at = KDTree(ground.frame.origin).query(pipes.lines[:, 0])
    kind = np.array([trench.kind for trench in TRENCHES])[pipes.trench]
    hidden = np.append(~traits.is_surveyed, False)[pipes.estate]
    hanging = (np.append(cables, 0) > 0)[pipes.estate] & (kind == "TX")
    kept = (towns[at] != JINJI) & ~hidden & ~hanging
    return Pipes(pipes.lines[kept], pipes.trench[kept], pipes.estate[kept], pipes.is_house[kept])


def _years(
    rng: np.random.Generator, traits: Traits, kind: NDArray[np.str_], owner: IntArray
) -> FloatArray:
    """Return the year of laying, one for each kind of pipe and estate."""
    gas = np.where(traits.is_central, _GAS_CENTRAL, _GAS_ELSEWHERE) + rng.integers(
        0, 4, len(traits.built)
    )
    whole = np.where(np.isnan(traits.repiped), traits.built, traits.repiped)
    heat = np.where(traits.upkeep > 0.4, _HEAT_RENEWED, traits.built + 3)  # noqa: PLR2004
    by_kind = {
        "RQ": np.maximum(gas, traits.built),
        "RL": np.maximum(heat, whole),
        "DL": np.maximum(_CABLES_LAID, whole),
        "TX": np.maximum(_CABLES_LAID, whole),
    }
    years: FloatArray = np.select(
        [kind == each for each in by_kind], [year[owner] for year in by_kind.values()], whole[owner]
    )
    return years


def _street_years(rng: np.random.Generator, pipes: Pipes) -> IntArray:
    """Return a year for every piece of main."""
    return rng.integers(*_STREET_YEARS, len(pipes.trench))


def _unknown(
    rng: np.random.Generator, kind: NDArray[np.str_], owner: IntArray, estates: int
) -> BoolArray:
    """Return thrice which pipes lack a cell: a kind in a whole estate, or one here or there."""
    kinds, at = np.unique(kind, return_inverse=True)
    whole = rng.random((3, estates + 1, len(kinds))) < _UNKNOWN
    return np.asarray(whole[:, owner, at] | (rng.random((3, len(owner))) < _LOST))


def _diameters(pipes: Pipes) -> FloatArray:
    branch, house = (
        np.array([getattr(trench, name) for trench in TRENCHES])[pipes.trench]
        for name in ("branch_mm", "house_mm")
    )
    return np.where(pipes.is_house, house, branch * np.where(pipes.estate < 0, 2.0, 1.0))


def _materials(pipes: Pipes, kind: NDArray[np.str_], year: FloatArray) -> NDArray[np.str_]:
    """Return plastic since the year it came into use, else what was common before."""
    new, old = np.array([trench.materials for trench in TRENCHES])[pipes.trench].T
    since = np.array([_PLASTIC_SINCE.get(each, 2008) for each in kind])
    return np.asarray(np.where(year >= since, new, old), dtype=np.str_)


def _assessed(
    traits: Traits, kind: NDArray[np.str_], owner: IntArray, year: FloatArray
) -> dict[str, NDArray[np.object_]]:
    """Return whether pipes were found hazardous or rain and sewage mixed, where anyone looked."""
    is_own = owner >= 0
    neglect = np.append(traits.neglect, 0.0)[owner]
    old = year < 1995  # noqa: PLR2004
    looked: BoolArray = is_own & np.isin(kind, ["RQ", "JS", "RL"])
    mixed = (kind == "PS") & is_own
    return {
        "is_hazard": blank(old & (neglect > 0.5), ~looked),  # noqa: PLR2004
        "is_cross_connected": blank(old & (neglect > 0.45), ~mixed),  # noqa: PLR2004
    }
