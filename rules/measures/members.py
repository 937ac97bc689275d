"""Members: rows of a layer judged one by one, and to which of them a rule applies."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.arrays import IntArray
from rules.context import EvaluationContext
from rules.grammar import Checklist, Members
from rules.grouping import counted
from rules.lacking import Lacking
from rules.model import Book
from rules.reads import Reads, rows_read
from rules.rows import Rows
from rules.selection import Clause, columns_of
from rules.truth import Truth
from rules.verdict import (
    NOT_APPLICABLE,
    SHORT,
    UNKNOWN,
    MemberVerdicts,
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


def members_read(members: Members, columns: tuple[str, ...], book: Book) -> Reads:
    """
    Return what is read to select members and to ask of each for some columns.

    Parameters
    ----------
    members : Members
        Which rows.
    columns : tuple of str
        What is asked of them besides; households are, where the layer has them.
    book : Book
        With the other rule that the members must fail, if one is named.
    """
    asked = (*columns, "households", *columns_of(members.where, members.when))
    if members.among:
        other = _checklist(book, members.among)
        asked += columns_of(other.when, other.all)
    return rows_read(members.layer, members.kinds, asked)


def select(context: EvaluationContext, members: Members, lacking: Lacking) -> Selected:
    """Select the rows a rule is about; of rows that may or may not belong, nothing is certain."""
    rows = context.rows(members.layer, members.kinds)
    suits = rows.holds(members.where)
    keep = (rows.estate >= 0) & suits.maybe
    rows, applies = rows.keep(keep), suits.keep(keep)
    if members.among:
        applies &= _fails(context, members.among, rows)
    empty = np.full(context.size, UNKNOWN, dtype=np.int64)
    seen = ~lacking.unsurveyed(members.layer, members.kinds)
    if members.none == "unknown":
        lacking.rows(members.layer, seen & (counted(rows.estate, context.size) == 0))
    else:
        empty[seen] = NOT_APPLICABLE
    return Selected(rows, applies, empty)


def _fails(context: EvaluationContext, rule_id: str, rows: Rows) -> Truth:
    """Return the rows that fail another rule: true, false or unknown."""
    other = _checklist(context.book, rule_id)
    code = checked(other, rows.table(columns_of(other.when, other.all)), failing=SHORT).code
    return Truth(code >= SHORT, code < UNKNOWN)


def _checklist(book: Book, rule_id: str) -> Checklist:
    measure = book.by_id[rule_id].measure
    assert isinstance(measure, Checklist)  # noqa: S101 - checked when the book was loaded
    return measure


def checked(measure: Checklist, fields: pd.DataFrame, *, failing: int) -> MemberVerdicts:
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
