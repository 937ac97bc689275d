"""The check, held against clearances calculated by hand from the tables."""

import dataclasses

import pytest
import shapely

from clearances.requirements import STRICTER, Requirements
from clearances.verdict import ClearanceVerdict
from greening.check import check
from greening.species import read_species
from tests.unit.greening.scene import HOUSE, SURVEYED, bed, district, gas, tree


def verdict_of(requirements: Requirements, profile: str = STRICTER, **layers: list) -> str:
    found = check(district(**layers), requirements, profile, read_species())
    return found.plants["verdict"].iloc[0]


# Gas, low pressure: CJJ 75-97 asks 1.2 m, GB 50289 0.75 m; the pipe's radius is 0.05 m.
@pytest.mark.parametrize(
    ("y", "profile", "expected"),
    [
        (0.05 + 0.99 * 1.2, "cjj75_97", ClearanceVerdict.SHORT),
        (0.05 + 1.01 * 1.2, "cjj75_97", ClearanceVerdict.MET),
        (0.05 + 0.99 * 0.75, "gb50289", ClearanceVerdict.SHORT),
        (0.05 + 1.01 * 0.75, "gb50289", ClearanceVerdict.MET),
        (0.05 + 1.01 * 0.75, STRICTER, ClearanceVerdict.SHORT),
        (0.05 + 1.01 * 1.2, STRICTER, ClearanceVerdict.MET),
        (0.05 + 1.2, STRICTER, ClearanceVerdict.MET),
    ],
)
def test_a_tree_is_held_to_the_chosen_table(
    requirements: Requirements, y: float, profile: str, expected: ClearanceVerdict
) -> None:
    found = verdict_of(requirements, profile, pipelines=[gas()], plantings=[tree("t", 5, y)])
    assert found == expected


@pytest.mark.parametrize("blank", ["depth_m", "accuracy_m", "diameter_mm"])
def test_a_pipe_with_a_blank_is_never_passed(requirements: Requirements, blank: str) -> None:
    layers = {"pipelines": [gas(**{blank: None})], "plantings": [tree("t", 5, 2.0)]}
    assert verdict_of(requirements, **layers) == ClearanceVerdict.VERIFY


def test_a_breach_stays_a_breach_when_the_depth_is_unknown(requirements: Requirements) -> None:
    layers = {"pipelines": [gas(depth_m=None)], "plantings": [tree("t", 5, 1.0)]}
    assert verdict_of(requirements, **layers) == ClearanceVerdict.SHORT


# Required 1.2 + radius 0.05 + accuracy 0.5 = 1.75 m from the centre line.
@pytest.mark.parametrize(
    ("y", "expected"), [(1.7, ClearanceVerdict.VERIFY), (1.8, ClearanceVerdict.MET)]
)
def test_the_surveys_accuracy_is_part_of_the_margin(
    requirements: Requirements, y: float, expected: ClearanceVerdict
) -> None:
    layers = {"pipelines": [gas(accuracy_m=0.5)], "plantings": [tree("t", 5, y)]}
    assert verdict_of(requirements, **layers) == expected


def test_an_unknown_kind_of_pipe_takes_the_largest_figure_and_is_never_passed(
    requirements: Requirements,
) -> None:
    unknown = gas(kind="BM", sub_kind=None, pressure=None)
    found = check(
        district(pipelines=[unknown], plantings=[tree("t", 5, 3.0)]), requirements
    ).pairs.iloc[0]
    assert found["required_m"] == 1.5
    assert found["verdict"] == ClearanceVerdict.VERIFY


# Telecom: direct burial 1.0, duct 1.5 m (CJJ 75-97): unknown laying must not get the 1.0.
@pytest.mark.parametrize(("laid", "required"), [("direct", 1.0), ("duct", 1.5), (None, 1.5)])
def test_unknown_laying_takes_the_stricter_row_and_says_so(
    requirements: Requirements, laid: str | None, required: float
) -> None:
    pipe = gas(kind="TX", sub_kind=None, pressure=None, laid=laid)
    pairs = check(
        district(pipelines=[pipe], plantings=[tree("t", 5, 2.0)]), requirements, "cjj75_97"
    ).pairs
    assert pairs["required_m"].tolist() == [required]
    assert ("敷设方式不明" in pairs["note_zh"].iloc[0]) == (laid is None)


