"""
The digest of a layer's content: a sum over its rows, so that one row changes only its own part.

Every row has a number of 4,096 bits (SHAKE-256 of its known cells by column name and of its
coordinates); a layer has the sum of its rows' numbers, and as its digest the SHA-256 of that sum.
Equal for equal content, whatever the order of rows and columns, the byte order of the machine or
the version of a file format. A column of which nothing is known leaves no trace, so that a build
that knows more columns gives the same digest. With sums of this width the best known way to two
contents of one digest (Wagner's) takes 2**128 steps, as many as for SHA-256 itself; sums of
256 bits would fall to 2**32.
"""

import hashlib
import json
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

_BYTES = 512
_MODULUS = 1 << 8 * _BYTES


def _plain(value: Any) -> object:  # noqa: ANN401 - whatever JSON has no word for
    """Return a cell that JSON cannot spell: bytes of an unknown column, a number of numpy."""
    return value.hex() if isinstance(value, bytes) else value.item()


# JSON spells every value in one way and keeps neighbours apart, whatever a text contains.
_spelled = json.JSONEncoder(default=_plain, separators=(",", ":")).encode


def total(frame: gpd.GeoDataFrame) -> int:
    """
    Return the sum of the numbers of a frame's rows; 0 where there is none.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame
        Conforming rows, in the working CRS on the grid.
    """
    return sum(map(number, rows(frame)))


def rows(frame: gpd.GeoDataFrame) -> list[bytes]:
    """
    Return every row in its one spelling: known cells by column name as JSON, then the geometry.

    Yes and no are spelled 1 and 0, as stores keep them: a build that does not know a column then
    spells it as one that does.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame, n rows
        Conforming rows, in the working CRS on the grid; missing cells are not spelled.

    Returns
    -------
    list of bytes, length n
    """
    if not len(frame):
        return []
    shape = frame.geometry.name
    names = sorted(str(name) for name in frame.columns if name != shape)
    columns = [_cells(frame[name]) for name in names]
    shapes = shapely.to_wkb(np.asarray(frame.geometry.array, dtype=object), byte_order=1).tolist()
    cells = zip(*columns, strict=True) if columns else [()] * len(shapes)
    return [_row(names, known) + (shape or b"") for known, shape in zip(cells, shapes, strict=True)]


def _cells(values: pd.Series) -> list[object]:
    """Return a column as plain values, None where unknown."""
    numbers = values.astype("Int64") if values.dtype == "boolean" else values
    plain = numbers.to_numpy(dtype=object).tolist()
    return [
        None if absent else cell for cell, absent in zip(plain, values.isna().tolist(), strict=True)
    ]


def _row(names: list[str], cells: tuple[object, ...]) -> bytes:
    known = {name: cell for name, cell in zip(names, cells, strict=True) if cell is not None}
    return _spelled(known).encode() + b"\n"


def number(row: bytes) -> int:
    """Return the number of a row in its spelling."""
    return int.from_bytes(hashlib.shake_256(row).digest(_BYTES), "little")


def packed(whole: int) -> bytes:
    """Return a sum as the bytes in which a store keeps it."""
    return (whole % _MODULUS).to_bytes(_BYTES, "little")


def unpacked(raw: bytes) -> int:
    """Return the sum that `packed` made bytes of."""
    return int.from_bytes(raw, "little")


def digest(whole: int) -> str:
    """Return the digest, in hexadecimal, of a layer with this sum."""
    return hashlib.sha256(packed(whole)).hexdigest()


def frame_digest(frame: gpd.GeoDataFrame) -> str:
    """Return the digest of a frame's values and coordinates, in hexadecimal."""
    return digest(total(frame))


EMPTY = digest(0)
"""The digest of a layer without rows."""
