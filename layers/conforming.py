"""A layer's rows as its spec says: checked, in the working CRS, on the 0.1 mm grid, by key."""

from collections.abc import Collection
from functools import lru_cache

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS

import layers
from geo.crs import snap_to_grid, stretch, to_crs, transformer
from geo.errors import CrsError, DataError
from layers.checks import geometry_violations
from layers.spec import LayerSpec

_KEYS_SHOWN = 10
_STRETCH = 0.01  # lengths wrong by more than 1 % decide nothing


@lru_cache(maxsize=64)
def empty_layer(layer: str, crs: CRS) -> gpd.GeoDataFrame:
    """Return the frame of a layer without rows; shared, as all frames are."""
    return layers.ALL[layer].empty(crs)


def conforming(
    spec: LayerSpec, frame: gpd.GeoDataFrame, crs: CRS, extra: Collection[str] = ()
) -> gpd.GeoDataFrame:
    """
    Return a frame as its layer's spec says, in the working CRS, on the grid, sorted by key.

    Parameters
    ----------
    spec : LayerSpec
        The layer; one narrowed to some columns (`LayerSpec.as_stored`) checks and returns only
        these.
    frame : geopandas.GeoDataFrame
        Rows in any CRS with an exact path to `crs`.
    crs : pyproj.CRS
        Working CRS, projected, in metres.
    extra : collection of str, optional
        Columns beyond the spec that are kept, unchecked, behind its own; all others are dropped.

    Raises
    ------
    DataError
        Naming every value that breaks the spec, or the shapes that the transformation spoils.
    CrsError
        If the frame has no CRS, or is where lengths in `crs` are more than 1 % wrong.
    """
    layer, beyond = spec.name, spec.extra_columns(frame)
    extra = [name for name in extra if name in beyond]
    if not len(frame) and not extra and frame.crs is not None:
        transformer(CRS(frame.crs), crs)  # raises where there is no exact path
        return empty_layer(layer, crs) if spec is layers.ALL[layer] else spec.empty(crs)
    moved = snap_to_grid(to_crs(spec.conform(frame, extra), crs, layer))
    violations = geometry_violations(moved.geometry, spec.geometry)
    if violations:
        rows = np.logical_or.reduce([violation.rows for violation in violations])
        keys = ", ".join(moved[spec.key][rows].head(_KEYS_SHOWN))
        raise DataError(
            f"{layer}: {rows.sum()} shapes cannot be transformed into {crs.name}: {keys}; "
            "expected coordinates inside its area and parts larger than 0.1 mm",
            f"{spec.label_zh}：{rows.sum()} 个图形无法转换到 {crs.name}：{keys}；"
            "坐标应在该坐标系适用范围内，且不小于 0.1 毫米",
        )
    _require_true_lengths(spec, moved, crs)
    return moved


def _require_true_lengths(spec: LayerSpec, frame: gpd.GeoDataFrame, crs: CRS) -> None:
    """Raise if most of a layer is where the working CRS does not measure true lengths."""
    if not len(frame):
        return
    boxes = shapely.bounds(np.asarray(frame.geometry.array, dtype=object))
    west, south, east, north = np.median(boxes, axis=0)
    error = stretch(crs, (west + east) / 2, (south + north) / 2)
    if error > _STRETCH:
        raise CrsError(
            f"{spec.name}: is where lengths in {crs.name} are {error:.0%} wrong; "
            "expected coordinates inside its area, or a working CRS made for the place",
            f"{spec.label_zh}：所在位置用 {crs.name} 量算，长度偏差 {error:.0%}；"
            "坐标应在该坐标系适用范围内，否则应改用适合当地的工作坐标系",
        )
