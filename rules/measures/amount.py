"""Amount: how much of something an estate has, as the least and the most it can be."""

from collections.abc import Sequence

import numpy as np

from geo.arrays import FloatArray
from rules.context import EvaluationContext
from rules.grouping import added, counted
from rules.lacking import Lacking
from rules.measures.open_ground import ground_read, open_ground
from rules.reads import Reads, rows_read
from rules.rows import Rows
from rules.selection import Quantity, columns_of

_ALWAYS_THERE = ("units", "buildings", "entrances", "walkways")
"""Layers of which every estate has rows: none recorded means that nobody has looked."""


def amounts_read(quantities: Sequence[Quantity]) -> Reads:
    """Return what is read to add up quantities."""
    return frozenset().union(
        *(
            rows_read(part.layer, part.kinds, (*columns_of(part.where), *filter(None, [part.sum])))
            | ground_read(part)
            for part in quantities
        )
    )


def amounts(
    context: EvaluationContext, quantities: Sequence[Quantity], lacking: Lacking
) -> tuple[FloatArray, FloatArray]:
    """
    Add up quantities for every estate.

    Parameters
    ----------
    context : EvaluationContext
        Where and when.
    quantities : sequence of Quantity
        What is counted or added up.
    lacking : Lacking
        Told what is missing.

    Returns
    -------
    low, high : ndarray of float64, shape (n,)
        The least and the most the sum can be; `high` is inf where an unknown row has no limit.
    """
    low, high = np.zeros(context.size), np.zeros(context.size)
    for quantity in quantities:
        least, most = _amount(context, quantity, lacking)
        low += least
        high += most
    return low, high


def _amount(
    context: EvaluationContext, quantity: Quantity, lacking: Lacking
) -> tuple[FloatArray, FloatArray]:
    rows = context.rows(quantity.layer, quantity.kinds)
    rows = rows.keep(rows.estate >= 0)
    suits = rows.holds(quantity.where)
    light, heavy = _weights(context, rows, quantity, lacking)
    least = np.where(suits.yes, light, 0.0)
    most = np.where(suits.no, 0.0, heavy)
    low = added(rows.estate, least, context.size)
    high = added(rows.estate, most, context.size)
    lacking.columns(rows, columns_of(quantity.where), suits.open)
    if quantity.sum:
        lacking.columns(rows, (quantity.sum,), suits.maybe)
    unseen = lacking.unsurveyed(quantity.layer, quantity.kinds)
    if quantity.layer in _ALWAYS_THERE:
        absent = ~unseen & (counted(rows.estate, context.size) == 0)
        lacking.rows(quantity.layer, absent)
        unseen |= absent
    high[unseen] = np.inf
    return low, high


def _weights(
    context: EvaluationContext, rows: Rows, quantity: Quantity, lacking: Lacking
) -> tuple[FloatArray, FloatArray]:
    """Return the least and the most that each row adds; anything where its column is empty."""
    if quantity.off_walls_m or quantity.off_roads_m:
        return open_ground(context, rows, quantity, lacking)
    weight = rows.numbers(quantity.sum) if quantity.sum else np.ones(len(rows))
    return np.nan_to_num(weight), np.where(np.isnan(weight), np.inf, weight)
