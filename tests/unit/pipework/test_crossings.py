"""Pipes that cross: depths are of their tops, all are 0.2 m thick."""

import numpy as np
import pytest

from tests.unit.pipework.plots import only, pipe, reviewed, rows

EAST, NORTH = ((150, 150), (190, 150)), ((170, 140), (170, 160))


def crossing(upper=None, lower=None, **both):
    """Return the row of a water pipe and a sewer that cross, at some depths."""
    found = reviewed(
        pipe("S", "PS", *NORTH, **{"sub_kind": "WS", "depth_m": lower, **both}),
        pipe("W", "JS", *EAST, **{"depth_m": upper, **both}),
    )
    return only(found, "crossing")


@pytest.mark.parametrize(
    ("upper", "lower", "gap", "verdict"),
    [
        (1.0, 1.6, 0.4, "met"),  # bottom at 1.2, top at 1.6: 0.4 m asked of water and sewage
        (1.6, 1.0, 0.4, "met"),  # whichever is above
        (1.0, 1.5, 0.3, "short"),
        (1.0, 1.1, -0.1, "short"),
        (1.0, 1.0, -0.2, "short"),
    ],
)
def test_what_is_between_the_walls_is_held_to_the_vertical_table(upper, lower, gap, verdict):
    found = crossing(upper, lower)
    assert found["measured"] == pytest.approx(gap)
    assert (found["verdict"], found["required"], found["clause"]) == (verdict, 0.4, "表4.1.14")
    assert found.geometry.coords[0] == pytest.approx((600_170, 4_200_150))


@pytest.mark.parametrize(("upper", "lower"), [(None, 3.0), (1.0, None), (None, None)])
def test_without_a_depth_nothing_is_certain(upper, lower):
    found = crossing(upper, lower)
    assert found["verdict"] == "verify"
    assert np.isnan(found["measured"])
    assert "埋深不明" in found["note_zh"]


@pytest.mark.parametrize(("lower", "verdict"), [(1.3, "short"), (1.5, "verify"), (3.0, "verify")])
def test_a_pipe_of_unknown_diameter_may_reach_deeper(lower, verdict):
    # Even as thin as a line the upper one is 0.3 m above: less than 0.4. Any more is unknown.
    assert crossing(1.0, lower, diameter_mm=None)["verdict"] == verdict


def test_what_both_surveys_may_hide_adds_up():
    assert crossing(1.0, 1.9, accuracy_m=0.1)["verdict"] == "met"
    assert crossing(1.0, 1.9, accuracy_m=0.2)["verdict"] == "verify"
    assert crossing(1.0, 1.9, accuracy_m=None)["verdict"] == "verify"


def test_a_cable_of_unknown_laying_is_held_to_the_range():
    # Direct burial 0.5 m, in a duct 0.25 m above or below a sewer.
    def cable(lower, laid):
        sewer = pipe("S", "PS", *NORTH, sub_kind="WS", depth_m=lower)
        found = reviewed(sewer, pipe("P", "DL", *EAST, depth_m=1.0, laid=laid))
        return only(found, "crossing")["verdict"]

    assert [cable(1.6, laid) for laid in ("direct", "duct", None)] == ["short", "met", "verify"]
    assert [cable(1.4, laid) for laid in ("direct", "duct", None)] == ["short"] * 3
    assert [cable(1.7, laid) for laid in ("direct", "duct", None)] == ["met"] * 3


def test_pipes_of_one_kind_meet_in_a_junction_unless_one_is_known_to_pass():
    def sewers(depth):
        other = pipe("T", "PS", *NORTH, sub_kind="WS", depth_m=depth)
        return rows(reviewed(pipe("S", "PS", *EAST, sub_kind="WS"), other), "crossing")

    assert not len(sewers(1.1))
    assert sewers(None)["verdict"].tolist() == ["verify"]
    assert sewers(1.3)["verdict"].tolist() == ["short"]  # 0.1 m between them, 0.15 asked
    end = pipe("T", "PS", (170, 150), (170, 160), sub_kind="WS", depth_m=3.0)
    assert not len(rows(reviewed(pipe("S", "PS", *EAST, sub_kind="WS"), end), "crossing"))


def test_two_kinds_of_which_no_table_speaks_cannot_be_in_one_place():
    def gas_and_water(depth):
        gas = pipe("G", "RQ", *NORTH, depth_m=depth)
        return rows(reviewed(gas, pipe("W", "JS", *EAST)), "crossing")

    assert gas_and_water(1.1)["verdict"].tolist() == ["verify"]
    assert gas_and_water(1.1)["source_id"].tolist() == ["OURS"]
    assert not len(gas_and_water(1.3))
    assert not len(gas_and_water(None))


def test_every_place_of_a_crossing_is_held_by_itself():
    bent = pipe(
        "S", "PS", (160, 140), (160, 160), (170, 160), (170, 140), sub_kind="WS", depth_m=1.5
    )
    found = rows(reviewed(bent, pipe("W", "JS", *EAST)), "crossing")
    assert len(found) == 2
