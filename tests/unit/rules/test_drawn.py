"""What is drawn or counted decides; what a survey wrote down as a share stands under it."""

from datetime import date

import pytest

from layers.findings import is_gap
from rules.evaluate import evaluate
from rules.full_table import full_table
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

TODAY = date(2026, 11, 29)
PATH = {"walkway_id": "P", "kind": "path", "geometry": line((300, 50), (400, 50))}


def lamp(key, x, y, **more):
    """Return a lamp post that works unless said otherwise."""
    columns = {"kind": "lamp", "is_working": True, **more}
    return {"pole_id": key, "geometry": point(x, y), **columns}


def lit(*lamps):
    """Return a town in which B has one path of 80 m, from x = 310 to 390 at y = 50."""
    return tiny_town(walkways=[*streets(), PATH], poles=lamps)


@pytest.mark.parametrize(
    ("lamps", "metres"),
    [
        ([lamp("L", 350, 50)], 30),
        ([lamp("L", 330, 50), lamp("M", 350, 50)], 50),  # 315..345 and 335..365
        ([lamp("L", 350, 59)], 24),  # 9 m off: half a chord is 12 m
        ([lamp("L", 305, 50)], 10),  # outside the estate, lights it up to x = 320
        ([lamp("L", 350, 50, kind="power")], 0),
        ([lamp("L", 350, 50, is_working=False)], 0),
        ([], 0),
    ],
)
def test_a_path_is_lit_within_reach_of_working_lamps(judged, lamps, metres):
    found = judged(lit(*lamps), "light.lamps").loc["B"]
    assert found["value"] == pytest.approx(metres / 80)
    assert found["outcome"] == ("short" if metres else "missing")


def test_a_stretch_drawn_twice_counts_once(judged):
    # A second path over x = 310 to 350 is the same 40 m; the lamp lights 315 to 345: 30 of 80 m.
    again = {"walkway_id": "Q", "kind": "path", "geometry": line((300, 50), (350, 50))}
    town = tiny_town(walkways=[*streets(), PATH, again], poles=[lamp("L", 330, 50)])
    assert judged(town, "light.lamps").loc["B", "value"] == pytest.approx(30 / 80)


def test_lamps_of_which_nobody_knows_whether_they_work_leave_the_share_open(judged):
    # Three lamps light 15..45, 35..65 and 50..80 of the 80 m: 65 m; with a fourth all but 15 m.
    places = (340, 360, 375)
    unsure = [lamp(f"L{x}", x, 50, is_working=None) for x in (*places, 325)]
    found = judged(lit(*unsure), "light.lamps").loc["B"]
    assert (found["outcome"], found["lacking_zh"]) == ("unknown", "杆柱·灯具正常（4 处）")
    # Whatever they do, 65 of 80 m are too few.
    assert judged(lit(*unsure[:3]), "light.lamps").loc["B", "outcome"] == "short"


def test_an_estate_without_paths_cannot_be_lit(judged):
    found = judged(tiny_town(poles=[lamp("L", 350, 50)]), "light.lamps").loc["B"]
    assert (found["outcome"], found["lacking_zh"]) == ("unknown", "步行道")


def ways(gate=None, units=UNITS, **walkway):
    """
    Return a town of step-free streets, but for some, and A with a gate on its western street.

    S18 is that street (x = 0), S00 the southern one (y = 0) with A-1-1, S19 the eastern one with
    A-1-2; S06 is the northern one (y = 100).
    """
    rows = [{"is_step_free": True, "kind": "sidewalk", **row} for row in streets()]
    rows = [row | walkway.get(row["walkway_id"], {}) for row in rows]
    door = {"entrance_id": "G", "estate_id": "A", "is_step_free": True, "geometry": point(0, 50)}
    gates = [door | (gate or {})]
    return tiny_town(
        walkways=rows,
        units=[{"is_step_free": True, **row} for row in units],
        entrances=gates,
    )


@pytest.mark.parametrize(
    ("town", "outcome", "failing", "households"),
    [
        (ways(), "met", 0, 0),
        (ways(S19={"is_step_free": False}), "short", 1, 8),
        (ways(S00={"kind": "stairs"}), "short", 1, 12),  # A-1-2 is reached by the north
        (ways(S18={"is_step_free": False}), "short", 2, 20),  # the gate's own street
        (ways(gate={"state": "closed"}), "short", 2, 20),
        (ways(gate={"is_step_free": False}), "short", 2, 20),
        (ways(units=rows_with(UNITS, "A-1-1", is_step_free=False)), "short", 1, 12),
        (ways(gate={"estate_id": "B"}), "unknown", 0, None),  # no gate of A is recorded
        (ways(S19={"is_step_free": None}), "unknown", 0, None),
        (ways(S00={"is_step_free": None}, S19={"is_step_free": False}), "short", 1, 8),
        (tiny_town(), "unknown", 0, None),
    ],
)
def test_a_way_without_steps_leads_from_a_gate_to_every_door(
    judged, town, outcome, failing, households
):
    found = judged(town, "access.step_free").loc["A"]
    assert (found["outcome"], found["failing_members"]) == (outcome, failing)
    assert households is None or found["exposed_households"] == households


