"""Foreign keys: every id that names a row of another layer leads to one."""

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd

import layers
from geo.arrays import BoolArray
from geo.errors import DataError
from layers.column import Column
from layers.spec import LayerSpec

_KEYS_SHOWN = 10


def require_references(
    frames: Mapping[str, gpd.GeoDataFrame], known: Mapping[str, pd.Series] | None = None
) -> None:
    """
    Raise on unresolved foreign keys, naming them all; a layer without rows is not checked.

    Parameters
    ----------
    frames : mapping of str to geopandas.GeoDataFrame
        The rows whose foreign keys are checked, by layer.
    known : mapping of str to pandas.Series of str, optional
        Every key of a layer; by default those of `frames`.

    Raises
    ------
    DataError
        Naming the ids and the rows that hold them.
    """
    if known is None:
        known = {layer: frame[layers.ALL[layer].key] for layer, frame in frames.items()}
    found = [
        (layers.ALL[layer], column, frame[dangling])
        for layer, frame in frames.items()
        for column in layers.ALL[layer].columns
        if len(known.get(column.refers_to, ()))
        and (dangling := _dangling(frame[column.name], known[column.refers_to])).any()
    ]
    if found:
        raise DataError(
            "\n".join(
                f"{spec.name}: {column.name} refers to no row of {column.refers_to}: "
                + ", ".join(_with_keys(spec, column, rows))
                for spec, column, rows in found
            ),
            "\n".join(
                f"{spec.label_zh}：{column.label_zh}在"
                f"{layers.ALL[column.refers_to].label_zh}图层中不存在："
                + "、".join(_with_keys(spec, column, rows))
                for spec, column, rows in found
            ),
        )


def _dangling(references: pd.Series, known: pd.Series) -> BoolArray:
    """Return which foreign keys are not among `known`; a missing one refers to nothing."""
    ids = references.dropna().unique()
    # The few ids are sought among the many keys: a set of all keys would cost more than an edit.
    lost = set(ids) - set(known[known.isin(ids)]) if len(ids) else set()
    if not lost:
        return np.zeros(len(references), dtype=np.bool_)
    return references.isin(lost).to_numpy(dtype=np.bool_)


def _with_keys(spec: LayerSpec, column: Column, rows: gpd.GeoDataFrame) -> list[str]:
    """Return the first few unresolved ids, each with the key of a row that holds it."""
    first = rows.drop_duplicates(column.name).sort_values(column.name).head(_KEYS_SHOWN)
    return [
        f"{there} ({row})" for there, row in zip(first[column.name], first[spec.key], strict=True)
    ]
