"""The gap sheet: what fails is drawn as it is, numbered where it is, and explained beside it."""

import numpy as np
import shapely

from atlas.canvas import Box
from atlas.compose import compose, context_of
from atlas.evidence import all_evidence
from atlas.outline import plan_pages
from atlas.placement import Placer
from atlas.request import Request
from rules.book import load_book
from tests.unit.atlas.conftest import box, line, make_findings

REQUEST = Request("2023-03-15", "V0.3", sheets=("gaps",))


def with_shape(findings, rule_id, layer, shape):
    """Return findings with another geometry and layer of one rule."""
    changed = findings.copy()
    one = changed["rule_id"] == rule_id
    changed.loc[one, "witness_layer"] = layer
    changed.loc[one, "geometry"] = shape
    return changed


def test_gaps_of_the_whole_estate_come_after_those_with_a_place(findings):
    gaps = all_evidence(findings, "zh")["E1"]
    assert [gap.number for gap in gaps] == [1, 2, 3, 4, 5, 6, 7]
    assert [gap.shape is None for gap in gaps] == [False] * 5 + [True] * 2


def test_a_gap_drawn_as_the_outline_of_its_estate_concerns_the_whole_of_it(findings):
    outline = shapely.multipolygons([box(0, 0, 118, 84)])
    gaps = all_evidence(with_shape(findings, "rule.00", "estates", outline), "zh")["E1"]
    assert gaps[-3].row.rule_id == "rule.00"
    assert gaps[-3].shape is None


def themes_drawn(district, findings):
    made = compose(context_of(district, findings, load_book(), None, REQUEST))
    return set(made.reports[0].drawn)


def test_a_fire_lane_that_fails_is_drawn_itself(district, findings):
    lane = shapely.multipolygons([box(4, 40, 100, 4)])
    changed = with_shape(findings, "rule.05", "fire_lanes", lane)
    assert "gap_area" in themes_drawn(district, changed)
    assert "gap_area" not in themes_drawn(district, findings)


def test_a_wall_that_fails_is_no_road(district, findings):
    wall = shapely.multilinestrings([line((0, 0), (0, 84))])
    drawn = themes_drawn(district, with_shape(findings, "rule.05", "walls", wall))
    assert "gap_wall" in drawn
    assert "gap_path" not in drawn


def test_rows_without_room_follow_on_a_page_of_the_estate_if_the_map_has_their_numbers(district):
    several = make_findings(district, 40)  # 30 of them with a place
    pages = plan_pages(context_of(district, several, load_book(), None, REQUEST))
    assert [(page.key, page.number) for page in pages if page.estate_id == "E1"] == [
        ("gaps:E1:1", "01-2"),
        ("gaps:E1:2", "01-2-2"),
    ]
    assert "C1" not in {page.number for page in pages}


def test_a_label_covers_a_line_kept_clear_only_if_it_must_be_printed():
    placer = Placer(Box(0, 0, 100, 100))
    placer.keep_clear(np.array([shapely.LineString([(0, 50), (100, 50)])]))
    over, beside = np.array([[50.0, 50.0]]), np.array([[50.0, 50.0], [50.0, 80.0]])
    assert placer.place(over, 10, 4, np.zeros(1), required=False) is None
    assert placer.place(beside, 10, 4, np.array([0.0, 90.0])).y == 80.0
    assert placer.place(over, 10, 4, np.zeros(1)).y == 50.0
