"""
Gaps: what kind of statement every finding makes, and which of a family decides.

A gap is a failing finding whose rule binds its estate and leads its family
(`layers.findings.is_gap`). Every count, colour, ranking and headline is of gaps; yardsticks,
conditions and what is pending are counted apart.
"""

from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt

from geo.arrays import BoolArray, FloatArray
from layers.findings import Outcome, Statement
from rules.families import BINDING, SUPERSEDED, level_of
from rules.model import Book, Rule
from rules.statements import is_asked, statement

STATEMENT_ORDER = tuple(str(kind) for kind in Statement)
"""Categories of statements; `statements` holds their positions."""

_SAYS_NOTHING = SUPERSEDED + 1  # level of a rule that is not asked of the estate or does not apply
_WEIGHT = {
    Outcome.MISSING: 0,
    Outcome.SHORT: 1,
    Outcome.UNKNOWN: 2,
    Outcome.MET: 3,
    Outcome.WAIVED: 4,
    Outcome.NOT_APPLICABLE: 5,
}
_WEIGHTS = np.array([_WEIGHT[outcome] for outcome in Outcome])
_UNKNOWN = tuple(Outcome).index(Outcome.UNKNOWN)
_NOT_APPLICABLE = tuple(Outcome).index(Outcome.NOT_APPLICABLE)


def statements(
    book: Book, rules: Sequence[str], built_year: FloatArray, as_of: date
) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.int8]]:
    """
    Return what kind of statement each of m rules makes of each of n estates.

    Parameters
    ----------
    book : Book
        The rulebook.
    rules : sequence of str, m ids
        Rules in force on `as_of`.
    built_year : ndarray of float64, shape (n,)
        Years in which the estates were built, NaN where unknown.
    as_of : date
        Day of the assessment.

    Returns
    -------
    kinds : ndarray of int8, shape (n, m)
        Positions in `STATEMENT_ORDER`.
    levels : ndarray of int8, shape (n, m)
        How each rule stands in its family, `rules.families.BINDING` first.
    """
    # A city has thousands of estates and few years: one answer for each rule and year.
    years, place = np.unique(built_year, return_inverse=True)
    known = [None if np.isnan(year) else int(year) for year in years]
    shape = (len(known), len(rules))
    answers = [_answer(book, book.by_id[rule], as_of, year) for year in known for rule in rules]
    kinds = np.array([kind for kind, _ in answers], dtype=np.int8).reshape(shape)
    levels = np.array([level for _, level in answers], dtype=np.int8).reshape(shape)
    return kinds[place.reshape(-1)], levels[place.reshape(-1)]


def _answer(book: Book, rule: Rule, as_of: date, year: int | None) -> tuple[int, int]:
    kind = STATEMENT_ORDER.index(statement(book, rule, as_of, year))
    return kind, level_of(book, rule, as_of, year) if is_asked(rule, year) else _SAYS_NOTHING


def leaders(
    book: Book,
    rules: Sequence[str],
    outcome: npt.NDArray[np.int8],
    levels: npt.NDArray[np.int8],
) -> BoolArray:
    """
    Return which of m rules decides for its family at each of n estates.

    Parameters
    ----------
    book : Book
        The rulebook.
    rules : sequence of str, m ids
        The rules that were judged.
    outcome : ndarray of int8, shape (n, m)
        Positions of the outcomes in `Outcome`.
    levels : ndarray of int8, shape (n, m)
        As `statements` returned them.

    Returns
    -------
    ndarray of bool, shape (n, m)
        True for every rule without family. Several rules of a family may bind an estate: the one
        with the worst outcome leads, then the first of the family; where `Family.first_known`,
        the first whose outcome is known.
    """
    place = {rule: column for column, rule in enumerate(rules)}
    leads = np.ones(outcome.shape, dtype=bool)
    estates = np.arange(len(outcome))
    for family in book.families.values():
        columns = [place[rule] for rule in family.rules if rule in place]
        if len(columns) < 2:  # noqa: PLR2004 - one alone leads
            continue
        mine, level = outcome[:, columns], levels[:, columns]
        level = np.where(mine == _NOT_APPLICABLE, _SAYS_NOTHING, level)
        if family.first_known:
            weight = (mine == _UNKNOWN).astype(np.int64)
        else:
            weight = np.where(level == BINDING, _WEIGHTS[mine], 0)
        best = np.argmin(level * len(_WEIGHTS) + weight, axis=1)
        leads[:, columns] = False
        leads[estates, np.array(columns)[best]] = True
    return leads
