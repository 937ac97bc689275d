"""Counts: how many gaps and unknowns each estate has, from the findings alone."""

import geopandas as gpd
import pandas as pd

from atlas.evidence import CLASS_ORDER
from layers.findings import GAP_KINDS, Outcome, is_gap
from rules.summary import other_counts


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
        `met`, and what `rules.summary.other_counts` returns.
    """
    rows = findings[findings["estate_id"].isin(list(estates["estate_id"]))]
    bad = rows[is_gap(rows)]
    index = pd.Index(estates["estate_id"], name="estate_id")
    table = pd.DataFrame(index=index)
    for column, values in (("item_class", CLASS_ORDER), ("gap_kind", tuple(GAP_KINDS))):
        crossed = pd.crosstab(bad["estate_id"], bad[column])
        table = table.join(crossed.reindex(index=index, columns=list(values), fill_value=0))
    table["gaps"] = bad.groupby("estate_id").size().reindex(index, fill_value=0)
    met = rows[rows["outcome"].eq(Outcome.MET)]
    table["met"] = met.groupby("estate_id").size().reindex(index, fill_value=0)
    return table.join(other_counts(rows, index))
