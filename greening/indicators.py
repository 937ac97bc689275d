"""
Green indicators before and after: the rulebook's own green rules, asked twice.

*After* is the district with every new site's ground added to the green space, less what covers it,
and with the planted and living counts of the record: the same findings as everywhere else.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from clearances.free_ground import covered, polygons_of
from geo.arrays import FloatArray
from greening.places import places
from layers.district import District
from layers.spec import Column
from rules.context import EvaluationContext
from rules.evaluate import evaluate
from rules.full_table import full_table
from rules.grammar import Ratio
from rules.lacking import Lacking
from rules.measures.amount import amounts
from rules.model import Book
from rules.people import settled

RULE_PREFIX = "green."
GREEN_RATIO = "green.ratio.old"
"""The rule by whose measure green ground is added up."""

COLUMNS = (
    Column("town", "str", "乡镇", "town"),
    Column("estate", "str", "小区", "estate"),
    Column("rule_id", "str", "规则编号", "rule id"),
    Column("metric_zh", "str", "指标", "metric (Chinese)"),
    Column("metric_en", "str", "指标（英文）", "metric"),
    Column("before", "float", "实施前", "before"),
    Column("after", "float", "实施后", "after"),
    Column("threshold", "float", "阈值", "threshold"),
    Column("outcome_before", "str", "实施前结论", "outcome before"),
    Column("outcome_after", "str", "实施后结论", "outcome after"),
    Column("source_title", "str", "标准或文件", "standard"),
    Column("clause", "str", "条款", "clause"),
    Column("verified", "str", "核实程度", "how verified"),
)
"""One row an estate and green rule."""

AREA_COLUMNS = (
    Column("town", "str", "乡镇", "town"),
    Column("estate", "str", "小区", "estate"),
    Column("land_m2", "float", "用地面积", "land", "m²"),
    Column("green_before_m2", "float", "实施前绿地", "green before", "m²"),
    Column("green_after_m2", "float", "实施后绿地", "green after", "m²"),
    Column("ratio_before", "float", "实施前绿地率", "green ratio before", "比例"),
    Column("ratio_after", "float", "实施后绿地率", "green ratio after", "比例"),
    Column("persons", "float", "人口", "persons", "人"),
    Column("per_person_after_m2", "float", "实施后人均绿地", "green per person after", "m²/人"),
    Column("site_m2", "float", "绿化点面积", "sites", "m²"),
    Column("plantable_m2", "float", "可栽植面积", "plantable", "m²"),
    Column("plantable_share", "float", "可栽植比例", "plantable share", "比例"),
    Column("path_m", "float", "步行道长度", "walkways", "m"),
    Column("shaded_before_m", "float", "实施前树荫下至少", "shaded before, at least", "m"),
    Column("shaded_after_m", "float", "成荫后树荫下至少", "shaded once grown, at least", "m"),
    Column("shade_before", "float", "实施前遮荫率至少", "shade before, at least", "比例"),
    Column("shade_after", "float", "成荫后遮荫率至少", "shade once grown, at least", "比例"),
    Column("crowns_unknown", "int", "冠幅未测", "crowns unknown", "株"),
)
"""Areas of an estate, or of a town (without `estate`)."""
SUMS = (
    "land_m2",
    "green_before_m2",
    "green_after_m2",
    "persons",
    "site_m2",
    "plantable_m2",
    "path_m",
    "shaded_before_m",
    "shaded_after_m",
    "crowns_unknown",
)
"""Columns of `AREA_COLUMNS` that add up."""
_SHADED = ["path_m", "shaded_before_m", "shaded_after_m"]


def planted_district(district: District, survival: pd.DataFrame) -> District:
    """
    Return the district as it will be when the design is planted.

    Parameters
    ----------
    district : District
        The design as recorded.
    survival : pandas.DataFrame
        Of `greening.survival.survival`: where every planting of an estate is counted, its planted
        and living trees stand in the estate's row.
    """
    green = pd.concat([district["green_space"], _gained(district)], ignore_index=True)
    return district.with_frames(
        assumed=True,
        green_space=gpd.GeoDataFrame(green, crs=district.crs),
        estates=_with_counts(district, survival),
    )


def indicators(before: District, after: District, book: Book, as_of: date) -> pd.DataFrame:
    """Return the green rules' findings before and after, columns `COLUMNS`."""
    rules = tuple(rule for rule in book.rules if rule.id.startswith(RULE_PREFIX))
    green = replace(book, rules=rules)
    keys = ["estate_id", "rule_id"]
    first, then = (full_table(evaluate(d, green, as_of), d, green) for d in (before, after))
    both = pd.DataFrame(first).merge(
        then[[*keys, "value", "outcome"]], on=keys, suffixes=("", "_after")
    )
    named = both.rename(
        columns={"value": "before", "value_after": "after", "outcome": "outcome_before"}
    )
    table = named[[c.name for c in COLUMNS]]
    return table.sort_values(["town", "estate", "rule_id"], ignore_index=True)


