"""The findings that pass the filters: the one source of map, table, charts and downloads."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from layers.district import District
from layers.findings import FAILING, Statement, is_gap
from rules.full_table import joined
from rules.model import Book
from rules.summary import estate_summary
from views.link import Choice

JOINED = ("town", "item_class", "gap_kind", "department", "assisting", "safety")
"""Facts by which findings are filtered and counted."""


@dataclass(frozen=True, eq=False)
class FilteredFindings:
    """
    The findings that pass the filters: the one source of map, table, charts and downloads.

    Attributes
    ----------
    findings : geopandas.GeoDataFrame
        Findings that pass every filter, of estates that are shown, joined with `JOINED`.
    shown : ndarray of int
        Row numbers of the estates shown.
    summary : pandas.DataFrame
        `rules.summary.estate_summary` of `findings`, one row an estate of the district.
    narrowed : bool
        Whether any estate is left out.
    """

    findings: gpd.GeoDataFrame
    shown: np.ndarray
    summary: pd.DataFrame
    narrowed: bool

    @cached_property
    def rows(self) -> Mapping[Any, Any]:
        """Row numbers of every estate's findings."""
        return self.findings.groupby("estate_id").indices

    def of(self, estate_id: str) -> gpd.GeoDataFrame:
        """Return the findings of one estate that pass the filters."""
        own: gpd.GeoDataFrame = self.findings.iloc[self.rows.get(estate_id, [])]
        return own

    @cached_property
    def gaps(self) -> gpd.GeoDataFrame:
        """The gaps among them."""
        return self.findings[is_gap(self.findings)]

    @cached_property
    def others(self) -> gpd.GeoDataFrame:
        """What fails among them without being a gap: yardsticks, conditions, what is pending."""
        failing = self.findings["outcome"].isin(FAILING)
        no_gap = self.findings["statement"] != Statement.GAP
        return self.findings[failing & no_gap & self.findings["leads"]]


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
    passing = listed[_passes(listed, choice, least)]
    shown = pd.Series(True, index=estates["estate_id"])
    if choice.town:
        shown &= estates["town_id"].isin(choice.town).to_numpy()
    if choice.item_class or choice.department or choice.outcome or choice.severity:
        shown &= shown.index.isin(passing["estate_id"])
    gaps = passing if choice.outcome else passing[is_gap(passing)]
    for kind in choice.kind:
        shown &= shown.index.isin(gaps.loc[gaps["gap_kind"] == kind, "estate_id"])
    left = passing[passing["estate_id"].isin(shown.index[shown])]
    return FilteredFindings(
        findings=left,
        shown=np.flatnonzero(shown.to_numpy()),
        summary=estate_summary(left, district),
        narrowed=not bool(shown.all()),
    )


def _passes(findings: pd.DataFrame, choice: Choice, least: Mapping[str, float]) -> pd.Series:
    """Return which findings pass every filter but the town's."""
    kept = pd.Series(True, index=findings.index)
    for name in ("item_class", "outcome"):
        wanted = getattr(choice, name)
        if wanted:
            kept &= findings[name].isin(wanted)
    if choice.kind:
        kept &= findings["gap_kind"].isin(choice.kind)
    if choice.department:
        bodies = (findings["department"] + "、" + findings["assisting"]).str.split("、")
        kept &= bodies.map(lambda several: not set(choice.department).isdisjoint(several))
    if choice.severity in least:
        kept &= findings["severity"] > least[choice.severity]
    return kept
