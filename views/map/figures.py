"""What the map says of every estate: classes, ranks and numbers of gaps, for all kinds and each."""

from collections.abc import Hashable, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import numpy as np
import orjson
import pandas as pd

from layers.findings import (
    GAP_KINDS,
    OTHER_STATEMENTS,
    OUTCOME_LABELS,
    STATEMENT_LABELS,
    Outcome,
)
from rules.book import Book
from rules.ranking import TIER_LABELS, Tier, amount_text, formula, in_order, rank_classes, rank_text
from rules.summary import count_text, other_counts
from views.selection import FilteredFindings
from wording import Language, say

SYMBOLS = ("elevator", "parking", "charging", "elder_care")
"""Kinds of gap with a symbol, in the order of the legend."""

_MOST_LISTED = 100  # estates beside the map
_DEGREE = {str(Outcome.SHORT): 1, str(Outcome.MISSING): 2}


@dataclass(frozen=True, slots=True)
class ClassKey:
    """A class in the legend: name of its colour, its label, how many estates it has."""

    code: str
    label: str
    estates: int


@dataclass(frozen=True, slots=True)
class ListedEstate:
    """
    An estate in the list beside the map, as printed.

    Attributes
    ----------
    row : int
        Of the estates layer.
    rank, safety, households : str
        Its rank, and its household-gaps: of safety gaps, of all.
    note : str
        What there is to say of an estate without gaps, "" of others.
    lacking : str
        That more findings which may be gaps lack data than are gaps: the rank may well be too
        low; "" of others.
    """

    row: int
    rank: str
    safety: str
    households: str
    note: str
    lacking: str


@dataclass(frozen=True, slots=True)
class RankView:
    """
    How the estates are coloured, numbered and listed while all gaps, or those of a kind, are shown.

    Attributes
    ----------
    total : int
        Number of gaps.
    classes : list of ClassKey
        The worst first.
    places : list of int
        Class of each estate, by row of the estates layer: a position in `classes`, -1 for one
        outside the filters whose class has no other estate.
    gaps : list of int
        Number of gaps of each estate.
    order : list of int
        Rows as they are ranked, those without gaps last.
    listed : list of ListedEstate
        The first of them that pass the filters.
    """

    total: int
    classes: list[ClassKey]
    places: list[int]
    gaps: list[int]
    order: list[int]
    listed: list[ListedEstate]


@dataclass(frozen=True)
class EstateFigures:
    """
    What is drawn of every estate, by row of the estates layer.

    Attributes
    ----------
    views : dict of str to RankView
        Of all gaps under "", and of each of `GAP_KINDS`.
    kinds : list of list of int
        For each kind of `SYMBOLS`: 0 no gap, 1 short, 2 missing.
    shown : list of int or None
        Rows shown, None for all.
    tips : list of str
        What the pointer is told of each estate, whatever the filters.
    towns : dict of str to str
        Names of towns in the user's language, by those of the towns layer.
    formula : str
        The order in words.
    note : str
        What the filters leave, "" where there are none.
    """

    views: dict[str, RankView]
    kinds: list[list[int]]
    shown: list[int] | None
    tips: list[str]
    towns: dict[str, str]
    formula: str
    note: str

    @cached_property
    def body(self) -> bytes:
        """The figures as JSON."""
        return orjson.dumps(asdict(self))


def severity_bands(book: Book) -> Mapping[str, float]:
    """Return the upper limit of every severity band, from met to missing."""
    return {str(band["name"]): float(band["max"]) for band in book.scoring["bands"]}


def estate_figures(selection: FilteredFindings, language: Language) -> EstateFigures:
    """Return the figures of the findings that pass the filters, in the order of the layer."""
    summary = selection.summary
    return EstateFigures(
        views={kind: _view(selection.about(kind), language) for kind in ("", *GAP_KINDS)},
        kinds=[_degrees(summary[f"{kind}_outcome"]) for kind in SYMBOLS],
        shown=selection.shown.tolist() if selection.is_narrowed else None,
        tips=_tips(selection, language),
        towns={
            name: selection.book.called(name, language)
            for name in selection.district["towns"]["name"]
        },
        formula=formula(selection.book, language),
        note=selection.note(language),
    )


def _view(selection: FilteredFindings, language: Language) -> RankView:
    ranked = selection.ranked
    shown = ranked.iloc[selection.shown]
    classes = rank_classes(shown)
    place = {(str(one.tier), one.step): n for n, one in enumerate(classes)}
    order = in_order(ranked)
    others = other_counts(selection.findings, ranked.index)
    listed = order[np.isin(order, selection.shown)][:_MOST_LISTED]
    return RankView(
        total=int(ranked["gaps"].sum()),
        classes=[ClassKey(one.code, one.label(language), one.estates) for one in classes],
        places=[place.get(key, -1) for key in zip(ranked["tier"], ranked["step"], strict=True)],
        gaps=ranked["gaps"].tolist(),
        order=order.tolist(),
        listed=[
            _listed(row, estate, other, language)
            for row, estate, other in zip(
                listed.tolist(),
                ranked.iloc[listed].to_dict("records"),
                others.iloc[listed].to_dict("records"),
                strict=True,
            )
        ],
    )


def _listed(
    row: int, estate: Mapping[Hashable, Any], others: Mapping[Hashable, Any], language: Language
) -> ListedEstate:
    undecided = int(estate["undecided"])
    return ListedEstate(
        row,
        rank_text(estate["rank"], language, is_tied=bool(estate["is_tied"])),
        amount_text(estate, "safety_household_gaps"),
        amount_text(estate, "household_gaps"),
        "" if estate["gaps"] else _note(others, language),
        say("map.lacking", language, n=undecided) if undecided > estate["gaps"] > 0 else "",
    )


def _note(others: Mapping[Hashable, Any], language: Language) -> str:
    """Return what an estate without gaps has: what lacks data, is pending, compared, asked."""
    counted = [(OUTCOME_LABELS[Outcome.UNKNOWN], others["unknown"], 0)]
    counted += [
        (STATEMENT_LABELS[kind], others[f"{kind}s"], others.get(f"marginal_{kind}s", 0))
        for kind in OTHER_STATEMENTS
    ]
    parts = [
        f"{label[language]} {count_text(n, near, language)}" for label, n, near in counted if n
    ]
    return " · ".join(parts) or TIER_LABELS[Tier.NONE][language]


def _tips(selection: FilteredFindings, language: Language) -> list[str]:
    """Return how many gaps each estate has, and whether it is outside the filters."""
    gaps = selection.whole["gaps"].to_numpy()
    inside = np.isin(np.arange(len(gaps)), selection.shown)
    keys = np.where(inside, "map.gaps_tip", "map.outside_tip")
    return [say(str(key), language, n=int(n)) for key, n in zip(keys, gaps, strict=True)]


def _degrees(outcomes: pd.Series) -> list[int]:
    return [_DEGREE.get(str(outcome), 0) for outcome in outcomes]
