"""What is different between two states of a district, row by row, and how that is said."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

import layers
from layers.district import District
from wording import Language, Text

GEOMETRY = "geometry"
_LABELS = {GEOMETRY: Text("图形", "geometry")}


@dataclass(frozen=True, eq=False, slots=True)
class LayerDifference:
    """
    The rows of one layer that differ.

    Attributes
    ----------
    layer : str
        Which layer.
    added, changed, removed : pandas.Index
        Keys of the rows, as of the later state and, for `removed`, the earlier.
    columns : mapping of str to int
        Column, or "geometry" -> changed rows in which it differs.
    """

    layer: str
    added: pd.Index
    changed: pd.Index
    removed: pd.Index
    columns: Mapping[str, int]

    @property
    def counts(self) -> tuple[int, int, int]:
        """How many rows were added, changed and removed."""
        return len(self.added), len(self.changed), len(self.removed)

    @property
    def put(self) -> pd.Index:
        """Keys of the rows that the later state has anew or differently."""
        return self.added.append(self.changed)

    def sentence(self, language: Language) -> str:
        """Return the difference in words, ``"zh"`` or ``"en"``."""
        spec = layers.ALL[self.layer]
        named = {c.name: Text(c.label_zh, c.label_en) for c in spec.columns} | _LABELS
        parts = [f"{named[name][language]} {count}" for name, count in self.columns.items()]
        added, changed, removed = self.counts
        if language == "zh":
            more = f"（{'，'.join(parts)}）" if parts else ""
            return f"{spec.label_zh}：增 {added} 行，改 {changed} 行{more}，删 {removed} 行"
        more = f" ({', '.join(parts)})" if parts else ""
        return f"{spec.label_en}: {added} rows added, {changed} changed{more}, {removed} removed"


def difference(before: District, after: District) -> dict[str, LayerDifference]:
    """
    Compare two states of a district.

    Returns
    -------
    dict of str to LayerDifference
        Only the layers that differ.
    """
    found = {
        name: layer_difference(name, before[name], after[name])
        for name in after.frames
        if before[name] is not after[name] and before.digests[name] != after.digests[name]
    }
    return {name: one for name, one in found.items() if any(one.counts)}


def layer_difference(
    name: str, before: gpd.GeoDataFrame, after: gpd.GeoDataFrame
) -> LayerDifference:
    """Compare two states of one layer."""
    key = layers.ALL[name].key
    old, new = before.set_index(key), after.set_index(key)
    common = new.index.intersection(old.index, sort=False)
    unlike = dict(_unlike(old.loc[common], new.loc[common]))
    any_unlike = np.logical_or.reduce([np.zeros(len(common), bool), *unlike.values()])
    return LayerDifference(
        name,
        added=new.index.difference(old.index),
        changed=common[any_unlike],
        removed=old.index.difference(new.index),
        columns={column: int(rows.sum()) for column, rows in unlike.items() if rows.any()},
    )


def _unlike(
    old: gpd.GeoDataFrame, new: gpd.GeoDataFrame
) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """Yield each column with the rows in which it differs; both have the same rows."""
    for column in map(str, new.columns):
        if column != GEOMETRY:
            yield column, _spelled(old[column]) != _spelled(new[column])
    shapes = [shapely.to_wkb(frame.geometry.to_numpy(), byte_order=1) for frame in (old, new)]
    yield GEOMETRY, shapes[0] != shapes[1]


def _spelled(values: pd.Series) -> NDArray[np.object_]:
    """Return values so that equal ones are those the content digest takes for equal."""
    if values.dtype == np.float64:
        numbers = np.where(values.isna(), np.nan, values.to_numpy())  # one spelling of unknown
        return numbers.view(np.int64).astype(object)  # tells 0.0 from -0.0
    return _known(values)


def _known(values: pd.Series) -> NDArray[np.object_]:
    """Return plain values, None where unknown."""
    plain = values.to_numpy(dtype=object, copy=True)
    plain[values.isna().to_numpy()] = None
    return plain


def changed_cells(before: District, after: District, one: LayerDifference) -> pd.DataFrame:
    """
    List every changed cell of a layer.

    Returns
    -------
    pandas.DataFrame
        Columns `key`, `column`, `before`, `after`; one row a cell, geometry left out.
    """
    key = layers.ALL[one.layer].key
    old = before[one.layer].set_index(key).loc[one.changed]
    new = after[one.layer].set_index(key).loc[one.changed]
    parts = [
        pd.DataFrame(
            {
                "key": one.changed[rows],
                "column": column,
                "before": _known(old[column][rows]),
                "after": _known(new[column][rows]),
            },
            dtype=object,
        )
        for column, rows in _unlike(old, new)
        if column != GEOMETRY and rows.any()
    ]
    empty = pd.DataFrame(columns=["key", "column", "before", "after"], dtype=object)
    return pd.concat(parts, ignore_index=True) if parts else empty
