"""
Evaluate: hold a district against a rulebook on a day: a finding for every estate and rule.

Rules are measured one after the other, each for all estates at once.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt

from geo.arrays import BoolArray, IntArray, ObjectArray
from layers.district import District
from layers.findings import Outcome
from rules.context import EvaluationContext
from rules.evidence import evidence
from rules.figures import figures
from rules.findings import LAYER_ORDER, OUTCOME_ORDER, RuleFindings, findings_frame
from rules.judged import Judged, judge
from rules.lacking import Lacking
from rules.model import Book, Rule
from rules.reasons import waivers_on
from rules.recency import recency
from rules.verdict import MET, NOT_APPLICABLE, OUTCOMES, SHORT, UNKNOWN

Progress = Callable[[float, str], None]

_CODES = {name: np.int8(code) for code, name in enumerate(OUTCOME_ORDER)}
_OUTCOME_CODES = np.array([_CODES[str(outcome)] for outcome in OUTCOMES])
_LAYER_CODES = {layer: np.int8(code) for code, layer in enumerate(LAYER_ORDER)}


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """
    The findings of a district, and the context that they were found in.

    Attributes
    ----------
    context : EvaluationContext
        District, book, day, and what was found on the way.
    findings : geopandas.GeoDataFrame
        As `evaluate` returns them.
    """

    context: EvaluationContext
    findings: gpd.GeoDataFrame


def evaluate(
    district: District,
    book: Book,
    as_of: date,
    progress: Progress | None = None,
    *,
    only: Collection[str] | None = None,
) -> gpd.GeoDataFrame:
    """
    Hold every estate against every rule in force.

    Parameters
    ----------
    district : District
        What was surveyed.
    book : Book
        What it is held against.
    as_of : date
        The day of assessment: chooses the rules in force and the age of pipes.
    progress : callable, optional
        Told the share done (0 to 1) and the id of the rule just judged.
    only : collection of str, optional
        Ids of the rules to judge; all if left out. Of a family only those judged can lead it.

    Returns
    -------
    geopandas.GeoDataFrame
        Columns `rules.findings.COLUMNS` and the evidence in the working CRS; by estate, then by
        rule in the book's order. Rules by which nothing is judged give no finding.
    """
    return evaluation(EvaluationContext(district, book, as_of), progress, only=only).findings


def evaluation(
    context: EvaluationContext,
    progress: Progress | None = None,
    *,
    only: Collection[str] | None = None,
) -> Evaluation:
    """Return what `evaluate` finds in a context, with the context to start from after an edit."""
    book, as_of, district = context.book, context.as_of, context.district
    rules = [
        rule for rule in book.in_force(as_of) if rule.judges and (only is None or rule.id in only)
    ]
    found = []
    for number, rule in enumerate(rules, start=1):
        found.append(judge_rule(context, rule))
        if progress is not None:
            progress(number / len(rules), rule.id)
    return Evaluation(context, findings_frame(found, district, book, as_of))


def judge_rule(context: EvaluationContext, rule: Rule) -> RuleFindings:
    """
    Return the findings of one rule in every estate.

    Parameters
    ----------
    context : EvaluationContext
        District, book and day.
    rule : Rule
        One by which estates are judged, in force or not.
    """
    judged = judge(context, rule)
    folded, of_data = judged.folded, recency(context, judged)
    waived = _waived(context, rule) & (folded.code != NOT_APPLICABLE)
    return RuleFindings(
        rule_id=rule.id,
        outcome=np.where(waived, _CODES[Outcome.WAIVED], _OUTCOME_CODES[folded.code]),
        value=judged.value,
        severity=np.where(waived, np.nan, folded.severity),
        failing_members=folded.failing,
        unknown_members=folded.unknown,
        members=folded.members,
        exposed_households=folded.exposed,
        is_marginal=judged.is_marginal & ~waived,
        data_date=of_data.data_date,
        is_outdated=of_data.is_outdated,
        lacking=_lacking(judged.measured.lacking, folded.code),
        geometry=evidence(context, judged),
        **_features(context, judged),
        **figures(context, judged),
    )


def _features(context: EvaluationContext, judged: Judged) -> dict[str, Any]:
    """Return where the deciding walk begins and which feature decided."""
    size, pick = context.size, judged.folded.pick
    origin_layer, origin_id = _none(size)
    witness_layer, witness_id = _none(size)
    code, measured = judged.folded.code, judged.measured
    decided = (pick >= 0) & ((code == MET) | (code >= SHORT))
    if measured.doors is not None:
        known = decided & (np.append(measured.doors, -1)[pick] >= 0)
        door = measured.doors[pick[known]]
        origin_layer[known] = [_LAYER_CODES[layer] for layer in context.doors.layer[door]]
        origin_id[known] = context.doors.ids[door]
    for chosen, witnesses in (
        (decided & (code == MET), measured.witness_met),
        (decided & (code >= SHORT), measured.witness),
    ):
        if witnesses is not None:
            found = chosen & (np.append(witnesses.row, -1)[pick] >= 0)
            row, rows = witnesses.row[pick[found]], witnesses.rows
        elif measured.members is not None:
            found, row, rows = chosen, pick[chosen], measured.members
        else:
            continue
        witness_layer[found], witness_id[found] = _LAYER_CODES[rows.layer], rows.ids[row]
    return {
        "origin_layer": origin_layer,
        "origin_id": origin_id,
        "witness_layer": witness_layer,
        "witness_id": witness_id,
    }


def _none(size: int) -> tuple[npt.NDArray[np.int8], ObjectArray]:
    """Return the layer codes and the keys of `size` estates of which no feature is named."""
    return np.full(size, -1, dtype=np.int8), np.full(size, None, dtype=object)


def _lacking(lacking: Lacking, code: IntArray) -> ObjectArray:
    """Return what every estate lacks that cannot be judged, None for the others."""
    lacks = np.full(len(code), None, dtype=object)
    unknown = np.flatnonzero(code == UNKNOWN)
    lacks[unknown] = lacking.of(unknown)
    return lacks


def _waived(context: EvaluationContext, rule: Rule) -> BoolArray:
    """Return the estates of which the rule is not asked, shape (n,)."""
    ids = context.district["estates"]["estate_id"]
    waived = np.zeros(context.size, dtype=bool)
    for waiver in waivers_on(context.book, rule, context.as_of):
        waived |= ids.isin(waiver.estates).to_numpy(dtype=bool) | (not waiver.estates)
    return waived