NOTHING = {"walls": [], "paving": [], "poles": [], "trees": []}
LANE = {"lane_id": "F", "kind": "lane", "blocked_m": 0.0, "geometry": square(5, 15, 90, 4)}


def bay(y):
    """Return marked bays above the lane's upper edge at y = 19, from y on."""
    return {"paving_id": "Q", "kind": "parking", "geometry": square(60, y, 10, 5)}


@pytest.mark.parametrize(
    ("changed", "outcome", "value"),
    [
        ({}, "met", 0),
        ({"paving": [bay(17)]}, "short", 1),
        ({"paving": [bay(18.95)]}, "met", 0),  # 5 cm are the slack of drawing
        ({"paving": [bay(17) | {"kind": "road"}]}, "met", 0),
        (
            {
                "walls": [
                    {"wall_id": "W", "kind": "enclosure", "geometry": line((50, 10), (50, 25))}
                ]
            },
            "short",
            1,
        ),
        ({"poles": [lamp("L", 20, 17), lamp("M", 25, 17)]}, "short", 2),
        ({"fire_lanes": [LANE | {"blocked_m": 1.5}]}, "short", 1),
        ({"fire_lanes": [LANE | {"blocked_m": 0.5}]}, "short", 1),
        ({"fire_lanes": [LANE | {"blocked_m": 1.5}], "paving": [bay(17)]}, "short", 2),
        ({"fire_lanes": [LANE | {"blocked_m": None}]}, "unknown", None),
        ({"fire_lanes": [LANE | {"blocked_m": None}], "paving": [bay(17)]}, "short", 1),
        ({"fire_lanes": [LANE | {"kind": "climbing"}]}, "not_applicable", None),
    ],
)
def test_nothing_stands_on_a_fire_lane(judged, changed, outcome, value):
    town = tiny_town(**{**NOTHING, "fire_lanes": [LANE], **changed})
    found = judged(town, "fire.obstruction").loc["A"]
    assert found["outcome"] == outcome
    assert value is None or found["value"] == value


def test_a_free_lane_is_not_sure_where_a_layer_was_never_surveyed(judged):
    drawn = {name: rows for name, rows in NOTHING.items() if name != "trees"}
    found = judged(tiny_town(fire_lanes=[LANE], **drawn), "fire.obstruction").loc["A"]
    assert (found["outcome"], found["lacking_zh"]) == ("unknown", "树木")


def test_an_obstructed_lane_is_a_safety_gap_whenever_the_estate_was_built(judged):
    estates = rows_with(ESTATES, "A", built_year=2020)
    town = tiny_town(estates=estates, fire_lanes=[LANE | {"blocked_m": 2.0}], **NOTHING)
    found = judged(town, "fire.obstruction").loc["A"]
    assert (found["statement"], found["safety"], found["strength"]) == ("gap", True, "law")
    assert found["witness_id"] == "F"


NARROW = {"walls": [], "paving": []}


@pytest.mark.parametrize(
    ("changed", "outcome", "value"),
    [
        ({}, "met", 4.0),
        ({"fire_lanes": [LANE | {"geometry": square(5, 15, 90, 3.5)}]}, "short", 3.5),
        ({"paving": [bay(17.5)]}, "short", 2.5),  # bays from y = 17.5 on: 15 to 17.5 is free
        ({"paving": [bay(17.5) | {"kind": "road"}]}, "met", 4.0),
        ({"fire_lanes": [LANE | {"geometry": square(5, 28, 90, 18)}]}, "met", 4.0),  # 42 to 46
        ({"fire_lanes": [LANE | {"geometry": square(5, 28, 90, 5)}]}, "short", 2.0),  # 28 to 30
        ({"fire_lanes": [LANE | {"kind": "climbing"}]}, "unknown", None),
        ({"fire_lanes": [LANE | {"geometry": square(5, 15, 3.9, 3)}]}, "unknown", None),
    ],
)
def test_the_width_of_a_lane_is_measured_as_it_is_drawn(judged, changed, outcome, value):
    town = tiny_town(**{**NARROW, "fire_lanes": [LANE], **changed})
    found = judged(town, "fire.lane.drawn").loc["A"]
    assert found["outcome"] == outcome
    assert value is None or found["value"] == value


def test_a_lane_may_be_narrower_where_walls_were_never_surveyed(judged):
    found = judged(tiny_town(fire_lanes=[LANE], paving=[]), "fire.lane.drawn").loc["A"]
    assert (found["outcome"], found["lacking_zh"]) == ("unknown", "墙体")
    narrow = LANE | {"geometry": square(5, 15, 90, 3)}
    found = judged(tiny_town(fire_lanes=[narrow], paving=[]), "fire.lane.drawn").loc["A"]
    assert (found["outcome"], found["value"]) == ("short", 3.0)


