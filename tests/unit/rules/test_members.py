"""The worst of many members: pipes, fire lanes, ramps, checklists, trees, green, survey figures."""

from datetime import date

import pytest

from tests.tiny_town import (
    BUILDINGS,
    ESTATES,
    UNITS,
    line,
    point,
    rows_with,
    square,
    streets,
    tiny_town,
)


def pipe(key: str, kind: str, length: float, **more):
    """Return a straight pipe of A."""
    return {"pipe_id": key, "kind": kind, "geometry": line((10, 20), (10 + length, 20)), **more}


def pipes(*rows):
    return tiny_town(pipelines=rows)


def test_pipes_due_for_renewal_are_added_up(judged):
    # Found in A by their place. 30 m of grey iron at once; 20 m of steel from 2000 (26 years), a
    # hazard; 40 m of PE from 2000 without: 50 m are due.
    town = pipes(
        pipe("R1", "RQ", 30.0, material="灰口铸铁管"),
        pipe("R2", "RQ", 20.0, material="钢", year=2000, is_hazard=True),
        pipe("R3", "RQ", 40.0, material="PE", year=2000, is_hazard=False),
    )
    found = judged(town, "pipe.gas.age").loc["A"]
    assert (found["outcome"], found["severity"]) == ("short", 1.0)
    assert found["safety"]
    assert found["value"] == pytest.approx(50)
    assert (found["failing_members"], found["members"]) == (2, 3)
    assert found["exposed_households"] == 20  # who is behind a pipe is not known: the estate
    assert "为 50 m，应为 0；3 段管线中 2 段应更新" in found["reason_zh"]
    assert found.geometry.geom_type == "MultiLineString"


@pytest.mark.parametrize(
    ("rule", "kind", "columns", "expect"),
    [
        ("pipe.gas.age", "RQ", {"material": "钢", "year": 2007}, "met"),  # 19 years
        ("pipe.gas.age", "RQ", {"material": "钢", "year": 2006}, "unknown"),  # hazard unsaid
        ("pipe.gas.age", "RQ", {"year": 2020}, "unknown"),  # it may be grey iron
        ("pipe.heat.age", "RL", {"year": 2006}, "short"),  # 20 years
        ("pipe.heat.age", "RL", {"material": "钢"}, "unknown"),
        ("pipe.drain.age", "PS", {"material": "HDPE", "year": 2020}, "unknown"),
        ("pipe.drain.age", "PS", {"is_cross_connected": True}, "short"),
        ("pipe.water.age", "JS", {"material": "石棉", "year": 2020}, "short"),
    ],
)
def test_a_pipe_is_due_by_material_age_or_connection(judged, rule, kind, columns, expect):
    found = judged(pipes(pipe("P", kind, 10.0, **columns)), rule)
    assert found.loc["A", "outcome"] == expect
    assert found.loc["B", "outcome"] == "unknown"  # no such pipe is recorded there
    assert found.loc["B", "lacking_zh"] == "管线"
    holders = {"RQ": "供气企业", "RL": "供暖企业", "PS": "市政中心", "JS": "供水企业"}
    assert found.loc["B", "supplier"] == holders[kind]


def test_the_least_cover_of_any_drain_decides(judged):
    town = pipes(pipe("D1", "PS", 10.0, depth_m=0.9), pipe("D2", "PS", 10.0, depth_m=0.5))
    found = judged(town, "drain.cover").loc["A"]
    assert (found["outcome"], found["value"], found["witness_id"]) == ("short", 0.5, "D2")
    assert found["severity"] == pytest.approx(0.2 / 0.7)
    assert "2 段管线中 1 段不达标，最差为排水管 D2" in found["reason_zh"]


def buildings(**columns):
    return tiny_town(buildings=rows_with(BUILDINGS, "A-1", **columns))


@pytest.mark.parametrize(
    ("columns", "expect", "value"),
    [
        ({"fire_lane_m": 4.0, "fire_lane_height_m": 4.5}, "met", 4.0),
        ({"fire_lane_m": 5.0, "fire_lane_height_m": 3.5}, "short", 3.5),
        ({"fire_lane_m": 0.0, "fire_lane_height_m": 4.0}, "missing", 0.0),
        ({"fire_lane_m": 3.0}, "short", 3.0),  # whatever the height is
        ({"fire_lane_m": 4.0}, "unknown", None),
    ],
)
def test_the_lesser_of_width_and_height_decides(judged, columns, expect, value):
    found = judged(buildings(**columns), "fire.lane").loc["A"]
    assert found["outcome"] == expect
    assert found["value"] == value or value is None
    if expect == "unknown":
        assert found["lacking_zh"] == "消防车道净高（1 栋楼）"


