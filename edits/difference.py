"""The difference of two states of a district: the edit that makes the later of the earlier."""

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd

import layers
from edits.cells import cells_of, columns_of, unlike
from edits.edit import Edit, SetChange, require_crs
from edits.layer_edit import CellChanges, LayerEdit
from layers.district import District


def difference(before: District, after: District) -> Edit:
    """
    Return the edit that makes `after` of `before`.

    Parameters
    ----------
    before, after : District
        In the same working CRS; what else district.toml says of them is not compared.

    Raises
    ------
    CrsError
        If their working CRSs differ.
    """
    require_crs(after.crs, before.crs)
    found = {
        name: layer_difference(name, before.frames[name], after.frames[name])
        for name in layers.SURVEYED
        if before.frames[name] is not after.frames[name]
    }
    return Edit(
        before.crs,
        {name: one for name, one in found.items() if one},
        SetChange.between(before.surveyed, after.surveyed),
        SetChange.between(before.surveyed_kinds, after.surveyed_kinds),
    )


def layer_difference(name: str, before: gpd.GeoDataFrame, after: gpd.GeoDataFrame) -> LayerEdit:
    """
    Return the edit that makes the later state of one layer of the earlier.

    Parameters
    ----------
    name : str
        The layer.
    before, after : geopandas.GeoDataFrame
        Its rows, conforming, in the same CRS; a column that one of them lacks is unknown there.
    """
    key = layers.ALL[name].key
    if not len(before):
        return LayerEdit(name, after, before)
    places = pd.Index(before[key]).get_indexer(pd.Index(after[key]))
    is_common = places >= 0
    is_gone = np.ones(len(before), dtype=bool)
    is_gone[places[is_common]] = False
    old, new = before.take(places[is_common]), after[is_common]
    return LayerEdit(name, after[~is_common], before[is_gone], _changed_cells(key, old, new))


def _changed_cells(
    key: str, old: gpd.GeoDataFrame, new: gpd.GeoDataFrame
) -> Mapping[str, CellChanges]:
    """Return the cells that differ, by column; both frames have the same keys in one order."""
    keys, found = cells_of(new, key), {}
    for column in columns_of(new, old):
        was, becomes = cells_of(old, column), cells_of(new, column)
        differs = unlike(column, was, becomes)
        if differs.any():
            found[column] = CellChanges(keys[differs], was[differs], becomes[differs])
    return found
