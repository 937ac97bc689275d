"""
Counts: what some surveyors counted and measured themselves, and what surveys left out.

What one survey wrote down as a share, another counted (leaks, points with signal, kilovolt-amperes)
where somebody had the means: a property company, a town. What is counted agrees with what was
judged by eye, as far as round figures can.
"""

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from demonstration.roster import JINXING
from demonstration.rows import blank
from demonstration.traits import Traits, stepped
from geo.arrays import BoolArray, ObjectArray
from layers.estates import SURVEYED_WITH

_TRANSFORMERS_KVA = (250.0, 315.0, 400.0, 500.0, 630.0)
_SIGNAL_POINTS = (12, 30)
_LEAKS, _LOOSE = 14, 10  # spots on a building whose roof, or facade, is defective all over
_NO_PERMIT = 0.05  # of the buildings whose papers were looked up
_CARS_M = (0.6, 2.0)  # that cars take of a lane
_CROWDED, _NEGLECTED = 0.3, 0.6  # share of the lanes, from which neglect on
_UNASKED = 0.04  # of the lanes, doors and places

_Frames = Mapping[str, gpd.GeoDataFrame]


def counted(
    rng: np.random.Generator, traits: Traits, frames: _Frames
) -> dict[str, gpd.GeoDataFrame]:
    """
    Return layers with what was counted, and with what surveys say they left out.

    Parameters
    ----------
    rng : numpy.random.Generator
        The stream of this part.
    traits : Traits
    frames : mapping of str to geopandas.GeoDataFrame
        `estates`, `buildings`, `walkways`, `facilities` and `fire_lanes` as drawn.
    """
    estates = frames["estates"]
    return {
        "estates": estates.assign(**_measured(rng, traits, estates), **_looked_for(traits)),
        "buildings": _buildings(rng, traits, estates, frames["buildings"]),
        "walkways": _walkways(rng, traits, estates, frames["walkways"]),
        "facilities": _facilities(rng, traits, estates, frames["facilities"]),
        "fire_lanes": _fire_lanes(rng, traits, estates, frames["fire_lanes"]),
    }


def _measured(
    rng: np.random.Generator, traits: Traits, estates: gpd.GeoDataFrame
) -> dict[str, ObjectArray]:
    """Return what stands behind the shares of an estate, where somebody measured it."""
    count = len(estates)
    draw = rng.random((2, count))
    headroom, signal, fence = (
        estates[name].to_numpy(dtype=np.float64, na_value=np.nan)
        for name in ("transformer_headroom", "signal_share", "perimeter_share")
    )
    rated = np.array(_TRANSFORMERS_KVA)[rng.integers(0, len(_TRANSFORMERS_KVA), count)]
    has_profile = ~np.isnan(headroom) & (draw[0] < 0.6)  # noqa: PLR2004
    points = rng.integers(*_SIGNAL_POINTS, count)
    was_walked = ~np.isnan(signal) & traits.is_central
    was_fenced = ~np.isnan(fence) & traits.is_managed
    around = estates.geometry.length.to_numpy()
    return {
        "transformer_kva": blank(rated, ~has_profile),
        "peak_load_kva": blank(stepped(rated * (1 - np.nan_to_num(headroom)), 1), ~has_profile),
        "signal_points": blank(points, ~was_walked),
        "signal_points_ok": blank(np.rint(points * np.nan_to_num(signal)), ~was_walked),
        "perimeter_protected_m": blank(stepped(around * np.nan_to_num(fence), 1), ~was_fenced),
    }


def _looked_for(traits: Traits) -> dict[str, ObjectArray]:
    """Return what the survey of every estate left out: all where nobody was let in."""
    pipeless = traits.is_outlying
    return {
        column: np.asarray(
            traits.is_surveyed & ~(pipeless & (column == "pipes_surveyed")), dtype=object
        )
        for column in dict.fromkeys(SURVEYED_WITH.values())
    }


