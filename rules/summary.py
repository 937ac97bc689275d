"""
Summary: one line an estate, and the counts that map, table, charts and workbook share.

A gap is a failing finding. A household is counted once in a group of findings, however many of them
touch it: of each estate the finding that touches most.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from layers.district import District
from layers.findings import FAILING, GAP_KINDS, Outcome

_WEIGHT = {
    Outcome.NOT_APPLICABLE: 0,
    Outcome.WAIVED: 1,
    Outcome.MET: 2,
    Outcome.UNKNOWN: 3,
    Outcome.SHORT: 4,
    Outcome.MISSING: 5,
}
_BY_WEIGHT = np.array([str(outcome) for outcome in _WEIGHT], dtype=object)


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
        findings by outcome (``met`` ... ``waived``); ``gaps`` (short and missing) and
        ``safety_gaps``; ``worst`` (the highest severity, 0 without a gap, NaN without any verdict);
        ``households`` touched; and for every kind of gap ``<kind>_gaps``, ``<kind>_worst`` and
        ``<kind>_outcome`` (the weightiest, missing without a finding).
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
    by_outcome = pd.crosstab(findings["estate_id"], findings["outcome"])
    for outcome in Outcome:
        counted = by_outcome[outcome] if outcome in by_outcome else pd.Series(dtype=int)
        table[str(outcome)] = counted.reindex(ids, fill_value=0).to_numpy(dtype=int)
    failing = findings[findings["outcome"].isin(FAILING)]
    table["gaps"] = _per(ids, failing)
    table["safety_gaps"] = _per(ids, failing[failing["safety"].astype(bool)])
    table["worst"] = findings.groupby("estate_id")["severity"].max().reindex(ids)
    table["households"] = failing.groupby("estate_id")["exposed_households"].max().reindex(ids)
    for kind in GAP_KINDS:
        _add_kind(table, findings[findings["gap_kind"] == kind], kind)
    return table.reset_index(drop=True)


def _add_kind(table: pd.DataFrame, findings: pd.DataFrame, kind: str) -> None:
    """Add the three columns of one kind of gap."""
    ids = table.index
    table[f"{kind}_gaps"] = _per(ids, findings[findings["outcome"].isin(FAILING)])
    table[f"{kind}_worst"] = findings.groupby("estate_id")["severity"].max().reindex(ids)
    weight = findings["outcome"].astype(object).map({str(k): v for k, v in _WEIGHT.items()})
    heaviest = weight.groupby(findings["estate_id"]).max().reindex(ids)
    known = heaviest.notna().to_numpy()
    outcome = np.full(len(ids), None, dtype=object)
    outcome[known] = _BY_WEIGHT[heaviest[known].to_numpy(dtype=int)]
    table[f"{kind}_outcome"] = outcome


def _per(ids: pd.Index, findings: pd.DataFrame) -> np.ndarray:
    """Return how many findings each estate has."""
    return findings.groupby("estate_id").size().reindex(ids, fill_value=0).to_numpy(dtype=int)


def counts(findings: pd.DataFrame, by: str | Sequence[str]) -> pd.DataFrame:
    """
    Count the gaps in groups.

    Parameters
    ----------
    findings : pandas.DataFrame
        Findings; what does not fail is left out.
    by : str or sequence of str
        Columns to group by: rule_id, or joined ones: town, gap_kind, item_class, department, ...

    Returns
    -------
    pandas.DataFrame
        A row for each group that occurs, in its order: the columns of `by` (a town may be None),
        ``gaps``, ``estates`` that have one, and ``households`` touched, each counted once.
    """
    names = [by] if isinstance(by, str) else list(by)
    failing = findings[findings["outcome"].isin(FAILING)]
    per_estate = failing.groupby([*names, "estate_id"], dropna=False).agg(
        gaps=("rule_id", "size"), households=("exposed_households", "max")
    )
    groups = per_estate.reset_index().groupby(names, dropna=False)
    return groups.agg(
        gaps=("gaps", "sum"), estates=("estate_id", "size"), households=("households", "sum")
    ).reset_index()
