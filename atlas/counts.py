"""Counts: how many gaps and unknowns each estate has, from the findings alone."""

import geopandas as gpd
import pandas as pd

from atlas.evidence import CLASS_ORDER
from layers.findings import (
    GAP_KINDS,
    NEVER_GAPS,
    OTHER_STATEMENTS,
    Outcome,
    fails_as,
    fails_marginally,
    is_gap,
    lacks_data,
)


def count_estates(findings: gpd.GeoDataFrame, estates: gpd.GeoDataFrame) -> pd.DataFrame:
    """
    Return one row an estate, in the order of `estates`.

    Parameters
    ----------
    findings : geopandas.GeoDataFrame
        What is counted.
    estates : geopandas.GeoDataFrame
        The estates wanted; findings of others are left out.

    Returns
    -------
    pandas.DataFrame
        Indexed by estate_id: gaps by class (``基础类`` ...), by kind (``elevator`` ...), `gaps`,
        `unknown`, `met`, and of what is no gap a column for each of `OTHER_STATEMENTS`, with
        ``marginal_pendings`` ... for how many of `NEVER_GAPS` are marginal.
    """
    rows = findings[findings["estate_id"].isin(list(estates["estate_id"]))]
    bad = rows[is_gap(rows)]
    index = pd.Index(estates["estate_id"], name="estate_id")
    table = pd.DataFrame(index=index)
    for column, values in (("item_class", CLASS_ORDER), ("gap_kind", tuple(GAP_KINDS))):
        crossed = pd.crosstab(bad["estate_id"], bad[column])
        table = table.join(crossed.reindex(index=index, columns=list(values), fill_value=0))
    table["gaps"] = bad.groupby("estate_id").size().reindex(index, fill_value=0)
    others = {f"{kind}s": fails_as(rows, kind) for kind in OTHER_STATEMENTS}
    others |= {f"marginal_{kind}s": fails_marginally(rows, kind) for kind in NEVER_GAPS}
    others |= {"unknown": lacks_data(rows), "met": rows["outcome"].eq(Outcome.MET)}
    for name, own in others.items():
        table[name] = rows[own].groupby("estate_id").size().reindex(index, fill_value=0)
    return table
