"""Figures: further numbers of a rule's finding that its sentence names beside the value."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from geo.arrays import BoolArray, FloatArray, IntArray, ObjectArray
from rules.context import EvaluationContext
from rules.grammar import Adequacy, Attribute, Checklist, Ratio
from rules.grouping import added, counted
from rules.judged import Judged
from rules.measured import Sharing
from rules.selection import Clause, Condition
from rules.sharing import coded
from rules.verdict import MET, SHORT, asked_of, clause_holds


def figures(context: EvaluationContext, judged: Judged) -> dict[str, Any]:
    """
    Return the further figures that a rule has.

    Parameters
    ----------
    context : EvaluationContext
        The district of n estates.
    judged : Judged
        What the rule found in them.

    Returns
    -------
    dict of str to ndarray, shape (n,)
        By the names of `rules.findings.RuleFindings`, units and missing values as there.
    """
    measure, measured = judged.rule.measure, judged.measured
    nothing = np.full(context.size, None, dtype=object)
    compared = nothing if measured.compared is None else measured.compared
    shared = nothing if measured.sharing is None else _shared(judged, measured.sharing)
    found: dict[str, Any] = {"compared": compared, "sharing": shared, "failed": nothing}
    if isinstance(measure, (Attribute, Checklist)):
        clauses = measure.also if isinstance(measure, Attribute) else measure.all
        failing = _failing(judged, clauses, context.size)
        found["failed"] = _failed(failing)
        found["leg_value"] = _condition_value(judged, failing, clauses)
    if isinstance(measure, Attribute) and len(measure.columns) > 1:
        found["column"] = _worst_column(judged, measure)
    if isinstance(measure, Ratio) and measure.min_of is not None:
        found["leg_value"] = _total(judged)
    if isinstance(measure, (Adequacy, Ratio)):
        found["is_estimated"] = _is_estimated(context, measure)
    if isinstance(measure, Ratio) and measure.or_walk is not None:
        found["walked_m"] = measured.fields["distance_high"].to_numpy(dtype=np.float64)
    if measured.reached is not None:
        found["reached"] = measured.reached
    if isinstance(measure, Checklist) and measure.upper_floors_above is not None:
        amount, share = upper_households(context, judged, measure.upper_floors_above)
        found["upper_households"], found["upper_share"] = amount, share
    return found


def _shared(judged: Judged, sharing: Sharing) -> ObjectArray:
    """Return who shares what each estate is given, and its own share that is given nothing."""
    fields = judged.measured.fields
    without = np.where(judged.folded.code >= SHORT, fields["without_low"], fields["without_high"])
    return coded(
        (sharing.estates, sharing.inside, sharing.outside_low, sharing.outside_high, without)
    )


def _failing(judged: Judged, clauses: Sequence[Clause], size: int) -> IntArray:
    """Return at how many members each condition fails in n estates that fail, shape (c, n)."""
    measured, folded = judged.measured, judged.folded
    failing = judged.verdict.code >= SHORT
    if measured.is_best:
        failing &= np.isin(np.arange(len(failing)), folded.pick)
    found = np.zeros((len(clauses), size), dtype=np.int64)
    for place, clause in enumerate(clauses):
        lost = failing & clause_holds(measured.fields, clause).no
        found[place] = counted(measured.estate[lost], size)
    return np.where(folded.code >= SHORT, found, 0)


def _failed(failing: IntArray) -> ObjectArray:
    """Return which conditions fail, and at how many members, as `criterion.failures` reads it."""
    codes = np.full(failing.shape[1], None, dtype=object)
    for estate in np.flatnonzero(failing.any(axis=0)).tolist():
        counts = enumerate(failing[:, estate].tolist())
        codes[estate] = " ".join(f"{place}*{count}" for place, count in counts if count)
    return codes


def _condition_value(judged: Judged, failing: IntArray, clauses: Sequence[Clause]) -> FloatArray:
    """Return the deciding member's figure under the first condition that fails, shape (n,)."""
    values = np.full(failing.shape[1], np.nan)
    before = np.zeros(failing.shape[1], dtype=bool)
    for clause, counts in zip(clauses, failing, strict=True):
        estates = np.flatnonzero((counts > 0) & ~before)
        before |= counts > 0
        if len(estates) and isinstance(clause, Condition):
            values[estates] = _numbers(judged, clause)[judged.folded.pick[estates]]
    return values


def _numbers(judged: Judged, condition: Condition) -> FloatArray:
    """Return the number that a condition asks of each member, NaN where unknown or no number."""
    fields = judged.measured.fields
    if isinstance(condition.value, (bool, str)):
        return np.full(len(fields), np.nan)
    return asked_of(fields, condition).to_numpy(dtype=np.float64, na_value=np.nan)


def _worst_column(judged: Judged, measure: Attribute) -> npt.NDArray[np.int8]:
    """Return which column of each estate's deciding member is the worst, -1 where none decided."""
    members, folded = judged.measured.members, judged.folded
    assert members is not None  # noqa: S101 - the rows that the columns are of
    values = np.array([members.numbers(name) for name in measure.columns])
    worst = -values if judged.rule.op == ">=" else values
    column = np.append(np.argmax(np.nan_to_num(worst, nan=-np.inf), axis=0), -1)
    decided = (folded.code == MET) | (folded.code >= SHORT)
    return np.where(decided, column[folded.pick], -1).astype(np.int8)


def _total(judged: Judged) -> FloatArray:
    """Return what a ratio divides: the most it can be where the estate fails, else the least."""
    fields = judged.measured.fields
    return np.where(judged.folded.code >= SHORT, fields["of_high"], fields["of_low"])


def _is_estimated(context: EvaluationContext, measure: Adequacy | Ratio) -> BoolArray:
    """Return whether any people that the rule divides by are estimated, shape (n,)."""
    people = (
        [measure.demand] if isinstance(measure, Adequacy) else [part.sum for part in measure.per]
    )
    masks = [context.estimated[name] for name in people if name in context.estimated]
    return np.asarray(np.any([np.zeros(context.size, dtype=bool), *masks], axis=0))


def upper_households(
    context: EvaluationContext, judged: Judged, above: int
) -> tuple[FloatArray, FloatArray]:
    """
    Return households above a floor in units that fail, and their share of the estate's.

    Parameters
    ----------
    context : EvaluationContext
        The district of n estates.
    judged : Judged
        A rule on stair units.
    above : int
        The highest floor that is not counted.

    Returns
    -------
    households, share : ndarray of float64, shape (n,)
        With homes spread evenly over the floors; NaN where nobody knows.
    """
    measured = judged.measured
    assert measured.members is not None  # noqa: S101 - stair units are members
    assert measured.households is not None  # noqa: S101 - and people live in them
    failing = judged.verdict.code >= SHORT
    storeys = measured.members.numbers("storeys")
    higher = measured.households * np.clip((storeys - above) / storeys, 0.0, 1.0)
    amount = added(measured.estate[failing], higher[failing], context.size)
    total = context.rows("estates").numbers("households")
    with np.errstate(divide="ignore", invalid="ignore"):
        return amount, amount / total
