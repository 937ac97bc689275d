"""The clearance check of a design: every planting and tree against every obstacle near it."""

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from clearances.check import check_pairs, worst_verdicts
from clearances.requirements import STRICTER, Requirements
from clearances.surroundings import Surroundings, surroundings
from clearances.verdict import VERDICT_LABELS, ClearanceVerdict
from greening.plants import PLANT_CLASSES, plants, subjects_of
from greening.species import Species
from layers.district import District
from layers.spec import PANDAS_DTYPE, Column

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
        return {verdict.value: int(found.get(verdict.value, 0)) for verdict in ClearanceVerdict}


def check(
    district: District,
    requirements: Requirements,
    profile: str = STRICTER,
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
    profile : str, default `STRICTER`
        One of the rulebook's clearance profiles.
    species : mapping of str to Species or None, default None
        The catalogue, for distances that count from the mature crown.

    Returns
    -------
    Check
        Complete: every plant has a verdict.

    Raises
    ------
    StandardError
        If the rulebook has no such profile.
    """
    around = surroundings(district, requirements, PLANT_CLASSES, profile)
    return check_plants(plants(district, species), around)


def check_plants(growing: gpd.GeoDataFrame, around: Surroundings) -> Check:
    """
    Check plants against obstacles.

    Parameters
    ----------
    growing : geopandas.GeoDataFrame
        As from `greening.plants.plants`.
    around : Surroundings
        Of `PLANT_CLASSES`.

    Returns
    -------
    Check
        Complete: every plant has a verdict.
    """
    found = check_pairs(subjects_of(growing), around)
    verdict = worst_verdicts(found, len(growing), around.lacking)
    every = growing.assign(verdict=verdict)
    return Check(
        _pairs_table(growing, found),
        every.sort_values(["plant_layer", "plant_id"], ignore_index=True),
        around.lacking,
    )


def _pairs_table(growing: gpd.GeoDataFrame, found: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the pairs with every column, by plant and worst first."""
    ends = shapely.get_coordinates(np.asarray(found.geometry.array)).reshape(-1, 4)
    of_plant = growing[_OF_PLANT].take(found["subject"].to_numpy()).reset_index(drop=True)
    table = pd.concat([found, of_plant], axis=1).assign(
        finding_id=lambda t: (
            t["plant_layer"] + "/" + t["plant_id"] + "/" + t["object_layer"] + "/" + t["object_id"]
        ),
        **dict(zip(_ENDS, ends.T, strict=True)),
    )
    ordered = table.sort_values(["plant_layer", "plant_id"], kind="stable", ignore_index=True)
    typed = {
        c.name: ordered[c.name].astype(PANDAS_DTYPE[c.dtype])  # type: ignore[call-overload]
        for c in COLUMNS
    }
    return gpd.GeoDataFrame(typed, geometry=ordered["geometry"], crs=found.crs)
