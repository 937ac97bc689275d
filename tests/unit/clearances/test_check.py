"""Lamp posts and lift shafts held against clearances worked out by hand: no plant anywhere."""

import numpy as np
import pytest
import shapely

from clearances.check import check_pairs, worst_verdicts
from clearances.features import FeatureClass, Subject, Subjects
from clearances.free_ground import FreeGround
from clearances.surroundings import Surroundings, surroundings
from clearances.verdict import ClearanceVerdict
from layers.district import District
from tests.property.beds import requirements, tables
from tests.unit.greening.scene import HOUSE, ORIGIN, SURVEYED, bed, district, gas

LAMP = Subject(FeatureClass("lamp"), radius_m=0.1)
SHAFT = Subject(FeatureClass("shaft", also=("building",)))
CITED = {"source": "OURS", "clause": "test", "verified": "none"}
LAMP_PIPES = {
    "subjects": ["lamp"],
    "object": "pipe",
    "rows": [{"object": {"kind": "RQ"}, "m": 1.0}],
    **CITED,
}
SHAFT_WINDOWS = {
    "subjects": ["shaft"],
    "object": "building_wall",
    "rows": [
        {"object": {"has_windows": True}, "m": 4.0},
        {"object": {"has_windows": False}, "m": 0.0},
    ],
    **CITED,
}
REQUIREMENTS = requirements(
    tables() | {"lamp_pipe": LAMP_PIPES, "shaft_windows": SHAFT_WINDOWS}
)  # fmt: skip


def around(subject: Subject, place: District) -> Surroundings:
    return surroundings(place, REQUIREMENTS, [subject.feature])


def at(subject: Subject, shape: shapely.Geometry) -> Subjects:
    moved = shapely.transform(shape, lambda xy: xy + ORIGIN)
    return Subjects.standing([subject], np.array([moved], dtype=object))


def pairs(subject: Subject, shape: shapely.Geometry, place: District):
    return check_pairs(at(subject, shape), around(subject, place))


# 1.0 m from edge to edge: gas radius 0.05 m, lamp radius 0.1 m, so 1.15 m between the axes.
@pytest.mark.parametrize(
    ("y", "distance_m", "verdict"),
    [
        (1.14, 0.99, ClearanceVerdict.SHORT),
        (1.15, 1.0, ClearanceVerdict.MET),
        (0.1, 0.0, ClearanceVerdict.SHORT),
    ],
)
def test_a_lamp_post_is_measured_from_its_edge_to_the_pipes(y, distance_m, verdict):
    found = pairs(LAMP, shapely.Point(5, y), district(pipelines=[gas()])).iloc[0]
    assert (found["distance_m"], found["verdict"]) == (pytest.approx(distance_m), verdict)
    assert found.geometry.length == pytest.approx(distance_m, abs=1e-9)
    assert found["required_m"] == 1.0


# Table 4.1.9, building to water main of 100 mm: 1.0 m; the pipe's radius is 0.05 m.
@pytest.mark.parametrize(
    ("y", "verdict"), [(1.04, ClearanceVerdict.SHORT), (1.06, ClearanceVerdict.MET)]
)
def test_a_shaft_polygon_keeps_a_buildings_distance_from_pipes(y, verdict):
    water = gas(kind="JS", sub_kind="JP", pressure=None)
    found = pairs(SHAFT, shapely.box(2, y, 4.2, y + 2.4), district(pipelines=[water])).iloc[0]
    assert found["verdict"] == verdict
    assert found["distance_m"] == pytest.approx(y - 0.05)
    assert found["clause"].startswith("表 4.1.9")


def blank_gable(**more: object) -> dict:
    """Return the house's east wall, x = 20, surveyed as blank."""
    return {
        "wall_id": "w",
        "kind": "building",
        "building_id": "house",
        "has_windows": False,
        "geometry": shapely.LineString([(20, 10), (20, 20)]),
        **more,
    }


@pytest.mark.parametrize("off", [0.0, 0.015, -0.015])
def test_the_windowed_wall_beside_a_blank_one_begins_at_the_corner(off):
    # The house's corner is (20, 10): a shaft corner at (23.985, 10) is 3.985 m from its south wall.
    # A blank wall taken off by a buffer of 2 cm left the south wall to x = 19.98: 4.005 m, "met".
    gable = blank_gable(geometry=shapely.LineString([(20 + off, 10), (20 + off, 20)]))
    place = district(buildings=[HOUSE], walls=[gable])
    found = pairs(SHAFT, shapely.box(23.985, 8, 26, 10), place).iloc[0]
    assert found["distance_m"] == pytest.approx(3.985, abs=1e-9)
    assert (found["verdict"], found["object_en"]) == (ClearanceVerdict.SHORT, "windowed wall")


def test_a_blank_wall_asks_nothing_of_a_shaft_but_not_to_overlap():
    place = district(buildings=[HOUSE], walls=[blank_gable()])
    beside = pairs(SHAFT, shapely.box(20.5, 14.5, 22, 15.5), place)
    assert beside["verdict"].tolist() == [ClearanceVerdict.MET]
    inside = pairs(SHAFT, shapely.box(19.5, 14.5, 22, 15.5), place)
    assert inside["verdict"].tolist() == [ClearanceVerdict.SHORT]


def test_only_layers_that_the_subject_must_keep_clear_of_are_lacking():
    place = district(surveyed=SURVEYED - {"poles", "pipelines", "fire_lanes"})
    assert around(LAMP, place).lacking == ("pipelines",)
    found = check_pairs(at(LAMP, shapely.Point(0, 0)), around(LAMP, place))
    assert worst_verdicts(found, 1, around(LAMP, place).lacking).tolist() == [
        ClearanceVerdict.UNKNOWN
    ]


@pytest.mark.parametrize("blank", ["depth_m", "accuracy_m", "diameter_mm"])
def test_a_pipe_with_a_blank_lets_no_subject_pass_near_it(blank):
    place = district(pipelines=[gas(**{blank: None})])
    found = pairs(LAMP, shapely.Point(5, 2.5), place)
    assert found["verdict"].tolist() == [ClearanceVerdict.VERIFY]


def test_free_ground_keeps_the_subjects_radius_as_well():
    place = district(pipelines=[gas()], greening_sites=[bed()])
    sites = place["greening_sites"].set_index("site_id").geometry
    ground = FreeGround(sites, around(LAMP, place), np.empty(0, dtype=object))
    # 8.0 - (0.05 + 1.0 + 0.1) m by 20 m; a zone may be a little wider, never narrower.
    assert 136.0 < ground.free("bed", LAMP).area <= 20 * 6.85


def test_subjects_of_several_classes_are_checked_together():
    place = district(pipelines=[gas()], buildings=[HOUSE])
    both = [at(LAMP, shapely.Point(5, 0.5)), at(SHAFT, shapely.box(0, 8, 2, 9))]
    shapes = np.concatenate([one.geometry for one in both])
    classes = [SHAFT.feature, LAMP.feature]
    found = check_pairs(
        Subjects.standing([LAMP, SHAFT], shapes), surroundings(place, REQUIREMENTS, classes)
    )
    assert found["subject"].tolist() == [0, 1]
    assert found["object_id"].tolist() == ["gas", "house"]
    assert found["verdict"].tolist() == [ClearanceVerdict.SHORT, ClearanceVerdict.SHORT]