def green_areas(
    before: District,
    after: District,
    ground: gpd.GeoDataFrame,
    shaded: pd.DataFrame,
    book: Book,
    as_of: date,
) -> pd.DataFrame:
    """
    Return land, green, plantable and shaded ground of every estate, columns `AREA_COLUMNS`.

    Parameters
    ----------
    before, after : District
        As for `indicators`.
    ground : geopandas.GeoDataFrame
        Of `greening.plantable.plantable_sites`.
    shaded : pandas.DataFrame
        Of `greening.shade.shade`.
    book : Book
        For the persons of a household, and for what of the green counts.
    as_of : datetime.date
        Day of the assessment.
    """
    estates = before["estates"]
    ids = pd.Index(estates["estate_id"])
    people, _ = settled(estates, (), book.demography)
    sites = ground.groupby("estate_id")[["area_m2", "plantable_m2"]].sum().reindex(ids)
    areas = pd.DataFrame(
        {
            "estate_id": estates["estate_id"].to_numpy(),
            "land_m2": estates.geometry.area.to_numpy(),
            "green_before_m2": _green_m2(before, book, as_of),
            "green_after_m2": _green_m2(after, book, as_of),
            "persons": people["persons"].to_numpy(dtype=np.float64, na_value=np.nan),
            "site_m2": sites["area_m2"].fillna(0.0).to_numpy(),
            "plantable_m2": sites["plantable_m2"].fillna(0.0).to_numpy(),
        }
    )
    for table in (shaded, places(before)):
        areas = areas.merge(table, on="estate_id", how="left")
    return _with_ratios(areas).sort_values(["town", "estate"], ignore_index=True)


def areas_by_town(areas: pd.DataFrame) -> pd.DataFrame:
    """Return `green_areas` summed by town; the ratios are those of the sums."""
    towns = areas.groupby("town", dropna=False, sort=True)[[*SUMS]]
    sums = towns.sum(min_count=1)
    complete = towns.count().eq(towns.size(), axis=0)
    sums[_SHADED] = sums[_SHADED].where(complete[_SHADED])
    sums = sums.reset_index()
    return _with_ratios(sums)


def _with_ratios(areas: pd.DataFrame) -> pd.DataFrame:
    shares: Mapping[str, tuple[str, str]] = {
        "ratio_before": ("green_before_m2", "land_m2"),
        "ratio_after": ("green_after_m2", "land_m2"),
        "per_person_after_m2": ("green_after_m2", "persons"),
        "plantable_share": ("plantable_m2", "site_m2"),
        "shade_before": ("shaded_before_m", "path_m"),
        "shade_after": ("shaded_after_m", "path_m"),
    }
    found = areas.assign(
        **{name: areas[a] / areas[b].where(areas[b] > 0) for name, (a, b) in shares.items()}
    )
    return found[[c.name for c in AREA_COLUMNS if c.name in found]]


def _green_m2(district: District, book: Book, as_of: date) -> FloatArray:
    """Return the green of each estate that counts at most [m2], NaN where it was not surveyed."""
    measure = book.by_id[GREEN_RATIO].measure
    assert isinstance(measure, Ratio)  # noqa: S101 - the rule's own way of measuring
    context = EvaluationContext(district, book, as_of)
    most = amounts(context, measure.of, Lacking(context))[1]
    return np.where(np.isfinite(most), most, np.nan)


def _gained(district: District) -> gpd.GeoDataFrame:
    """Return the ground of new sites that is not green yet and that nothing covers."""
    sites = district["greening_sites"]
    new = sites[sites["kind"] == "new"]
    takers = np.concatenate(
        [np.asarray(district["green_space"].geometry.array, dtype=object), covered(district)]
    )
    tree = shapely.STRtree(takers)
    sites_of_new = np.asarray(new.geometry.array, dtype=object)
    shapes: list[shapely.Geometry] = []
    for place, site in enumerate(sites_of_new):
        # Sites that overlap are counted once.
        taken = np.concatenate([takers[tree.query(site)], sites_of_new[:place]])
        shapes.append(polygons_of(shapely.difference(site, shapely.union_all(taken))))
    rows = new[["estate_id", "name", "is_concentrated", "provenance", "source", "source_date"]]
    green = gpd.GeoDataFrame(
        rows.assign(green_id="site/" + new["site_id"], kind="estate", is_public=False),
        geometry=gpd.GeoSeries(shapes, index=new.index, crs=district.crs, dtype=object),
        crs=district.crs,
    )
    return green[~green.geometry.is_empty]


def _with_counts(district: District, survival: pd.DataFrame) -> gpd.GeoDataFrame:
    """Write the record's planted and living counts into the estates that are fully counted."""
    estates = district["estates"].copy()
    sites = survival.merge(
        district["greening_sites"][["site_id", "estate_id"]], on="site_id", how="left"
    )
    sums = sites.groupby("estate_id")[["planted", "alive", "replanted", "uncounted"]].sum()
    sums = sums[(sums["planted"] > 0) & (sums["uncounted"] == 0)]
    living = sums["alive"] + sums["replanted"]
    for column, counts in (("trees_planted", sums["planted"]), ("trees_alive", living)):
        recorded = estates["estate_id"].map(counts).astype("Int64")
        estates[column] = recorded.fillna(estates[column])
    return estates
