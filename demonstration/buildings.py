"""Buildings and stair units as layers, with the state of roofs, walls, stairs and doors."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from demonstration.compound import corners
from demonstration.ground import Ground
from demonstration.infill import infill_frame
from demonstration.mix import Special
from demonstration.roster import PlannedEstate
from demonstration.rows import CRS, blank, note
from demonstration.traits import Traits, stepped
from demonstration.units import slots
from geo.arrays import BoolArray, FloatArray, IntArray, ObjectArray

SPECIALS = {
    2: Special(7, every=True, lifts=True),  # 财政局家属楼 was fitted with lifts as a trial
    9: Special(3, shop_m=3.9, every=True),  # shops at street level
    13: Special(5, shop_m=4.2, every=True),
    14: Special(5, shop_m=3.9),
}
"""Buildings that are not plain walk-ups, by place in the plan's list."""

_RECOUNTED = {6: -4, 0: 2}
"""By place, where survey and plan disagree: households of the first building, as they were found
by its doors; of the first estate the building was counted again too."""
_LIFT_PROGRAMME = (0, 3, 8)  # by place: estates whose owners asked for lifts and were surveyed
_LOST = 0.03  # of the cells are empty


def building_ids(ground: Ground) -> list[str]:
    """Return the keys of the estates' buildings, in the order of the mix."""
    owner = ground.mix.estate
    numbers = np.arange(len(owner)) - np.searchsorted(owner, owner) + 1
    return [f"{ground.ids[e]}-B{n:02d}" for e, n in zip(owner, numbers, strict=True)]


def buildings_frame(
    rng: np.random.Generator, ground: Ground, traits: Traits, lane_m: FloatArray
) -> gpd.GeoDataFrame:
    """
    Return the buildings layer, infill included.

    Parameters
    ----------
    rng : numpy.random.Generator
        The stream of this part.
    ground : Ground
    traits : Traits
    lane_m : ndarray of float, shape (estates,)
        Width of the lanes along the rows [m].
    """
    mix = ground.mix
    owner = mix.estate
    unseen, built = ~traits.is_surveyed[owner], traits.built[owner]
    rects, block = slots(mix, ground.compounds)
    state = _state(rng, ground, traits, lane_m)
    lost = rng.random((len(state), len(owner))) < _LOST
    table = {
        "building_id": building_ids(ground),
        "estate_id": [ground.ids[each] for each in owner],
        "name": _building_names(ground.entries, owner),
        "use": "residential",
        "storeys": mix.storeys,
        "height_m": mix.height_m,
        "structure": blank(np.where(built < 1990, "砖混（预制板）", "砖混"), unseen),  # noqa: PLR2004
        "built_year": blank(built + rng.integers(0, 2, len(owner)), unseen),
        "households": mix.households + _recounted(ground, {6}),
        "floor_area_m2": mix.floor_area_m2,
        **{
            name: blank(values, unseen | empty)
            for (name, values), empty in zip(state.items(), lost, strict=True)
        },
        **note(),
    }
    shapes = shapely.polygons(ground.frame.to_world(block, corners(rects)))
    own = gpd.GeoDataFrame(table, geometry=shapes, crs=CRS)
    both = pd.concat([own, infill_frame(ground.frame, ground.infill)], ignore_index=True)
    return gpd.GeoDataFrame(both, crs=CRS)


def _state(
    rng: np.random.Generator, ground: Ground, traits: Traits, lane_m: FloatArray
) -> dict[str, FloatArray | BoolArray]:
    """Roof, walls, insulation and the way for a fire engine of every building."""
    owner = ground.mix.estate
    neglect, done = traits.neglect[owner], traits.is_insulated[owner]
    draw = rng.random((5, len(owner)))
    roof = np.where(done | (draw[0] > 1.25 * neglect), 0, 0.5 * neglect * draw[1])
    wall = np.where(done | (draw[2] > 1.15 * neglect), 0, 0.4 * neglect * draw[3])
    parked = np.where(draw[4] < neglect, 0.8, 0.0)  # cars beside a lane narrow it
    return {
        "roof_defect_share": stepped(roof, 0.05),
        "wall_defect_share": stepped(wall, 0.05),
        "wall_insulated": done,
        "roof_insulated": done,
        "windows_upgraded": done | (draw[1] < 0.5 - neglect),
        "fire_lane_m": np.round(lane_m[owner] - parked, 1),
        "fire_lane_height_m": np.full(len(owner), 4.5),
        "fire_dead_end_m": _dead_ends(ground),
    }


def _dead_ends(ground: Ground) -> FloatArray:
    """Length of the lane along the row from its spine to the end [m], to the metre."""
    found = np.zeros(len(ground.mix.estate))
    for compound in ground.compounds:
        for at, (_, _, _, north) in compound.slots.items():
            start, _, end, _ = min(compound.rows, key=lambda row: abs(row[1] - north - 4))
            found[at] = abs(end - start)
    return np.round(found)


