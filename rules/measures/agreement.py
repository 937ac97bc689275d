"""
Agreement: totals of one thing that several layers state, and how far they are apart.

An incomplete total (a row without figure) is an interval from what is stated; a layer that states
nothing about an estate is not compared. Nothing is settled here: which figure is right is for the
body that holds it.
"""

import numpy as np
import pandas as pd

from geo.arrays import BoolArray, FloatArray, ObjectArray
from rules.context import EvaluationContext
from rules.grammar import Agreement
from rules.grouping import added, counted
from rules.lacking import Lacking
from rules.measured import Measured, all_unknown, bounds
from rules.measures.amount import amounts_read
from rules.measures.members import chosen
from rules.model import Book, Rule
from rules.reads import Reads
from rules.rows import Rows
from rules.selection import Quantity
from rules.truth import Truth
from rules.verdict import MemberVerdicts, by_threshold


def reads(rule: Rule, book: Book) -> Reads:  # noqa: ARG001 - as every way is asked
    """Return what the totals depend on."""
    assert isinstance(rule.measure, Agreement)  # noqa: S101 - guaranteed by the MEASURES registry
    return amounts_read(rule.measure.of)


def measure(context: EvaluationContext, rule: Rule) -> Measured:
    """Add up every total of every estate and measure how far the farthest two are apart."""
    assert isinstance(rule.measure, Agreement)  # noqa: S101 - guaranteed by the MEASURES registry
    lacking, parts = Lacking(context), rule.measure.of
    totals = [_total(context, part, lacking) for part in parts]
    low, high, stated = (np.array(column) for column in zip(*totals, strict=True))
    # Only what is stated is compared: the others can be anything.
    least = np.where(stated, low, -np.inf).max(axis=0) - np.where(stated, high, np.inf).min(axis=0)
    most = np.where(stated, high, -np.inf).max(axis=0) - np.where(stated, low, np.inf).min(axis=0)
    several = stated.sum(axis=0) > 1
    fields = {
        "value_low": np.where(several, np.maximum(least, 0.0), 0.0),
        "value_high": np.where(several, most, np.inf),
        "applies": Truth.known(several).as_flags(),
    }
    return Measured(
        fields=pd.DataFrame(fields),
        estate=np.arange(context.size),
        empty=all_unknown(context.size),
        lacking=lacking,
        compared=_coded(parts, low, high, stated),
    )


def _total(
    context: EvaluationContext, part: Quantity, lacking: Lacking
) -> tuple[FloatArray, FloatArray, BoolArray]:
    """
    Return the least and the most that a total can be, and whether any of it is stated.

    Rows of which `where` may hold count: a building of unknown use with households is a home.
    """
    rows = _as_surveyed(context, part)
    rows = rows.keep((rows.estate >= 0) & rows.holds(part.where).maybe)
    amount = rows.numbers(part.sum)
    known = np.isfinite(amount)
    low = added(rows.estate, np.where(known, amount, 0.0), context.size)
    high = added(rows.estate, np.where(known, amount, np.inf), context.size)
    lacking.columns(rows, (part.sum,), ~known)
    return low, high, counted(rows.estate[known], context.size) > 0


def _as_surveyed(context: EvaluationContext, part: Quantity) -> Rows:
    """Return the rows of a layer; of the estates without what other layers filled in."""
    if part.layer != "estates":
        return context.rows(part.layer, part.kinds)
    frame = context.district["estates"]
    return Rows("estates", frame, np.arange(context.size), context.outlines)


def _coded(
    parts: tuple[Quantity, ...], low: FloatArray, high: FloatArray, stated: BoolArray
) -> ObjectArray:
    """Return each estate's totals as `rules.totals` reads them, None where fewer than two."""
    found = np.full(low.shape[1], None, dtype=object)
    for estate in np.flatnonzero(stated.sum(axis=0) > 1).tolist():
        found[estate] = " ".join(
            f"{part.layer}.{part.sum}{'=' if np.isfinite(high[n, estate]) else '>'}"
            f"{low[n, estate]:.10g}"
            for n, part in enumerate(parts)
            if stated[n, estate]
        )
    return found


def judge(rule: Rule, fields: pd.DataFrame) -> MemberVerdicts:
    """Hold the difference against the rule where there are two totals to compare."""
    return by_threshold(rule, *bounds(fields, "value"), chosen(fields))