def test_the_longer_dead_end_decides(judged):
    found = judged(buildings(fire_dead_end_m=70.0), "fire.dead_end").loc["A"]
    assert (found["outcome"], found["witness_name"]) == ("short", "1号楼")
    # g = (70 - 40) / (80 - 40): without an outer distance, twice the threshold counts as such.
    assert found["severity"] == pytest.approx(0.75)
    assert found["exposed_households"] == 20
    assert found.geometry.geom_type == "MultiPolygon"
    assert judged(buildings(fire_dead_end_m=90.0), "fire.dead_end").loc["A", "outcome"] == "short"


def test_a_defect_share_is_its_own_severity(judged):
    found = judged(buildings(wall_defect_share=0.25), "envelope.wall").loc["A"]
    assert (found["outcome"], found["severity"]) == ("short", 0.25)
    assert "为 25%，应为 0；涉及1号楼" in found["reason_zh"]


@pytest.mark.parametrize(
    ("columns", "expect"),
    [
        ({"ramp_width_m": 1.2}, "met"),
        ({"ramp_width_m": 1.0}, "short"),
        ({"ramp_width_m": 0.0, "is_step_free": False}, "missing"),
        ({"ramp_width_m": 0.0, "is_step_free": True}, "not_applicable"),  # nothing to climb
        ({"ramp_width_m": 0.0}, "unknown"),
        ({"is_step_free": False}, "unknown"),
    ],
)
def test_a_ramp_is_wanted_where_there_are_steps(judged, columns, expect):
    town = tiny_town(units=rows_with(UNITS, "B-1-1", **columns))
    assert judged(town, "ramp.width").loc["B", "outcome"] == expect


def test_a_share_of_units_is_decided_as_soon_as_it_can_be(judged):
    def outcome(first, second):
        rows = rows_with(rows_with(UNITS, "A-1-1", has_mailbox=first), "A-1-2", has_mailbox=second)
        return judged(tiny_town(units=rows), "mailbox.units").loc["A"]

    assert outcome(True, True)["outcome"] == "met"
    assert outcome(False, False)["outcome"] == "missing"
    assert outcome(True, False)["value"] == pytest.approx(0.5)
    assert outcome(True, None)["outcome"] == "unknown"
    assert outcome(False, None)["outcome"] == "short"  # half at the very best
    assert outcome(False, None)["value"] == pytest.approx(0.5)
    assert len(outcome(True, False).geometry.geoms) == 1


def test_gates_and_doors_count_together(judged):
    gate = {"entrance_id": "G", "estate_id": "A", "has_camera": False, "geometry": point(50, 10)}
    units = [row | {"has_camera": True} for row in UNITS]
    found = judged(tiny_town(units=units, entrances=[gate]), "security.gates")
    assert found.loc["A", "value"] == pytest.approx(2 / 3)
    assert found.loc["B", "outcome"] == "unknown"  # nobody recorded its gates
    assert "出入口" in found.loc["B", "lacking_zh"]


def test_a_checklist_counts_its_checks(judged):
    fine = dict.fromkeys(("handrail_ok", "treads_ok", "lighting_ok", "clear_ok"), True)
    rows = [row | fine for row in UNITS]
    rows[0] = rows[0] | {"treads_ok": False}
    rows[2] = rows[2] | {"clear_ok": None}
    found = judged(tiny_town(units=rows), "stairs.checklist")
    assert found["outcome"].to_dict() == {"A": "short", "B": "unknown", "C": "unknown"}
    assert found.loc["A", "value"] == pytest.approx(7 / 8)
    assert found.loc["A", "severity"] == pytest.approx(1 / 4)
    assert found.loc["A", "exposed_households"] == 12
    assert found.loc["B", "lacking_zh"] == "楼道无堆物（1 个单元）"


SPACED_ON = date(2023, 4, 1)  # the clause ended with 2023


