"""
Gaps: what kind of statement every finding makes, and which of a family decides.

A gap is a failing finding whose rule binds its estate and leads its family
(`layers.findings.is_gap`). Every count, colour, ranking and headline is of gaps; what is marginal,
pending, a condition or a yardstick is counted apart.
"""

from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt

from geo.arrays import BoolArray, FloatArray
from layers.findings import FAILING, Outcome, Statement
from rules.families import BINDING, SUPERSEDED, level_of
from rules.model import Book, Rule
from rules.statements import is_asked, statement

STATEMENT_ORDER = tuple(str(kind) for kind in Statement)
"""Categories of statements; `statements` holds their positions."""

_SAYS_NOTHING = SUPERSEDED + 1  # level of a rule that is not asked of the estate or does not apply
_WEIGHT = {
    Outcome.MISSING: 0,
    Outcome.SHORT: 1,
    Outcome.UNKNOWN: 3,
    Outcome.MET: 4,
    Outcome.WAIVED: 5,
    Outcome.NOT_APPLICABLE: 6,
}
_MARGINAL = 2  # weight of what fails within the accuracy of the survey
_WEIGHTS = np.array([_WEIGHT[outcome] for outcome in Outcome])
_SHORT, _UNKNOWN, _NOT_APPLICABLE = (
    tuple(Outcome).index(one) for one in (Outcome.SHORT, Outcome.UNKNOWN, Outcome.NOT_APPLICABLE)
)
_FAILING = [tuple(Outcome).index(one) for one in FAILING]


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


def apart(
    kinds: npt.NDArray[np.int8], outcome: npt.NDArray[np.int8], is_marginal: BoolArray
) -> npt.NDArray[np.int8]:
    """
    Return the kinds of statement, with what would be a gap but is marginal apart from the gaps.

    Parameters
    ----------
    kinds : ndarray of int8, shape (n, m)
        As `statements` returned them.
    outcome : ndarray of int8, shape (n, m)
        Positions of the outcomes in `Outcome`.
    is_marginal : ndarray of bool, shape (n, m)
        Whether the true values may give another outcome.
    """
    gap, marginal = (STATEMENT_ORDER.index(one) for one in (Statement.GAP, Statement.MARGINAL))
    near = (kinds == gap) & is_marginal & np.isin(outcome, _FAILING)
    return np.where(near, np.int8(marginal), kinds)


def leaders(
    book: Book,
    rules: Sequence[str],
    outcome: npt.NDArray[np.int8],
    levels: npt.NDArray[np.int8],
    is_marginal: BoolArray,
    kinds: npt.NDArray[np.int8],
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
    is_marginal : ndarray of bool, shape (n, m)
        Whether the true values may give another outcome.
    kinds : ndarray of int8, shape (n, m)
        As `statements` returned them.

    Returns
    -------
    ndarray of bool, shape (n, m)
        True for every rule without family. What binds leads; of rules that make the same kind of
        statement the one with the worst outcome (of two that fail, one that does so for sure),
        then the first of the family. What is unknown leads before what is met only if it binds and
        the others do not answer it (`Family.known_first`).
    """
    place = {rule: column for column, rule in enumerate(rules)}
    leads = np.ones(outcome.shape, dtype=bool)
    estates = np.arange(len(outcome))
    bad = np.where(is_marginal & np.isin(outcome, _FAILING), _MARGINAL, _WEIGHTS[outcome])
    for family in book.families.values():
        columns = [place[rule] for rule in family.rules if rule in place]
        if len(columns) < 2:  # noqa: PLR2004 - one alone leads
            continue
        mine, level, kind = outcome[:, columns], levels[:, columns], kinds[:, columns]
        level = np.where(mine == _NOT_APPLICABLE, _SAYS_NOTHING, level)
        answered = (mine == _UNKNOWN) & ((level != BINDING) | family.known_first)
        first_alike = np.argmax(kind[:, :, None] == kind[:, None, :], axis=2)
        # The weightiest is named last; of rules that are equal the first of the family comes first.
        order = np.lexsort((bad[:, columns], first_alike, answered, level), axis=1)
        leads[:, columns] = False
        leads[estates, np.array(columns)[order[:, 0]]] = True
    return leads
