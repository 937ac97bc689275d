"""What every row of the demonstration district says of itself: invented, by whom, as of when."""

import numpy as np
import pyproj
from numpy.typing import ArrayLike

from geo.arrays import ObjectArray
from layers.spec import Provenance

CRS = pyproj.CRS.from_epsg(4544)
"""CGCS2000 / 3-degree Gauss-Kruger, central meridian 105 E."""

VERSION = 1
SOURCE = f"演示数据生成器 v{VERSION}（非测绘成果）"
SOURCE_DATE = "2023-03-31"


def note(more: str = "") -> dict[str, str]:
    """Return the provenance columns of an invented row; `more` is added to its source."""
    return {
        "provenance": Provenance.SYNTHETIC.value,
        "source": f"{SOURCE}；{more}" if more else SOURCE,
        "source_date": SOURCE_DATE,
    }


def blank(values: ArrayLike, unknown: ArrayLike) -> ObjectArray:
    """
    Return values as objects with None where they were never surveyed.

    Parameters
    ----------
    values : array-like, shape (n,)
        Values of any kind.
    unknown : ndarray of bool, shape (n,)
        Where nothing is known.
    """
    left = np.array(values, dtype=object)
    left[np.asarray(unknown, dtype=bool)] = None
    return left
