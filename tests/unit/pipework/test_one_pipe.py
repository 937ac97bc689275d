"""What is asked of a pipe by itself: cover, ends, rain and sewage; and who gives way."""

import numpy as np
import pytest

from pipework.pieces import pieces_of
from pipework.yielding import gives_way
from rules.context import EvaluationContext
from tests.tiny_town import frame, line, square, tiny_town
from tests.unit.pipework.plots import BOOK, TODAY, only, pipe, reviewed, rows

EAST = ((150, 150), (190, 150))


# Cover: a drain keeps 0.7 m, and 0.88 m against frost; water 1.03 + 0.15 m; gas 0.9 m under a
# carriageway, 0.6 m under a footway, 0.3 m where no vehicle goes.


@pytest.mark.parametrize(
    ("kind", "check", "depth", "verdict"),
    [
        ("PS", "cover", 0.7, "met"),
        ("PS", "cover", 0.69, "short"),
        ("PS", "frost", 0.88, "met"),
        ("PS", "frost", 0.87, "short"),
        ("JS", "frost", 1.18, "met"),
        ("JS", "frost", 1.17, "short"),
        ("RQ", "cover", 0.29, "short"),  # no road above it: 0.3 to 0.6 m
        ("RQ", "cover", 0.5, "verify"),
        ("RQ", "cover", 0.6, "met"),
        ("PS", "cover", None, "unknown"),
        ("JS", "frost", None, "unknown"),
    ],
)
def test_cover_is_held_to_the_rules(kind, check, depth, verdict):
    assert only(reviewed(pipe("P", kind, *EAST, depth_m=depth)), check)["verdict"] == verdict


@pytest.mark.parametrize(("depth", "verdict"), [(0.89, "short"), (0.9, "met")])
def test_gas_under_a_carriageway_lies_deeper(depth, verdict):
    road = {"paving_id": "R", "kind": "road", "geometry": square(160, 140, 10, 20)}
    found = reviewed(pipe("P", "RQ", *EAST, depth_m=depth), paving=[road])
    assert only(found, "cover")["verdict"] == verdict


@pytest.mark.parametrize(("depth", "verdict"), [(0.5, "verify"), (0.89, "verify"), (0.9, "met")])
def test_a_road_of_unknown_width_may_lie_above(depth, verdict):
    lane = {"walkway_id": "L", "kind": "lane", "geometry": line((150, 152), (190, 152))}
    found = reviewed(pipe("P", "RQ", *EAST, depth_m=depth), walkways=[lane])
    assert only(found, "cover")["verdict"] == verdict


# Ends. A is the estate from (0, 10) to (100, 90).


def ends(*pipes):
    """Return what is said of ends, verdict and gap, by pipe and object."""
    found = rows(reviewed(*pipes), "end")
    return [(*row.Index, row.verdict, row.measured) for row in found.itertuples()]


def test_an_end_in_nothing_is_looked_at():
    found = ends(pipe("P", "JS", (60, 50), (80, 50)))
    assert [row[:3] for row in found] == [("P", "", "verify")] * 2
    assert np.isnan([row[3] for row in found]).all()


def test_what_ends_at_the_edge_of_the_estate_leads_on():
    assert not ends(pipe("P", "JS", (98.1, 50), (120, 50)))
    assert len(ends(pipe("P", "JS", (97.9, 50), (120, 50)))) == 1


@pytest.mark.parametrize(
    ("gap", "verdict", "measured"), [(0.0, "met", None), (0.3, "met", None), (0.5, "verify", 0.5)]
)
def test_an_end_meets_a_pipe_of_its_kind(gap, verdict, measured):
    branch = pipe("B", "JS", (70, 50 + gap), (70, 89))
    main = pipe("M", "JS", (-20, 50), (120, 50))
    ((key, other, said, found),) = ends(branch, main)
    assert (key, other, said) == ("B", "M" if measured else "", verdict)
    assert measured is None or found == pytest.approx(measured, abs=1e-4)


def test_an_end_does_not_meet_a_pipe_of_another_kind_but_one_of_unknown_kind():
    branch = pipe("B", "JS", (70, 50), (70, 89))
    assert [row[2] for row in ends(branch, pipe("M", "RQ", (-20, 50), (120, 50)))] == ["verify"]
    assert [row[2] for row in ends(branch, pipe("M", "BM", (-20, 50), (120, 50)))] == ["met"]


def test_an_end_meets_a_building():
    # A-1 stands from (20, 30) to (50, 42).
    assert [row[2] for row in ends(pipe("P", "JS", (35, 29.7), (35, 11)))] == ["met"]
    assert [row[2] for row in ends(pipe("P", "JS", (35, 29.5), (35, 11)))] == ["verify"]


# Rain and sewage.


@pytest.mark.parametrize(
    ("sub_kind", "crossed", "verdict"),
    [
        ("WS", True, "short"),
        ("WS", False, "met"),
        ("YS", None, "unknown"),
        ("HS", False, "verify"),
        ("HS", True, "short"),
    ],
)
def test_rain_and_sewage_in_one(sub_kind, crossed, verdict):
    drain = pipe("S", "PS", *EAST, sub_kind=sub_kind, is_cross_connected=crossed)
    assert only(reviewed(drain), "mixed")["verdict"] == verdict


# Who gives way: pressure to gravity, what bends to what does not, the smaller to the larger.


@pytest.mark.parametrize(
    ("one", "other", "yields"),
    [
        (("JS", 400), ("PS", 200), "one"),
        (("DL", 400), ("RQ", 63), "one"),
        (("RL", 133), ("JS", 110), "other"),
        (("JS", 110), ("RL", 133), "one"),
        (("JS", None), ("RL", 133), "one"),
        (("RL", 133), ("JS", None), "one"),  # nobody knows: the first
    ],
)
def test_who_gives_way(one, other, yields):
    rows_of = [
        pipe(key, kind, *EAST, diameter_mm=size)
        for key, (kind, size) in zip(("a", "b"), (one, other), strict=True)
    ]
    pieces = pieces_of(EvaluationContext(tiny_town(pipelines=rows_of), BOOK, TODAY))
    found = gives_way(pieces, np.array([0]), np.array([1]))
    assert found.tolist() == [0 if yields == "one" else 1]


def test_every_kind_of_pipe_that_a_utility_holds_has_an_item_that_it_leads_or_assists():
    for kind, holder in BOOK.supply["pipelines"].kinds.items():
        item = BOOK.items[BOOK.pipes[kind]["item"]]
        assert holder in item.departments


def test_a_district_without_pipes_is_reviewed_to_nothing():
    district = tiny_town()
    assert not len(frame("pipelines", ()))
    found = reviewed()
    assert len(found.checks) == len(found.pieces) == 0
    assert not district.has("pipelines")
