"""
Demand: the doors from which people walk to a kind of facility, and how far they walk today.

Doors that are not connected to the walking network are left out: no facility helps them, their data
have to be mended first.
"""

from dataclasses import dataclass

import numpy as np

from geo.arrays import BoolArray, FloatArray, IntArray
from geo.errors import DataError
from rules import walking
from rules.context import EvaluationContext
from rules.lacking import Lacking
from rules.measures.reach import walks
from rules.verdict import SAME
from siting.standard import Standard


@dataclass(frozen=True, slots=True, eq=False)
class Demand:
    """
    d doors that are connected to the walking network.

    Attributes
    ----------
    doors : ndarray of int64, shape (d,)
        Positions in `EvaluationContext.doors`.
    estate : ndarray of int64, shape (d,)
        Position of the estate of each.
    households : ndarray of float64, shape (d,)
        Behind each, 0 where unknown.
    walk_m : ndarray of float64, shape (d,)
        To the nearest facility that serves for sure [m], inf for none.
    is_covered : ndarray of bool, shape (d,)
        Whether that walk meets the limit.
    cut_off : ndarray of int64
        Positions of the doors left out.
    unknown : int
        Of how many of the d doors nobody knows the households.
    """

    doors: IntArray
    estate: IntArray
    households: FloatArray
    walk_m: FloatArray
    is_covered: BoolArray
    cut_off: IntArray
    unknown: int


def demand_of(context: EvaluationContext, standard: Standard) -> Demand:
    """
    Return the doors of a district and their walks, as the rule of the standard measures them.

    Raises
    ------
    DataError
        If the district has no walkways or no door.
    """
    if not walking.is_possible(context) or not len(context.doors.estate):
        raise DataError(
            "siting needs walkways and the doors of estates; the district has none",
            "选址需要步行网和小区的单元门（或楼栋、出入口）；本区没有这些数据",
        )
    look_m = standard.places.look_m or np.inf
    found = walks(context, standard.places, Lacking(context), look_m, standard.limit_m)
    is_cut_off = walking.cut_off(context)
    doors = np.flatnonzero(~is_cut_off & (context.doors.estate >= 0))
    households, walk_m = context.doors.households[doors], found.high[doors]
    return Demand(
        doors,
        context.doors.estate[doors],
        np.nan_to_num(households),
        walk_m,
        walk_m <= longest(standard.limit_m),
        np.flatnonzero(is_cut_off),
        int(np.isnan(households).sum()),
    )


def longest(limit_m: float) -> float:
    """Return the longest walk that meets a limit [m] as the rules judge: rounding is no excess."""
    return limit_m + SAME * max(1.0, limit_m)
