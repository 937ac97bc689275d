"""Districts as surveys are: cells nobody wrote down, places closed, rows and kinds not surveyed."""

from collections.abc import Collection, Mapping

import geopandas as gpd
import numpy as np
import pandas as pd

import layers
from layers.column import PANDAS_DTYPE, Column
from layers.district import District

KEPT = ("estate_id", "building_id", "name", "town_id")
USUALLY = 0.9
ROWS_LOST = ("units", "buildings")


def with_holes(district: District, seed: int, share: float) -> District:
    """Return a district of which about a `share` of all cells, kinds and places is not known."""
    rng = np.random.default_rng(seed)
    frames = {name: _sparse(district, name, rng, share) for name in layers.SURVEYED}
    lost = rng.choice(district["estates"]["estate_id"], size=2)
    for name, estate in zip(ROWS_LOST, lost, strict=True):
        frames[name] = frames[name][frames[name]["estate_id"] != estate]
    standing = frames["buildings"]["building_id"]
    frames["units"] = frames["units"][frames["units"]["building_id"].isin(standing)]
    walls = frames["walls"]
    walls["building_id"] = walls["building_id"].where(walls["building_id"].isin(standing))
    kinds = [kind for kind in sorted(district.surveyed_kinds) if rng.random() > share]
    return rebuilt(district, frames, kinds)


def forgotten(district: District, seed: int, share: float, kept: Collection[str]) -> District:
    """Return a district that lost a `share` of its cells, but for those of `kept` columns."""
    rng = np.random.default_rng(seed)
    frames = {}
    for layer in layers.SURVEYED:
        frames[layer] = district[layer].copy()
        for column in layers.ALL[layer].columns:
            if not column.required and column.name not in (*KEPT, *kept):
                _forget(frames[layer], column.name, rng, share)
    return rebuilt(district, frames, district.surveyed_kinds)


def rebuilt(
    district: District, frames: Mapping[str, gpd.GeoDataFrame], kinds: Collection[str]
) -> District:
    """Return a district of other rows."""
    return District.from_frames(
        frames,
        crs=district.crs,
        name=district.name,
        overlays=district.overlays,
        surveyed_kinds=frozenset(kinds),
    )


def _sparse(
    district: District, layer: str, rng: np.random.Generator, share: float
) -> gpd.GeoDataFrame:
    frame = district[layer].copy()
    for column in layers.ALL[layer].columns:
        if column.name not in KEPT and frame[column.name].isna().all():
            frame[column.name] = _invented(column, rng, len(frame))
        if not column.required and column.name not in KEPT:
            _forget(frame, column.name, rng, share)
    if layer in ("facilities", "parking"):
        for state in ("closed", "planned"):
            frame["state"] = frame["state"].mask(rng.random(len(frame)) < share, state)
    return frame


def _forget(frame: gpd.GeoDataFrame, name: str, rng: np.random.Generator, share: float) -> None:
    frame[name] = frame[name].mask(rng.random(len(frame)) < share)


def _invented(column: Column, rng: np.random.Generator, size: int) -> pd.Series:
    """Return values, most of which are good: what one survey left out altogether, another has."""
    values = {
        "bool": rng.random(size) < USUALLY,
        "int": rng.poisson(1 - USUALLY, size),
        "float": rng.choice([0.0, 0.5, 1.0, 6.0], size).clip(column.least, column.most),
    }
    none = np.full(size, None)
    return pd.Series(values.get(column.dtype, none), dtype=PANDAS_DTYPE[column.dtype])
