"""Former rows: what a layer held before each change, and the layer as it was then."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.crs import STORAGE_CRS
from store.geometry_blob import decode


@dataclass(frozen=True, slots=True)
class Past:
    """
    One former row.

    Attributes
    ----------
    change : int
        `Change.seq` of the change that replaced it.
    action : str
        "added" (there was no such row before), "changed" or "removed".
    key : str
        The row's key.
    shape : bytes or None
        Its geometry, as it lay in the store.
    values : mapping of str to object
        Its other columns, those that were known.
    """

    change: int
    action: str
    key: str
    shape: bytes | None
    values: Mapping[str, Any]


def digest(layers_past: Mapping[str, Iterable[Past]]) -> str:
    """Return the SHA-256 of former rows of every layer, in the order in which they were kept."""
    total = hashlib.sha256()
    for layer, rows in sorted(layers_past.items()):
        for row in rows:
            shape = None if row.shape is None else row.shape.hex()
            told = [layer, row.action, row.key, shape, dict(row.values)]
            total.update(json.dumps(told, sort_keys=True, separators=(",", ":")).encode() + b"\n")
    return total.hexdigest()


def rolled_back(frame: gpd.GeoDataFrame, key: str, past: Iterable[Past]) -> gpd.GeoDataFrame:
    """
    Return the rows of a layer as they were before the changes that `past` tells of.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame
        The rows now, in EPSG:4490, column `geometry`.
    key : str
        The layer's key column.
    past : iterable of Past
        Every former row since then, oldest first.
    """
    first: dict[str, Past] = {}
    for row in past:
        first.setdefault(row.key, row)
    kept = frame[~frame[key].isin(first)]
    back = [row for row in first.values() if row.action != "added"]
    if not back:
        return kept
    values = pd.DataFrame([dict(row.values) for row in back], dtype=object)
    shapes = decode([row.shape for row in back])
    former = gpd.GeoDataFrame(values, geometry=gpd.GeoSeries(shapes, crs=STORAGE_CRS))
    both = pd.concat([kept.astype(object), former.astype(object)], ignore_index=True)
    shapes = np.concatenate([kept.geometry.to_numpy(), former.geometry.to_numpy()])
    plain = both.drop(columns="geometry")
    return gpd.GeoDataFrame(
        plain.astype(object).where(plain.notna(), None),
        geometry=gpd.GeoSeries(shapes, crs=STORAGE_CRS),
    )
