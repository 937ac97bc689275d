"""A place on the map means the nearest row that the remedy would change, or a new facility."""

import pytest
import shapely
from pyproj import Transformer

from edits import apply
from edits.moves import Origin, edit_of
from geo.errors import DataError
from rules.book import load_book
from services.remedies import Placed, candidates, free_key, move_at, remedies_for
from tests.tiny_town import CRS_4544, EAST, NORTH, facility, point, tiny_town

GATES = [
    {"entrance_id": "G1", "estate_id": "A", "state": "open", "geometry": point(0, 50)},
    {"entrance_id": "G2", "estate_id": "A", "state": "closed", "geometry": point(40, 50)},
    {"entrance_id": "G3", "estate_id": "A", "geometry": point(100, 50)},
]
TOWN = tiny_town(
    entrances=GATES,
    facilities=[
        facility("K", "kindergarten", 200, -10),
        facility("OLD", "kindergarten", 210, -10, state="closed"),
    ],
)


def at(x, y):
    return (EAST + x, NORTH + y)


def move(remedy, *places, kind="", within_m=30.0):
    return move_at(TOWN, Placed(remedy, [at(*xy) for xy in places], within_m, kind, crs=CRS_4544))


def test_a_gate_is_closed_where_it_is_open_and_opened_where_it_is_closed():
    assert move("turn_gate", (5, 50)) == {"do": "close_gate", "key": "G1"}
    assert move("turn_gate", (35, 50)) == {"do": "open_gate", "key": "G2"}
    assert move("turn_gate", (95, 50)) == {"do": "close_gate", "key": "G3"}  # nobody said: open


def test_a_facility_that_is_closed_already_is_passed_over():
    assert move("close_facility", (209, -10)) == {"do": "close_facility", "key": "K"}


def test_a_lift_is_fitted_to_the_nearest_unit():
    assert move("fit_elevator", (88, 58)) == {"do": "fit_elevator", "key": "A-1-2"}


def test_nothing_near_enough_is_said_with_the_distance():
    with pytest.raises(DataError, match="within 5 m") as refused:
        move("fit_elevator", (300, 100), within_m=5)
    assert "5 m 内" in refused.value.sentence("zh")


def test_a_new_facility_stands_where_the_place_is_in_degrees_too():
    added = move("add_facility", (50, -10), kind="elder_station")
    edit = edit_of(TOWN, added, Origin("试算", "2026-11-30"))
    row = apply(TOWN, edit, assumed=True)["facilities"].set_index("facility_id").loc["NEW-1"]
    assert row.geometry.equals_exact(shapely.Point(at(50, -10)), 1e-3)
    # Second method: the same place by pyproj itself.
    degrees = Transformer.from_crs(4544, 4490, always_xy=True).transform(*at(50, -10))
    again = move_at(TOWN, Placed("add_facility", [degrees], 1, "elder_station"))
    assert again["at"] == pytest.approx(added["at"], abs=1e-3)


@pytest.mark.parametrize("place", [(0.0, 0.0), (1e300, 1e300), (float("nan"), 38.0), (181.0, 95.0)])
def test_a_place_outside_the_district_is_refused(place):
    with pytest.raises(DataError):
        move_at(TOWN, Placed("add_facility", [place], 10, "park"))


@pytest.mark.parametrize(("remedy", "kind"), [("remove_row", ""), ("add_facility", "castle")])
def test_what_is_no_remedy_is_refused(remedy, kind):
    with pytest.raises(DataError, match="no such remedy"):
        move(remedy, (50, 50), kind=kind)


def test_a_free_key_is_the_least_that_no_row_has():
    assert free_key(TOWN, "facilities", "NEW") == "NEW-1"
    taken = tiny_town(facilities=[facility("NEW-1", "park", 0, 0), facility("NEW-3", "park", 9, 0)])
    assert free_key(taken, "facilities", "NEW") == "NEW-2"


def test_only_gates_known_to_be_closed_can_be_opened():
    assert list(candidates(TOWN, "open_gate")["entrance_id"]) == ["G2"]
    assert list(candidates(TOWN, "close_gate")["entrance_id"]) == ["G1", "G3"]


def test_a_facility_is_moved_from_the_first_place_to_the_second():
    edit = edit_of(
        TOWN, move("move_facility", (205, -10), (300, -10)), Origin("试算", "2026-11-30")
    )
    row = apply(TOWN, edit, assumed=True)["facilities"].set_index("facility_id").loc["K"]
    assert row.geometry.equals_exact(shapely.Point(at(300, -10)), 1e-3)


def test_a_drawn_walkway_joins_those_at_its_ends_and_keeps_its_turns():
    # Both ends are 3 m off a street: (50, 100) and (150, 0) are on them.
    drawn = move("add_walkway", (50, 97), (150, 97), (150, 3), within_m=5)
    assert drawn["line"] == [list(at(50, 100)), list(at(150, 97)), list(at(150, 0))]
    edit = edit_of(TOWN, drawn, Origin("试算", "2026-11-30"))
    ways = apply(TOWN, edit, assumed=True)["walkways"]
    assert len(ways) == len(TOWN["walkways"]) + 1
    # The two streets that it joins were cut there, each into two parts.
    assert ways.geometry.count_geometries().sum() == len(TOWN["walkways"]) + 3


def test_an_end_with_no_walkway_near_stays_where_it_was_drawn():
    drawn = move("add_walkway", (50, 50), (60, 60), within_m=5)
    assert drawn["line"] == [list(at(50, 50)), list(at(60, 60))]


@pytest.mark.parametrize(
    ("places", "why"),
    [
        ([(0, 40), (40, 80), (40, 40), (0, 80)], "crosses or meets itself"),
        ([(20, 40), (40, 80), (20, 40)], "crosses or meets itself"),
        ([(50, 50)], "2 to 200 expected"),
        ([(50, 50), (50, 50)], "crosses or meets itself"),
    ],
)
def test_a_line_that_is_no_walkway_is_refused(places, why):
    with pytest.raises(DataError, match=why):
        move("add_walkway", *places, within_m=1)


def test_a_walkway_is_no_longer_than_a_district_is_wide():
    far = [(x, 50 + y) for x in range(0, 600, 8) for y in ((0, 80) if x % 16 else (80, 0))]
    with pytest.raises(DataError, match="at most 5,000 m expected"):
        move("add_walkway", *far, within_m=1)


def test_the_remedies_of_a_rule_are_those_that_change_what_it_reads():
    book = load_book(overlays=["ningxia", "wuzhong", "litong"])
    elders = remedies_for("elder.area100.old", book)
    assert ("add_facility", "elder_day_care") in elders
    assert ("turn_gate", "") in elders
    assert ("fit_elevator", "") not in elders
    assert remedies_for("lift.retrofit_candidate", book) == [("fit_elevator", "")]
    assert remedies_for("mailbox.units", book) == []
