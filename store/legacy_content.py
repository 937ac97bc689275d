"""
The digests of content as stores of schema 0 recorded them.

A layer's digest then covered the names of its columns in the order of the build that wrote it, and
every cell, known or not. Only stores that are taken over are checked by it.
"""

import hashlib
import json

import geopandas as gpd
import numpy as np
import shapely

from layers import content
from layers.district import District
from layers.spec import LayerSpec
from store.journal_entry import JournalEntry

_spelled = json.JSONEncoder(default=lambda value: value.item()).encode


def unmatched(district: District, entry: JournalEntry, specs: dict[str, LayerSpec]) -> list[str]:
    """
    Return the layers whose content is not what an entry of schema 0 recorded.

    Parameters
    ----------
    district : District
        The content at `entry`.
    entry : JournalEntry
        The newest of a journal of schema 0.
    specs : dict of str to LayerSpec
        The layers as the store has them: its own columns in its own order. Of a layer without a
        table the columns of that time are not known; it has no rows that could have been altered.
    """
    return [
        name
        for name, spec in specs.items()
        if name in entry.digests and entry.digests[name] != _digest(district.frames[name], spec)
    ]


def _digest(frame: gpd.GeoDataFrame, spec: LayerSpec) -> str:
    names = [*(column.name for column in spec.columns), "geometry"]
    whole = content.packed(_total(frame, spec))
    return hashlib.sha256(json.dumps(names).encode() + whole).hexdigest()


def _total(frame: gpd.GeoDataFrame, spec: LayerSpec) -> int:
    cells = []
    for column in spec.columns:
        values = frame[column.name]
        if column.dtype == "bool":  # true and false, also where this build keeps 1 and 0
            values = values.astype("Int64").astype("boolean")
        plain = values.to_numpy(dtype=object, copy=True)
        plain[values.isna().to_numpy()] = None
        cells.append(plain.tolist())
    shapes = shapely.to_wkb(np.asarray(frame.geometry.array, dtype=object), byte_order=1)
    return sum(
        content.number(_spelled(row).encode() + b"\n" + (shape or b""))
        for row, shape in zip(zip(*cells, strict=True), shapes.tolist(), strict=True)
    )