def test_drainage_without_sub_kind_takes_sewer_or_storm_drain(requirements: Requirements) -> None:
    pipe = gas(kind="PS", sub_kind=None, pressure=None)
    pairs = check(district(pipelines=[pipe], plantings=[tree("t", 5, 2.0)]), requirements).pairs
    assert pairs["required_m"].tolist() == [1.5]


def test_a_table_without_a_figure_for_shrubs_asks_nothing_of_them(
    requirements: Requirements,
) -> None:
    pipe = gas(kind="JS", sub_kind=None, pressure=None)
    layers = {"pipelines": [pipe], "plantings": [tree("t", 5, 0.5, kind="shrub")]}
    assert verdict_of(requirements, "cjj75_97", **layers) == ClearanceVerdict.MET
    assert verdict_of(requirements, "gb50289", **layers) == ClearanceVerdict.SHORT  # 1.0 m there


# The house's south wall is y = 10: windows or unknown 3.0 m, blank 2.0 m.
@pytest.mark.parametrize(
    ("has_windows", "y", "expected"),
    [
        (None, 7.04, ClearanceVerdict.SHORT),
        (None, 6.96, ClearanceVerdict.MET),
        (True, 7.04, ClearanceVerdict.SHORT),
        (False, 7.04, ClearanceVerdict.MET),
        (False, 8.02, ClearanceVerdict.SHORT),
    ],
)
def test_a_wall_of_unknown_windows_counts_as_windowed(
    requirements: Requirements,
    has_windows: bool | None,  # noqa: FBT001 - a case of the table above
    y: float,
    expected: ClearanceVerdict,
) -> None:
    south = {
        "wall_id": "w",
        "kind": "building",
        "building_id": "house",
        "has_windows": has_windows,
        "geometry": shapely.LineString([(0, 10), (20, 10)]),
    }
    layers = {"buildings": [HOUSE], "walls": [south], "plantings": [tree("t", 10, y)]}
    assert verdict_of(requirements, **layers) == expected


def test_an_assumed_window_is_said(requirements: Requirements) -> None:
    pairs = check(district(buildings=[HOUSE], plantings=[tree("t", 10, 7)]), requirements).pairs
    assert pairs["note_zh"].tolist() == ["窗户情况不明，按有窗从严"]


def test_a_tree_inside_a_house_is_short(requirements: Requirements) -> None:
    layers = {"buildings": [HOUSE], "plantings": [tree("t", 10, 15)]}
    assert verdict_of(requirements, **layers) == ClearanceVerdict.SHORT


@pytest.mark.parametrize(
    ("height", "x", "expected"),
    [
        (1.8, 1.02, ClearanceVerdict.MET),
        (2.5, 1.02, ClearanceVerdict.SHORT),
        (None, 1.02, ClearanceVerdict.SHORT),
    ],
)
def test_an_enclosure_of_unknown_height_counts_as_high(
    requirements: Requirements, height: float | None, x: float, expected: ClearanceVerdict
) -> None:
    wall = {
        "wall_id": "w",
        "kind": "enclosure",
        "height_m": height,
        "geometry": shapely.LineString([(0, -5), (0, 5)]),
    }
    layers = {"walls": [wall], "plantings": [tree("t", x, 0)]}
    assert verdict_of(requirements, **layers) == expected


@pytest.mark.parametrize(
    ("kind", "x", "expected"),
    [
        ("lamp", 1.98, ClearanceVerdict.SHORT),
        ("lamp", 2.02, ClearanceVerdict.MET),
        ("power", 1.485, ClearanceVerdict.SHORT),
        ("telecom", 1.515, ClearanceVerdict.MET),
        (None, 1.98, ClearanceVerdict.SHORT),
    ],
)
def test_poles_keep_their_distance(
    requirements: Requirements, kind: str | None, x: float, expected: ClearanceVerdict
) -> None:
    pole = {"pole_id": "p", "kind": kind, "geometry": shapely.Point(0, 0)}
    layers = {"poles": [pole], "plantings": [tree("t", x, 0)]}
    assert verdict_of(requirements, **layers) == expected


