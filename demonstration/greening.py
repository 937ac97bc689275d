"""
The greening design: lawns to be replanted and new strips along walls, drawn as an office would.

The designer kept trees off what the survey showed; where the drawing was made before the survey,
some stand too near to pipes and walls.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from demonstration.compound import corners
from demonstration.ground import Ground
from demonstration.grounds import layer
from demonstration.traits import Traits
from geo.arrays import BoolArray, ObjectArray

_TREES = ("sophora_japonica", "fraxinus_chinensis", "malus_micromalus", "elaeagnus_angustifolia")
_SHRUBS = ("syringa_oblata", "tamarix_chinensis", "lonicera_maackii")
_SITES_AN_ESTATE = 3  # at most, the largest lawns first
_STRIP_M, _STRIP_FROM_WALL_M, _STRIP_LENGTH_M = 1.8, 1.2, 24.0
_EDGE_M = 0.5  # from the edge of a site
_FROM_TREES_M, _BETWEEN_M = 2.0, 1.2  # from trees that stand, and between what is proposed
_SUPPLY_BY = "2023-04-20"


@dataclass(frozen=True, slots=True)
class _Habit:
    """How a designer draws trees or shrubs: their grid, and what they are kept off [m]."""

    kind: str
    step_m: float
    kept_off_m: Mapping[str, float]
    species: tuple[str, ...]


_HABITS = (
    _Habit("tree", 5.0, {"pipelines": 1.5, "buildings": 3.5, "paving": 0.8, "poles": 2.0}, _TREES),
    _Habit("shrub", 2.5, {"pipelines": 1.0, "buildings": 1.8, "paving": 0.4}, _SHRUBS),
)


def greening_frames(
    rng: np.random.Generator,
    ground: Ground,
    traits: Traits,
    frames: Mapping[str, gpd.GeoDataFrame],
) -> dict[str, gpd.GeoDataFrame]:
    """
    Return the layers `greening_sites` and `plantings`.

    Parameters
    ----------
    rng : numpy.random.Generator
        The stream of this part.
    ground : Ground
    traits : Traits
    frames : mapping of str to geopandas.GeoDataFrame
        `green_space`, `trees`, `pipelines`, `buildings`, `paving` and `poles`.
    """
    chosen = _programme(rng, traits)
    sites = _sites(ground, chosen, frames["green_space"])
    drawn_blind = rng.random(len(chosen)) < 0.2  # noqa: PLR2004 - before the survey
    blind = {ground.ids[each] for each in np.flatnonzero(drawn_blind)}
    return {"greening_sites": sites, "plantings": _plantings(rng, sites, frames, blind)}


def _programme(rng: np.random.Generator, traits: Traits) -> BoolArray:
    """Return which estates are in the programme: surveyed ones, not those that are green enough."""
    likely = traits.is_surveyed & (rng.random(len(traits.upkeep)) < 0.35 + 0.6 * traits.upkeep)
    likely[:2] = True
    return likely


def _sites(ground: Ground, chosen: BoolArray, green: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the largest lawns of the chosen estates, and a new strip along a wall of each."""
    rows: list[dict[str, object]] = []
    for compound in ground.compounds:
        estate = ground.ids[compound.estate]
        if not chosen[compound.estate] or not compound.links:
            continue
        own = np.asarray(green.loc[green["estate_id"] == estate, "geometry"].array, dtype=object)
        largest = own[np.argsort(-shapely.area(own), kind="stable")[:_SITES_AN_ESTATE]]
        rows += [_site(estate, "replant", "bed", lawn) for lawn in largest]
        west, south, _, _ = compound.parts[0]
        low = south + _STRIP_FROM_WALL_M
        rect = np.array([[west + 9, low, west + 9 + _STRIP_LENGTH_M, low + _STRIP_M]])
        strip = shapely.Polygon(ground.frame.to_world(compound.block, corners(rect)[0]))
        rows.append(_site(estate, "new", "strip", strip))
    table = pd.DataFrame(rows).assign(
        name=[f"绿化点{number + 1}" for number in range(len(rows))],
        state="design",
        supply_by=_SUPPLY_BY,
        is_concentrated=False,
    )
    return layer(dict(table.drop(columns="shape")), table["shape"], "site_id", "GS")


def _site(estate: str, kind: str, form: str, shape: BaseGeometry) -> dict[str, object]:
    return {"estate_id": estate, "kind": kind, "form": form, "shape": shape}


def _plantings(
    rng: np.random.Generator,
    sites: gpd.GeoDataFrame,
    frames: Mapping[str, gpd.GeoDataFrame],
    blind: set[str],
) -> gpd.GeoDataFrame:
    """Propose trees, and shrubs between them, on loose grids clear of trees that stand there."""
    parts = []
    for site, estate, ground in zip(
        sites["site_id"], sites["estate_id"], sites.geometry, strict=True
    ):
        drawn: list[BaseGeometry] = []
        for habit in _HABITS:
            points = _grid(rng, ground, habit.step_m)
            kept = _clear(points, frames["trees"].geometry, _FROM_TREES_M)
            kept &= _clear(points, gpd.GeoSeries(drawn), _BETWEEN_M)
            if estate not in blind:
                for name, apart in habit.kept_off_m.items():
                    kept &= _clear(points, frames[name].geometry, apart)
            drawn += list(points[kept])
            rows = {"site_id": site, "estate_id": estate, "kind": habit.kind}
            species = rng.choice(habit.species, kept.sum())
            parts.append(pd.DataFrame({**rows, "species_id": species, "shape": points[kept]}))
    table = pd.concat(parts, ignore_index=True)
    count, is_tree = len(table), (table["kind"] == "tree").to_numpy()
    table = table.assign(
        caliper_cm=np.where(is_tree, rng.choice([6.0, 8.0, 10.0], count), np.nan),
        number=[str(number + 1) for number in range(count)],
        state="proposed",
    )
    return layer(dict(table.drop(columns="shape")), table["shape"], "planting_id", "G")


def _grid(rng: np.random.Generator, ground: BaseGeometry, step_m: float) -> ObjectArray:
    """Return points on the ground, a step apart and a little off."""
    west, south, east, north = ground.bounds
    x, y = np.meshgrid(np.arange(west, east, step_m), np.arange(south, north, step_m))
    points = np.stack([x.ravel(), y.ravel()], axis=1) + rng.uniform(0, step_m / 2, (x.size, 2))
    found = np.asarray(shapely.points(np.round(points, 4)), dtype=object)
    return found[shapely.contains(ground.buffer(-_EDGE_M), found)]


def _clear(points: ObjectArray, others: gpd.GeoSeries, apart_m: float) -> BoolArray:
    """Return which points keep a distance from all others."""
    kept = np.ones(len(points), dtype=bool)
    if len(points) and len(others):
        near, _ = others.sindex.query(points, predicate="dwithin", distance=apart_m)
        kept[near] = False
    return kept
