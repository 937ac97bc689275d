"""
The design as it came in: what a drawing leaves unsaid, what is doubled, what stands outside.

A drawing knows positions and the names of its layers; the bed, the estate and the kind of a
planting follow from them. Nothing is dropped: every planting is counted once, either sound or with
its faults.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from greening.species import Species, identified, kind_named
from layers.district import District
from layers.spec import Column
from wording import Text


class DesignFault(StrEnum):
    """What can be wrong with a planting before any clearance is measured."""

    DUPLICATE = "duplicate"
    OUTSIDE_ESTATE = "outside_estate"
    OUTSIDE_SITE = "outside_site"
    NO_SITE = "no_site"
    NO_SPECIES = "no_species"


FAULT_LABELS = {
    DesignFault.DUPLICATE.value: Text("重复点位", "doubled"),
    DesignFault.OUTSIDE_ESTATE.value: Text("在小区界外", "outside the estate"),
    DesignFault.OUTSIDE_SITE.value: Text("在绿化点外", "outside the site"),
    DesignFault.NO_SITE.value: Text("不在任何绿化点内", "in no site"),
    DesignFault.NO_SPECIES.value: Text("树种不在目录中", "species not in the catalogue"),
}

REPORT_COLUMNS = (
    Column("source", "str", "来源", "source"),
    Column("read", "int", "栽植点", "plantings", "株"),
    Column("sound", "int", "无问题", "sound", "株"),
    *(Column(fault, "int", label.zh, label.en, "株") for fault, label in FAULT_LABELS.items()),
)
"""One row a file: `read` is `sound` and those with faults; one planting may have several."""


def completed(
    district: District,
    species: Mapping[str, Species],
    named: Mapping[str, str] = MappingProxyType({}),
) -> District:
    """
    Return the district with what its plantings leave unsaid filled in.

    Parameters
    ----------
    district : District
        Plantings as delivered.
    species : mapping of str to Species
        The catalogue.
    named : mapping of str to str, default none
        Species of the catalogue by what drawings write, as officers named them.

    Returns
    -------
    District
        A planting without a site is given the one it lies in, the first by id; without an estate,
        its site's or the one it lies in; its species is recognised in the name of a drawing layer
        (`LH-乔木-国槐`); without a kind it takes the one named there, else the species', else it is
        taken as a tree, which is the stricter; without a number it carries its id.
    """
    plantings = district["plantings"]
    if plantings.empty:
        return district
    sites, estates = district["greening_sites"], district["estates"]
    filled = plantings.copy()
    filled["site_id"] = plantings["site_id"].fillna(_lying_in(plantings, sites, "site_id"))
    of_site = filled["site_id"].map(sites.set_index("site_id")["estate_id"]).astype("str")
    where = of_site.fillna(_lying_in(plantings, estates, "estate_id"))
    filled["estate_id"] = plantings["estate_id"].fillna(where)
    written = identified(plantings["species_id"], species)
    filled["species_id"] = written.replace(dict(named)).astype("str")
    of_species = filled["species_id"].map({key: one.kind for key, one in species.items()})
    of_name = plantings["species_id"].map(kind_named, na_action="ignore")
    for kind in (of_name, of_species):
        filled["kind"] = filled["kind"].fillna(kind.astype("str"))
    filled["kind"] = filled["kind"].fillna("tree")
    filled["number"] = plantings["number"].fillna(plantings["planting_id"])
    return district.with_frames(assumed=True, plantings=filled)


def _lying_in(points: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, key: str) -> pd.Series:
    """Return the first area, by id, that each point lies in or on the edge of."""
    tree = shapely.STRtree(np.asarray(areas.geometry.array, dtype=object))
    point, area = tree.query(np.asarray(points.geometry.array, dtype=object), "intersects")
    found = pd.DataFrame({"at": point, "id": areas[key].to_numpy(dtype=object)[area]})
    first = found.groupby("at")["id"].min()
    return first.reindex(range(len(points))).set_axis(points.index).astype("str")


def design_report(district: District, faults: pd.DataFrame) -> pd.DataFrame:
    """
    Count the plantings of every file, and their faults.

    Parameters
    ----------
    district : District
        Its plantings that are not taken out.
    faults : pandas.DataFrame
        Of `design_faults`.

    Returns
    -------
    pandas.DataFrame
        Columns `REPORT_COLUMNS`, sorted by source.
    """
    plantings = district["plantings"]
    plantings = plantings[(plantings["state"] != "removed").fillna(value=True)]
    source = plantings.set_index("planting_id")["source"].fillna("—")
    each = faults.assign(source=faults["planting_id"].map(source))
    report = pd.DataFrame({"read": source.value_counts()})
    faulty = each.drop_duplicates("planting_id")["source"].value_counts()
    report["sound"] = report["read"] - faulty.reindex(report.index).fillna(0).astype("int64")
    for fault in FAULT_LABELS:
        count = each[each["fault"] == fault]["source"].value_counts()
        report[fault] = count.reindex(report.index).fillna(0).astype("int64")
    return report.rename_axis("source").sort_index().reset_index()


def design_faults(
    district: District, duplicate_m: float, species: Mapping[str, Species]
) -> pd.DataFrame:
    """
    Return the faults of the plantings.

    Parameters
    ----------
    district : District
        Its plantings that are not taken out.
    duplicate_m : float
        Plantings nearer to each other are one planting drawn twice [m]; the first by id is kept.
    species : mapping of str to Species
        The catalogue.

    Returns
    -------
    pandas.DataFrame
        `planting_id`, `fault`, `other` (the planting or area meant), sorted by planting and fault.
    """
    plantings = district["plantings"]
    plantings = plantings[(plantings["state"] != "removed").fillna(value=True)]
    found = [
        _doubled(plantings, duplicate_m),
        _outside(plantings, district["estates"], "estate_id", DesignFault.OUTSIDE_ESTATE),
        _outside(plantings, district["greening_sites"], "site_id", DesignFault.OUTSIDE_SITE),
        _named(plantings[plantings["estate_id"].isna()], DesignFault.OUTSIDE_ESTATE, ""),
        _named(plantings[plantings["site_id"].isna()], DesignFault.NO_SITE, ""),
        _unlisted(plantings, species),
    ]
    faults = pd.concat(found, ignore_index=True)[["planting_id", "fault", "other"]]
    return faults.sort_values(["planting_id", "fault"], ignore_index=True)


def _named(rows: pd.DataFrame, fault: DesignFault, other: object) -> pd.DataFrame:
    ids = rows["planting_id"].to_numpy(dtype=object)
    return pd.DataFrame({"planting_id": ids, "fault": str(fault), "other": other}, dtype="str")


def _unlisted(plantings: pd.DataFrame, species: Mapping[str, Species]) -> pd.DataFrame:
    """Return the plantings whose species the catalogue does not have, and what they say."""
    said = identified(plantings["species_id"], species)
    rows = plantings[~said.isin(list(species))]
    return _named(
        rows, DesignFault.NO_SPECIES, rows["species_id"].fillna("").to_numpy(dtype=object)
    )


def _doubled(plantings: pd.DataFrame, duplicate_m: float) -> pd.DataFrame:
    points = np.asarray(plantings["geometry"].array, dtype=object)
    later, first = shapely.STRtree(points).query(points, predicate="dwithin", distance=duplicate_m)
    ids = plantings["planting_id"].to_numpy(dtype=object)
    is_later = ids[first] < ids[later]
    pairs = pd.DataFrame({"planting_id": ids[later[is_later]], "other": ids[first[is_later]]})
    once = pairs.sort_values(["planting_id", "other"]).drop_duplicates("planting_id")
    return once.assign(fault=str(DesignFault.DUPLICATE)).astype("str")


def _outside(
    plantings: pd.DataFrame, areas: pd.DataFrame, key: str, fault: DesignFault
) -> pd.DataFrame:
    """Return the plantings that do not lie in, or on the edge of, the area they name."""
    shapes = areas.set_index(key)["geometry"].reindex(plantings[key])
    known = shapes.notna().to_numpy()
    inside = shapely.intersects(
        np.asarray(shapes.array, dtype=object), np.asarray(plantings["geometry"].array)
    )
    rows = plantings[known & ~inside]
    return _named(rows, fault, rows[key].to_numpy(dtype=object))