def test_a_lane_without_paving_counts_by_its_width(requirements: Requirements) -> None:
    lane = {
        "walkway_id": "l",
        "kind": "lane",
        "width_m": 4.0,
        "geometry": shapely.LineString([(-20, 0), (20, 0)]),
    }
    some = SURVEYED - {"paving"} | {"walkways"}
    for y, expected in (
        (2.74, ClearanceVerdict.SHORT),
        (2.76, ClearanceVerdict.MET),
    ):  # 2.0 + 0.75 m
        scene = district(surveyed=some, walkways=[lane], plantings=[tree("t", 0, y)])
        assert check(scene, requirements).plants["verdict"].tolist() == [expected]


# 10 kV: 1.0 m from the mature crown (a crabapple is 3.0 m wide, 5.0 m high): 2.5 m; or 1.5 above.
@pytest.mark.parametrize(
    ("y", "height", "expected"),
    [
        (3.45, 6.0, ClearanceVerdict.SHORT),
        (3.55, 6.0, ClearanceVerdict.MET),
        (0.0, 6.6, ClearanceVerdict.MET),
        (0.0, None, ClearanceVerdict.VERIFY),
    ],
)
def test_an_overhead_line_is_cleared_beside_or_below(
    requirements: Requirements, y: float, height: float | None, expected: ClearanceVerdict
) -> None:
    line = {
        "line_id": "o",
        "voltage_kv": 10.0,
        "height_m": height,
        "accuracy_m": 0.0,
        "geometry": shapely.LineString([(-20, 0), (20, 0)]),
    }
    layers = {"overhead_lines": [line], "plantings": [tree("t", 0, y)]}
    assert verdict_of(requirements, **layers) == expected


@pytest.mark.parametrize(
    ("kind", "y", "expected"),
    [
        ("lane", 4.01, ClearanceVerdict.MET),
        ("lane", 3.99, ClearanceVerdict.SHORT),
        ("climbing", 5.4, ClearanceVerdict.SHORT),
        ("climbing", 5.6, ClearanceVerdict.MET),
    ],
)
def test_fire_ground_stays_free(
    requirements: Requirements, kind: str, y: float, expected: ClearanceVerdict
) -> None:
    ground = {"lane_id": "f", "kind": kind, "geometry": shapely.box(-10, 0, 10, 4)}
    layers = {"fire_lanes": [ground], "plantings": [tree("t", 0, y)]}
    assert verdict_of(requirements, **layers) == expected


def test_a_layer_nobody_surveyed_leaves_a_planting_unknown(requirements: Requirements) -> None:
    scene = district(surveyed=SURVEYED - {"fire_lanes"}, plantings=[tree("t", 0, 0)])
    found = check(scene, requirements)
    assert found.lacking == ("fire_lanes",)
    assert found.plants["verdict"].tolist() == [ClearanceVerdict.UNKNOWN]


def test_removed_plantings_and_dead_trees_are_left_out(requirements: Requirements) -> None:
    dead = {"tree_id": "d", "kind": "tree", "is_alive": False, "geometry": shapely.Point(0, 0)}
    live = dead | {"tree_id": "l", "is_alive": None, "geometry": shapely.Point(1, 1)}
    scene = district(plantings=[tree("t", 0, 0, state="removed")], trees=[dead, live])
    assert check(scene, requirements).plants["plant_id"].tolist() == ["l"]


def test_a_finding_carries_both_foot_points_and_its_clause(requirements: Requirements) -> None:
    pair = check(
        district(pipelines=[gas()], plantings=[tree("t", 5, 1.0)]), requirements
    ).pairs.iloc[0]
    ends = pair[["plant_east_m", "plant_north_m", "foot_east_m", "foot_north_m"]]
    assert ends.astype(float).tolist() == pytest.approx([520_005, 4_200_001, 520_005, 4_200_000.05])
    assert pair["difference_cm"] == pytest.approx(-25.0)  # 0.95 - 1.20 m
    assert (pair["source_id"], pair["clause"]) == ("CJJ75-97", "表6.2.1")


