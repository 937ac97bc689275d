"""Ratio: one amount of an estate over another, or a walk that will do instead."""

import numpy as np
import pandas as pd

from geo.arrays import FloatArray
from rules.context import EvaluationContext
from rules.grammar import Ratio
from rules.lacking import Lacking
from rules.margin import accuracy_at
from rules.measured import Measured, Witnesses, all_unknown, bounds
from rules.measures.amount import amounts, amounts_read
from rules.measures.reach import walks, walks_read
from rules.model import Book, Rule
from rules.reads import Reads
from rules.verdict import MET, NOT_APPLICABLE, SHORT, UNKNOWN, MemberVerdicts, by_threshold


def reads(rule: Rule, book: Book) -> Reads:  # noqa: ARG001 - as every way is asked
    """Return what both amounts, and the walk that will do instead, depend on."""
    assert isinstance(rule.measure, Ratio)  # noqa: S101 - guaranteed by the MEASURES registry
    found = amounts_read((*rule.measure.of, *rule.measure.per))
    walk = rule.measure.or_walk
    return found if walk is None else found | walks_read(walk)


def measure(context: EvaluationContext, rule: Rule) -> Measured:
    """Measure both amounts of every estate, and its worst door's walk where that will do."""
    assert isinstance(rule.measure, Ratio)  # noqa: S101 - guaranteed by the MEASURES registry
    lacking = Lacking(context)
    of_low, of_high = amounts(context, rule.measure.of, lacking)
    per_low, per_high = amounts(context, rule.measure.per, lacking)
    fields = {"of_low": of_low, "of_high": of_high, "per_low": per_low, "per_high": per_high}
    doors, witness = None, None
    if rule.measure.or_walk is not None:
        within_m = rule.measure.or_walk.within_m
        look_m = within_m + accuracy_at(context.book, "walk", within_m, "m")
        reach = walks(context, rule.measure.or_walk, lacking, look_m, within_m)
        worst = _worst_doors(context, reach.doors, reach.high)
        # An estate without a door is at -1: there stands what "no door" means.
        nearest = _worst_doors(context, reach.doors, reach.low)  # of another door, perhaps
        fields["distance_low"] = np.append(reach.low, 0.0)[nearest]
        fields["distance_high"] = np.append(reach.high, np.inf)[worst]
        doors = np.append(reach.doors, -1)[worst]
        row = np.append(reach.witness_high.row, -1)[worst]
        witness = Witnesses(reach.witness_high.rows, row)
    return Measured(
        fields=pd.DataFrame(fields),
        estate=np.arange(context.size),
        empty=all_unknown(context.size),
        lacking=lacking,
        doors=doors,
        witness=witness,
        witness_met=witness,
    )


def _worst_doors(context: EvaluationContext, doors: np.ndarray, high: FloatArray) -> np.ndarray:
    """Return for each estate the position of its farthest door among `doors`, -1 without any."""
    owner = context.doors.estate[doors]
    order = np.lexsort((high, owner))
    last = np.append(owner[order][1:] != owner[order][:-1], True)[: len(order)]
    worst = np.full(context.size, -1, dtype=np.int64)
    worst[owner[order][last]] = order[last]
    return worst


def judge(rule: Rule, fields: pd.DataFrame) -> MemberVerdicts:
    """Hold `of` over `per` against the rule, then the least numerator, then the walk instead."""
    assert isinstance(rule.measure, Ratio)  # noqa: S101 - guaranteed by the MEASURES registry
    of, per = bounds(fields, "of"), bounds(fields, "per")
    verdict = by_threshold(rule, *quotient(of, per))
    code = verdict.code.copy()
    if rule.measure.zero_per == "not_applicable":
        code[(per[0] == 0) & (per[1] == 0)] = NOT_APPLICABLE
    if rule.measure.min_of is not None:
        code[(code == MET) & (of[0] < rule.measure.min_of)] = UNKNOWN
        too_little = (of[1] < rule.measure.min_of) & (per[0] > 0)
        code[too_little & ((code == MET) | (code == UNKNOWN))] = SHORT
    if rule.measure.or_walk is not None:
        near, far = bounds(fields, "distance")
        code[(code > MET) & (near <= rule.measure.or_walk.within_m)] = UNKNOWN
        code[far <= rule.measure.or_walk.within_m] = MET
    return _consistent(rule, verdict, code, of, per)


def quotient(
    of: tuple[FloatArray, FloatArray], per: tuple[FloatArray, FloatArray]
) -> tuple[FloatArray, FloatArray]:
    """
    Return the least and the most that `of` over `per` can be; 0/0 is 0.

    A denominator that may be 0 or anything leaves the quotient open, so nothing fails on it.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        low = of[0] / per[1]
        high = of[1] / per[0]
    nothing = (per[0] == 0) & (per[1] == 0)
    low = np.where(nothing | np.isnan(low), 0.0, low)
    high = np.where(nothing, 0.0, np.where((per[0] <= 0) | np.isnan(high), np.inf, high))
    return low, high


def _consistent(
    rule: Rule,
    verdict: MemberVerdicts,
    code: np.ndarray,
    of: tuple[FloatArray, FloatArray],
    per: tuple[FloatArray, FloatArray],
) -> MemberVerdicts:
    """Return the verdict with `code`, and a value and a severity that go with it."""
    low, high = quotient(of, per)
    value = np.where(code == MET, low, high)
    least = rule.measure.min_of if isinstance(rule.measure, Ratio) else None
    severity = verdict.severity
    if least is not None:
        lacking = np.clip((least - of[1]) / least, 0.0, 1.0)
        severity = np.fmax(severity, np.where(code >= SHORT, lacking, np.nan))
    decided = (code == MET) | (code >= SHORT)
    return MemberVerdicts(
        code,
        np.where(decided, value, np.nan),
        np.where(code == MET, 0.0, np.where(code >= SHORT, severity, np.nan)),
    )
