"""
The answer key: what every rule must find at every estate, known from the planting.

Columns: estate_id, rule_id, as_of (ISO), case ("positive": a gap, "negative": none, "near": planted
at the threshold), expect (outcome), value (NaN where not stated), tolerance, how.
"""

from collections.abc import Iterator
from datetime import date
from itertools import chain

import numpy as np
import pandas as pd

from answer_key.answers import DATES, Answer, planted_answers, ticked_answers
from answer_key.asked import rule
from answer_key.grades import Grade, Planted
from answer_key.town import Town
from answer_key.truth_land import land_answers
from answer_key.truth_lifts import lift_answers
from answer_key.truth_parking import parking_answers
from answer_key.truth_pipes import frost_answers, pipe_answers
from answer_key.truth_walks import walk_answers

COLUMNS = ["estate_id", "rule_id", "as_of", "case", "expect", "value", "tolerance", "how"]

# Rules that report the share of members ticked; the other checklists say only that one fails.
_SHARES = ("ramp.units", "mailbox.units", "security.gates")
# Checklists over numbers report a share of checks, not the number that was planted.
_NO_VALUE = ("lift.retrofit_car", "lift.siting.envelope", "lift.consent")
# What is answered from the ground as drawn rather than from the figure dealt.
_DRAWN = ("property.room", "green.ratio.old", "green.concentrated.old")


def answer_key(town: Town) -> pd.DataFrame:
    """Return the answers for every estate, rule and date at which the rule is in force."""
    answers = list(_answers(town))
    ids = town.estates.ids
    rows = [
        (ids[a.estate], a.rule_id, day, a.case, a.expect, a.value, a.tolerance, a.how)
        for day in DATES
        for a in answers
        if rule(a.rule_id).in_force(date.fromisoformat(day))
    ]
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.sort_values(["as_of", "rule_id", "estate_id"], ignore_index=True)


def _answers(town: Town) -> Iterator[Answer]:
    dealt = [each for each in town.planted if each.grade.rule_id not in _DRAWN]
    return chain(
        *(planted_answers(_without_value(each)) for each in dealt),
        *(ticked_answers(each, is_share=each.grade.rule_id in _SHARES) for each in town.ticked),
        lift_answers(town),
        pipe_answers(town),
        frost_answers(town),
        land_answers(town),
        walk_answers(town),
        parking_answers(town),
    )


def _without_value(planted: Planted) -> Planted:
    """Forget the value where the rule reports something else; the case stays."""
    grade: Grade = planted.grade
    if grade.rule_id not in _NO_VALUE:
        return planted
    return Planted(grade, np.full(len(planted.values), np.nan), planted.cases)
