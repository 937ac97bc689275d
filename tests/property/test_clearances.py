"""Clearances of lamps and lift shafts on random scenes: what must hold whatever the scene."""

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from clearances.check import check_pairs, worst_verdicts
from clearances.features import FeatureClass, Subject, Subjects
from clearances.free_ground import FreeGround
from clearances.obstacles import obstacles
from clearances.requirements import Requirements
from clearances.surroundings import surroundings
from clearances.verdict import ClearanceVerdict
from geo.clearance import TOLERANCE_M
from layers.district import District
from tests.examples import examples
from tests.property.beds import requirements, scene, tables
from tests.unit.greening.scene import ORIGIN

QUIET = examples(60, suppress_health_check=tuple(HealthCheck))
RANK = {verdict.value: rank for rank, verdict in enumerate(ClearanceVerdict)}  # worst first

LAMP = Subject(FeatureClass("lamp"), radius_m=0.1)
SHAFT = Subject(FeatureClass("shaft", also=("building",)))
CLASSES = (LAMP.feature, SHAFT.feature)
CITED = {"source": "OURS", "clause": "test", "verified": "none"}
LAMP_PIPES = {
    "subjects": ["lamp"],
    "object": "pipe",
    "rows": [{"object": {"kind": "RQ"}, "m": 1.0}, {"object": {"kind": ["JS", "WS"]}, "m": 0.5}],
    **CITED,
}
WALLS = {
    "subjects": ["lamp", "shaft"],
    "object": "building_wall",
    "rows": [
        {"object": {"has_windows": True}, "shaft": 1.5, "lamp": 0.5},
        {"object": {"has_windows": False}, "shaft": 0.0},
    ],
    **CITED,
}


def asked(more_m: float = 0.0) -> Requirements:
    """Return the project's tables and two of the test's own, every figure `more_m` larger."""
    every = tables() | {"lamp_pipe": LAMP_PIPES, "test_walls": WALLS}
    return requirements(
        {
            name: table | {"rows": [_wider(row, more_m, table) for row in table["rows"]]}
            if "rows" in table
            else table
            for name, table in every.items()
        }
    )


def _wider(row: dict, more_m: float, table: dict) -> dict:
    figures = {"m", *table["subjects"]} & set(row)
    return row | {name: row[name] + more_m for name in figures}


REQUIREMENTS = asked()
PLACES = st.lists(
    st.tuples(st.integers(-20, 220), st.integers(-20, 100)), min_size=1, max_size=6, unique=True
)


@st.composite
def standing(draw: st.DrawFn) -> Subjects:
    """Draw lamps as points and shafts as rectangles of 2.2 by 2.4 m."""
    places = np.array(draw(PLACES)) / 10.0 + ORIGIN
    kinds = [draw(st.sampled_from([LAMP, SHAFT])) for _ in places]
    shapes = [
        shapely.Point(x, y) if kind is LAMP else shapely.box(x, y, x + 2.2, y + 2.4)
        for kind, (x, y) in zip(kinds, places, strict=True)
    ]
    return Subjects.standing(kinds, np.array(shapes, dtype=object))


def checked(
    place: District, subjects: Subjects, held: Requirements = REQUIREMENTS
) -> tuple[pd.DataFrame, list[int]]:
    """Return the pairs, and every subject's verdict by rank."""
    around = surroundings(place, held, CLASSES)
    pairs = check_pairs(subjects, around)
    found = worst_verdicts(pairs, len(subjects), around.lacking)
    return pd.DataFrame(pairs), [RANK[str(verdict)] for verdict in found]


@pytest.mark.slow
@given(scene(), standing())
@QUIET
def test_what_is_too_close_is_what_plain_shapely_finds_pair_by_pair(
    place: District, subjects: Subjects
) -> None:
    # Second method: no index and no arrays, one subject and one obstacle after the other.
    every = obstacles(place, REQUIREMENTS.outline_m)
    close = set()
    for at, (shape, kind) in enumerate(zip(subjects.geometry, subjects.class_of, strict=True)):
        for row, thing in enumerate(every.table.itertuples()):
            feature = every.classes[every.class_of[row]].feature
            required = REQUIREMENTS.between(subjects.classes[kind], feature)
            if required is None or np.isnan(required.metres):
                continue
            apart = shape.distance(thing.geometry) - thing.half_width_m - subjects.radius_m[at]
            if apart < required.metres - TOLERANCE_M or apart <= 0:
                close.add((at, thing.layer, thing.object_id))
    pairs, _ = checked(place, subjects)
    short = pairs[pairs["verdict"] == ClearanceVerdict.SHORT]
    found = zip(short["subject"], short["object_layer"], short["object_id"], strict=True)
    assert set(found) == close


