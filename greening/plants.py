"""Plants: the plantings of a design and the trees that stand already, in one table."""

import math
from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd

from clearances.features import FeatureClass, Subject, Subjects
from greening.species import Species, identified
from layers.district import District

COLUMNS = [
    "plant_layer",
    "plant_id",
    "number",
    "kind",
    "species_id",
    "site_id",
    "estate_id",
    "crown_m",
    "height_m",
    "geometry",
]
TREE, SHRUB = FeatureClass("tree"), FeatureClass("shrub")
PLANT_CLASSES = (TREE, SHRUB)
"""The classes that clearance tables distinguish of plants."""


def plant(kind: str, crown_m: float = math.nan, height_m: float = math.nan) -> Subject:
    """
    Return a plant as clearances see it; its distances count from the centre of its stem.

    Parameters
    ----------
    kind : {"tree", "shrub"}
        Its kind.
    crown_m, height_m : float, default NaN
        Mature crown width and height [m], NaN unknown.
    """
    feature = TREE if kind == TREE.code else SHRUB
    return Subject(feature, crown_m=crown_m, height_m=height_m)


def subjects_of(growing: gpd.GeoDataFrame) -> Subjects:
    """Return the n plants of `plants` as clearances see them, in their order."""
    return Subjects(
        np.asarray(growing.geometry.array, dtype=object),
        PLANT_CLASSES,
        np.where(growing["kind"] == TREE.code, 0, 1).astype(np.intp),
        np.zeros(len(growing)),
        growing["crown_m"].to_numpy(dtype=np.float64),
        growing["height_m"].to_numpy(dtype=np.float64),
    )


def plants(district: District, species: Mapping[str, Species] | None = None) -> gpd.GeoDataFrame:
    """
    Return everything that grows or shall grow.

    Parameters
    ----------
    district : District
        Plantings that are not taken out, trees that are not known to be dead.
    species : mapping of str to Species or None, default None
        The catalogue: crown and height are the mature ones wherever it knows them.

    Returns
    -------
    geopandas.GeoDataFrame
        `plant_layer`, `plant_id`, `number`, `kind`, `species_id`, `site_id`, `estate_id`,
        `crown_m` and `height_m` [m] (NaN unknown); points in the working CRS.
    """
    proposed = district["plantings"]
    proposed = proposed[(proposed["state"] != "removed").fillna(value=True)]
    standing = district["trees"]
    standing = standing[standing["is_alive"].fillna(value=True).astype(bool)]
    tables = [
        proposed.rename(columns={"planting_id": "plant_id"}).assign(plant_layer="plantings"),
        standing.rename(columns={"tree_id": "plant_id", "species": "species_id"}).assign(
            plant_layer="trees", number="", site_id=""
        ),
    ]
    filled = [table[COLUMNS] for table in tables if len(table)] or [tables[0][COLUMNS]]
    every = pd.concat(filled, ignore_index=True)
    every["species_id"] = identified(every["species_id"], species or {})
    for column in ("crown_m", "height_m"):
        grown = _mature(every["species_id"], species or {}, column)
        every[column] = np.fmax(every[column].to_numpy(dtype=np.float64), grown)
    return gpd.GeoDataFrame(every, crs=district.crs)


def _mature(ids: pd.Series, species: Mapping[str, Species], column: str) -> np.ndarray:
    known = {name: getattr(one, column) for name, one in species.items()}
    return ids.map(known).fillna(math.nan).to_numpy(dtype=np.float64)
