"""The findings that pass the filters: the one source of map, table, charts and downloads."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from layers.district import District
from layers.findings import NEVER_GAPS, Statement, fails_as, fails_marginally, is_gap
from rules.full_table import joined
from rules.model import Book
from rules.ranking import ranking
from rules.summary import count_text, estate_summary
from views.choice import Choice
from wording import Language, say

JOINED = ("town", "item_class", "gap_kind", "department", "assisting", "safety")
"""Facts by which findings are filtered and counted."""


@dataclass(frozen=True, eq=False)
class FilteredFindings:
    """
    The findings that pass the filters: the one source of map, table, charts and downloads.

    Attributes
    ----------
    district : District
        Whose findings they are.
    book : Book
        The rulebook that they were evaluated by.
    everything : geopandas.GeoDataFrame
        All findings, joined with `JOINED`.
    findings : geopandas.GeoDataFrame
        Those of `everything` that pass every filter, of estates that are shown.
    shown : ndarray of int
        Row numbers of the estates shown.
    """

    district: District
    book: Book
    everything: gpd.GeoDataFrame
    findings: gpd.GeoDataFrame
    shown: np.ndarray

    @property
    def is_narrowed(self) -> bool:
        """Whether any estate is left out."""
        return len(self.shown) < len(self.district["estates"])

    @property
    def is_filtered(self) -> bool:
        """Whether any finding or estate is left out."""
        return self.is_narrowed or len(self.findings) < len(self.everything)

    @cached_property
    def summary(self) -> pd.DataFrame:
        """`rules.summary.estate_summary` of the findings, one row an estate of the district."""
        return estate_summary(self.findings, self.district)

    @cached_property
    def ranked(self) -> pd.DataFrame:
        """`rules.ranking.ranking` of the findings, in the order of the estates layer."""
        return ranking(self.findings, list(self.district["estates"]["estate_id"]), self.book)

    @cached_property
    def whole(self) -> pd.DataFrame:
        """`rules.summary.estate_summary` of everything, whatever the filters."""
        return estate_summary(self.everything, self.district) if self.is_filtered else self.summary

    @cached_property
    def _rows(self) -> Mapping[Any, Any]:
        return self.findings.groupby("estate_id").indices

    def of(self, estate_id: str) -> gpd.GeoDataFrame:
        """Return the findings of one estate that pass the filters."""
        own: gpd.GeoDataFrame = self.findings.iloc[self._rows.get(estate_id, [])]
        return own

    def failing(self, statement: Statement) -> gpd.GeoDataFrame:
        """Return what fails among the findings and is a statement of a kind, such as the gaps."""
        return self.findings[fails_as(self.findings, statement)]

    @cached_property
    def failing_counts(self) -> Mapping[Statement, int]:
        """How many findings fail, by the kind of statement."""
        return {kind: len(self.failing(kind)) for kind in Statement}

    def failing_text(self, statement: Statement, language: Language) -> str:
        """Return how many findings fail as a kind of statement, and how many are marginal."""
        near = fails_marginally(self.findings, statement).sum() if statement in NEVER_GAPS else 0
        return count_text(self.failing_counts[statement], int(near), language)

    def note(self, language: Language) -> str:
        """Return of what the counts are, "" where they are of everything."""
        if not self.is_filtered:
            return ""
        return say(
            "gaps.filtered",
            language,
            estates=len(self.shown),
            all_estates=len(self.district["estates"]),
            gaps=self.failing_counts[Statement.GAP],
            n=int(self.whole["gaps"].sum()),
        )

    @cached_property
    def _by_kind(self) -> dict[str, "FilteredFindings"]:
        return {"": self}

    def about(self, kind: str) -> "FilteredFindings":
        """Return the same estates with the findings of one kind of gap, with all for ""."""
        if kind not in self._by_kind:
            self._by_kind[kind] = replace(
                self,
                everything=self.everything[self.everything["gap_kind"] == kind],
                findings=self.findings[self.findings["gap_kind"] == kind],
            )
        return self._by_kind[kind]


def select(
    findings: gpd.GeoDataFrame,
    district: District,
    book: Book,
    choice: Choice,
    least: Mapping[str, float],
) -> FilteredFindings:
    """
    Apply the filters of `choice`.

    An estate is shown if it is in a chosen town, has a finding of *every* chosen kind of gap, and
    at least one finding that passes the other filters.

    Parameters
    ----------
    findings : geopandas.GeoDataFrame
        All findings of `district`.
    district : District
        Whose estates are shown.
    book : Book
        The rulebook they were evaluated by.
    choice : Choice
        The filters.
    least : mapping of str to float
        The severity above which each band begins.
    """
    estates = district["estates"]
    listed = joined(findings, district, book, JOINED)
    passing = listed[_passes(listed, book, choice, least)]
    shown = pd.Series(True, index=estates["estate_id"])
    if choice.town:
        shown &= estates["town_id"].isin(choice.town).to_numpy()
    if choice.narrows_findings:
        shown &= shown.index.isin(passing["estate_id"])
    gaps = passing if choice.outcome or choice.statement else passing[is_gap(passing)]
    for kind in choice.kind:
        shown &= shown.index.isin(gaps.loc[gaps["gap_kind"] == kind, "estate_id"])
    left = passing[passing["estate_id"].isin(shown.index[shown])]
    return FilteredFindings(district, book, listed, left, np.flatnonzero(shown.to_numpy()))


def _answered_by(findings: pd.DataFrame, book: Book, bodies: Collection[str]) -> pd.Series:
    """Return for which findings one of some bodies, Chinese names, leads or assists."""
    answers = cache(lambda rule, town: not book.answering(rule, town).isdisjoint(bodies))
    towns = findings["town"].astype(object).where(findings["town"].notna(), None)
    pairs = zip(findings["rule_id"], towns, strict=True)
    return pd.Series([answers(*pair) for pair in pairs], index=findings.index, dtype=bool)


def _passes(
    findings: pd.DataFrame, book: Book, choice: Choice, least: Mapping[str, float]
) -> pd.Series:
    """Return which findings pass every filter but the town's."""
    kept = pd.Series(True, index=findings.index)
    for name in ("item_class", "outcome"):
        wanted = getattr(choice, name)
        if wanted:
            kept &= findings[name].isin(wanted)
    if choice.statement:
        kinds = [fails_as(findings, Statement(kind)) for kind in choice.statement]
        kept &= pd.concat(kinds, axis=1).any(axis=1)
    if choice.kind:
        kept &= findings["gap_kind"].isin(choice.kind)
    if choice.department:
        kept &= _answered_by(findings, book, choice.department)
    if choice.severity in least:
        kept &= findings["severity"] > least[choice.severity]
    return kept
