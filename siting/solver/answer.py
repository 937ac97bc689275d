"""Siting: the answer to a problem, how good it is, and why not more is possible."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from geo.arrays import IntArray

Status: TypeAlias = Literal["optimal", "feasible", "infeasible", "unknown"]

Code: TypeAlias = Literal[
    "limit", "no_candidate", "never", "capacity", "new", "budget", "together", "must_never",
    "not_chosen", "full", "beyond_limit",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reason:
    """
    Why a demand is not served, or why nothing can be answered.

    Attributes
    ----------
    code : str
        ``limit``: it would have to be longer, `needed` for `found`. ``no_candidate``: no place may
        be within the limit; `candidate` is the nearest, `found` its walk. ``never``: one could, but
        is ruled out. ``capacity``, ``new``, ``budget``: `needed` where only `found` is given.
        ``together``: several of these stand in the way at once.
        ``must_never``: a column is in both. ``not_chosen``: a place within the limit is not among
        the chosen. ``full``: all chosen places within the limit are taken. ``beyond_limit``: the
        walk is longer than the limit, which this objective does not forbid.
    demand : int or None
        Which row; None where the whole problem is meant.
    candidate : int or None
        Which column, None for none.
    found, needed : float or None
        What there is, and what would have to be: walks [m], weights, places or money.
    """

    code: Code
    demand: int | None = None
    candidate: int | None = None
    found: float | None = None
    needed: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Siting:
    """
    The answer to a siting problem of n demands.

    Attributes
    ----------
    chosen : ndarray of int64
        Columns of the new places, ascending; kept ones are not among them.
    assignment : ndarray of int64, shape (n,)
        Column of the place that serves each demand, -1 for none.
    objective : float
        Weight covered; new places or their cost; sum of weight times walk; or the longest walk.
        NaN where there is no answer.
    bound : float
        No answer is better than this. Of ``equity`` it bounds the longest walk.
    gap : float
        The relative difference of the two, 0 for a proven optimum, NaN where there is no answer.
    status : {"optimal", "feasible", "infeasible", "unknown"}
        ``feasible``: time ran out with an answer; ``unknown``: without one.
    reasons : tuple of Reason
        Of demands that are not served or walk too far, and of infeasibility.
    """

    chosen: IntArray
    assignment: IntArray
    objective: float
    bound: float
    gap: float
    status: Status
    reasons: tuple[Reason, ...]

    @property
    def has_answer(self) -> bool:
        """Whether places were chosen, or none are needed."""
        return self.status in {"optimal", "feasible"}


@dataclass(frozen=True, slots=True)
class Relaxation:
    """
    The least by which one requirement alone must give way so that every demand is served.

    Attributes
    ----------
    what : {"limit", "new", "capacity", "budget"}
        Which requirement. Of capacity all places together are meant.
    needed : float
        Its least sufficient value.
    more : float
        How much more that is than given.
    """

    what: Literal["limit", "new", "capacity", "budget"]
    needed: float
    more: float


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """
    What a model found.

    Attributes
    ----------
    chosen : ndarray of int64 or None
        Columns of the new places; None where nothing was found.
    bound : float
        Proven for the objective of the problem.
    is_proven : bool
        Whether the answer is the best, or that there is none.
    assignment : ndarray of int64, shape (n,), or None
        Who is served by which column, where capacities decide.
    """

    chosen: IntArray | None
    bound: float
    is_proven: bool
    assignment: IntArray | None = None


def nothing(*, is_proven: bool) -> Found:
    """Return that no answer was found, or that there is none where that is proven."""
    return Found(None, float("nan"), is_proven)


def gap_between(objective: float, bound: float) -> float:
    """Return the difference of an objective and its bound as a share of it, inf of 0."""
    if objective == bound:
        return 0.0
    return abs(objective - bound) / abs(objective) if objective else float("inf")