@pytest.mark.slow
@given(scene(), standing(), st.floats(0.0, 3.0))
@QUIET
def test_widening_what_is_required_never_lets_a_failing_subject_pass(
    place: District, subjects: Subjects, more_m: float
) -> None:
    _, before = checked(place, subjects)
    _, after = checked(place, subjects, asked(more_m))
    assert all(new <= old for new, old in zip(after, before, strict=True))


@pytest.mark.slow
@given(scene(), standing(), st.sampled_from(["pipelines", "buildings", "poles"]), st.data())
@QUIET
def test_taking_an_obstacle_away_never_makes_a_passing_subject_fail(
    place: District, subjects: Subjects, layer: str, data: st.DataObject
) -> None:
    rows = place[layer]
    kept = rows.drop(index=data.draw(st.sampled_from(list(rows.index)))) if len(rows) else rows
    _, before = checked(place, subjects)
    _, after = checked(place.with_frames(**{layer: kept}), subjects)
    assert all(new >= old for new, old in zip(after, before, strict=True))


@pytest.mark.slow
@given(scene(), standing(), st.floats(0.0, 6.28), st.tuples(*[st.integers(-500, 500)] * 2))
@QUIET
def test_turning_and_shifting_everything_changes_nothing_beyond_a_millimetre(
    place: District, subjects: Subjects, angle: float, by: tuple[int, int]
) -> None:
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])

    def moved(shapes: np.ndarray) -> np.ndarray:
        return shapely.transform(shapes, lambda xy: (xy - ORIGIN) @ turn.T + ORIGIN + by)

    frames = {
        layer: place[layer].set_geometry(moved(np.asarray(place[layer].geometry.array)))
        for layer in ("pipelines", "buildings", "poles", "fire_lanes")
    }
    there = Subjects(
        moved(subjects.geometry),
        subjects.classes,
        subjects.class_of,
        subjects.radius_m,
        subjects.crown_m,
        subjects.height_m,
    )
    keys = ["subject", "object_layer", "object_id"]
    before, _ = checked(place, subjects)
    after, _ = checked(place.with_frames(**frames), there)
    both = before.merge(after, on=keys, how="outer", suffixes=("", "_after"))
    # A pair may leave or enter the list only at its very edge: the look beyond what is required.
    edge_cm = (REQUIREMENTS.look_m - 0.001) * 100.0
    inside = both[(both["difference_cm"] < edge_cm) & (both["accuracy_m"].fillna(0) < 1.0)]
    assert (inside["distance_m"] - inside["distance_m_after"]).abs().le(0.001).all()
    assert inside["required_m"].tolist() == inside["required_m_after"].tolist()
    clear = inside[inside["difference_cm"].abs() > 0.1]
    short = [clear[name] == ClearanceVerdict.SHORT for name in ("verdict", "verdict_after")]
    assert short[0].tolist() == short[1].tolist()


@pytest.mark.slow
@given(scene(), standing(), st.randoms(use_true_random=False))
@QUIET
def test_the_order_of_rows_changes_no_pair(place: District, subjects: Subjects, rng) -> None:
    frames = {
        layer: place[layer].iloc[rng.sample(range(len(place[layer])), len(place[layer]))]
        for layer in ("pipelines", "buildings", "poles", "fire_lanes")
    }
    order = rng.sample(range(len(subjects)), len(subjects))
    mixed = Subjects(
        subjects.geometry[order],
        subjects.classes,
        subjects.class_of[order],
        subjects.radius_m[order],
        subjects.crown_m[order],
        subjects.height_m[order],
    )
    before, _ = checked(place, subjects)
    after, _ = checked(place.with_frames(**frames), mixed)
    after["subject"] = np.array(order, dtype=np.intp)[after["subject"]]
    keys = ["subject", "object_layer", "object_id"]
    columns = [*keys, "verdict", "distance_m", "required_m", "clause", "note_zh"]
    pd.testing.assert_frame_equal(
        before.sort_values(keys)[columns].reset_index(drop=True),
        after.sort_values(keys)[columns].reset_index(drop=True),
    )


@given(scene(), st.floats(0.0, 0.5))
@QUIET
def test_a_subject_that_stands_on_free_ground_passes(place: District, radius_m: float) -> None:
    lamp = Subject(FeatureClass("lamp"), radius_m=radius_m)
    area = place["greening_sites"].set_index("site_id").geometry
    around = surroundings(place, REQUIREMENTS, CLASSES)
    ground = FreeGround(area, around, np.empty(0, dtype=object)).free("bed", lamp)
    corners = shapely.points(shapely.get_coordinates(ground).reshape(-1, 2))
    subjects = Subjects.standing([lamp] * len(corners), corners)
    pairs = check_pairs(subjects, around)
    assert set(worst_verdicts(pairs, len(corners), ())) <= {ClearanceVerdict.MET.value}