def _buildings(
    rng: np.random.Generator,
    traits: Traits,
    estates: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame,
) -> gpd.GeoDataFrame:
    """
    Return buildings with leaks, loose spots and permits.

    Leaks were counted in the largest town and by property companies. Papers were looked up where
    the survey had found nothing illegal.
    """
    in_jinxing = (estates["town_id"] == JINXING).to_numpy() | traits.is_managed
    is_clean = (estates["illegal_structures"] == 0).fillna(value=False).to_numpy(dtype=bool)
    roof, wall = (
        buildings[name].to_numpy(dtype=np.float64, na_value=np.nan)
        for name in ("roof_defect_share", "wall_defect_share")
    )
    was_counted = _of_owner(buildings, estates, in_jinxing)
    was_looked_up = _of_owner(buildings, estates, is_clean & traits.is_surveyed)
    permitted = rng.random(len(buildings)) >= _NO_PERMIT
    return buildings.assign(
        roof_leaks=blank(np.ceil(np.nan_to_num(roof) * _LEAKS), ~was_counted | np.isnan(roof)),
        wall_hazards=blank(np.ceil(np.nan_to_num(wall) * _LOOSE), ~was_counted | np.isnan(wall)),
        has_permit=blank(permitted, ~was_looked_up),
    )


def _walkways(
    rng: np.random.Generator,
    traits: Traits,
    estates: gpd.GeoDataFrame,
    walkways: gpd.GeoDataFrame,
) -> gpd.GeoDataFrame:
    """Return walkways that say whether they have steps: lanes of estates, and crossings."""
    draw = rng.random((2, len(walkways)))
    is_known = _of_owner(walkways, estates, traits.is_surveyed)
    is_known |= (walkways["kind"] == "crossing").to_numpy()
    step_free = draw[0] < 0.97  # noqa: PLR2004 - a flight of two steps before a lane, a high kerb
    return walkways.assign(is_step_free=blank(step_free, ~is_known | (draw[1] < _UNASKED)))


def _facilities(
    rng: np.random.Generator,
    traits: Traits,
    estates: gpd.GeoDataFrame,
    facilities: gpd.GeoDataFrame,
) -> gpd.GeoDataFrame:
    """
    Return facilities that say whom they serve.

    What a property company keeps is for its residents; one canteen feeds the staff of an office.
    """
    is_private = _of_owner(facilities, estates, traits.is_managed)
    canteens = np.flatnonzero((facilities["kind"] == "meal").to_numpy())
    is_private[canteens[:1]] = True
    unasked = rng.random(len(facilities)) < _UNASKED
    return facilities.assign(is_public=blank(~is_private, unasked & ~is_private))


def _fire_lanes(
    rng: np.random.Generator,
    traits: Traits,
    estates: gpd.GeoDataFrame,
    lanes: gpd.GeoDataFrame,
) -> gpd.GeoDataFrame:
    """Return fire lanes with what cars take of an evening; nobody went to the outlying town."""
    draw = rng.random((3, len(lanes)))
    is_lane = (lanes["kind"] == "lane").to_numpy()
    was_visited = traits.is_surveyed & ~traits.is_outlying
    asked = is_lane & _of_owner(lanes, estates, was_visited)
    is_crowded = draw[0] < _CROWDED
    is_crowded &= _of_owner(lanes, estates, traits.neglect > _NEGLECTED)
    low, high = _CARS_M
    taken = np.where(is_crowded, stepped(low + (high - low) * draw[1], 0.1), 0.0)
    return lanes.assign(blocked_m=blank(taken, ~asked | (draw[2] < _UNASKED)))


def _of_owner(rows: gpd.GeoDataFrame, estates: gpd.GeoDataFrame, is_so: npt.ArrayLike) -> BoolArray:
    """Return for each row whether something is so of its estate; not of a row without one."""
    at = pd.Index(estates["estate_id"]).get_indexer(rows["estate_id"])  # -1 is the last: of none
    found: BoolArray = np.append(np.asarray(is_so, dtype=np.bool_), values=False)[at]
    return found
