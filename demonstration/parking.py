"""Parking and charging: the estates' marked bays and sheds, bays and garages for all."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from demonstration.bays import Bays
from demonstration.compound import Compound
from demonstration.frontages import find_frontages
from demonstration.ground import Ground
from demonstration.rows import CRS, note
from demonstration.traits import Traits, stepped

_STREET_BAY_M, _CLEAR_OF_CORNER_M, _FROM_SIDEWALK_M = (6.0, 2.2), 25.0, 2.7
_STREETS, _GARAGES, _STATIONS = 0.8, 0.2, 0.2  # for each estate
_GARAGE_BAY_M2 = 34.0
_LABELS = {
    "lot": "小区车位",
    "street": "路内停车",
    "garage": "停车库",
    "charging_station": "公共充电站",
    "ebike_shed": "充电车棚",
}


def parking_frames(
    rng: np.random.Generator, ground: Ground, traits: Traits, bays: list[Bays]
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """
    Return the parking layer, and the paving of the bays along the streets.

    Parameters
    ----------
    rng : numpy.random.Generator
        The stream of this part.
    ground : Ground
    traits : Traits
    bays : list of Bays
        Marked in the estates.
    """
    streets, paving = _street_bays(rng, ground)
    parts = [_own_lots(rng, ground, traits, bays), _sheds(rng, ground, traits), streets]
    rows = pd.concat([*parts, _in_buildings(rng, ground)], ignore_index=True)
    table = rows.drop(columns="xy").assign(
        parking_id=[f"K{number + 1:05d}" for number in range(len(rows))],
        name=[f"示例{_LABELS[kind]}{number + 1}" for number, kind in enumerate(rows["kind"])],
        state="open",
        is_public=rows["estate_id"].isna(),
        **note(),
    )
    points = shapely.points(np.array(rows["xy"].tolist()))
    return gpd.GeoDataFrame(table, geometry=points, crs=CRS), paving


def _own_lots(
    rng: np.random.Generator, ground: Ground, traits: Traits, bays: list[Bays]
) -> pd.DataFrame:
    """One row for the marked bays of an estate, at the lane before the first of them."""
    rows = []
    for compound in ground.compounds:
        own = [each for each in bays if each.estate == compound.estate]
        if not own:
            continue
        west, south, east, _ = own[0].rect
        spaces, upkeep = sum(each.spaces for each in own), traits.upkeep[compound.estate]
        chargers = int(stepped(upkeep * rng.random() * 8, 2)) if upkeep > 0.62 else 0  # noqa: PLR2004
        accessible = int(rng.random() < upkeep - 0.1)
        rows.append(
            {
                "kind": "lot",
                "xy": _world(ground, compound, (west + east) / 2, south),
                "estate_id": ground.ids[compound.estate],
                "spaces": spaces,
                "accessible_spaces": accessible,
                "aisle_m": (1.2 if upkeep > 0.6 else 0.9) if accessible else np.nan,  # noqa: PLR2004
                "ev_spaces": min(chargers, spaces),
                "ev_ready_spaces": min(2 * chargers, spaces - min(chargers, spaces)),
            }
        )
    return pd.DataFrame(rows)


def _sheds(rng: np.random.Generator, ground: Ground, traits: Traits) -> pd.DataFrame:
    """Return the sheds for e-bikes, at the end of the first row, where somebody looks after one."""
    households = np.bincount(ground.mix.estate, weights=ground.mix.households)
    rows = []
    for compound in ground.compounds:
        upkeep = traits.upkeep[compound.estate]
        if not compound.links or upkeep + 0.1 * rng.normal() < 0.35:  # noqa: PLR2004
            continue
        start, y, end, _ = compound.rows[0]
        ports = stepped(households[compound.estate] * (0.1 + 0.3 * upkeep), 2)
        rows.append(
            {
                "kind": "ebike_shed",
                "xy": _world(ground, compound, start + 0.5 * (end - start), y - 1.6),
                "estate_id": ground.ids[compound.estate],
                "ebike_ports": ports,
                "exit_m": stepped(2 + 8 * rng.random(), 0.5),
                "wall_m": 2.6,
            }
        )
    return pd.DataFrame(rows)


def _street_bays(rng: np.random.Generator, ground: Ground) -> tuple[pd.DataFrame, gpd.GeoDataFrame]:
    """Mark bays along the kerb of some ordinary streets."""
    frame = ground.frame
    block, side = np.nonzero(~frame.is_arterial)
    chosen = rng.permutation(len(block))[: max(1, round(_STREETS * len(ground.ids)))]
    start = frame.ring[block[chosen], side[chosen]]
    run = frame.ring[block[chosen], (side[chosen] + 1) % 4] - start
    length = np.hypot(*run.T)
    along = run / length[:, None]
    outward = np.stack([along[:, 1], -along[:, 0]], axis=1)
    width, depth = _STREET_BAY_M
    spaces = (
        (length - 2 * _CLEAR_OF_CORNER_M) * (0.3 + 0.5 * rng.random(len(run))) / width
    ).astype(int)
    near = start + along * _CLEAR_OF_CORNER_M + outward * _FROM_SIDEWALK_M
    far = near + along * (spaces * width)[:, None]
    rings = np.stack([near, near + outward * depth, far + outward * depth, far], axis=1)
    paving = {
        "paving_id": [f"VS{number + 1:04d}" for number in range(len(spaces))],
        "kind": "parking",
        "estate_id": None,
        **note(),
    }
    rows = pd.DataFrame(
        {
            "kind": "street",
            "xy": [tuple(each) for each in np.round((near + far) / 2, 4).tolist()],
            "estate_id": None,
            "spaces": spaces,
            "accessible_spaces": 0,
            "ev_spaces": 0,
            "ev_ready_spaces": 0,
        }
    )
    return rows, gpd.GeoDataFrame(paving, geometry=shapely.polygons(np.round(rings, 4)), crs=CRS)


def _in_buildings(rng: np.random.Generator, ground: Ground) -> pd.DataFrame:
    """Garages under large buildings, and charging stations before some that nobody lives in."""
    doors = find_frontages(rng, ground.frame, ground.infill)
    large = doors.take(np.flatnonzero(doors.footprint_m2 > 450))  # noqa: PLR2004
    offices = doors.take(~doors.is_home)
    count = len(ground.ids)
    under = rng.permutation(len(large.door))[: max(1, round(_GARAGES * count))]
    before = rng.permutation(len(offices.door))[: max(1, round(_STATIONS * count))]
    garages = pd.DataFrame(
        {
            "kind": "garage",
            "xy": [tuple(each) for each in large.door[under].tolist()],
            "estate_id": None,
            "spaces": (large.footprint_m2[under] // _GARAGE_BAY_M2).astype(int) * 2,
            "accessible_spaces": 1,
            "aisle_m": 1.2,
            "ev_spaces": rng.integers(0, 5, len(under)),
            "ev_ready_spaces": 0,
        }
    )
    stations = pd.DataFrame(
        {
            "kind": "charging_station",
            "xy": [tuple(each) for each in offices.door[before].tolist()],
            "estate_id": None,
            "ev_spaces": rng.choice([4, 6, 8, 12], len(before)),
        }
    )
    return pd.concat([garages, stations], ignore_index=True)


def _world(ground: Ground, compound: Compound, x: float, y: float) -> tuple[float, float]:
    east, north = ground.frame.to_world(compound.block, np.array([x, y]))
    return float(east), float(north)
