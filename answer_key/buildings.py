"""Buildings and stair units as layers, with the state of roofs, walls, stairs and doors."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from answer_key.estates import Estates
from answer_key.grades import Grade, Planted, Ticked, plant, spread, tick
from demonstration.compound import corners
from demonstration.ground import Ground
from demonstration.infill import infill_frame
from demonstration.mix import Mix
from demonstration.roster import PlannedEstate
from demonstration.rows import CRS, blank, note
from demonstration.units import slots
from geo.arrays import BoolArray, IntArray, ObjectArray

LANE_2014 = Grade("fire.lane.2014", (-1.6, -0.3), (0.1, 1.5), (0.01, -0.01))
LANE = Grade("fire.lane", (-1.6, -0.3), (0.1, 1.5), (0.01, -0.01))
ROOF = Grade("envelope.roof", (0.05, 0.45), (0, 0), (0, 0.01))
WALL = Grade("envelope.wall", (0.03, 0.3), (0, 0), (0, 0.01))
DEAD_END = Grade("fire.dead_end", (6, 55), (-35, -5), (-0.1, 0.1), digits=1)
ENERGY = Grade("energy.checklist")
RAMP = Grade("ramp.width", (-0.5, -0.1), (0.02, 0.4), (0.01, -0.01))
TICKED_UNITS: dict[str, Grade] = {
    "is_step_free": Grade("ramp.units"),
    "has_mailbox": Grade("mailbox.units"),
}
_STAIRS = Grade("stairs.checklist")
_STAIR_CHECKS = ("handrail_ok", "treads_ok", "lighting_ok", "clear_ok")
CAMERAS = Grade("security.gates")


def building_ids(mix: Mix, estates: Estates) -> list[str]:
    """Return the keys of the estates' buildings, in the order of the mix."""
    first = np.searchsorted(mix.estate, mix.estate)
    numbers = np.arange(len(mix.estate)) - first + 1
    return [f"{estates.ids[e]}-B{n:02d}" for e, n in zip(mix.estate, numbers, strict=True)]


def buildings_frame(
    rng: np.random.Generator, ground: Ground, estates: Estates
) -> tuple[gpd.GeoDataFrame, list[Planted | Ticked]]:
    """Return the buildings layer, infill included, and what was planted in it."""
    entries, mix = ground.entries, ground.mix
    count, owner = len(entries), mix.estate
    lane, dead_end = plant(rng, LANE, count), plant(rng, DEAD_END, count)
    roof, wall = plant(rng, ROOF, count), plant(rng, WALL, count)
    energy = tick(rng, ENERGY, owner, count)
    years = np.array([entry.built_year for entry in entries])[owner]
    rects, block = slots(mix, ground.compounds)
    lane_m = spread(rng, lane, owner)
    table = {
        "building_id": building_ids(mix, estates),
        "estate_id": [estates.ids[e] for e in owner],
        "name": _building_names(entries, owner),
        "use": "residential",
        "storeys": mix.storeys,
        "height_m": mix.height_m,
        "structure": np.where(years < 1990, "砖混（预制板）", "砖混"),  # noqa: PLR2004
        "built_year": years + rng.integers(0, 2, len(owner)),
        "households": mix.households,
        "floor_area_m2": mix.floor_area_m2,
        "roof_defect_share": spread(rng, roof, owner),
        "wall_defect_share": spread(rng, wall, owner),
        **_retrofit(rng, energy, owner),
        "fire_lane_m": lane_m,
        "fire_lane_height_m": np.where(np.isnan(lane_m), np.nan, np.round(lane_m + 0.5, 2)),
        "fire_dead_end_m": spread(rng, dead_end, owner),
        **note(),
    }
    shapes = shapely.polygons(ground.frame.to_world(block, corners(rects)))
    own = gpd.GeoDataFrame(table, geometry=shapes, crs=CRS)
    # nobody lives around the estates: whoever shares a place is known by the planting
    around = infill_frame(ground.frame, ground.infill).assign(use="other", households=np.nan)
    both = pd.concat([own, around], ignore_index=True)
    in_2014 = Planted(LANE_2014, lane.values, lane.cases)
    return gpd.GeoDataFrame(both, crs=CRS), [lane, in_2014, dead_end, roof, wall, energy]


def units_frame(
    rng: np.random.Generator, ground: Ground, estates: Estates, *, cameras: ObjectArray
) -> tuple[gpd.GeoDataFrame, list[Planted | Ticked]]:
    """Return the stair units layer and what was planted in it, but for lifts (`lifts.py`)."""
    mix, units = ground.mix, ground.units
    count, owner = len(estates.ids), units.estate
    ramp = plant(rng, RAMP, count)
    ticked = {name: tick(rng, grade, owner, count) for name, grade in TICKED_UNITS.items()}
    stairs = tick(rng, _STAIRS, owner, count)
    ids = building_ids(mix, estates)
    step_free = ticked["is_step_free"].ticks
    table = {
        "unit_id": [
            f"{ids[b]}-U{n + 1}" for b, n in zip(units.building, units.number, strict=True)
        ],
        "building_id": [ids[b] for b in units.building],
        "estate_id": [estates.ids[e] for e in owner],
        "name": [f"{n + 1}单元" for n in units.number],
        "storeys": mix.floors[units.building],
        "height_m": mix.entrance_m[units.building],
        "households": units.households,
        "has_lift": units.has_lift,
        "ramp_width_m": spread(rng, ramp, owner),
        "is_step_free": step_free,
        "has_mailbox": ticked["has_mailbox"].ticks,
        "has_camera": cameras,
        **_checks(rng, stairs),
        **note(),
    }
    return gpd.GeoDataFrame(table, geometry=shapely.points(units.door), crs=CRS), [
        ramp,
        *ticked.values(),
        stairs,
    ]


def _building_names(entries: Sequence[PlannedEstate], owner: IntArray) -> list[str]:
    """朝阳小区36#、37# is named by the numbers of its two buildings; others count from 1."""
    numbers = np.arange(len(owner)) - np.searchsorted(owner, owner)
    names = []
    for estate, number in zip(owner, numbers, strict=True):
        title = entries[estate].name
        given = [part.strip("朝阳小区") for part in title.split("、")] if "#" in title else []
        names.append(given[number] if number < len(given) else f"{number + 1}号楼")
    return names


def _retrofit(rng: np.random.Generator, energy: Ticked, owner: IntArray) -> dict[str, ObjectArray]:
    """Three energy checks: all done where ticked, at least one undone where not."""
    names = ("wall_insulated", "roof_insulated", "windows_upgraded")
    undone = rng.integers(0, len(names), len(owner))
    return {
        name: _also_failing(energy.ticks, undone == at, rng.random(len(owner)) < 0.5)  # noqa: PLR2004
        for at, name in enumerate(names)
    }


def _checks(rng: np.random.Generator, stairs: Ticked) -> dict[str, ObjectArray]:
    count = len(stairs.ticks)
    broken = rng.integers(0, len(_STAIR_CHECKS), count)
    return {
        name: _also_failing(stairs.ticks, broken == at, rng.random(count) < 0.3)  # noqa: PLR2004
        for at, name in enumerate(_STAIR_CHECKS)
    }


def _also_failing(ticks: ObjectArray, surely: BoolArray, perhaps: BoolArray) -> ObjectArray:
    """One of several checks of a member: passes wherever the member is ticked."""
    failed = (ticks == False) & (surely | perhaps)  # noqa: E712 - an object array, None among it
    return blank(~failed, ticks == None)  # noqa: E711
