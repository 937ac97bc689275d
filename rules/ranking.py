"""
Ranking: which estates come first, and the classes in which map, list, workbook and booklet show it.

One order for all of them, stated in `scoring.toml` (``[scoring.ranking]``) as columns compared one
after the other. A household counts once for each gap that touches it: a gap weighs as many
household-gaps as it touches households.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.arrays import BoolArray, IntArray
from geo.errors import StandardError
from layers.findings import FAILING, Statement, is_gap, lacks_data
from rules.grouping import added, counted, owners
from rules.model import Book
from wording import Language, Text, say


class Tier(StrEnum):
    """What is known of an estate; the first two are ranked, in this order."""

    SAFETY = "safety"
    GAP = "gap"
    UNKNOWN = "unknown"
    COMPARED = "compared"
    NONE = "none"


TIER_LABELS: Mapping[str, Text] = {
    Tier.SAFETY: Text("有安全短板", "safety gaps"),
    Tier.GAP: Text("其他短板", "other gaps"),
    Tier.UNKNOWN: Text("未见短板，尚缺资料", "no gap found, data lacking"),
    Tier.COMPARED: Text("无短板，仅临界、待确认、条件或对照", "no gap, only other statements"),
    Tier.NONE: Text("无短板", "no gap"),
}

STEPS = 3
"""Most classes of a tier: as many colours are told apart."""

AMOUNTS = ("safety_household_gaps", "household_gaps")
"""Columns of `ranking` that hold household-gaps."""

KEYS = ("has_safety_gap", "safety_household_gaps", "household_gaps", "gaps")
"""Columns of `ranking` that an order may compare, the greatest first."""

_GRADED_BY = {Tier.SAFETY: "safety_household_gaps", Tier.GAP: "household_gaps"}


@dataclass(frozen=True, slots=True)
class RankClass:
    """
    Estates that are drawn alike.

    Attributes
    ----------
    tier : Tier
    step : int
        Within the tier, the greatest is the worst; 0 for tiers that are not ranked.
    least, most : int
        Household-gaps that occur (of safety gaps in `Tier.SAFETY`); 0 for tiers without.
    estates : int
        How many estates it has.
    """

    tier: Tier
    step: int
    least: int
    most: int
    estates: int

    @property
    def code(self) -> str:
        """Name of its colour, such as ``"safety_3"`` or ``"unknown"``."""
        return f"{self.tier}_{self.step}" if self.step else str(self.tier)

    @property
    def span(self) -> str:
        """The household-gaps that occur: 18–24."""
        return f"{self.least:,}" if self.least == self.most else f"{self.least:,}–{self.most:,}"

    def label(self, language: Language) -> str:
        """Return what the legend says of it: 有安全短板，安全户次 18–24."""
        name = TIER_LABELS[self.tier][language]
        if not self.step:
            return name
        return say(f"ranking.class_{self.tier}", language, tier=name, span=self.span)

    def short_label(self, language: Language) -> str:
        """Return what a narrow legend says of it: 安全户次 18–24."""
        if not self.step:
            return say(f"ranking.short_{self.tier}", language)
        return say(f"ranking.short_{self.tier}", language, span=self.span)


def ranking(findings: pd.DataFrame, estates: Sequence[str], book: Book) -> pd.DataFrame:
    """
    Rank estates by their gaps.

    Parameters
    ----------
    findings : pandas.DataFrame
        Findings joined with `safety`: all, or those of a kind, a body, a town.
    estates : sequence of str, n ids
        Estates to rank, in the order wanted.
    book : Book
        Whose ``[scoring.ranking]`` holds.

    Returns
    -------
    pandas.DataFrame
        Indexed by estate_id, in the order of `estates`: ``rank`` (Int64, from 1, equal for estates
        that no column of the order tells apart, NA without a gap); ``is_tied``; ``gaps``,
        ``safety_gaps``; ``household_gaps``, ``safety_household_gaps`` (households touched, summed
        over the gaps: those whose households are known); ``uncounted_gaps`` and
        ``uncounted_safety_gaps``, whose households are not known; ``has_safety_gap``; ``undecided``
        (findings that lack data and may be gaps); ``tier``; ``step``, the class within the tier.

    Raises
    ------
    StandardError
        If order or classes of the rulebook cannot be used.
    """
    ids = pd.Index(estates, name="estate_id")
    owner, size = owners(findings["estate_id"], ids), len(ids)
    gap = is_gap(findings).to_numpy(dtype=bool)
    safety = gap & findings["safety"].to_numpy(dtype=bool)
    households = findings["exposed_households"].to_numpy(dtype=np.float64)
    known = ~np.isnan(households)
    table = pd.DataFrame(index=ids)
    for kind, mine in (("", gap), ("safety_", safety)):
        table[f"{kind}gaps"] = counted(owner[mine], size)
        table[f"{kind}household_gaps"] = added(owner[mine & known], households[mine & known], size)
        table[f"uncounted_{kind}gaps"] = counted(owner[mine & ~known], size)
    table["has_safety_gap"] = table["safety_gaps"] > 0
    table["undecided"] = counted(owner[_undecided(findings)], size)
    table["tier"] = _tiers(findings, owner, table)
    table["step"] = _steps(table, classes_of(book))
    return _with_ranks(table, order_of(book))


def order_of(book: Book) -> tuple[str, ...]:
    """
    Return the columns that the rulebook compares, of `KEYS`.

    Raises
    ------
    StandardError
        If there is no such column.
    """
    order = tuple(book.scoring["ranking"]["order"])
    for key in order:
        if key not in KEYS:
            raise StandardError(
                f"scoring.ranking.order: {key!r} is no column; expected some of {', '.join(KEYS)}",
                f"scoring.ranking.order：没有“{key}”这一列；应为 {'、'.join(KEYS)} 中的若干",
            )
    return order


def classes_of(book: Book) -> int:
    """
    Return into how many classes each ranked tier is parted.

    Raises
    ------
    StandardError
        If it is no number from 1 to `STEPS`.
    """
    classes = book.scoring["ranking"]["classes"]
    if classes not in range(1, STEPS + 1):
        raise StandardError(
            f"scoring.ranking.classes: {classes!r}; expected 1 to {STEPS}",
            f"scoring.ranking.classes：{classes!r}；应为 1 至 {STEPS}",
        )
    return int(classes)


def formula(book: Book, language: Language) -> str:
    """
    Return the order in words, as it is printed beside every ranking.

    Parameters
    ----------
    book : Book
        The rulebook that states the order.
    language : {"zh", "en"}
        Of the words.
    """
    keys = [say(f"ranking.by_{key}", language) for key in order_of(book)]
    return say("ranking.formula", language, keys=say("ranking.then", language).join(keys))


def in_order(ranked: pd.DataFrame) -> IntArray:
    """
    Return positions, shape (n,): by rank, then those without gaps, as `Tier` lists them.

    Parameters
    ----------
    ranked : pandas.DataFrame, n rows
        As `ranking` returned it.

    Returns
    -------
    ndarray of int64, shape (n,)
    """
    tiers = ranked["tier"].map({str(tier): place for place, tier in enumerate(Tier)})
    rank = ranked["rank"].astype("float64").to_numpy()
    return np.asarray(np.lexsort((np.arange(len(ranked)), rank, tiers.to_numpy())), dtype=np.int64)


def rank_text(rank: object, language: Language, *, is_tied: bool) -> str:
    """
    Return a rank as it is printed: 3, or 并列 3; a dash without one.

    Parameters
    ----------
    rank : int or NA
        From 1; NA for an estate without gaps.
    language : {"zh", "en"}
        Of the words.
    is_tied : bool
        Whether another estate has the same rank.
    """
    if pd.isna(rank):  # type: ignore[call-overload]
        return "—"
    return say("ranking.tied", language, rank=rank) if is_tied else str(rank)


def amount_text(row: Mapping[Any, Any] | pd.Series, column: str) -> str:
    """
    Return household-gaps as they are printed: a lower bound where some are not known.

    Parameters
    ----------
    row : mapping or pandas.Series
        A row of `ranking`.
    column : str
        Of `AMOUNTS`.

    Returns
    -------
    str
        A dash where there is no gap of the kind.
    """
    gaps = column.removesuffix("household_gaps") + "gaps"
    bound = "≥ " if row[f"uncounted_{gaps}"] else ""
    return f"{bound}{row[column]:,.0f}" if row[gaps] else "—"


def rank_classes(ranked: pd.DataFrame) -> tuple[RankClass, ...]:
    """
    Return the classes that occur, the worst first.

    Parameters
    ----------
    ranked : pandas.DataFrame, n rows
        As `ranking` returned it, or some of its rows.
    """
    tiers, steps = (ranked[name].to_numpy() for name in ("tier", "step"))
    found = []
    for tier in Tier:
        alike = tiers == tier
        for step in sorted(set(steps[alike].tolist()), reverse=True):
            own = alike & (steps == step)
            amounts = ranked[_GRADED_BY[tier]].to_numpy()[own] if step else np.zeros(1)
            least, most = round(amounts.min()), round(amounts.max())
            found.append(RankClass(tier, step, least, most, int(own.sum())))
    return tuple(found)


def _undecided(findings: pd.DataFrame) -> BoolArray:
    """Return which findings bind, decide for their family and lack data: each may be a gap."""
    binding = findings["statement"] == Statement.GAP
    return (lacks_data(findings) & binding).to_numpy(dtype=bool)


def _tiers(findings: pd.DataFrame, owner: IntArray, table: pd.DataFrame) -> npt.NDArray[np.object_]:
    """Return what is known of each estate; an unknown that binds outweighs what is compared."""
    size = len(table)
    leading = findings["leads"].to_numpy(dtype=bool)
    binding = (findings["statement"] == Statement.GAP).to_numpy()
    compared = leading & ~binding & findings["outcome"].isin(FAILING).to_numpy()
    conditions = [
        table["has_safety_gap"],
        table["gaps"] > 0,
        (table["undecided"] > 0) | (counted(owner, size) == 0),
        counted(owner[compared], size) > 0,
    ]
    tiers = [str(tier) for tier in Tier]
    return np.select(conditions, tiers[:-1], default=tiers[-1]).astype(object)


def _steps(table: pd.DataFrame, classes: int) -> IntArray:
    """Return the class of each estate: as many estates in each of a tier as equal values allow."""
    steps = np.zeros(len(table), dtype=np.int64)
    for tier, column in _GRADED_BY.items():
        own = (table["tier"] == tier).to_numpy()
        if not own.any():
            continue
        amounts = table.loc[own, column].to_numpy()
        shares = np.arange(1, classes + 1) / classes
        limits = np.unique(np.quantile(amounts, shares, method="inverted_cdf"))
        # The worst class has the same colour however few classes occur.
        steps[own] = np.searchsorted(limits, amounts) + 1 + STEPS - len(limits)
    return steps


def _with_ranks(table: pd.DataFrame, order: Sequence[str]) -> pd.DataFrame:
    """Return the table with ``rank`` and ``is_tied``: estates that are equal share a rank."""
    own = np.flatnonzero(table["gaps"].to_numpy() > 0)
    keys = np.column_stack([table[name].to_numpy(dtype=np.float64)[own] for name in order])
    # Those that are equal, the greatest first: whose rank is one more than how many are before.
    _, group, sizes = np.unique(-keys, axis=0, return_inverse=True, return_counts=True)
    ranks = pd.array([pd.NA] * len(table), dtype="Int64")
    is_tied = np.zeros(len(table), dtype=bool)
    ranks[own] = (np.cumsum(sizes) - sizes + 1)[group]
    is_tied[own] = (sizes > 1)[group]
    return table.assign(rank=ranks, is_tied=is_tied)
