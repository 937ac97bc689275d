"""
Grades: survey values planted above, below and just at what a rule asks for.

Every estate gets one case a rule: clearly failing, clearly met, met by a hair, failing by a hair,
or never surveyed. What a rule must then say is known from the planting, not from evaluating it
(`answer_key.truth`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from answer_key.asked import EXACT, asked
from demonstration.rows import blank
from geo.arrays import FloatArray, IntArray, ObjectArray


class Case(IntEnum):
    """What was planted at an estate."""

    BAD = 0
    GOOD = 1
    JUST_MET = 2
    JUST_FAILED = 3
    UNKNOWN = 4


# Dealt out to the estates in random order; two estates get one of each side.
_DEAL = (
    Case.BAD,
    Case.GOOD,
    Case.JUST_MET,
    Case.JUST_FAILED,
    Case.BAD,
    Case.GOOD,
    Case.BAD,
    Case.GOOD,
    Case.BAD,
    Case.GOOD,
    Case.UNKNOWN,
    Case.BAD,
    Case.GOOD,
    Case.BAD,
)


@dataclass(frozen=True, slots=True)
class Grade:
    """
    What is planted for one rule, by how much it differs from what the rule asks for.

    Attributes
    ----------
    rule_id : str
        The rule that the values answer.
    bad_by, good_by : (float, float)
        Ranges of clearly failing and clearly met values, in the unit of the figure.
    near_by : (float, float)
        A value that is just met and one that just fails.
    digits : int
        Decimals.
    part : str
        The figure of the rule; see `answer_key.asked.asked`.
    """

    rule_id: str
    bad_by: tuple[float, float] = (0, 0)
    good_by: tuple[float, float] = (0, 0)
    near_by: tuple[float, float] = (0, 0)
    digits: int = 2
    part: str = "value"

    @property
    def bad(self) -> tuple[float, float]:
        """Range of clearly failing values."""
        return self._around(self.bad_by)

    @property
    def good(self) -> tuple[float, float]:
        """Range of clearly met values."""
        return self._around(self.good_by)

    @property
    def near(self) -> tuple[float, float]:
        """A value that is just met and one that just fails."""
        return self._around(self.near_by)

    def _around(self, differences: tuple[float, float]) -> tuple[float, float]:
        figure = asked(self.rule_id, self.part)
        return round(figure + differences[0], EXACT), round(figure + differences[1], EXACT)


@dataclass(frozen=True)
class Planted:
    """A grade as dealt out: value and case of every estate, NaN where never surveyed."""

    grade: Grade
    values: FloatArray
    cases: IntArray


def deal(
    rng: np.random.Generator, count: int, among: Sequence[int] | IntArray | None = None
) -> IntArray:
    """
    Deal a case to each estate, in random order.

    Parameters
    ----------
    rng : numpy.random.Generator
        The stream of the part that plants.
    count : int
        Number of estates.
    among : sequence of int, optional
        The estates that take part; the others get `Case.UNKNOWN`. Default all.
    """
    players = np.arange(count) if among is None else np.asarray(among, dtype=np.int64)
    cases = np.full(count, int(Case.UNKNOWN))
    dealt = np.resize(np.array(_DEAL, dtype=np.int64), len(players))
    cases[rng.permutation(players)] = dealt
    return cases


def plant(
    rng: np.random.Generator,
    grade: Grade,
    count: int,
    among: Sequence[int] | IntArray | None = None,
) -> Planted:
    """
    Deal a grade out to the estates.

    Parameters
    ----------
    rng : numpy.random.Generator
        The stream of the part that plants.
    grade : Grade
        What is planted.
    count : int
        Number of estates.
    among : sequence of int, optional
        The estates that take part.
    """
    cases = deal(rng, count, among)
    draw = rng.random((2, count))
    bad = np.round(_within(grade.bad, draw[0]), grade.digits)
    good = np.round(_within(grade.good, draw[1]), grade.digits)
    met, failed = grade.near
    choices = [bad, good, np.full(count, met), np.full(count, failed), np.full(count, np.nan)]
    return Planted(grade, np.choose(cases, choices), cases)


def spread(
    rng: np.random.Generator, planted: Planted, owner: IntArray, lead: IntArray | None = None
) -> FloatArray:
    """
    Give every member of an estate a value such that the worst of them is the planted one.

    Parameters
    ----------
    rng : numpy.random.Generator
        The stream of the part that plants.
    planted : Planted
        Worst value of each estate.
    owner : ndarray of int, shape (n,)
        The estate each member belongs to, in ascending order.
    lead : ndarray of int, optional
        The member that takes the worst value, for every estate; default a random one.

    Returns
    -------
    ndarray of float, shape (n,)
        NaN for members of estates that were never surveyed.
    """
    grade, mine = planted.grade, planted.values[owner]
    best = grade.good[grade.bad[0] < grade.good[0]]
    from_here = np.where(planted.cases[owner] == Case.GOOD, mine, sum(grade.good) / 2)
    good = np.round(from_here + (best - from_here) * rng.random(len(owner)), grade.digits)
    values = np.where(np.isnan(mine), np.nan, good)
    if lead is None:
        lead = one_of_each(rng, owner, len(planted.values))
    has = lead >= 0
    values[lead[has]] = planted.values[has]
    return values


def one_of_each(rng: np.random.Generator, owner: IntArray, count: int) -> IntArray:
    """Return a random member of each owner, -1 for an owner without members; `owner` is sorted."""
    start = np.searchsorted(owner, np.arange(count))
    sizes = np.searchsorted(owner, np.arange(count), side="right") - start
    draw = (rng.random(count) * sizes).astype(np.int64)
    return np.where(sizes > 0, start + draw, -1)


def _within(limits: tuple[float, float], draw: FloatArray) -> FloatArray:
    return limits[0] + (limits[1] - limits[0]) * draw


@dataclass(frozen=True)
class Ticked:
    """
    A yes-or-no check dealt out to the members of every estate.

    Attributes
    ----------
    grade : Grade
        Of which only the rule counts: just met is all, just failed all but one.
    ticks : ndarray of object, shape (n,)
        True, False, or None where never surveyed.
    share : ndarray of float, shape (estates,)
        Share of the members ticked, NaN where never surveyed.
    cases : ndarray of int, shape (estates,)
        What was planted.
    """

    grade: Grade
    ticks: ObjectArray
    share: FloatArray
    cases: IntArray


def tick(
    rng: np.random.Generator,
    grade: Grade,
    owner: IntArray,
    count: int,
    among: Sequence[int] | IntArray | None = None,
) -> Ticked:
    """
    Deal a yes-or-no check out to members; `owner` is sorted, estates without members stay unknown.

    Parameters
    ----------
    rng : numpy.random.Generator
        The stream of the part that plants.
    grade : Grade
        The rule that counts the ticks.
    owner : ndarray of int, shape (n,)
        The estate each member belongs to, in ascending order.
    count : int
        Number of estates.
    among : sequence of int, optional
        The estates that take part.
    """
    cases = deal(rng, count, among)
    one = one_of_each(rng, owner, count)
    cases[one < 0] = Case.UNKNOWN
    kind = cases[owner]
    yes = (kind != Case.BAD) | (rng.random(len(owner)) < 0.4)  # noqa: PLR2004
    failing = np.isin(cases, [Case.BAD, Case.JUST_FAILED]) & (one >= 0)
    yes[one[failing]] = False
    known = kind != Case.UNKNOWN
    total = np.bincount(owner, weights=known, minlength=count)
    ticked = np.bincount(owner, weights=yes & known, minlength=count)
    share = np.divide(ticked, total, out=np.full(count, np.nan), where=total > 0)
    return Ticked(grade, blank(yes, ~known), share, cases)
