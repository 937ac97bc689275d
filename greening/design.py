"""
The design as it came in: what is doubled, and what stands outside its estate or its site.

Nothing is dropped: every planting is counted once, either sound or with its faults.
"""

from enum import StrEnum

import numpy as np
import pandas as pd
import shapely

from layers.district import District


class Fault(StrEnum):
    """What can be wrong with a planting before any clearance is measured."""

    DUPLICATE = "duplicate"
    OUTSIDE_ESTATE = "outside_estate"
    OUTSIDE_SITE = "outside_site"
    NO_SITE = "no_site"


FAULT_LABELS = {
    Fault.DUPLICATE.value: ("重复点位", "doubled"),
    Fault.OUTSIDE_ESTATE.value: ("在小区界外", "outside the estate"),
    Fault.OUTSIDE_SITE.value: ("在绿化点外", "outside the site"),
    Fault.NO_SITE.value: ("未指明绿化点", "no site named"),
}


def design_faults(district: District, duplicate_m: float) -> pd.DataFrame:
    """
    Return the faults of the plantings.

    Parameters
    ----------
    district : District
        Its plantings that are not taken out.
    duplicate_m : float
        Plantings nearer to each other are one planting drawn twice [m]; the first by id is kept.

    Returns
    -------
    pandas.DataFrame
        `planting_id`, `fault`, `other` (the planting or area meant), sorted by planting and fault.
    """
    plantings = district["plantings"]
    plantings = plantings[(plantings["state"] != "removed").fillna(value=True)]
    found = [
        _doubled(plantings, duplicate_m),
        _outside(plantings, district["estates"], "estate_id", Fault.OUTSIDE_ESTATE),
        _outside(plantings, district["greening_sites"], "site_id", Fault.OUTSIDE_SITE),
        _named(plantings[plantings["site_id"].isna()], Fault.NO_SITE, ""),
    ]
    faults = pd.concat(found, ignore_index=True)[["planting_id", "fault", "other"]]
    return faults.sort_values(["planting_id", "fault"], ignore_index=True)


def _named(rows: pd.DataFrame, fault: Fault, other: object) -> pd.DataFrame:
    ids = rows["planting_id"].to_numpy(dtype=object)
    return pd.DataFrame({"planting_id": ids, "fault": str(fault), "other": other}, dtype="str")


def _doubled(plantings: pd.DataFrame, duplicate_m: float) -> pd.DataFrame:
    points = np.asarray(plantings["geometry"].array, dtype=object)
    later, first = shapely.STRtree(points).query(points, predicate="dwithin", distance=duplicate_m)
    ids = plantings["planting_id"].to_numpy(dtype=object)
    is_later = ids[first] < ids[later]
    pairs = pd.DataFrame({"planting_id": ids[later[is_later]], "other": ids[first[is_later]]})
    once = pairs.sort_values(["planting_id", "other"]).drop_duplicates("planting_id")
    return once.assign(fault=str(Fault.DUPLICATE)).astype("str")


def _outside(plantings: pd.DataFrame, areas: pd.DataFrame, key: str, fault: Fault) -> pd.DataFrame:
    """Return the plantings that do not lie in, or on the edge of, the area they name."""
    shapes = areas.set_index(key)["geometry"].reindex(plantings[key])
    known = shapes.notna().to_numpy()
    inside = shapely.intersects(
        np.asarray(shapes.array, dtype=object), np.asarray(plantings["geometry"].array)
    )
    rows = plantings[known & ~inside]
    return _named(rows, fault, rows[key].to_numpy(dtype=object))
