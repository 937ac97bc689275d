"""
Summary: one line an estate, and the counts that map, table, charts and workbook share.

What is counted is a gap (`layers.findings.is_gap`); what fails without being one is counted apart,
by statement. A household is counted once in a group of gaps, however many of them touch it: of each
estate the gap that touches most.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.arrays import IntArray
from layers.district import District
from layers.findings import (
    FAILING,
    GAP_KINDS,
    NEVER_GAPS,
    OTHER_STATEMENTS,
    Outcome,
    Statement,
    fails_as,
    fails_marginally,
    is_gap,
    lacks_data,
)
from rules.grouping import counted, owners
from wording import Language, say

_BY_WEIGHT = ("not_applicable", "waived", "met", "unknown", "short", "missing")
"""Outcomes; the weight of each is its position."""

_OPEN = (Statement.MARGINAL, Statement.PENDING)  # may be gaps once measured again, or confirmed


def estate_summary(findings: pd.DataFrame, district: District) -> pd.DataFrame:
    """
    Sum the findings up, one row an estate.

    Parameters
    ----------
    findings : pandas.DataFrame
        Findings of `district`, all or a selection, joined with `gap_kind` and `safety`.
    district : District
        Where the estates stand.

    Returns
    -------
    pandas.DataFrame
        In the order of the estates layer: ``estate_id``, ``estate``, ``town``; the number of
        findings by outcome (``met`` ... ``waived``); ``gaps`` and ``safety_gaps``; what is no gap,
        as `other_counts` returns it; and for every kind of gap ``<kind>_gaps``, ``<kind>_outcome``
        (the weightiest of what binds, missing without a finding), ``<kind>_marginals`` and
        ``<kind>_pendings``.
    """
    estates = district["estates"]
    ids = pd.Index(estates["estate_id"])
    towns = district["towns"].set_index("town_id")["name"]
    table = pd.DataFrame(
        {
            "estate_id": estates["estate_id"].to_numpy(dtype=object),
            "estate": estates["name"].to_numpy(dtype=object),
            "town": estates["town_id"].map(towns).to_numpy(dtype=object),
        },
        index=ids,
    )
    size, owner = len(ids), owners(findings["estate_id"], ids)
    weight = pd.Categorical(findings["outcome"], _BY_WEIGHT).codes
    for one in Outcome:
        if one != Outcome.UNKNOWN:
            table[str(one)] = counted(owner[weight == _BY_WEIGHT.index(one)], size)
    gap = is_gap(findings).to_numpy(dtype=bool)
    table["gaps"] = counted(owner[gap], size)
    table["safety_gaps"] = counted(owner[gap & findings["safety"].to_numpy(dtype=bool)], size)
    table = table.join(other_counts(findings, ids))
    leads = findings["leads"].to_numpy(dtype=bool)
    binds = leads & (findings["statement"] == Statement.GAP).to_numpy()
    open_ones = {one: fails_as(findings, one).to_numpy(dtype=bool) for one in _OPEN}
    for kind in GAP_KINDS:
        own = np.where(findings["gap_kind"] == kind, owner, -1)
        table[f"{kind}_gaps"] = counted(own[gap], size)
        table[f"{kind}_outcome"] = _weightiest(own[binds], weight[binds], size)
        for statement, rows in open_ones.items():
            table[f"{kind}_{statement}s"] = counted(own[rows], size)
    return table.reset_index(drop=True)


def other_counts(findings: pd.DataFrame, ids: pd.Index) -> pd.DataFrame:
    """
    Count what is no gap: what lacks data, and what fails as another kind of statement.

    Parameters
    ----------
    findings : pandas.DataFrame
        Findings, all or a selection.
    ids : pandas.Index
        Estates to count for.

    Returns
    -------
    pandas.DataFrame
        Indexed by `ids`: ``unknown`` (of what decides for its family), ``marginals``, ``pendings``,
        ``conditions``, ``yardsticks``; ``marginal_pendings`` ..., how many of the last three are
        marginal.
    """
    owner = owners(findings["estate_id"], ids)
    said = {"unknown": lacks_data(findings)}
    said |= {f"{one}s": fails_as(findings, one) for one in OTHER_STATEMENTS}
    said |= {f"marginal_{one}s": fails_marginally(findings, one) for one in NEVER_GAPS}
    counts = {
        name: counted(owner[rows.to_numpy(dtype=bool)], len(ids)) for name, rows in said.items()
    }
    return pd.DataFrame(counts, index=ids)


def _weightiest(
    owner: IntArray, weight: npt.NDArray[np.int8], size: int
) -> npt.NDArray[np.object_]:
    """Return the outcome of most weight of each estate, None without any."""
    most = np.full(size, -1, dtype=np.int64)
    mine = owner >= 0
    np.maximum.at(most, owner[mine], weight[mine])
    return np.array([*_BY_WEIGHT, None], dtype=object)[most]


def counts(findings: pd.DataFrame, by: str | Sequence[str]) -> pd.DataFrame:
    """
    Count the gaps in groups.

    Parameters
    ----------
    findings : pandas.DataFrame
        Findings; what is no gap is left out.
    by : str or sequence of str
        Columns to group by: rule_id, or joined ones: town, gap_kind, item_class, department, ...

    Returns
    -------
    pandas.DataFrame
        A row for each group that occurs, in its order: the columns of `by` (a town may be None),
        ``gaps``, ``estates`` that have one, and ``households`` touched, each counted once.
    """
    names = [by] if isinstance(by, str) else list(by)
    per_estate = (
        findings[is_gap(findings)]
        .groupby([*names, "estate_id"], dropna=False)
        .agg(gaps=("rule_id", "size"), households=("exposed_households", "max"))
    )
    groups = per_estate.reset_index().groupby(names, dropna=False)
    return groups.agg(
        gaps=("gaps", "sum"), estates=("estate_id", "size"), households=("households", "sum")
    ).reset_index()


def tally(findings: pd.DataFrame) -> pd.DataFrame:
    """
    Count findings by kind of gap and by what they say.

    Parameters
    ----------
    findings : pandas.DataFrame
        Findings joined with `gap_kind`.

    Returns
    -------
    pandas.DataFrame
        A row for each kind of gap, in the order of `GAP_KINDS`; a column for each `Statement` (what
        fails and decides for its family), ``unknown`` (what lacks data and decides), ``met``; and
        ``marginal_pending`` ..., how many of those that are never gaps are marginal.
    """
    failing = findings["leads"] & findings["outcome"].isin(FAILING)
    said = findings["outcome"].astype(object).where(~failing, findings["statement"].astype(object))
    listed = said[failing | lacks_data(findings) | findings["outcome"].eq(Outcome.MET)]
    table = pd.crosstab(findings["gap_kind"].astype(object).reindex(listed.index), listed)
    columns = [str(kind) for kind in (*Statement, Outcome.UNKNOWN, Outcome.MET)]
    table = table.reindex(index=list(GAP_KINDS), columns=columns, fill_value=0)
    for one in NEVER_GAPS:
        near = findings.loc[fails_marginally(findings, one), "gap_kind"].astype(object)
        table[f"marginal_{one}"] = near.value_counts().reindex(table.index, fill_value=0)
    return table


def count_text(count: int, marginal: int, language: Language) -> str:
    """
    Return a count as it is shown, with how many of it are marginal if any is: 12（其中临界 2）.

    Parameters
    ----------
    count : int
        Findings that fail as a kind of statement.
    marginal : int
        How many of them fail within the accuracy of the survey; of `Statement.MARGINAL`, whose
        name says so, give 0.
    language : {"zh", "en"}
        Of the words.
    """
    shown = f"{count:,}"
    if not marginal:
        return shown
    return say("common.also_marginal", language, n=shown, marginal=f"{marginal:,}")
