"""What every row of the demonstration district says of itself: invented, by whom, as of when."""

import pyproj

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
