"""
The invented demonstration district: finished tables, tiled to larger sizes at run time.

Each zip file of ``data/demonstration`` is one district: a district.toml, and a ``<layer>.csv`` in
the working CRS for every layer surveyed, with geometries as WKT on the 0.1 mm grid. `make
demonstration` writes them with the generator in ``demonstration/``, which is not part of the
product.
"""

import tomllib
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Literal, TypeAlias
from zipfile import ZipFile

import geopandas as gpd
import pandas as pd
import shapely
from pyproj import CRS

import data
import layers
from demo.tiling import tiled
from layers.column import PANDAS_DTYPE
from layers.district import District
from store.district_file import FILE_NAME, DistrictFile

Size: TypeAlias = Literal["tiny", "demo", "stress"]
_COPIES = 100  # of `demo` in `stress`


def district(size: Size = "demo") -> District:
    """
    Return the demonstration district, the same at every call and on every machine.

    Parameters
    ----------
    size : {"tiny", "demo", "stress"}, default "demo"
        2, 20 or 2,000 estates; `demo` meets the totals of the plan, `stress` is 100 tiles of it.

    Returns
    -------
    District
        Every layer but candidate sites, EPSG:4544, provenance `synthetic` throughout.
    """
    return tiled(_finished("demo"), _COPIES) if size == "stress" else _finished(size)


@cache
def _finished(name: str) -> District:
    with ZipFile(BytesIO(data.read_bytes(f"demonstration/{name}.zip"))) as archive:
        facts = DistrictFile.model_validate(tomllib.loads(archive.read(FILE_NAME).decode()))
        crs = facts.working_crs()
        tables = {Path(member).stem for member in archive.namelist()} & set(layers.SURVEYED)
        frames = {name: _frame(archive.read(f"{name}.csv"), name, crs) for name in tables}
    return District.from_frames(
        frames,
        crs=crs,
        name=facts.name,
        name_en=facts.name_en,
        district_id=facts.id,
        overlays=facts.overlays,
        plan=facts.plan,
        surveyed_kinds=frozenset(facts.surveyed_kinds or ()),
    )


def _frame(table: bytes, layer: str, crs: CRS) -> gpd.GeoDataFrame:
    """Return one layer from its CSV, in which an empty cell or an absent column is unknown."""
    dtypes = {column.name: PANDAS_DTYPE[column.dtype] for column in layers.ALL[layer].columns}
    rows = pd.read_csv(BytesIO(table), dtype=dtypes, keep_default_na=False, na_values=[""])
    return gpd.GeoDataFrame(rows, geometry=shapely.from_wkt(rows.pop("geometry")), crs=crs)
