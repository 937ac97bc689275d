"""Figures: further numbers of a rule's finding that its sentence names beside the value."""

from typing import Any

import numpy as np

from geo.arrays import BoolArray, FloatArray, ObjectArray
from rules.context import EvaluationContext
from rules.grammar import Adequacy, Checklist, Ratio
from rules.grouping import added
from rules.judged import Judged
from rules.measured import Sharing
from rules.sharing import Share
from rules.verdict import SHORT


def figures(context: EvaluationContext, judged: Judged) -> dict[str, Any]:
    """Return the further figures that a rule has, by the names of `RuleFindings`."""
    measure, measured = judged.rule.measure, judged.measured
    nothing = np.full(context.size, None, dtype=object)
    compared = nothing if measured.compared is None else measured.compared
    shared = nothing if measured.sharing is None else _shared(judged, measured.sharing)
    found: dict[str, Any] = {"compared": compared, "sharing": shared}
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
    figures = (sharing.estates, sharing.inside, sharing.outside_low, sharing.outside_high, without)
    rows = zip(*(each.tolist() for each in figures), strict=True)
    return np.array([Share(*row).coded() for row in rows], dtype=object)


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
