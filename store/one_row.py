"""One row of a layer: what may be done to it, and what is said where it may not."""

from collections.abc import Mapping
from typing import Any

import geopandas as gpd

import layers
from edits.cells import GEOMETRY
from geo.errors import DataError, StoreError
from store.contract import RowSnapshot
from store.tables import Tables


def with_values(
    frame: gpd.GeoDataFrame, row: RowSnapshot, values: Mapping[str, Any]
) -> gpd.GeoDataFrame:
    """Return the row, alone in its frame, with other `values`."""
    key = layers.ALL[row.layer].key
    strange = sorted(set(values) - (set(frame.columns) - {key}))
    if strange:
        raise DataError(
            f"{row.layer} {row.key}: {strange[0]} is no column that can be changed",
            f"{layers.ALL[row.layer].label_zh} {row.key}：{strange[0]} 不是可修改的列",
        )
    changed = {name: frame[name].astype(object) for name in values}
    for name, value in values.items():
        changed[name].iloc[0] = value
    shapes = gpd.GeoSeries(changed.pop(GEOMETRY, frame.geometry), crs=frame.crs)
    return frame.assign(**changed).set_geometry(shapes)


def require_unreferred(tables: Tables, row: RowSnapshot) -> None:
    """Refuse to remove a row to which rows of other layers lead."""
    for name in layers.SURVEYED:
        for column in layers.ALL[name].columns:
            if column.refers_to == row.layer and row.key in tables.values(name, column.name):
                raise DataError(
                    f"{row.layer} {row.key}: rows of {name} lead to it ({column.name}); "
                    "nothing was removed",
                    f"{layers.ALL[row.layer].label_zh} {row.key}：仍被{layers.ALL[name].label_zh}"
                    f"的“{column.label_zh}”引用，未删除",
                )


def there_already(layer: str, key: str) -> DataError:
    """Say that a key is taken."""
    return DataError(
        f"{layer} has a row {key!r} already; nothing was added",
        f"{layers.ALL[layer].label_zh}中已有 {key!r}，未添加",
    )


def no_row(layer: str, key: str) -> StoreError:
    """Say that nobody has this key."""
    return StoreError(f"{layer} has no row {key!r}", f"{layers.ALL[layer].label_zh}中没有 {key!r}")


def require_layer(layer: str) -> None:
    """Refuse a name that no layer has."""
    if layer not in layers.SURVEYED:
        raise DataError(f"there is no layer {layer!r}", f"没有图层 {layer!r}")