@pytest.mark.parametrize(("width", "height"), [(3.0, 4.5), (4.5, 3.0)])
def test_a_lane_wide_enough_as_drawn_fails_by_what_was_written_down(book, width, height):
    buildings = rows_with(BUILDINGS, "A-1", fire_lane_m=width, fire_lane_height_m=height)
    town = tiny_town(buildings=buildings, fire_lanes=[LANE], **NARROW)
    found = pair(book, town, ["fire.lane.drawn", "fire.lane"])
    assert found["outcome"].to_dict() == {"fire.lane.drawn": "met", "fire.lane": "short"}
    assert found["value"].to_dict() == {"fire.lane.drawn": 4.0, "fire.lane": 3.0}
    assert found["leads"].to_dict() == {"fire.lane.drawn": False, "fire.lane": True}
    found = pair(book, tiny_town(buildings=buildings, **NARROW), ["fire.lane.drawn", "fire.lane"])
    assert found["leads"].to_dict() == {"fire.lane.drawn": False, "fire.lane": True}


def cable(**more):
    """Return a line over A."""
    return {"line_id": "C", "geometry": line((20, 50), (80, 50)), **more}


def pair(book, town, rules, estate="A"):
    """Return the findings of two rules at an estate, by rule."""
    table = full_table(evaluate(town, book, TODAY, only=rules), town, book)
    return table[table["estate_id"] == estate].set_index("rule_id")


@pytest.mark.parametrize(
    ("drawn", "measured", "leads"),
    [
        ({"overhead_lines": [cable(kind="telecom")], "poles": []}, "short", "cable.lines"),
        ({"overhead_lines": [cable(kind="power")], "poles": []}, "met", "cable.overhead"),
        (
            {"overhead_lines": [], "poles": [lamp("T", 50, 50, kind="telecom")]},
            "short",
            "cable.lines",
        ),
        ({"overhead_lines": [cable()], "poles": []}, "unknown", "cable.overhead"),
        ({"overhead_lines": []}, "unknown", "cable.overhead"),  # poles were not surveyed
    ],
)
def test_what_is_drawn_leads_unless_only_what_was_written_down_fails(book, drawn, measured, leads):
    # The survey states three bundles: a gap whatever the map says.
    town = tiny_town(estates=rows_with(ESTATES, "A", cable_bundles=3), **drawn)
    found = pair(book, town, ["cable.lines", "cable.overhead"])
    assert found.loc["cable.lines", "outcome"] == measured
    assert found.loc["cable.overhead", "outcome"] == "short"
    assert found.index[found["leads"]].tolist() == [leads]
    assert is_gap(found).sum() == 1
    under = "以实测或点数的结论为准" in found.loc["cable.overhead", "reason_zh"]
    assert under == (leads == "cable.lines")


@pytest.mark.parametrize(
    ("permits", "outcome", "value"),
    [((True, False), "short", 1), ((True, True), "met", 0), ((True, None), "unknown", None)],
)
def test_buildings_without_permit_are_counted(judged, permits, outcome, value):
    second = {"building_id": "A-2", "estate_id": "A", "geometry": square(60, 60, 5, 5)}
    first, *others = BUILDINGS
    rows = [first | {"has_permit": permits[0]}, second | {"has_permit": permits[1]}, *others]
    found = judged(tiny_town(buildings=rows), "illegal.buildings").loc["A"]
    assert found["outcome"] == outcome
    assert value is None or found["value"] == value


@pytest.mark.parametrize(
    ("rule", "columns", "outcome", "value"),
    [
        # The outline of A is 100 m by 80 m: 360 m round.
        ("perimeter.measured", {"perimeter_protected_m": 324.0}, "met", 0.9),
        ("perimeter.measured", {"perimeter_protected_m": 180.0}, "short", 0.5),
        ("mobile.points", {"signal_points": 40, "signal_points_ok": 38}, "met", 0.95),
        ("mobile.points", {"signal_points": 40, "signal_points_ok": 37}, "short", 0.925),
        ("mobile.points", {"signal_points": 40}, "unknown", None),
        ("power.load", {"transformer_kva": 400.0, "peak_load_kva": 320.0}, "met", 0.8),
        ("power.load", {"transformer_kva": 400.0, "peak_load_kva": 380.0}, "short", 0.95),
    ],
)
def test_what_can_be_counted_makes_the_share(judged, rule, columns, outcome, value):
    found = judged(tiny_town(estates=rows_with(ESTATES, "A", **columns)), rule).loc["A"]
    assert found["outcome"] == outcome
    assert value is None or found["value"] == pytest.approx(value)


@pytest.mark.parametrize(
    ("rule", "column"),
    [("envelope.roof.leaks", "roof_leaks"), ("envelope.wall.hazards", "wall_hazards")],
)
def test_leaks_and_loose_spots_are_counted_on_the_worst_building(judged, rule, column):
    town = tiny_town(buildings=rows_with(BUILDINGS, "A-1", **{column: 4}))
    found = judged(town, rule)
    assert (found.loc["A", "outcome"], found.loc["A", "value"]) == ("short", 4)
    assert found.loc["B", "outcome"] == "unknown"
