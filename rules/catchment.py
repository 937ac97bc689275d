"""
Catchment: who is in walking reach of what.

A walk is measured as exactly as it is drawn. Where that matters, a pair whose walk is as near to
the limit is taken to be in reach or not, each by itself (`as_drawn`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias, TypeGuard

import numpy as np

from geo.arrays import BoolArray
from geo.pairs import Pairs
from rules import walking
from rules.context import EvaluationContext
from rules.grammar import Adequacy, Area, Checklist, Measure, Places
from rules.margin import accuracy_at
from rules.model import Book
from rules.selection import Selection

Reaching: TypeAlias = Adequacy | Area | Places | Checklist
"""What may ask for places in reach; a checklist does so with `within`."""

_Search = Callable[[EvaluationContext, str, tuple[str, ...], float], Pairs]


@dataclass(frozen=True, slots=True)
class Catchment:
    """
    How far people walk to a place.

    Attributes
    ----------
    sure_m, most_m : float
        A walk no longer than the first is in reach, one longer than the second is not [m]; equal
        where walks are taken as measured.
    search_m : float
        How far to search [m], the same for both, so that every pair is searched once.
    """

    sure_m: float
    most_m: float
    search_m: float

    def is_sure(self, found: Pairs) -> BoolArray:
        """Return which pairs are in reach however far off their walks are drawn."""
        return np.asarray(found.distance <= self.sure_m)


def counts_in_reach(measure: Measure) -> TypeGuard[Reaching]:
    """Return whether a way of measuring asks for places within a walk."""
    if isinstance(measure, Checklist):
        return bool(measure.within)
    return isinstance(measure, Adequacy | Area | Places)


def catchment_m(measure: Reaching, book: Book) -> float:
    """Return the longest walk within which a rule counts places [m]."""
    if isinstance(measure, Adequacy) and measure.within_m is not None:
        return measure.within_m
    return book.reach_m(measure.within)


def catchment(measure: Reaching, book: Book) -> Catchment:
    """Return how far people walk, with every walk taken as measured."""
    limit = catchment_m(measure, book)
    return Catchment(limit, limit, limit + accuracy_at(book, "walk", limit, "m"))


def as_drawn(measure: Reaching, book: Book) -> Catchment:
    """Return how far people walk, with every walk as uncertain as it is drawn."""
    limit = catchment_m(measure, book)
    off = accuracy_at(book, "walk", limit, "m")
    return Catchment(limit - off, limit + off, limit + off)


def pairs(context: EvaluationContext, places: Selection, within: Catchment) -> Pairs:
    """Return the pairs of a door and a place that are, or may be, in reach of each other."""
    return _reached(walking.pairs, context, places, within)


def pairs_outside(context: EvaluationContext, places: Selection, within: Catchment) -> Pairs:
    """Return the same pairs of a home outside the estates and a place."""
    return _reached(walking.pairs_outside, context, places, within)


def _reached(
    search: _Search, context: EvaluationContext, places: Selection, within: Catchment
) -> Pairs:
    """Return what a search finds within the limit; nothing where there is nothing to walk on."""
    if not walking.is_possible(context):
        none = np.empty(0, dtype=np.int64)
        return Pairs(none, none, np.empty(0))
    found = search(context, places.layer, places.kinds, within.search_m)
    near = found.distance <= within.most_m
    if near.all():
        return found
    return Pairs(found.origin[near], found.facility[near], found.distance[near])
