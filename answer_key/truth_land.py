"""Answers on ground and rooms: green ratio, concentrated green, property rooms, parcel lockers."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import shapely

from answer_key.answers import Answer, compare
from answer_key.grades import Case, Planted
from answer_key.town import Town

_BROAD_M = 8.0
_LEAST_ROOM_M2, _LEAST_ROOM_SHARE = 50.0, 0.002


def land_answers(town: Town) -> Iterator[Answer]:
    """Answer by arithmetic on the ground as it was laid out."""
    yield from _green(town)
    yield from _rooms(town)
    yield from _cells(town)


def _green(town: Town) -> Iterator[Answer]:
    """Beds never overlap: what counts of them adds up."""
    count = len(town.estates.ids)
    beds = town.lawns.beds
    owner = [bed.estate for bed in beds]
    area = _counted_m2(town, off_walls_m=1.0, off_roads_m=0.0)
    open_lawn = _counted_m2(town, off_walls_m=1.5, off_roads_m=1.0)
    lawn = np.array([bed.is_concentrated and bed.width_m >= _BROAD_M for bed in beds])
    total = np.bincount(owner, weights=area, minlength=count)
    share = np.round(total / town.estates.land_m2, 6)
    per_person = (
        np.bincount(owner, weights=open_lawn * lawn, minlength=count) / town.estates.persons
    )
    near = _near(town.lawns.ratio)
    reached = np.isclose(share, town.lawns.ratio.values, atol=1e-4)
    how = "areas of the beds as laid out, 1.0 m off the walls, over the ground"
    for answer in compare(
        "green.ratio.old", share, at_least=0.25, near=near[reached[near]], how=how
    ):
        yield replace(answer, tolerance=2e-4)
    for answer in compare("green.ratio.new", share, at_least=0.3, near=(), how=how):
        yield replace(answer, tolerance=2e-4)
    near = _near(town.lawns.concentrated)
    how = "area of the lawn off walls and roads over the persons, if it is broad enough to count"
    for answer in compare("green.concentrated.old", per_person, at_least=0.35, near=near, how=how):
        yield replace(answer, tolerance=2e-4)


def _counted_m2(town: Town, *, off_walls_m: float, off_roads_m: float) -> np.ndarray:
    """Return the area of each bed less the strips beside all walls and all roads."""
    beds = town.frames["green_space"].geometry.to_numpy()[: len(town.lawns.beds)]
    paving = town.frames["paving"]
    walls = town.frames["buildings"].geometry.to_numpy()
    roads = paving[paving["kind"] == "road"].geometry.to_numpy()
    strips = shapely.union(
        shapely.union_all(shapely.buffer(walls, off_walls_m)),
        shapely.union_all(shapely.buffer(roads, off_roads_m)),
    )
    return np.asarray(shapely.area(shapely.difference(beds, strips)))


def _rooms(town: Town) -> Iterator[Answer]:
    """Ask whether the room is large enough, by share of the floor area and by itself."""
    estates = town.frames["estates"]
    room, floor = estates["property_room_m2"].to_numpy(), estates["floor_area_m2"].to_numpy()
    planted = next(each for each in town.planted if each.grade.rule_id == "property.room")
    for estate in np.flatnonzero(planted.cases != Case.UNKNOWN):
        met = room[estate] >= _LEAST_ROOM_M2 and room[estate] / floor[estate] >= _LEAST_ROOM_SHARE
        is_near = estate in _near(planted)
        case = "near" if is_near else ("negative" if met else "positive")
        expect = "met" if met else "short"
        how = f"room of {room[estate]} m2 planted"
        yield Answer(int(estate), "property.room", case, expect, room[estate] / floor[estate], how)


def _cells(town: Town) -> Iterator[Answer]:
    """Locker cells over a day's parcels; an estate without lockers has none."""
    facilities = town.frames["facilities"]
    lockers = facilities[facilities["kind"] == "parcel_locker"]
    cells = lockers.groupby("estate_id")["capacity"].sum().reindex(town.estates.ids).fillna(0)
    value = cells.to_numpy() / town.estates.parcels
    near = np.flatnonzero((value > 0.9) & (value <= 1.0))  # noqa: PLR2004 - planted: all, or all but one
    yield from compare(
        "parcel.cells", value, at_least=1.0, near=near, how="cells planted over a day's parcels"
    )


def _near(planted: Planted) -> np.ndarray:
    return np.flatnonzero(np.isin(planted.cases, [Case.JUST_MET, Case.JUST_FAILED]))
