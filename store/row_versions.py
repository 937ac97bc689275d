"""Versions of rows: what a layer held before each entry, and the layer as it was then."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.crs import STORAGE_CRS
from store.geometry_blob import decode


@dataclass(frozen=True, slots=True)
class RowVersion:
    """
    One row as it was before an entry of the journal.

    Attributes
    ----------
    seq : int
        `JournalEntry.seq` of the entry that replaced it.
    action : str
        "added" (there was no such row before), "changed" or "removed".
    key : str
        The row's key.
    shape : bytes or None
        Its geometry as it lay in the store: a GeoPackage blob, or plain WKB.
    cells : mapping of str to object
        Its other columns, those that were known.
    """

    seq: int
    action: str
    key: str
    shape: bytes | None
    cells: Mapping[str, Any]


def digest(by_layer: Mapping[str, Iterable[RowVersion]]) -> str:
    """Return the SHA-256 of former rows of every layer, in the order in which they were kept."""
    total = hashlib.sha256()
    for layer, rows in sorted(by_layer.items()):
        for row in rows:
            shape = None if row.shape is None else row.shape.hex()
            record = [layer, row.action, row.key, shape, dict(row.cells)]
            total.update(json.dumps(record, sort_keys=True, separators=(",", ":")).encode() + b"\n")
    return total.hexdigest()


def rolled_back(
    frame: gpd.GeoDataFrame, key: str, versions: Iterable[RowVersion]
) -> gpd.GeoDataFrame:
    """
    Return the rows of a layer as they were before the entries that `versions` belong to.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame
        The rows now, in EPSG:4490, column `geometry`.
    key : str
        The layer's key column.
    versions : iterable of RowVersion
        Every former row since then, oldest first.
    """
    first: dict[str, RowVersion] = {}
    for row in versions:
        first.setdefault(row.key, row)
    kept = frame[~frame[key].isin(first)]
    back = [row for row in first.values() if row.action != "added"]
    if not back:
        return kept
    values = pd.DataFrame([dict(row.cells) for row in back], dtype=object)
    shapes = _drawn([row.shape for row in back])
    former = gpd.GeoDataFrame(values, geometry=gpd.GeoSeries(shapes, crs=STORAGE_CRS))
    both = pd.concat([kept.astype(object), former.astype(object)], ignore_index=True)
    shapes = np.concatenate([kept.geometry.to_numpy(), former.geometry.to_numpy()])
    plain = both.drop(columns="geometry")
    return gpd.GeoDataFrame(
        plain.astype(object).where(plain.notna(), None),
        geometry=gpd.GeoSeries(shapes, crs=STORAGE_CRS),
    )


def _drawn(shapes: Sequence[bytes | None]) -> NDArray[np.object_]:
    """Return the geometries of blobs and of plain WKB; WKB begins with its byte order, 0 or 1."""
    plain = [shape if shape is not None and shape[:1] in b"\x00\x01" else None for shape in shapes]
    packed = decode(shapes)
    return np.where(shapely.is_missing(packed), shapely.from_wkb(plain), packed)
