"""Plants: the plantings of a design and the trees that stand already, in one table."""

import math
from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd

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
