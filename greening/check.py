"""
The clearance check: every planting and tree against every obstacle near it.

Verdicts: `short 净距不足` (too close as measured), `verify 需探测核实` (not too close as measured,
but depth, accuracy or width is unknown, or the survey's own accuracy could hide a breach),
`met 满足`, and, for a planting only, `unknown 资料不足` where a whole layer was never surveyed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.clearance import (
    TOLERANCE_M,
    Clearances,
    FloatArray,
    ShapeArray,
    clearances,
    dimension_lines,
    shortfall,
)
from greening.obstacles import lacking_layers, obstacles
from greening.plants import plants
from greening.requirements import Profile, Requirements
from greening.species import Species
from layers.district import District
from layers.spec import PANDAS_DTYPE, Column

BoolArray: TypeAlias = npt.NDArray[np.bool_]


class Verdict(StrEnum):
    """What the check says of a pair, or of a planting (its worst pair)."""

    SHORT = "short"
    VERIFY = "verify"
    UNKNOWN = "unknown"
    MET = "met"


VERDICT_LABELS = {
    Verdict.SHORT.value: ("净距不足", "too close"),
    Verdict.VERIFY.value: ("需探测核实", "to be probed"),
    Verdict.UNKNOWN.value: ("资料不足", "data lacking"),
    Verdict.MET.value: ("满足", "met"),
}

COLUMNS = (
    Column("finding_id", "str", "结论编号", "finding id", required=True),
    Column("plant_layer", "str", "图层", "layer", required=True),
    Column("plant_id", "str", "植株编号", "plant id", required=True),
    Column("number", "str", "现场编号", "number in the field"),
    Column("kind", "str", "类型", "kind", required=True),
    Column("species_id", "str", "树种编号", "species id"),
    Column("site_id", "str", "绿化点编号", "site id"),
    Column("estate_id", "str", "小区编号", "estate id"),
    Column("verdict", "str", "结论", "verdict", codes=VERDICT_LABELS, required=True),
    Column("object_layer", "str", "对象图层", "object layer", required=True),
    Column("object_id", "str", "对象编号", "object id", required=True),
    Column("object_zh", "str", "对象", "object (Chinese)", required=True),
    Column("object_en", "str", "对象（英文）", "object (English)", required=True),
    Column("distance_m", "float", "实测净距", "clearance", "m", required=True),
    Column("required_m", "float", "要求净距", "required", "m", required=True),
    Column("difference_cm", "float", "差值", "difference", "cm", required=True),
    Column("accuracy_m", "float", "探测精度", "survey accuracy", "m"),
    Column("source_id", "str", "来源编号", "source id"),
    Column("clause", "str", "条款", "clause"),
    Column("verified", "str", "核实程度", "how verified"),
    Column("note_zh", "str", "说明", "note (Chinese)"),
    Column("note_en", "str", "说明（英文）", "note (English)"),
    Column("plant_east_m", "float", "植株横坐标", "plant easting", "m"),
    Column("plant_north_m", "float", "植株纵坐标", "plant northing", "m"),
    Column("foot_east_m", "float", "对象垂足横坐标", "foot easting", "m"),
    Column("foot_north_m", "float", "对象垂足纵坐标", "foot northing", "m"),
)
"""Columns of the clearance table; the geometry is the dimension line from plant to foot."""

_OF_PLANT = ["plant_layer", "plant_id", "number", "kind", "species_id", "site_id", "estate_id"]
_OF_THING = {
    "layer": "object_layer",
    "object_id": "object_id",
    "what_zh": "object_zh",
    "what_en": "object_en",
    "note_zh": "note_zh",
    "note_en": "note_en",
}
_ENDS = ("plant_east_m", "plant_north_m", "foot_east_m", "foot_north_m")


@dataclass(frozen=True)
class Check:
    """
    A checked design.

    Attributes
    ----------
    pairs : geopandas.GeoDataFrame
        One row a plant and object near each other, columns `COLUMNS`, worst first within a plant.
    plants : geopandas.GeoDataFrame
        Every plant that was checked with its `verdict`, sorted by layer and id.
    lacking : tuple of str
        Layers never surveyed without which nothing can pass.
    """

    pairs: gpd.GeoDataFrame
    plants: gpd.GeoDataFrame
    lacking: tuple[str, ...]

    def counts(self) -> dict[str, int]:
        """Return how many plants have each verdict."""
        found = self.plants["verdict"].value_counts()
        return {verdict.value: int(found.get(verdict.value, 0)) for verdict in Verdict}


def check(
    district: District,
    requirements: Requirements,
    profile: Profile = Profile.STRICTER,
    species: Mapping[str, Species] | None = None,
) -> Check:
    """
    Check every planting that is not taken out, and every tree not known to be dead.

    Parameters
    ----------
    district : District
        The design and what is around it.
    requirements : Requirements
        The rulebook's distances.
    profile : Profile, default `STRICTER`
        Table of tree-to-pipe distances.
    species : mapping of str to Species or None, default None
        The catalogue, for distances that count from the mature crown.

    Returns
    -------
    Check
        Complete: every plant has a verdict.
    """
    around = obstacles(district, requirements, profile)
    lacking = lacking_layers(district)
    return check_plants(plants(district, species), around, requirements.look_m, lacking)


def check_plants(
    growing: gpd.GeoDataFrame,
    around: gpd.GeoDataFrame,
    look_m: float,
    lacking: tuple[str, ...] = (),
) -> Check:
    """
    Check plants against obstacles.

    Parameters
    ----------
    growing : geopandas.GeoDataFrame
        As from `greening.plants.plants`.
    around : geopandas.GeoDataFrame
        As from `greening.obstacles.obstacles`.
    look_m : float
        How far beyond the required distance a pair is still listed [m].
    lacking : tuple of str, default ()
        Layers never surveyed: a plant that would pass is then `unknown`.
    """
    subjects = np.asarray(growing.geometry.array, dtype=object)
    objects = np.asarray(around.geometry.array, dtype=object)
    half_width = around["half_width_m"].to_numpy(dtype=np.float64)
    widest_m = float(np.nan_to_num(growing["crown_m"].to_numpy(), nan=0.0).max(initial=0.0))
    near = clearances(subjects, objects, reach_m(around, look_m, widest_m), half_width)
    judged = _judge(growing, around, near)
    beyond = judged["distance_m"] - judged["required_m"]
    listed = (beyond <= np.fmax(judged["accuracy_m"], look_m) + TOLERANCE_M).to_numpy()
    near, judged = near.where(listed), judged[listed].reset_index(drop=True)
    lines = dimension_lines(subjects, objects, near, half_width)
    pairs = _pairs_table(growing.iloc[near.subject], around.iloc[near.object], judged, lines)
    return Check(pairs, _with_verdicts(growing, pairs, lacking), lacking)


def reach_m(around: gpd.GeoDataFrame, look_m: float, widest_m: float) -> FloatArray:
    """
    Return how far from its outer edge each obstacle can matter, shape (k,) [m].

    Parameters
    ----------
    around : geopandas.GeoDataFrame
        k obstacles.
    look_m : float
        The check's look [m].
    widest_m : float
        The widest crown [m].
    """
    required = np.fmax(around["tree_m"].to_numpy(), around["shrub_m"].to_numpy())
    crown = np.where(around["counts_crown"].to_numpy(dtype=bool), widest_m / 2.0, 0.0)
    reach = required + crown + np.fmax(around["accuracy_m"].to_numpy(), look_m)
    return np.asarray(reach, dtype=np.float64)


def _judge(growing: gpd.GeoDataFrame, around: gpd.GeoDataFrame, near: Clearances) -> pd.DataFrame:
    """Return verdict and figures of every pair; a pair without a requirement has NaN."""
    plant = growing.iloc[near.subject].reset_index(drop=True)
    thing = around.iloc[near.object].reset_index(drop=True)
    is_tree = (plant["kind"] == "tree").to_numpy(dtype=bool)
    crown = np.where(
        thing["counts_crown"].to_numpy(dtype=bool), plant["crown_m"].to_numpy() / 2.0, 0.0
    )

    def of_kind(column: str) -> npt.NDArray[np.object_]:
        return np.where(is_tree, thing[f"tree_{column}"], thing[f"shrub_{column}"])

    required = of_kind("m").astype(np.float64) + np.nan_to_num(crown)
    unsure = thing["is_unsure"].to_numpy(dtype=bool) | np.isnan(crown)
    above = thing["height_m"] - plant["height_m"] - thing["vertical_m"]
    above = above.where(thing["vertical_m"].notna(), -np.inf)
    accuracy = thing["accuracy_m"].to_numpy(dtype=np.float64)
    lacking = shortfall(near, required)
    return pd.DataFrame(
        {
            "verdict": _verdict(
                near.distance, lacking, accuracy, above.to_numpy(dtype=np.float64), unsure=unsure
            ),
            "distance_m": near.distance,
            "required_m": required,
            "accuracy_m": accuracy,
            "source_id": of_kind("source"),
            "clause": of_kind("clause"),
            "verified": of_kind("verified"),
        }
    )


def _verdict(
    distance: FloatArray,
    lacking: FloatArray,
    accuracy: FloatArray,
    above: FloatArray,
    *,
    unsure: BoolArray,
) -> npt.NDArray[np.object_]:
    """
    Judge pairs: too close; in doubt; or met.

    `above` is the height a conductor keeps beyond what is required above the plant [m]: -inf where
    height cannot help, NaN where it might but is unknown.
    """
    too_close = (lacking > 0) | (distance <= 0)
    short = too_close & (above < 0)
    hidden = (lacking + np.nan_to_num(accuracy) > TOLERANCE_M) & ~(above >= 0)
    doubtful = unsure | hidden | (too_close & np.isnan(above))
    return np.select([short, doubtful], [Verdict.SHORT, Verdict.VERIFY], Verdict.MET)


def _pairs_table(
    plant: gpd.GeoDataFrame, thing: gpd.GeoDataFrame, judged: pd.DataFrame, lines: ShapeArray
) -> gpd.GeoDataFrame:
    """Return the pairs with every column, one row a plant and object, worst first."""
    ends = shapely.get_coordinates(lines).reshape(-1, 4)
    of_plant = plant[_OF_PLANT].reset_index(drop=True)
    of_thing = thing[list(_OF_THING)].rename(columns=_OF_THING).reset_index(drop=True)
    table = pd.concat([judged, of_plant, of_thing], axis=1).assign(
        difference_cm=(judged["distance_m"] - judged["required_m"]) * 100.0,
        finding_id=lambda t: (
            t["plant_layer"] + "/" + t["plant_id"] + "/" + t["object_layer"] + "/" + t["object_id"]
        ),
        **dict(zip(_ENDS, ends.T, strict=True)),
        geometry=lines,
    )
    rank = table["verdict"].map({verdict.value: i for i, verdict in enumerate(Verdict)})
    order = ["plant_layer", "plant_id", "rank", "difference_cm", "object_layer", "object_id"]
    worst_first = table.assign(rank=rank).sort_values(order, ignore_index=True)
    once = worst_first.drop_duplicates(["plant_layer", "plant_id", "object_layer", "object_id"])
    typed = {
        c.name: once[c.name].astype(PANDAS_DTYPE[c.dtype])  # type: ignore[call-overload]
        for c in COLUMNS
    }
    tidy = gpd.GeoDataFrame(typed, geometry=once["geometry"], crs=thing.crs)
    return tidy.reset_index(drop=True)


def _with_verdicts(
    growing: gpd.GeoDataFrame, pairs: gpd.GeoDataFrame, lacking: tuple[str, ...]
) -> gpd.GeoDataFrame:
    """Give every plant the verdict of its worst pair."""
    worst = pairs.drop_duplicates(["plant_layer", "plant_id"]).set_index(
        ["plant_layer", "plant_id"]
    )
    keys = pd.MultiIndex.from_frame(growing[["plant_layer", "plant_id"]].astype("str"))
    found = worst["verdict"].reindex(keys).fillna(Verdict.MET.value).to_numpy(dtype=object)
    if lacking:
        found = np.where(found == Verdict.MET, Verdict.UNKNOWN.value, found)
    return growing.assign(verdict=found).sort_values(["plant_layer", "plant_id"], ignore_index=True)
