"""The design at a glance: verdicts by estate and town, failures per area, worst conflicts."""

import geopandas as gpd
import pandas as pd

from clearances.verdict import ClearanceVerdict
from greening.check import Check
from greening.places import places
from layers.district import District
from layers.spec import Column

COLUMNS = (
    Column("town", "str", "乡镇", "town"),
    Column("estate", "str", "小区", "estate"),
    Column("plantings", "int", "栽植点", "plantings", "株"),
    Column("short", "int", "净距不足", "too close", "株"),
    Column("verify", "int", "需探测核实", "to be probed", "株"),
    Column("unknown", "int", "资料不足", "data lacking", "株"),
    Column("met", "int", "满足", "met", "株"),
    Column("site_m2", "float", "绿化点面积", "sites", "m²"),
    Column(
        "failing_per_1000_m2", "float", "每千平方米未通过株数", "not passing per 1,000 m²", "株"
    ),
)
"""One row an estate with sites or plantings; the last: too close and to be probed."""

_VERDICTS = [verdict.value for verdict in ClearanceVerdict]
_SUMS = ["plantings", *_VERDICTS, "site_m2"]


def by_estate(district: District, found: Check) -> pd.DataFrame:
    """
    Count the plantings of every estate by verdict.

    Parameters
    ----------
    district : District
        The design.
    found : Check
        What the check says of it.

    Returns
    -------
    pandas.DataFrame
        Columns `COLUMNS`, sorted by town and estate; plantings in no estate come last, unnamed.
    """
    own = found.plants[found.plants["plant_layer"] == "plantings"]
    area = district["greening_sites"].assign(site_m2=district["greening_sites"].geometry.area)
    counts = pd.crosstab(own["estate_id"].fillna(""), own["verdict"]).reindex(
        columns=_VERDICTS, fill_value=0
    )
    sums = counts.join(area.groupby("estate_id")["site_m2"].sum(), how="outer").fillna(0.0)
    sums = sums.astype(dict.fromkeys(_VERDICTS, "int64"))
    sums["plantings"] = sums[_VERDICTS].sum(axis=1)
    named = sums.rename_axis("estate_id").reset_index().merge(places(district), how="left")
    return _rated(named, [c.name for c in COLUMNS]).sort_values(
        ["town", "estate"], ignore_index=True, na_position="last"
    )


def by_town(estates: pd.DataFrame) -> pd.DataFrame:
    """Return `by_estate` summed by town."""
    sums = estates.groupby("town", dropna=False, sort=True)[_SUMS].sum().reset_index()
    return _rated(sums, [c.name for c in COLUMNS if c.name != "estate"])


def worst(pairs: gpd.GeoDataFrame, count: int = 10) -> gpd.GeoDataFrame:
    """Return the conflicts that lack most of what is required, the worst first."""
    own = pairs[
        (pairs["plant_layer"] == "plantings") & (pairs["verdict"] == ClearanceVerdict.SHORT)
    ]
    return own.sort_values(["difference_cm", "finding_id"], ignore_index=True).head(count)


def _rated(sums: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    failing = sums["short"] + sums["verify"]
    rate = failing / sums["site_m2"].where(sums["site_m2"] > 0) * 1000.0
    return sums.assign(failing_per_1000_m2=rate)[columns]
