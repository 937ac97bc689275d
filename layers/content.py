"""
The digest of a layer's content: a sum over its rows, so that one row changes only its own part.

Every row has a number of 4,096 bits (SHAKE-256 of its values and coordinates); a layer has the sum
of its rows' numbers, and as its digest the SHA-256 of that sum. Equal for equal content, whatever
the order of the rows, the byte order of the machine or the version of a file format. With sums of
this width the best known way to two contents of one digest (Wagner's) takes 2**128 steps, as many
as for SHA-256 itself; sums of 256 bits would fall to 2**32.
"""

import hashlib
import json
from collections.abc import Iterable

import geopandas as gpd
import numpy as np
import shapely

_BYTES = 512
_MODULUS = 1 << 8 * _BYTES
# JSON spells every value in one way and keeps neighbours apart, whatever a text contains.
_spelled = json.JSONEncoder(default=lambda value: value.item()).encode


def total(frame: gpd.GeoDataFrame) -> int:
    """Return the sum of the numbers of a frame's rows; 0 where there is none."""
    columns = []
    for name in frame.columns[frame.columns != frame.geometry.name]:
        values = frame[name]
        cells = values.to_numpy(dtype=object, copy=True)
        cells[values.isna().to_numpy()] = None
        columns.append(cells.tolist())
    shapes = shapely.to_wkb(np.asarray(frame.geometry.array, dtype=object), byte_order=1)
    rows = zip(zip(*columns, strict=True), shapes.tolist(), strict=True)
    return sum(_number(_spelled(cells).encode() + b"\n" + (shape or b"")) for cells, shape in rows)


def _number(row: bytes) -> int:
    return int.from_bytes(hashlib.shake_256(row).digest(_BYTES), "little")


def packed(whole: int) -> bytes:
    """Return a sum as the bytes in which a store keeps it."""
    return (whole % _MODULUS).to_bytes(_BYTES, "little")


def unpacked(raw: bytes) -> int:
    """Return the sum that `packed` made bytes of."""
    return int.from_bytes(raw, "little")


def digest(columns: Iterable[str], whole: int) -> str:
    """Return the digest, in hexadecimal, of a layer with these columns and this sum."""
    return hashlib.sha256(json.dumps([*columns]).encode() + packed(whole)).hexdigest()


def frame_digest(frame: gpd.GeoDataFrame) -> str:
    """Return the digest of a frame's columns, values and coordinates, in hexadecimal."""
    return digest(frame.columns, total(frame))
