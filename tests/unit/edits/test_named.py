"""Edits with a name: each does to the tiny town what its name says."""

import shapely

import edits
from edits import named
from geo.catchment import walking_distance
from geo.crs import STORAGE_CRS, transformer
from tests.tiny_town import CRS_4544, EAST, NORTH, ORIGIN, line, point, tiny_town

PLANTING = {
    "planting_id": "P1",
    "species_id": "robinia",
    "crown_m": 3.0,
    "state": "proposed",
    "geometry": point(20, 20),
}
GATE = {"entrance_id": "G1", "estate_id": "A", "state": "closed", "geometry": point(50, 10)}
TOWN = tiny_town(plantings=[PLANTING], entrances=[GATE])


def _row(edit, layer, key):
    district = edits.apply(TOWN, edit)
    frame = district[layer]
    return frame[frame.iloc[:, 0] == key].iloc[0]


def test_a_facility_dropped_on_a_map_stands_at_the_same_place_in_the_working_crs():
    there = transformer(CRS_4544, STORAGE_CRS)
    degrees = shapely.Point(there.transform(EAST + 40, NORTH + 5))
    edit = named.add_facility(TOWN, "F9", "shop", degrees, ORIGIN, crs=STORAGE_CRS)
    found = _row(edit, "facilities", "F9")
    assert (found["kind"], found["state"]) == ("shop", "open")
    assert found.geometry == point(40, 5)


def test_a_closed_facility_keeps_its_row():
    assert _row(named.close_facility(TOWN, "K"), "facilities", "K")["state"] == "closed"


def test_gates_open_and_close():
    edit = named.open_gate(TOWN, "G1")
    assert _row(edit, "entrances", "G1")["state"] == "open"
    assert not named.close_gate(TOWN, "G1")  # it is closed already: nothing changes
    assert edits.apply(edits.apply(TOWN, edit), edit.inverted()).version == TOWN.version


def test_a_lift_is_said_of_its_unit():
    row = _row(named.fit_elevator(TOWN, "A-1-1", load_kg=630.0), "units", "A-1-1")
    assert (row["has_lift"], row["lift_load_kg"]) == (True, 630.0)


def test_a_planting_moved_twice_remembers_the_place_it_was_designed_at():
    once = edits.apply(TOWN, named.move_planting(TOWN, "P1", point(21, 20)))
    twice = edits.apply(once, named.move_planting(once, "P1", point(22, 20)))
    row = twice["plantings"].iloc[0]
    assert row.geometry == point(22, 20)
    assert (row["design_east_m"], row["design_north_m"]) == (EAST + 20, NORTH + 20)


def test_another_species_comes_without_the_sizes_of_the_former():
    row = _row(named.replace_species(TOWN, "P1", "sophora"), "plantings", "P1")
    assert row["species_id"] == "sophora"
    assert row[["crown_m"]].isna().all()


def test_a_planting_taken_out_is_removed_by_its_state():
    assert _row(named.remove_planting(TOWN, "P1"), "plantings", "P1")["state"] == "removed"


def test_a_new_walkway_joins_the_lines_it_ends_at():
    """From the middle of the street y=0 to the middle of y=100, both ends 0.2 m short."""
    way = line((250, 0.2), (250, 99.8))
    edit = named.add_walkway(TOWN, "N1", way, ORIGIN)
    after = edits.apply(TOWN, edit)
    ends = [[EAST + 250, NORTH], [EAST + 250, NORTH + 100]]
    before, now = (
        walking_distance(town.network, ends[:1], ends[1:]).distance[0] for town in (TOWN, after)
    )
    assert (before, now) == (200.0, 100.0)  # round the block by x=200 or x=300; straight
    assert after.network.components == 1
    assert shapely.length(after["walkways"].geometry.array).sum() == 100 * 33  # 32 streets and one
    assert edits.apply(after, edit.inverted()).version == TOWN.version


def test_a_new_walkway_far_from_all_others_stays_free():
    edit = named.add_walkway(TOWN, "N1", line((-200, -200), (-190, -200)), ORIGIN)
    assert edit.counts == {"walkways": (1, 0, 0)}
    assert edits.apply(TOWN, edit).network.components == 2
