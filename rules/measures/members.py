"""Members: rows of a layer judged one by one, and to which of them a rule applies."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.arrays import IntArray
from rules.grammar import Checklist, Clause, Members, columns_of
from rules.grouping import counted
from rules.lacking import Lacking
from rules.rows import Rows
from rules.situation import Situation
from rules.truth import Truth
from rules.verdict import (
    NOT_APPLICABLE,
    SHORT,
    UNKNOWN,
    Verdict,
    by_conditions,
    clause_holds,
    holds,
)


@dataclass(frozen=True, eq=False)
class Selected:
    """Rows of estates that a rule applies, or may apply, to; and what estates without any get."""

    rows: Rows
    applies: Truth
    empty: IntArray


def select(situation: Situation, members: Members, lacking: Lacking) -> Selected:
    """Select the rows a rule is about; of rows that may or may not belong, nothing is certain."""
    rows = situation.rows(members.layer, members.kinds)
    suits = rows.holds(members.where)
    keep = (rows.estate >= 0) & suits.maybe
    rows, applies = rows.keep(keep), suits.keep(keep)
    if members.among:
        applies &= _fails(situation, members.among, rows)
    empty = np.full(situation.size, UNKNOWN, dtype=np.int64)
    if not lacking.unsurveyed(members.layer, members.kinds):
        absent = counted(rows.estate, situation.size) == 0
        if members.none == "unknown":
            lacking.rows(members.layer, absent)
        else:
            empty[:] = NOT_APPLICABLE
    return Selected(rows, applies, empty)


def _fails(situation: Situation, rule_id: str, rows: Rows) -> Truth:
    """Return the rows that fail another rule: true, false or unknown."""
    other = situation.book.by_id[rule_id].measure
    assert isinstance(other, Checklist)  # noqa: S101 - checked when the book was loaded
    code = checked(other, rows.table(columns_of(other.when, other.all)), failing=SHORT).code
    return Truth(code >= SHORT, code < UNKNOWN)


def checked(measure: Checklist, fields: pd.DataFrame, *, failing: int) -> Verdict:
    """Judge rows by a checklist's conditions; a column that is not there is unknown."""
    table = fields.reindex(columns=[*columns_of(measure.when, measure.all)])
    applies = holds(table, measure.when) & chosen(fields)
    return by_conditions([clause_holds(table, c) for c in measure.all], applies, failing)


def when_applies(fields: pd.DataFrame, clauses: tuple[Clause, ...]) -> Truth:
    """Ask to which rows a rule applies; conditions whose columns are not there are left out."""
    there = [c for c in clauses if set(c.columns) <= set(fields.columns)]
    return holds(fields, there) & chosen(fields)


def chosen(fields: pd.DataFrame) -> Truth:
    """Return whether rows were chosen when they were measured; all are where nobody says."""
    if "applies" not in fields:
        return Truth.known(np.ones(len(fields), dtype=bool))
    return Truth.flags(fields["applies"])


def choice(applies: Truth) -> pd.Series:
    """Return answers as the column that `chosen` reads."""
    flags = pd.Series(applies.yes, dtype="boolean")
    flags[applies.open] = pd.NA
    return flags
