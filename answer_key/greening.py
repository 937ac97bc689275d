"""
The invented greening design: sites on the lawns, proposed trees and shrubs, and planted truth.

Beside a design as an office would draw it, plantings stand on purpose just inside and just outside
every kind of clearance; `truth` says what each of them must be found to be.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from answer_key.greening_truth import near_cases
from demonstration.grounds import grounds, layer

TREES = ("sophora_japonica", "fraxinus_chinensis", "malus_micromalus", "elaeagnus_angustifolia")
SHRUBS = ("syringa_oblata", "tamarix_chinensis", "lonicera_maackii")
_STEP_M, _APART_M, _SHRUB_SHARE = 6.0, 2.5, 0.3
_SUPPLY_BY = "2023-04-20"
_STRIP_M = 4.0  # of ground around a near case, so that it has a site


@dataclass(frozen=True)
class Greening:
    """
    The greening layers and their answer key.

    Attributes
    ----------
    frames : dict of str to geopandas.GeoDataFrame
        `walls`, `poles`, `overhead_lines`, `fire_lanes`, `greening_sites`, `plantings`.
    truth : pandas.DataFrame
        One row a near case: `planting_id`, `object_layer`, `object_id`, `required_m`,
        `distance_m`, `verdict`, `how`.
    """

    frames: dict[str, gpd.GeoDataFrame]
    truth: pd.DataFrame


def greening(rng: np.random.Generator, frames: Mapping[str, gpd.GeoDataFrame]) -> Greening:
    """
    Draw the design over the layers already there.

    Parameters
    ----------
    rng : numpy.random.Generator
        The stream of this part: no other layer changes with it.
    frames : mapping of str to geopandas.GeoDataFrame
        `estates`, `buildings`, `walls`, `paving`, `walkways`, `pipelines`, `green_space`, `trees`.
    """
    around = grounds(rng, frames)
    cases = near_cases({**frames, **around})
    sites = _sites(frames["green_space"], cases)
    design = _design(rng, sites[sites["kind"] == "replant"], frames["trees"])
    near = _at_sites(cases, sites)
    plantings = pd.concat([design, near], ignore_index=True)
    columns = plantings.drop(columns=["geometry", "case"])
    table = layer(dict(columns), plantings.geometry, "planting_id", "G").assign(
        number=lambda t: t["planting_id"].str[1:].str.lstrip("0")
    )
    truth = cases.drop(columns=["geometry", "estate_id", "kind", "species_id"])
    truth.insert(0, "planting_id", table["planting_id"].to_numpy()[len(design) :])
    return Greening(around | {"greening_sites": sites, "plantings": table}, pd.DataFrame(truth))


def _sites(green: gpd.GeoDataFrame, cases: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the lawns, to be replanted, and a new strip around each group of near cases."""
    lawns = green[(green["kind"] == "estate") & green["estate_id"].notna()]
    strips = cases.dissolve(["estate_id", "object_layer", "object_id"]).geometry
    around = strips.convex_hull.buffer(_STRIP_M / 2, quad_segs=1, join_style="mitre")
    owners = [*lawns["estate_id"], *(key[0] for key in strips.index)]
    is_lawn = np.arange(len(owners)) < len(lawns)
    rows = {
        "estate_id": owners,
        "name": [f"绿化点{number + 1}" for number in range(len(owners))],
        "kind": np.where(is_lawn, "replant", "new"),
        "form": np.where(is_lawn, "bed", "strip"),
        "state": "design",
        "supply_by": _SUPPLY_BY,
        "is_concentrated": False,
    }
    return layer(rows, [*lawns.geometry, *around], "site_id", "GS")


def _design(
    rng: np.random.Generator, lawns: gpd.GeoDataFrame, standing: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """Propose a loose grid on every lawn, clear of the trees that stand there."""
    tree = shapely.STRtree(np.asarray(standing.geometry.array))
    parts = []
    for site, estate, lawn in zip(
        lawns["site_id"], lawns["estate_id"], lawns.geometry, strict=True
    ):
        west, south, east, north = lawn.bounds
        x, y = np.meshgrid(np.arange(west, east, _STEP_M), np.arange(south, north, _STEP_M))
        jitter = rng.uniform(0, _STEP_M / 2, (x.size, 2))
        points = shapely.points(np.round(np.stack([x.ravel(), y.ravel()], axis=1) + jitter, 4))
        inside = np.asarray(points)[shapely.contains(lawn, points)]
        crowded = tree.query(inside, predicate="dwithin", distance=_APART_M)[0]
        free = np.delete(inside, np.unique(crowded))
        parts.append(pd.DataFrame({"site_id": site, "estate_id": estate, "geometry": free}))
    design = pd.concat(parts, ignore_index=True)
    is_shrub = rng.random(len(design)) < _SHRUB_SHARE
    species = np.where(is_shrub, rng.choice(SHRUBS, len(design)), rng.choice(TREES, len(design)))
    rows = design.drop(columns="geometry").assign(
        kind=np.where(is_shrub, "shrub", "tree"), species_id=species, state="proposed", case=False
    )
    return gpd.GeoDataFrame(rows, geometry=list(design["geometry"]), crs=lawns.crs)


def _at_sites(cases: gpd.GeoDataFrame, sites: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Put every near case into its strip."""
    strips = sites[sites["kind"] == "new"]["site_id"].to_numpy()
    group = cases.groupby(["estate_id", "object_layer", "object_id"]).ngroup().to_numpy()
    own = cases[["estate_id", "kind", "species_id", "geometry"]]
    return own.assign(site_id=strips[group], state="proposed", case=True)
