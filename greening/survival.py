"""
Survival: of what was planted, what lives; by site, by town; and what has to be put right.

A planting counts once its site is planted. Replanted ones live. The rate is of those counted, and
stays unknown while any planting of the site is uncounted.
"""

import math
from collections.abc import Mapping

import pandas as pd

from greening.places import places
from greening.workflow import FATES, SiteStatus
from layers.district import District
from layers.spec import Column

_PLANTED = ("planted", "survival", "rectify", "accepted")

COLUMNS = (
    Column("town", "str", "乡镇", "town"),
    Column("estate", "str", "小区", "estate"),
    Column("site_id", "str", "绿化点", "site"),
    Column("state", "str", "状态", "state"),
    Column("designed", "int", "设计株数", "designed", "株"),
    Column("planted", "int", "已栽株数", "planted", "株"),
    Column("alive", "int", "成活", "alive", "株"),
    Column("replanted", "int", "已补栽", "replanted", "株"),
    Column("dead", "int", "死亡", "dead", "株"),
    Column("uncounted", "int", "未核查", "uncounted", "株"),
    Column("rate", "float", "成活率", "survival", "比例"),
    Column("meets", "bool", "达到验收标准", "meets the acceptance rate"),
)
_COUNTS = ["designed", "planted", "alive", "replanted", "dead", "uncounted"]


def survival(
    district: District, statuses: Mapping[str, SiteStatus], least_rate: float
) -> pd.DataFrame:
    """
    Count every site.

    Parameters
    ----------
    district : District
        The design.
    statuses : mapping of str to SiteStatus
        Where every site is.
    least_rate : float
        The acceptance rate of the rulebook (`green.survival`), a share.

    Returns
    -------
    pandas.DataFrame
        Columns `COLUMNS`, a row a site, sorted by town, estate and site.
    """
    plantings = district["plantings"]
    plantings = plantings[(plantings["state"] != "removed").fillna(value=True)]
    fates = {name: fate for one in statuses.values() for name, fate in one.fates.items()}
    state = {name: one.state for name, one in statuses.items()}
    sites = district["greening_sites"][["site_id", "estate_id"]]
    each = plantings[["planting_id", "site_id"]].assign(
        fate=plantings["planting_id"].map(fates),
        is_planted=plantings["site_id"].map(state).isin(_PLANTED),
    )
    counts = sites.join(_counts(each), on="site_id")
    counts[_COUNTS] = counts[_COUNTS].fillna(0).astype("int64")
    counts["state"] = [state.get(site_id, "design") for site_id in counts["site_id"]]
    named = counts.merge(places(district), on="estate_id", how="left")
    rated = _rated(named, least_rate)
    return rated[[c.name for c in COLUMNS]].sort_values(
        ["town", "estate", "site_id"], ignore_index=True, na_position="last"
    )


def by_town(sites: pd.DataFrame, least_rate: float) -> pd.DataFrame:
    """Return the counts of `survival` summed by town, with a rate of their own."""
    sums = sites.groupby("town", dropna=False, sort=True)[_COUNTS].sum().reset_index()
    return _rated(sums, least_rate)


def dead_plantings(district: District, statuses: Mapping[str, SiteStatus]) -> pd.DataFrame:
    """
    Return what the rectification sheets list: every planting counted dead in a site not accepted.

    They are those that `survival` counts dead there: planted, and not taken out since.

    Returns
    -------
    pandas.DataFrame
        `town`, `estate`, `site_id`, `planting_id`, `number`, `species_id`, `east_m`, `north_m` [m],
        sorted by town, estate, site and planting.
    """
    dead = {
        name
        for one in statuses.values()
        if one.state in _PLANTED and one.state != "accepted"
        for name, fate in one.fates.items()
        if fate == "dead"
    }
    plantings = district["plantings"]
    standing = (plantings["state"] != "removed").fillna(value=True)
    listed = plantings[standing & plantings["planting_id"].isin(dead)]
    placed = listed.assign(east_m=listed.geometry.x, north_m=listed.geometry.y).merge(
        places(district), on="estate_id", how="left"
    )
    columns = [
        "town",
        "estate",
        "site_id",
        "planting_id",
        "number",
        "species_id",
        "east_m",
        "north_m",
    ]
    return pd.DataFrame(placed[columns]).sort_values(columns[:4], ignore_index=True)


def _counts(each: pd.DataFrame) -> pd.DataFrame:
    """Count the plantings of every site: all, the planted, and those by what became of them."""
    by_site = each.groupby("site_id")["is_planted"].agg(designed="size", planted="sum")
    planted = each[each["is_planted"]]
    fates = pd.crosstab(planted["site_id"], planted["fate"]).reindex(columns=list(FATES))
    counts: pd.DataFrame = by_site.join(fates).fillna(0)
    return counts.assign(uncounted=counts["planted"] - counts[list(FATES)].sum(axis=1))


def _rated(counts: pd.DataFrame, least_rate: float) -> pd.DataFrame:
    living = counts["alive"] + counts["replanted"]
    complete = (counts["planted"] > 0) & (counts["uncounted"] == 0)
    rate = (living / counts["planted"].where(counts["planted"] > 0)).where(complete, math.nan)
    meets = (rate >= least_rate).astype("boolean").where(complete)
    return counts.assign(rate=rate.astype("float64"), meets=meets)
