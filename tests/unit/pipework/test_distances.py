"""Distances of pipes, drawn so that every number fits in the head."""

import numpy as np
import pytest

from tests.unit.pipework.plots import only, pipe, reviewed, rows

# All pipes are 0.2 m wide, so edges are 0.2 m nearer than centre lines. Table 4.1.9: a water pipe
# up to 200 mm keeps 1.0 m from a sewer; heat keeps 2.0 m from power.
EAST = ((150, 150), (190, 150))


def beside(gap_m: float) -> tuple[tuple[float, float], ...]:
    """Return a line to the north of EAST whose edge is so far from its edge."""
    return ((150, 150.2 + gap_m), (190, 150.2 + gap_m))


@pytest.mark.parametrize(
    ("gap", "verdict"), [(0.9, "short"), (0.999, "short"), (1.0, "met"), (1.5, "met")]
)
def test_water_keeps_a_metre_from_a_sewer(gap, verdict):
    found = only(
        reviewed(pipe("W", "JS", *EAST), pipe("S", "PS", *beside(gap), sub_kind="WS")), "pipe"
    )
    assert found["verdict"] == verdict
    assert found["measured"] == pytest.approx(gap, abs=1e-4)
    assert (found["least"], found["required"]) == (1.0, 1.0)
    assert (found["source_id"], found["verified"]) == ("GB50289-2016", "quoted")
    assert found.geometry.length == pytest.approx(gap, abs=1e-4)


def test_a_pair_is_there_once_and_no_pipe_beside_itself():
    found = reviewed(
        pipe("S", "PS", *EAST, sub_kind="WS"), pipe("W", "JS", *beside(0.5)), pipe("V", "JS", *EAST)
    )
    pairs = rows(found, "pipe").index.tolist()
    assert sorted(map(sorted, pairs)) == [["S", "V"], ["S", "W"]]


def test_what_is_too_near_is_measured_along_the_pipe():
    # 40 m of water, the sewer beside its eastern 10 m; a round end reaches a little farther west.
    short = pipe("Y", "PS", (180, 150.7), (190, 150.7), sub_kind="WS")
    found = only(reviewed(pipe("W", "JS", *EAST), short), "pipe")
    # keep 1.0 + 0.2: at 0.7 aside it reaches sqrt(1.2^2 - 0.7^2) = 0.975 m beyond the end.
    assert found["length_m"] == pytest.approx(10.975, abs=0.005)


@pytest.mark.parametrize(
    ("gap", "verdict"), [(0.9, "short"), (1.2, "verify"), (1.49, "verify"), (1.5, "verify")]
)
def test_between_what_may_apply_nothing_is_certain(gap, verdict):
    # Up to 200 mm a water pipe keeps 1.0 m, above it 1.5 m. Of unknown diameter it is measured as
    # a line, and may be nearer: at 1.5 m it is no certain "met" either.
    water = pipe("W", "JS", (150, 150.1), (190, 150.1), diameter_mm=None)
    found = only(reviewed(water, pipe("S", "PS", *beside(gap), sub_kind="WS")), "pipe")
    assert found["verdict"] == verdict
    assert (found["least"], found["required"]) == (1.0, 1.5)
    assert "管径不明" in found["note_zh"]
    assert "diameter unknown" in found["note_en"]


@pytest.mark.parametrize(
    ("pressure", "gap", "verdict"),
    [
        (None, 0.9, "short"),  # low 1.0, medium 1.2, sub-high 1.5 and 2.0
        (None, 1.1, "verify"),
        (None, 2.0, "met"),
        ("low", 1.1, "met"),
        ("medium_a", 1.1, "short"),
    ],
)
def test_gas_of_unknown_pressure_is_held_to_the_range(pressure, gap, verdict):
    gas = pipe("G", "RQ", *EAST, pressure=pressure)
    found = only(reviewed(gas, pipe("S", "PS", *beside(gap), sub_kind="WS")), "pipe")
    assert found["verdict"] == verdict


@pytest.mark.parametrize(
    ("accuracy", "verdict"), [(0.0, "met"), (0.1, "met"), (0.16, "verify"), (None, "verify")]
)
def test_what_both_surveys_may_hide_adds_up(accuracy, verdict):
    # 0.3 m more than required: hidden by twice 0.16, not by twice 0.1.
    water = pipe("W", "JS", *EAST, accuracy_m=accuracy)
    sewer = pipe("S", "PS", *beside(1.3), sub_kind="WS", accuracy_m=accuracy)
    assert only(reviewed(water, sewer), "pipe")["verdict"] == verdict


def test_the_depth_does_not_matter_beside_each_other():
    water = pipe("W", "JS", *EAST, depth_m=None)
    sewer = pipe("S", "PS", *beside(1.3), sub_kind="WS", depth_m=None)
    assert only(reviewed(water, sewer), "pipe")["verdict"] == "met"


