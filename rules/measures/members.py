"""Members: rows of a layer judged one by one, and to which of them a rule applies."""

from dataclasses import dataclass


import numpy as np
import pandas as pd
from pandas.arrays import BooleanArray

from rules.grouping import counted
from rules.grammar import Checklist, Clause, Members, columns_of
from rules.measured import Lacking
from rules.rows import Rows
from rules.situation import Situation
from rules.verdict import (
    NOT_APPLICABLE,
    SHORT,
    UNKNOWN,
    IntArray,
    Verdict,
    by_conditions,
    clause_holds,
    holds,
)


@dataclass(frozen=True, eq=False)
class Selected:
    """Rows of estates that a rule applies, or may apply, to; and what estates without any get."""

    rows: Rows
    applies: BooleanArray
    empty: IntArray


def select(situation: Situation, members: Members, lacking: Lacking) -> Selected:
    """Select the rows a rule is about; of rows that may or may not belong, nothing is certain."""
    rows = situation.rows(members.layer, members.kinds)
    suits = rows.holds(members.where)
    keep = (rows.estate >= 0) & suits.to_numpy(dtype=bool, na_value=True)
    rows, applies = rows.keep(keep), suits[keep]
    if members.among:
        applies = applies & _fails(situation, members.among, rows)
    empty = np.full(situation.size, UNKNOWN, dtype=np.int64)
    if not lacking.unsurveyed(members.layer, members.kinds):
        absent = counted(rows.estate, situation.size) == 0
        if members.none == "unknown":
            lacking.rows(members.layer, absent)
        else:
            empty[:] = NOT_APPLICABLE
    return Selected(rows, applies, empty)


def _fails(situation: Situation, rule_id: str, rows: Rows) -> BooleanArray:
    """Return the rows that fail another rule: true, false or unknown."""
    other = situation.book.by_id[rule_id].measure
    assert isinstance(other, Checklist)  # noqa: S101 - checked when the book was loaded
    code = checked(other, rows.table(columns_of(other.when, other.all)), failing=SHORT).code
    return BooleanArray(code >= SHORT, code == UNKNOWN)


def checked(measure: Checklist, fields: pd.DataFrame, *, failing: int) -> Verdict:
    """Judge rows by a checklist's conditions; a column that is not there is unknown."""
    table = fields.reindex(columns=[*columns_of(measure.when, measure.all)])
    applies = holds(table, measure.when)
    if "applies" in fields:
        applies = applies & pd.array(fields["applies"], dtype="boolean")
    return by_conditions([clause_holds(table, c) for c in measure.all], applies, failing)


def when_applies(fields: pd.DataFrame, clauses: tuple[Clause, ...]) -> BooleanArray | None:
    """Ask to which rows a rule applies; conditions whose columns are not there are left out."""
    there = tuple(c for c in clauses if set(c.columns) <= set(fields.columns))
    applies = holds(fields, there)
    if "applies" in fields:
        applies = applies & pd.array(fields["applies"], dtype="boolean")
    return applies