def test_the_stricter_profile_carries_the_stricter_clause(requirements: Requirements) -> None:
    high = gas(pressure="sub_high_a", kind="ZH", sub_kind=None)
    pair = check(
        district(pipelines=[high], plantings=[tree("t", 5, 1.0)]), requirements
    ).pairs.iloc[0]
    assert (pair["source_id"], pair["verified"]) == ("GB50289-2016", "recall")


def test_a_building_is_reported_once_for_each_plant(requirements: Requirements) -> None:
    scene = district(buildings=[HOUSE], plantings=[tree("t", 10, 9)])
    assert len(check(scene, requirements).pairs) == 1


def test_an_empty_design_is_checked_without_a_finding(requirements: Requirements) -> None:
    found = check(district(greening_sites=[bed()]), requirements)
    assert found.counts() == dict.fromkeys(["short", "verify", "unknown", "met"], 0)
    assert dataclasses.is_dataclass(found)
    assert len(found.pairs) == 0


@pytest.mark.parametrize(
    ("pipe", "required", "said"),
    [
        # Reclaimed water (1.0 m) that is called gas (1.2 m): the stricter, and never a pass.
        ({"kind": "RQ", "sub_kind": "ZS", "pressure": None}, 1.5, "不符"),
        ({"kind": "GY", "sub_kind": "WS", "pressure": None}, 1.5, "不符"),
        ({"diameter_mm": 0.0}, 1.2, "外径不明"),
    ],
)
def test_what_a_survey_contradicts_or_leaves_at_zero_never_passes(
    requirements: Requirements, pipe: dict[str, object], required: float, said: str
) -> None:
    layers = {"pipelines": [gas(**pipe)], "plantings": [tree("t", 5, 2.5)]}
    pairs = check(district(**layers), requirements).pairs
    assert pairs["required_m"].tolist() == [required]
    assert pairs["verdict"].tolist() == [ClearanceVerdict.VERIFY]
    assert said in pairs["note_zh"].iloc[0]


def test_a_pipe_overhead_is_held_to_the_table_for_buried_ones(requirements: Requirements) -> None:
    heat = gas(kind="RL", sub_kind=None, pressure=None, laid="overhead", depth_m=None)
    pairs = check(district(pipelines=[heat], plantings=[tree("t", 5, 1.5)]), requirements).pairs
    # 1.5 m to the axis, 0.05 m of it the pipe's: 1.45 m, 1.5 m required.
    assert pairs["verdict"].tolist() == [ClearanceVerdict.SHORT]
    assert pairs["difference_cm"].tolist() == pytest.approx([-5.0])
    assert "架空" in pairs["note_zh"].iloc[0]
    far = check(district(pipelines=[heat], plantings=[tree("t", 5, 1.6)]), requirements).pairs
    assert far["verdict"].tolist() == [ClearanceVerdict.MET]  # no depth is asked of what hangs


def test_a_wall_of_no_known_building_counts_by_itself(requirements: Requirements) -> None:
    wall = {"wall_id": "w", "kind": "building", "geometry": shapely.LineString([(0, 10), (20, 10)])}
    layers = {"walls": [wall], "plantings": [tree("t", 10, 7.01)]}
    assert verdict_of(requirements, **layers) == ClearanceVerdict.SHORT
    layers["walls"] = [wall | {"has_windows": False}]
    assert verdict_of(requirements, **layers) == ClearanceVerdict.MET


def test_a_shrub_stands_beside_a_carriageway_but_not_on_it(requirements: Requirements) -> None:
    road = {"paving_id": "r", "kind": "road", "geometry": shapely.box(0, 0, 20, 4)}
    for y, expected in ((2.0, ClearanceVerdict.SHORT), (4.1, ClearanceVerdict.MET)):
        layers = {"paving": [road], "plantings": [tree("t", 5, y, kind="shrub")]}
        assert verdict_of(requirements, **layers) == expected


def test_a_planting_and_a_tree_of_one_id_have_findings_of_their_own(
    requirements: Requirements,
) -> None:
    standing = {"tree_id": "t", "kind": "tree", "geometry": shapely.Point(6, 1)}
    layers = {"pipelines": [gas()], "plantings": [tree("t", 5, 1)], "trees": [standing]}
    pairs = check(district(**layers), requirements).pairs
    assert pairs["finding_id"].tolist() == ["plantings/t/pipelines/gas", "trees/t/pipelines/gas"]
