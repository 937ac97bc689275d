"""Siting: the answer for every stair unit, place by place, with the reasons."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.arrays import BoolArray, FloatArray, IntArray, ObjectArray
from geo.runs import least_of_groups
from lifts.conditions import Effect, joined
from lifts.fire import lanes_left
from lifts.ground import off_the_estate, on_the_ground, opposite, through_a_balcony
from lifts.pipes import near_pipes
from lifts.placing import POSITIONS, Candidates, candidates
from lifts.stair_units import TRIGGER, StairUnits, stair_units
from lifts.survey import never_surveyed, surveyed_over_drawn
from rules.context import EvaluationContext
from rules.grammar import Checklist


class Outcome(StrEnum):
    """
    Whether a lift fits; the best comes first.

    ``FEASIBLE`` nothing is in the way; ``CONDITIONAL`` something would have to give way, be asked
    for or be looked at; ``UNKNOWN`` nothing blocks, but a layer that could was never surveyed;
    ``NOT_FEASIBLE`` every place is blocked.
    """

    FEASIBLE = "feasible"
    CONDITIONAL = "conditional"
    UNKNOWN = "unknown"
    NOT_FEASIBLE = "not_feasible"


RANK = ("moved_m", "moved", "taken_m2", "asked")
"""By what places of one outcome are ordered: least moved, least taken, least asked."""


@dataclass(frozen=True, slots=True, eq=False)
class LiftSiting:
    """
    Where lifts fit in a district.

    Attributes
    ----------
    units : geopandas.GeoDataFrame
        One row a stair unit, at its door: `unit_id`, `building_id`, `estate_id`, `unit`, `state`
        (`stair_units.STATES`), `outcome` ("" where no lift is asked for), `place`, the position in
        `places` of the best one (-1 none), `households_above`, those above the third floor (NaN
        unknown), and `first`, the order in which units serve most for what is moved (0 none).
    places : geopandas.GeoDataFrame
        One row a place tried, the outline of shaft and bridge: `unit`, the position of its unit,
        `position`, `load_kg`, `outcome`, the figures of `RANK`, and `shaft`, its outer edge.
    conditions : geopandas.GeoDataFrame
        `conditions.COLUMNS`, by place and the worst first; `candidate` is a position in `places`.
    """

    units: gpd.GeoDataFrame
    places: gpd.GeoDataFrame
    conditions: gpd.GeoDataFrame


def site_lifts(context: EvaluationContext) -> LiftSiting:
    """
    Try every place beside every stair unit that asks for a lift.

    Parameters
    ----------
    context : EvaluationContext
        The district on a day.

    Returns
    -------
    LiftSiting
        Deterministic; the order of rows in the layers changes no answer.
    """
    units = stair_units(context)
    shapes = np.asarray(context.district["buildings"].geometry.array, dtype=object)
    asked = np.flatnonzero((units.table["state"] == "asked").to_numpy())
    places = candidates(units, shapes, asked, context.book.lifts)
    met = _conditions(context, units, places)
    table = _judged(context, places, met)
    return LiftSiting(_answered(context, units, table), table, met)


def _conditions(
    context: EvaluationContext, units: StairUnits, places: Candidates
) -> gpd.GeoDataFrame:
    district, book = context.district, context.book
    estate, own = units.estate[places.unit], units.building[places.unit]
    drawn = joined(
        [
            *on_the_ground(district, book, places),
            through_a_balcony(book, places),
            off_the_estate(district["estates"], estate, book, places),
            opposite(
                district["buildings"], own, book.by_id["lift.siting.opposite_building"], places
            ),
            lanes_left(context, book.by_id["lift.siting.fire_lane"], places),
            near_pipes(district, book, places),
            *never_surveyed(context, estate, places),
        ]
    )
    return surveyed_over_drawn(units, book, places, drawn).set_crs(district.crs)


def _judged(
    context: EvaluationContext, places: Candidates, met: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """Return the places with their outcomes and what each would cost."""
    size, of = len(places), met["candidate"].to_numpy(dtype=np.int64)

    def has(*effects: Effect) -> BoolArray:
        found: BoolArray = np.isin(np.arange(size), of[met["effect"].isin(effects).to_numpy()])
        return found

    def total(values: FloatArray, *effects: Effect) -> FloatArray:
        chosen = met["effect"].isin(effects).to_numpy() & ~np.isnan(values)
        return np.bincount(of[chosen], values[chosen], minlength=size).astype(np.float64)

    amount, unit = met["amount"].to_numpy(dtype=np.float64), met["unit"].to_numpy()
    one = np.ones(len(met))
    outcome = np.select(
        [has(Effect.BLOCKS), has(Effect.UNKNOWN), has(*Effect)],
        [Outcome.NOT_FEASIBLE.value, Outcome.UNKNOWN.value, Outcome.CONDITIONAL.value],
        Outcome.FEASIBLE.value,
    )
    loads = np.array([shaft.load_kg for shaft in context.book.lifts.shafts])
    return gpd.GeoDataFrame(
        {
            "unit": places.unit,
            "position": places.position,
            "load_kg": loads[places.size],
            "outcome": outcome.astype(object),
            "moved_m": total(np.where(unit == "m", amount, np.nan), Effect.MOVES),
            "moved": total(one, Effect.MOVES),
            "taken_m2": total(np.where(unit == "m2", amount, np.nan), Effect.TAKES),
            "asked": total(one, Effect.ASKS, Effect.VERIFY),
            "shaft": gpd.GeoSeries(places.shaft, crs=context.district.crs),
        },
        geometry=places.envelope,
        crs=context.district.crs,
    )


def _answered(
    context: EvaluationContext, units: StairUnits, places: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    best = _best(places, len(units.table))
    outcome = np.where(units.table["state"] == "asked", Outcome.UNKNOWN.value, "").astype(object)
    found = best >= 0
    outcome[found] = places["outcome"].to_numpy(dtype=object)[best[found]]
    above = households_above(context, units)
    table = units.table[["unit_id", "building_id", "estate_id", "name", "state"]]
    return gpd.GeoDataFrame(
        table.assign(
            outcome=outcome,
            place=best,
            households_above=above,
            first=_first(outcome, above, best, places),
        ),
        geometry=shapely.points(units.door.at),
        crs=context.district.crs,
    )


def _best(places: gpd.GeoDataFrame, size: int) -> IntArray:
    """Return the best place of every unit, -1 where none was tried."""
    best = np.full(size, -1, dtype=np.int64)
    if not len(places):
        return best
    rank = _places_in(places["outcome"], [one.value for one in Outcome])
    unit = places["unit"].to_numpy(dtype=np.int64)
    order = [places[name].to_numpy(dtype=np.float64) for name in RANK]
    at = _places_in(places["position"], POSITIONS)
    chosen = least_of_groups(unit, rank, *order, -places["load_kg"].to_numpy(), at)
    best[unit[chosen]] = chosen
    return best


def _places_in(values: pd.Series, order: Sequence[str]) -> IntArray:
    return np.asarray(pd.Index(order).get_indexer(pd.Index(values)), dtype=np.int64)


def households_above(context: EvaluationContext, units: StairUnits) -> FloatArray:
    """
    Return the households above the floors that need no lift (the rule's `upper_floors_above`).

    Parameters
    ----------
    context : EvaluationContext
        With the rulebook.
    units : StairUnits
        n stair units.

    Returns
    -------
    ndarray of float64, shape (n,)
        Households spread evenly over the storeys; NaN unknown.
    """
    spec = context.book.by_id[TRIGGER].measure
    assert isinstance(spec, Checklist)  # noqa: S101 - the rule is one
    storeys = units.table["storeys"].to_numpy(dtype=np.float64, na_value=np.nan)
    households = units.table["households"].to_numpy(dtype=np.float64, na_value=np.nan)
    above = np.maximum(storeys - (spec.upper_floors_above or 0), 0.0)
    spread: FloatArray = households * above / storeys
    return spread


def _first(
    outcome: ObjectArray, above: FloatArray, best: IntArray, places: gpd.GeoDataFrame
) -> IntArray:
    """Return which unit to take first, from 1: most households served for a metre moved."""
    can = np.isin(outcome, [Outcome.FEASIBLE.value, Outcome.CONDITIONAL.value])
    which = np.flatnonzero(can)
    moved = places["moved_m"].to_numpy()[best[which]]
    worth = np.nan_to_num(above[which]) / (1.0 + moved)
    grade = (outcome[which] != Outcome.FEASIBLE.value).astype(np.int64)
    order = which[np.lexsort((which, -worth, grade))]
    found = np.zeros(len(outcome), dtype=np.int64)
    found[order] = np.arange(1, len(order) + 1)
    return found