def trees(*xs, **columns):
    return tiny_town(
        trees=[
            {"tree_id": f"T{i}", "kind": "tree", "is_avenue": True, "geometry": point(x, 50)}
            | columns
            for i, x in enumerate(xs)
        ]
    )


def test_avenue_trees_keep_their_spacing(judged):
    # In A at x = 20, 25, 28: the nearest two are 3 m apart; in B at 340 and 344.
    found = judged(trees(20, 25, 28, 340, 344), "green.spacing", SPACED_ON)
    assert found["outcome"].to_dict() == {"A": "short", "B": "met", "C": "not_applicable"}
    assert found.loc["A", "value"] == pytest.approx(3)
    assert (found.loc["A", "failing_members"], found.loc["A", "members"]) == (2, 3)
    assert found.loc["B", "value"] == pytest.approx(4)


def test_two_trees_on_one_spot_are_nought_apart(judged):
    assert judged(trees(20, 20), "green.spacing", SPACED_ON).loc["A", "outcome"] == "missing"


def test_a_lone_tree_keeps_any_spacing(judged):
    found = judged(trees(20), "green.spacing", SPACED_ON).loc["A"]
    assert found["outcome"] == "met"
    assert "很大" in found["reason_zh"]


def test_trees_that_may_stand_in_an_avenue_leave_it_open(judged):
    def outcome(is_avenue):
        town = trees(20, 23, is_avenue=is_avenue)
        return judged(town, "green.spacing", SPACED_ON).loc["A", "outcome"]

    assert (outcome(None), outcome(False)) == ("unknown", "not_applicable")


def green(key: str, x: float, y: float, width: float, height: float, **more):
    """Return a green space."""
    kind = {"green_id": key, "kind": "estate", "geometry": square(x, y, width, height)}
    return kind | more


def test_green_counts_on_the_estates_own_ground(judged):
    # A is 8,000 m2. 40 x 50 m inside = 2,000 m2 = 25 %. Of 40 x 60 m that reach 10 m over the
    # southern edge only 40 x 50 count.
    for shape in (green("N", 55, 20, 40, 50), green("N", 55, 0, 40, 60, estate_id="A")):
        found = judged(tiny_town(green_space=[shape]), "green.ratio.old")
        assert found.loc["A", "value"] == pytest.approx(0.25)
        assert found["outcome"].to_dict() == {"A": "met", "B": "missing", "C": "missing"}


LAWN = green("N", 20, 42, 30, 20, is_concentrated=True, sun_share=1.0)
ROAD = {"paving_id": "R", "kind": "road", "geometry": square(20, 62, 30, 4)}


def test_green_counts_from_one_metre_off_the_walls(judged):
    # 30 m x 20 m along the northern wall of A-1 (y = 42), as long as that: 30 x 19 m count.
    found = judged(tiny_town(green_space=[LAWN]), "green.ratio.old").loc["A"]
    assert found["value"] == pytest.approx(570 / 8000)


def test_concentrated_green_counts_off_walls_and_roads(judged):
    # 1.5 m off the wall and 1.0 m off the road north of it (y = 62): 30 x 17.5 m for 60 persons.
    found = judged(tiny_town(green_space=[LAWN], paving=[ROAD]), "green.concentrated.old").loc["A"]
    assert found["value"] == pytest.approx(525 / 60)
    bays = ROAD | {"kind": "parking"}
    found = judged(tiny_town(green_space=[LAWN], paving=[bays]), "green.concentrated.old").loc["A"]
    assert found["value"] == pytest.approx(555 / 60)


def test_concentrated_green_is_open_where_roads_were_never_surveyed(judged):
    found = judged(tiny_town(green_space=[LAWN]), "green.concentrated.old").loc["A"]
    assert (found["outcome"], found["lacking_zh"]) == ("unknown", "铺装")


