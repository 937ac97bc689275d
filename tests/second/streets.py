"""Districts as towns are: gates closed, paths missing, places of several entrances and records."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.affinity import translate

from layers.district import District
from layers.estates import SURVEYED_WITH
from tests.second.holes import rebuilt


def with_obstacles(district: District, seed: int) -> District:
    """
    Return a district in which walks are not as simple as they look.

    Gates are closed, of unknown state or not recorded; walkways end or are missing, of some estates
    all inside; places have several entrances, or several records that contradict each other; and
    surveys left out some layers in some estates.
    """
    rng = np.random.default_rng(seed)
    frames = {
        name: frame.copy() for name, frame in district.frames.items() if name != "facility_gaps"
    }
    estates = frames["estates"]
    for column in sorted(set(SURVEYED_WITH.values())):
        estates[column] = _answers(len(estates), rng)
    frames["walkways"] = _in_pieces(frames["walkways"], estates, rng)
    frames["entrances"] = _gates(frames["entrances"], rng)
    for layer, key in (("facilities", "facility_id"), ("parking", "parking_id")):
        frames[layer]["is_public"] = _answers(len(frames[layer]), rng)
        frames[layer] = _recorded_again(_of_several_entrances(frames[layer], rng), key, rng)
    return rebuilt(district, frames, district.surveyed_kinds)


def _answers(size: int, rng: np.random.Generator) -> "pd.Series[bool]":
    """Return yes, no or nothing."""
    return pd.Series(rng.choice([True, False, None], size, p=[0.4, 0.3, 0.3]), dtype="boolean")


def _gates(gates: gpd.GeoDataFrame, rng: np.random.Generator) -> gpd.GeoDataFrame:
    states = rng.choice(["open", "closed", ""], len(gates), p=[0.5, 0.35, 0.15])
    gates["state"] = pd.Series(states, index=gates.index).replace("", None)
    return gates[rng.random(len(gates)) < 0.9]


def _in_pieces(
    walkways: gpd.GeoDataFrame, estates: gpd.GeoDataFrame, rng: np.random.Generator
) -> gpd.GeoDataFrame:
    """Return walkways without a tenth of them, and without any inside a third of the estates."""
    bare = estates.geometry[rng.random(len(estates)) < 1 / 3]
    inside = walkways.geometry.intersects(shapely.buffer(shapely.union_all(bare), -1.0))
    return walkways[(rng.random(len(walkways)) < 0.9) & ~inside]


def _of_several_entrances(places: gpd.GeoDataFrame, rng: np.random.Generator) -> gpd.GeoDataFrame:
    """Return places of which every fourth has two entrances more, up to 150 m away."""
    shapes = [
        shapely.MultiPoint(_around(shape, rng, 2, 150.0)) if rng.random() < 1 / 4 else shape
        for shape in places.geometry
    ]
    return places.set_geometry(gpd.GeoSeries(shapes, index=places.index, crs=places.crs))


def _around(
    shape: shapely.Geometry, rng: np.random.Generator, count: int, away_m: float
) -> Sequence[tuple[float, float]]:
    """Return the first point of a shape and others around it."""
    (x, y), *_ = shapely.get_coordinates(shape)
    return [
        (x, y),
        *zip(
            x + rng.uniform(-away_m, away_m, count),
            y + rng.uniform(-away_m, away_m, count),
            strict=True,
        ),
    ]


def _recorded_again(
    places: gpd.GeoDataFrame, key: str, rng: np.random.Generator
) -> gpd.GeoDataFrame:
    """Return places of which every fourth is recorded twice, with some cells left out or other."""
    again = places[rng.random(len(places)) < 1 / 4].copy()
    again[key] = "again-" + again[key]
    unnamed = rng.random(len(again)) < 1 / 2
    away_m = np.where(unnamed, 1.2, 120.0)
    again["name"] = again["name"].mask(unnamed)
    moved = [
        translate(shape, *rng.uniform(-away, away, 2))
        for shape, away in zip(again.geometry, away_m, strict=True)
    ]
    again = again.set_geometry(gpd.GeoSeries(moved, index=again.index, crs=places.crs))
    for name in again.columns.drop(["geometry", "name", key, "kind"]):
        if not name.startswith(("provenance", "source")):
            other = again[name].sample(frac=1, random_state=int(rng.integers(2**31))).to_numpy()
            again[name] = again[name].mask(
                rng.random(len(again)) < 1 / 5,
                pd.Series(other, index=again.index, dtype=again[name].dtype),
            )
    return gpd.GeoDataFrame(pd.concat([places, again], ignore_index=True), crs=places.crs)
