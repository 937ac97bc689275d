"""Clearances by a second method: sorted coordinates and plain `shapely.distance`, pair by pair."""

import numpy as np
import shapely

from clearances.requirements import Requirements
from clearances.surroundings import surroundings
from clearances.verdict import ClearanceVerdict
from geo.clearance import TOLERANCE_M
from greening.check import check
from greening.plants import PLANT_CLASSES, plants
from greening.species import read_species
from layers.district import District

SPECIES = read_species()
Conflicts = set[tuple[str, str, str]]


def conflicts_by_hand(place: District, requirements: Requirements) -> Conflicts:
    """
    Second method: every planting near enough by its bare coordinates, then the rule by hand.

    No index and no `dwithin`: plantings sorted by easting, a window of them for each obstacle, and
    plain `shapely.distance`.
    """
    growing = plants(place, SPECIES)
    growing = growing[growing["plant_layer"] == "plantings"].copy()
    growing["east"], growing["north"] = growing.geometry.x, growing.geometry.y
    growing = growing.sort_values("east", ignore_index=True)
    east, north = growing["east"].to_numpy(), growing["north"].to_numpy()
    trunks, ids = np.asarray(growing.geometry.array), growing["plant_id"].to_numpy(dtype=object)
    crowns, heights = growing["crown_m"].to_numpy() / 2, growing["height_m"].to_numpy()
    is_tree = (growing["kind"] == "tree").to_numpy()
    around = surroundings(place, requirements, PLANT_CLASSES)
    things = around.obstacles.table
    bounds = things.bounds.to_numpy()
    widest = np.nanmax(np.nan_to_num(crowns), initial=0.0)
    close: Conflicts = set()
    rows = zip(things.itertuples(), around.obstacles.class_of, bounds, strict=True)
    for thing, kind, (west, south, right, top) in rows:
        tree, shrub = around.required[0][kind], around.required[1][kind]
        reach = thing.half_width_m + np.nanmax([tree.metres, shrub.metres]) + widest + 0.01
        window = np.arange(*np.searchsorted(east, [west - reach, right + reach]))
        window = window[(north[window] >= south - reach) & (north[window] <= top + reach)]
        if not len(window):
            continue
        crown = crowns[window] if tree.counts_from == "crown" else 0.0
        required = np.where(is_tree[window], tree.metres, shrub.metres) + crown
        gap = np.maximum(shapely.distance(trunks[window], thing.geometry) - thing.half_width_m, 0)
        short = (gap < required - TOLERANCE_M) | ((gap == 0) & ~np.isnan(required))
        if not np.isnan(tree.vertical_m):
            short &= thing.height_m - heights[window] < tree.vertical_m
        close |= {(name, thing.layer, thing.object_id) for name in ids[window[short]]}
    return close


def conflicts_found(place: District, requirements: Requirements) -> Conflicts:
    """Return what the check calls too close."""
    pairs = check(place, requirements, species=SPECIES).pairs
    ours = pairs[
        (pairs["verdict"] == ClearanceVerdict.SHORT) & (pairs["plant_layer"] == "plantings")
    ]
    keys = (ours[name] for name in ("plant_id", "object_layer", "object_id"))
    return set(zip(*keys, strict=True))
