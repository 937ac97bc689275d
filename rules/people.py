"""
People: how many live in an estate, and how many behind each door.

What a survey counted is taken as it is. Where it has no figure, households are added up from the
units or buildings if all of those are known, persons are estimated from households and elders from
persons by the rulebook's demography; otherwise they stay unknown.
"""

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.arrays import BoolArray, FloatArray, IntArray
from rules.conventions import Assumption
from rules.grouping import added, counted


def numbers(frame: pd.DataFrame, name: str) -> FloatArray:
    """Return a numeric column, NaN where unknown."""
    return frame[name].to_numpy(dtype=np.float64, na_value=np.nan)


def totals(owner: IntArray, amount: FloatArray, size: int) -> FloatArray:
    """Return the sum for each of `size` owners: NaN where a part is unknown or there is none."""
    return np.where(counted(owner, size) > 0, added(owner, amount, size), np.nan)


def settled(
    estates: gpd.GeoDataFrame,
    dwellings: tuple[tuple[IntArray, FloatArray], ...],
    demography: Mapping[str, Assumption],
) -> tuple[gpd.GeoDataFrame, dict[str, BoolArray]]:
    """
    Return the estates with households, persons and elders filled in where they can be.

    Parameters
    ----------
    estates : geopandas.GeoDataFrame, n rows
        As surveyed.
    dwellings : tuple of (owner, households)
        Units, then buildings: position of the estate, households (NaN unknown).
    demography : mapping of str to Assumption
        `persons_per_household` and `share_60plus`.

    Returns
    -------
    estates : geopandas.GeoDataFrame
        The same rows.
    estimated : dict of str to ndarray of bool, shape (n,)
        Where persons, and where elders, are estimated.
    """
    households = numbers(estates, "households")
    for owner, counts in dwellings:
        households = _first(households, totals(owner, counts, len(estates)))
    surveyed = numbers(estates, "persons"), numbers(estates, "elders")
    persons = _first(surveyed[0], households * demography["persons_per_household"].value)
    elders = _first(surveyed[1], persons * demography["share_60plus"].value)
    estimated = {"persons": np.isnan(surveyed[0]), "elders": np.isnan(surveyed[1])}
    return estates.assign(households=households, persons=persons, elders=elders), estimated


def behind_doors(owner: IntArray, known: FloatArray, total: FloatArray) -> FloatArray:
    """
    Return households behind each door: as counted, else an even share of what the estate has left.

    Parameters
    ----------
    owner : ndarray of int64, shape (k,)
        Position of the estate of each door, none below 0.
    known : ndarray of float64, shape (k,)
        Households counted at the door, NaN unknown.
    total : ndarray of float64, shape (n,)
        Households of the estates, NaN unknown.
    """
    unknown = np.isnan(known)
    placed = added(owner, np.where(unknown, 0.0, known), len(total))
    doors = counted(owner[unknown], len(total))
    share = np.maximum(total - placed, 0.0) / np.maximum(doors, 1.0)
    return np.where(unknown, share[owner], known)


def _first(one: FloatArray, other: FloatArray) -> FloatArray:
    return np.where(np.isnan(one), other, one)