def units_frame(rng: np.random.Generator, ground: Ground, traits: Traits) -> gpd.GeoDataFrame:
    """Return the stair units layer."""
    mix, units = ground.mix, ground.units
    owner, count = units.estate, len(units.estate)
    ids, unseen = building_ids(ground), ~traits.is_surveyed[owner]
    lost, first = rng.random(count) < _LOST, units.number == 0
    recounted = _recounted(ground, set(_RECOUNTED))[units.building]
    table = {
        "unit_id": [
            f"{ids[b]}-U{n + 1}" for b, n in zip(units.building, units.number, strict=True)
        ],
        "building_id": [ids[each] for each in units.building],
        "estate_id": [ground.ids[each] for each in owner],
        "name": [f"{number + 1}单元" for number in units.number],
        "storeys": mix.floors[units.building],
        "height_m": mix.entrance_m[units.building],
        "households": units.households + np.where(first, recounted, 0),
        "has_lift": units.has_lift,
        "lift_load_kg": np.where(units.has_lift, 450.0, np.nan),
        "lift_door_m": np.where(units.has_lift, 0.8, np.nan),
        **_lift_survey(rng, ground),
        **{
            name: blank(values, unseen | (lost & (name != "has_mailbox")))
            for name, values in _doors(rng, traits, owner).items()
        },
        **note(),
    }
    return gpd.GeoDataFrame(table, geometry=shapely.points(units.door), crs=CRS)


def _doors(
    rng: np.random.Generator, traits: Traits, owner: IntArray
) -> dict[str, FloatArray | BoolArray]:
    """Return the state of doors and stairs; mail boxes came to an estate whole or not at all."""
    upkeep, count = traits.upkeep[owner], len(owner)
    draw = rng.random((6, count))
    boxes = rng.random(len(traits.upkeep)) < 1.6 * traits.upkeep - 0.3
    ramped = (
        rng.random(len(traits.upkeep)) < 1.4 * traits.upkeep - 0.5
    )  # a programme, or a neighbour
    has_ramp = ramped[owner] | (draw[0] < 0.08)  # noqa: PLR2004
    sound = upkeep > 0.64  # noqa: PLR2004 - where somebody goes round every week
    return {
        "ramp_width_m": np.where(has_ramp, stepped(1.0 + 0.4 * draw[1], 0.1), 0.0),
        "is_step_free": has_ramp,
        "has_mailbox": boxes[owner] | (draw[1] < 0.05),  # noqa: PLR2004
        "has_camera": draw[5] < upkeep - 0.1,
        "handrail_ok": sound | (draw[2] < 0.75 + 0.3 * upkeep),
        "treads_ok": sound | (draw[3] < 0.8 + 0.3 * upkeep),
        "lighting_ok": sound | (draw[4] < 0.4 + 0.8 * upkeep),
        "clear_ok": sound | (draw[5] < 0.35 + 0.9 * upkeep),
    }


def _lift_survey(rng: np.random.Generator, ground: Ground) -> dict[str, ObjectArray]:
    """Room for a shaft and the owners' votes, where they asked for a lift; else unknown."""
    units = ground.units
    places = np.array([entry.place for entry in ground.entries])
    asked = np.isin(places, _LIFT_PROGRAMME)[units.estate] & ~units.has_lift
    draw, count = rng.random((7, len(asked))), len(asked)
    vote = stepped(0.7 + 0.25 * draw[5], 0.01)
    values: dict[str, FloatArray | BoolArray] = {
        "shaft_beside_bedroom": draw[6] < 0.15,  # noqa: PLR2004
        "shaft_lane_m": stepped(3.2 + 1.6 * draw[0], 0.1),
        "shaft_opposite_m": stepped(12 + 12 * draw[1], 0.5),
        "shaft_window_m": stepped(1.0 + 1.4 * draw[2], 0.1),
        "shaft_width_m": stepped(1.8 + 0.9 * draw[3], 0.1),
        "shaft_depth_m": stepped(np.full(count, 2.6) + 0.6 * draw[4], 0.1),
        "vote_area_share": vote,
        "vote_heads_share": vote,
        "consent_area_share": stepped(np.minimum(1, 0.55 + 0.45 * draw[5]), 0.01),
        "consent_heads_share": stepped(np.minimum(1, 0.58 + 0.42 * draw[5]), 0.01),
    }
    return {name: blank(each, ~asked) for name, each in values.items()}


def _recounted(ground: Ground, places: set[int]) -> IntArray:
    """Return by how many households buildings were recounted, at the estates of some places."""
    found = np.zeros(len(ground.mix.estate), dtype=np.int64)
    for estate, entry in enumerate(ground.entries):
        if entry.place in places:
            found[np.searchsorted(ground.mix.estate, estate)] = _RECOUNTED[entry.place]
    return found


def _building_names(entries: Sequence[PlannedEstate], owner: IntArray) -> list[str]:
    """朝阳小区36#、37# is named by the numbers of its two buildings; others count from 1."""
    numbers = np.arange(len(owner)) - np.searchsorted(owner, owner)
    names = []
    for estate, number in zip(owner, numbers, strict=True):
        title = entries[estate].name
        given = [part.strip("朝阳小区") for part in title.split("、")] if "#" in title else []
        names.append(given[number] if number < len(given) else f"{number + 1}号楼")
    return names
