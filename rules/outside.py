"""
Outside: who lives beyond the estates, sharing what can be walked to.

Homes are the buildings outside every estate that are not known to be something else. Households
counted there are taken as they are; elsewhere they are estimated from the floor area, built or
footprint by storeys, over the floor area of a household: as few as there may be, and as many. A
home of unknown floor area may hold any number. Where nobody surveyed a building outside the
estates, anybody may live there.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely

from geo.arrays import FloatArray
from layers.district import District
from rules.conventions import Assumption
from rules.rows import Rows


@dataclass(frozen=True, slots=True, eq=False)
class Outside:
    """
    The h homes outside every estate.

    Attributes
    ----------
    homes : Rows, h rows
        Buildings.
    least, most : ndarray of float64, shape (h,)
        Households in each; equal where they were counted, inf where nobody can say.
    is_surveyed : bool
        Whether anybody looked outside the estates at all.
    """

    homes: Rows
    least: FloatArray
    most: FloatArray
    is_surveyed: bool


def find_outside(
    district: District, buildings: Rows, demography: Mapping[str, Assumption]
) -> Outside:
    """
    Return the homes outside every estate and the households in them.

    Parameters
    ----------
    district : District
        Whose estates they are.
    buildings : Rows
        All buildings, with the estate of each.
    demography : mapping of str to Assumption
        `floor_area_per_household`, with its bounds [m²].
    """
    outside = buildings.keep(buildings.estate < 0)
    homes = outside.keep(~outside.has_code("use", "other"))
    known = homes.numbers("households")
    certain = homes.has_code("use", "residential")
    per_home = demography["floor_area_per_household"]
    area = _floor_area(homes)
    least = np.where(certain, np.nan_to_num(area / (per_home.most or per_home.value)), 0.0)
    most = np.nan_to_num(area / (per_home.least or per_home.value), nan=np.inf)
    counted = ~np.isnan(known)
    return Outside(
        homes,
        np.where(counted, known, least),
        np.where(counted, known, most),
        is_surveyed=len(outside) > 0 or _each_is_an_estate(district),
    )


def _floor_area(homes: Rows) -> FloatArray:
    """Return what is built in each home [m²]: as recorded, else footprint by storeys, else NaN."""
    recorded = homes.numbers("floor_area_m2")
    drawn = np.asarray(shapely.area(homes.shapes)) * homes.numbers("storeys")
    return np.where(np.isnan(recorded), drawn, recorded)


def _each_is_an_estate(district: District) -> bool:
    """Return whether every building stands for an estate, so that none can be outside."""
    buildings, estates = district["buildings"], district["estates"]
    return len(buildings) > 0 and bool(buildings["building_id"].isin(estates["estate_id"]).all())