def test_of_an_unknown_pipe_nothing_is_certain():
    # No kind of pipe keeps more than 2.0 m from a sewer, and some are not asked at all.
    for gap in (0.1, 1.0, 1.9):
        found = reviewed(pipe("U", "BM", *EAST), pipe("S", "PS", *beside(gap), sub_kind="WS"))
        assert only(found, "pipe")["verdict"] == "verify"
    assert (only(found, "pipe")["least"], only(found, "pipe")["required"]) == (0.0, 2.0)


def test_pipes_of_one_kind_and_pipes_that_hang_are_not_asked():
    heat = pipe("H", "RL", *EAST, laid="overhead")
    found = reviewed(heat, pipe("P", "DL", *beside(0.1)), pipe("Q", "DL", *beside(0.3)))
    assert not len(rows(found, "pipe"))


# What crosses is left to the crossing within twice the distance required.


def test_a_crossing_is_no_pipe_beside_a_pipe():
    across = pipe("S", "PS", (170, 140), (170, 160), sub_kind="WS")
    assert not len(rows(reviewed(pipe("W", "JS", *EAST), across), "pipe"))


def test_a_pipe_that_crosses_and_then_runs_alongside_is_too_near():
    bent = pipe("S", "PS", (170, 140), (170, 150.7), (190, 150.7), sub_kind="WS")
    found = only(reviewed(pipe("W", "JS", *EAST), bent), "pipe")
    assert found["verdict"] == "short"
    assert found["measured"] == pytest.approx(0.5, abs=1e-4)


def test_one_pipe_above_another_is_at_no_distance():
    found = only(reviewed(pipe("W", "JS", *EAST), pipe("S", "PS", *EAST, sub_kind="WS")), "pipe")
    assert (found["verdict"], found["measured"]) == ("short", 0.0)


# Buildings. A-1 stands from (20, 30) to (50, 42); a water pipe up to 200 mm keeps 1.0 m.


@pytest.mark.parametrize(("gap", "verdict"), [(0.9, "short"), (1.0, "met")])
def test_water_keeps_a_metre_from_a_building(gap, verdict):
    water = pipe("W", "JS", (10, 29.9 - gap), (60, 29.9 - gap))
    found = rows(reviewed(water), "building").loc["W", "A-1"]
    assert found["verdict"] == verdict
    assert found["measured"] == pytest.approx(gap, abs=1e-4)
    assert found["object_zh"] == "1号楼"


def test_a_pipe_under_a_building_is_built_over():
    found = rows(reviewed(pipe("W", "JS", (35, 20), (35, 50))), "building").loc["W", "A-1"]
    assert (found["verdict"], found["measured"]) == ("short", 0.0)
    # 12 m under it, and 1.0 + 0.1 m to either side.
    assert found["length_m"] == pytest.approx(14.2, abs=0.01)


@pytest.mark.parametrize("end", [29.8, 30.0, 33.0])
def test_a_pipe_that_ends_at_a_building_serves_it(end):
    found = rows(reviewed(pipe("W", "JS", (35, 20), (35, end))), "building").loc["W", "A-1"]
    # What is asked begins 2.2 m before the wall, or before the end.
    assert found["verdict"] == "met"
    assert found["measured"] == pytest.approx(30 - min(end, 30) + 2.1, abs=1e-4)


def test_a_service_pipe_that_runs_along_its_building_is_too_near():
    # 15 m along the wall at 0.5 m from it, then in: the last 2.2 m are the connection.
    along = pipe("W", "JS", (21, 29.4), (36, 29.4), (36, 30))
    found = rows(reviewed(along), "building").loc["W", "A-1"]
    assert found["verdict"] == "short"
    assert found["length_m"] == pytest.approx(15.6 - 2.2, abs=0.01)


# Age: the rules' own answers.


def test_a_pipe_is_due_by_its_material_whatever_its_year():
    found = only(reviewed(pipe("W", "JS", *EAST, material="石棉管", year=None)), "age")
    assert found["verdict"] == "short"
    assert np.isnan(found["measured"])
    assert found["rule_id"] == "pipe.water.age"
    assert "材质属应淘汰：石棉管" in found["note_zh"]


def test_an_old_pipe_that_nobody_assessed_is_unknown():
    found = only(reviewed(pipe("W", "JS", *EAST, material="PE", year=1980)), "age")
    assert (found["verdict"], found["measured"], found["required"]) == ("unknown", 46, 30)
    assert "未评估隐患" in found["note_zh"]


def test_a_young_one_is_kept_and_its_paper_has_ended():
    found = only(reviewed(pipe("W", "JS", *EAST, material="PE", year=2020)), "age")
    assert found["verdict"] == "met"
    assert "依据文件已到期" in found["note_zh"]