@pytest.mark.parametrize(
    ("columns", "width", "expect"),
    [
        ({"is_concentrated": True, "sun_share": 0.4}, 8.0, "met"),
        ({"is_concentrated": True, "sun_share": 0.4}, 7.9, "missing"),  # too narrow to count
        ({"is_concentrated": True, "sun_share": 0.3}, 8.0, "missing"),
        ({"is_concentrated": False}, 8.0, "missing"),
        ({"is_concentrated": True}, 8.0, "unknown"),
        ({"sun_share": 0.4}, 8.0, "unknown"),
    ],
)
def test_concentrated_green_is_wide_and_sunny(judged, columns, width, expect):
    # 8 m x 10 m = 80 m2 for 60 persons = 1.33 m2 each, more than the 0.35 wanted.
    town = tiny_town(green_space=[green("N", 20, 50, 10, width, **columns)], paving=[])
    found = judged(town, "green.concentrated.old")
    assert found.loc["A", "outcome"] == expect
    assert "人口为推算值" in found.loc["B", "reason_zh"]
    assert "人口为推算值" not in found.loc["A", "reason_zh"]


def test_public_parks_are_shared_by_persons_in_reach(judged):
    # The park's edge nearest to a street is the southern one at y = 10 of x = 210..290, so its
    # entrance is 10 m off y = 0 somewhere there: A and B (60 + 27.9 persons) are within 300 m.
    park = green("P", 210, 10, 80, 80, kind="park", is_public=True)
    found = judged(tiny_town(green_space=[park]), "green.park5.old")
    assert found.loc["B", "value"] == pytest.approx(6400 / 87.9)
    shut = judged(tiny_town(green_space=[park | {"is_public": False}]), "green.park5.old")
    assert set(shut["outcome"]) == {"missing"}


def estate(**columns):
    return tiny_town(estates=rows_with(ESTATES, "A", **columns))


@pytest.mark.parametrize(
    ("rule", "columns", "expect", "severity"),
    [
        ("light.coverage", {"lit_share": 0.9}, "met", 0.0),
        ("light.coverage", {"lit_share": 0.45}, "short", 0.5),
        ("seat.interval", {"seat_interval_m": 150.0}, "short", 0.5),
        ("power.headroom", {"transformer_headroom": -0.1}, "missing", 1.0),
        ("mobile.coverage", {"signal_share": 0.95}, "met", 0.0),
        ("perimeter.coverage", {"perimeter_share": 0.0}, "missing", 1.0),
        ("illegal.structures", {"illegal_structures": 3}, "short", 1.0),
        ("illegal.structures", {"illegal_structures": 0}, "met", 0.0),
        ("cable.overhead", {"cable_bundles": 1}, "short", 1.0),
        ("green.survival", {"trees_planted": 100, "trees_alive": 95}, "met", 0.0),
        ("green.survival", {"trees_planted": 0, "trees_alive": 0}, "not_applicable", None),
        ("property.room", {"property_room_m2": 60.0, "floor_area_m2": 30000.0}, "met", 0.0),
        ("property.room", {"property_room_m2": 40.0, "floor_area_m2": 10000.0}, "short", 0.2),
        ("property.room", {"property_room_m2": 30.0, "floor_area_m2": 30000.0}, "short", 0.5),
        ("property.room", {"property_room_m2": 0.0, "floor_area_m2": 30000.0}, "missing", 1.0),
        ("property.room", {"property_room_m2": 60.0}, "unknown", None),
    ],
)
def test_a_survey_figure_is_held_against_the_rule(judged, rule, columns, expect, severity):
    found = judged(estate(**columns), rule)
    assert found.loc["A", "outcome"] == expect
    assert found.loc["A", "severity"] == (
        pytest.approx(severity)
        if severity is not None
        else pytest.approx(float("nan"), nan_ok=True)
    )
    assert found.loc["B", "outcome"] == "unknown"


def test_parcel_cells_over_daily_parcels(judged):
    locker = {
        "facility_id": "L",
        "kind": "parcel_locker",
        "capacity": 80.0,
        "geometry": point(50, 50),
    }
    town = tiny_town(estates=rows_with(ESTATES, "A", daily_parcels=100), facilities=[locker])
    assert judged(town, "parcel.cells").loc["A", "value"] == pytest.approx(0.8)


def test_estate_roads_by_their_narrowest(judged):
    lane = {
        "walkway_id": "L",
        "kind": "lane",
        "estate_id": "A",
        "width_m": 3.0,
        "geometry": line((50, 0), (50, 90)),
    }
    found = judged(tiny_town(walkways=[*streets(), lane]), "road.single")
    assert (found.loc["A", "outcome"], found.loc["A", "value"]) == ("short", 3.0)
    assert found.loc["B", "outcome"] == "unknown"
