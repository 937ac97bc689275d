"""
Lagrangian bounds of maximal covering: a good answer, a bound, and the columns still in question.

Galvao, R. D., Espejo, L. G. A., and Boffey, B. (2000). A comparison of Lagrangean and surrogate
relaxations for the maximal covering location problem. European Journal of Operational Research 124,
377-389.
"""

from dataclasses import dataclass, replace

import numpy as np

from geo.arrays import BoolArray, FloatArray
from siting.solver.coverage import Coverage

_STEPS = 200
_EXCHANGED = 20
"""After so many steps the columns at hand are made better by exchanges."""
_PATIENCE = 8
"""Steps without a better bound after which the steps become half as long."""


@dataclass(frozen=True, slots=True, eq=False)
class Narrowed:
    """
    What is known of maximal covering before any program is solved.

    Attributes
    ----------
    chosen : ndarray of bool, shape (s,)
        A good answer.
    weight : float
        What it covers.
    bound : float
        No answer covers more.
    is_open : ndarray of bool, shape (s,)
        Columns that an answer as good as `chosen` may have.
    is_forced : ndarray of bool, shape (s,)
        Columns that every answer as good has.
    """

    chosen: BoolArray
    weight: float
    bound: float
    is_open: BoolArray
    is_forced: BoolArray


def narrowed(town: Coverage, chosen: BoolArray, must: BoolArray, count: int) -> Narrowed:
    """
    Return what bounds tell of a problem in which `count` of more than `count` columns are chosen.

    Parameters
    ----------
    town : Coverage
        Groups and columns.
    chosen : ndarray of bool, shape (s,)
        A first answer.
    must : ndarray of bool, shape (s,)
        Columns that have to be.
    count : int
        How many columns may be chosen.
    """
    # Each group pays `u`, at most its weight, to every column that covers it.
    is_whole = bool((town.weights == np.rint(town.weights)).all())
    pays, step, idle = town.weights / np.maximum(town.covers.sum(axis=1), 1.0), 1.0, 0
    chosen = exchanged(town, chosen, must)
    state = Narrowed(
        chosen, covered(town, chosen), np.inf, np.ones(len(must), dtype=np.bool_), must.copy()
    )
    for number in range(_STEPS):
        worth = np.asarray(town.covers.T @ pays)
        ranked = np.argsort(np.where(must, -np.inf, -worth), kind="stable")
        best = np.zeros(len(worth), dtype=np.bool_)
        best[ranked[:count]] = True
        bound = float((town.weights - pays).sum() + worth[best].sum())
        idle = 0 if bound < state.bound - 1e-9 else idle + 1
        state = _told(town, state, (bound, worth, best, ranked), is_whole=is_whole)
        if number % _EXCHANGED == _EXCHANGED - 1:
            state = _better(town, state, exchanged(town, best, must))
        if state.bound <= state.weight:
            return state
        if idle >= _PATIENCE:
            step, idle = step / 2, 0
        slope = np.asarray(town.covers @ best) - 1.0
        length = step * (bound - state.weight) / max(float(slope @ slope), 1.0)
        pays = np.clip(pays - length * slope, 0.0, town.weights)
    return state


def _told(
    town: Coverage,
    state: Narrowed,
    priced: tuple[float, FloatArray, BoolArray, np.ndarray],
    *,
    is_whole: bool,
) -> Narrowed:
    """Return what is known after one more set of prices."""
    bound, worth, best, ranked = priced
    count = int(best.sum())
    state = _better(town, state, best)
    last, next_ = worth[ranked[count - 1]], worth[ranked[count]]
    with_it = np.where(best, np.inf, bound - last + worth)
    without = np.where(best, bound - worth + next_, np.inf)
    least = state.weight - 1e-6 * max(1.0, state.weight * 1e-3)
    tops = [np.floor(top + 1e-6) if is_whole else top for top in (with_it, without, bound)]
    return replace(
        state,
        bound=min(state.bound, float(tops[2])),
        is_open=state.is_open & (tops[0] >= least),
        is_forced=state.is_forced | (tops[1] < least),
    )


def _better(town: Coverage, state: Narrowed, chosen: BoolArray) -> Narrowed:
    """Return what is known with chosen columns as the good answer, if they cover more."""
    weight = covered(town, chosen)
    return replace(state, chosen=chosen, weight=weight) if weight > state.weight else state


def covered(town: Coverage, chosen: BoolArray) -> float:
    """Return the weight that chosen columns, shape (s,), cover."""
    return float(town.weights @ (town.covers @ chosen > 0))


def exchanged(town: Coverage, chosen: BoolArray, must: BoolArray) -> BoolArray:
    """
    Return chosen columns after exchanges of one for another that cover more, until none does.

    Parameters
    ----------
    town : Coverage
        Groups and columns.
    chosen, must : ndarray of bool, shape (s,)
        Columns that are chosen, and those that have to be.
    """
    chosen, improved = chosen.copy(), True
    reaching = town.covers.T.tocsr()
    times = np.asarray(town.covers @ chosen.astype(np.float64))
    while improved:
        improved = False
        for out in np.flatnonzero(chosen & ~must).tolist():
            column = np.asarray(town.covers[:, [out]].todense()).ravel()
            rest = times - column
            gain = np.asarray(reaching @ np.where(rest > 0, 0.0, town.weights))
            best = int(np.argmax(np.where(chosen, -1.0, gain)))
            if not chosen[best] and gain[best] > gain[out] + 1e-9:
                chosen[[out, best]] = False, True
                times = rest + np.asarray(town.covers[:, [best]].todense()).ravel()
                improved = True
    return chosen
