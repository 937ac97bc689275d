"""Lifts: more room never spoils a place, less never mends it, however it is drawn."""

from dataclasses import replace
from datetime import date

import hypothesis.strategies as st
import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings

from layers.district import District
from lifts.siting import Outcome, site_lifts
from rules.book import load_book
from rules.context import EvaluationContext
from tests.examples import examples
from tests.tiny_town import CRS_4544, frame
from tests.unit.lifts.plots import Plot, box, town, town_rows

TODAY = date(2026, 11, 30)
BOOK = load_book()
RANK = {outcome.value: place for place, outcome in enumerate(Outcome)}

metres = st.integers(0, 600).map(lambda tenth: tenth / 10)
near = st.integers(150, 500).map(lambda tenth: tenth / 10)
size = st.integers(1, 120).map(lambda tenth: tenth / 10)
pipes = st.builds(
    lambda kind, width, y, z, depth: {
        "kind": kind,
        "diameter_mm": width,
        "depth_m": depth,
        "accuracy_m": 0.1,
        "at": ((0.0, y), (60.0, z)),
    },
    st.sampled_from(["JS", "RQ", "RL", "DL"]),
    st.sampled_from([50.0, 300.0]),
    near,
    near,
    st.sampled_from([1.0, None]),
)
trees = st.builds(lambda x, y: {"kind": "tree", "at": ((x, y),)}, metres, near)
lanes = st.builds(
    lambda y, w: {"kind": "lane", "at": box(0, y, 60, w)},
    st.integers(150, 290).map(lambda tenth: tenth / 10),
    size,
)
houses = st.builds(
    lambda x, y, w, h: {"use": "other", "at": box(x, y, w, h)},
    metres,
    st.integers(0, 200).map(lambda tenth: tenth / 10),
    size,
    size.filter(lambda h: h < 8),
)
surroundings = st.fixed_dictionaries(
    {
        "pipelines": st.lists(pipes, max_size=3),
        "trees": st.lists(trees, max_size=3),
        "fire_lanes": st.lists(lanes, max_size=2),
        "buildings": st.lists(houses, max_size=2),
    }
)


PLOT = town([Plot("plot", "")])


def drawn(rows) -> District:
    """Return one plot with things around it."""
    full = town_rows([Plot("plot", "", rows=rows)])
    return PLOT.with_frames(**{layer: frame(layer, full[layer]) for layer in rows})


def sited(district, book=BOOK):
    """Return where lifts fit."""
    return site_lifts(EvaluationContext(district, book, TODAY))


def ranks(found):
    """Return how good each place is, 0 the best; places are the same in every plot."""
    return found.places["outcome"].map(RANK).to_numpy()


@settings(examples(20))
@given(surroundings, st.data())
def test_taking_something_away_never_makes_a_place_worse(rows, data):
    things = [(layer, i) for layer, some in rows.items() for i in range(len(some))]
    if not things:
        return
    layer, gone = data.draw(st.sampled_from(things))
    less = {**rows, layer: [row for i, row in enumerate(rows[layer]) if i != gone]}
    assert (ranks(sited(drawn(less))) <= ranks(sited(drawn(rows)))).all()


def wider(book, more_m):
    """Return a book that asks more distance from every pipe and more width of every lane."""
    tables = tuple(
        table.model_copy(
            update={
                "rows": tuple(
                    row.model_copy(
                        update={"figures": {k: v + more_m for k, v in row.figures.items()}}
                    )
                    for row in table.rows
                )
            }
        )
        for table in book.clearances.tables
    )
    rules = tuple(
        rule.model_copy(update={"value": rule.value + more_m})
        if rule.id in {"lift.siting.fire_lane", "lift.siting.opposite_building"}
        else rule
        for rule in book.rules
    )
    return replace(book, clearances=replace(book.clearances, tables=tables), rules=rules)


@settings(examples(20))
@given(surroundings, st.integers(1, 40).map(lambda tenth: tenth / 10))
def test_asking_more_distance_never_makes_a_place_better(rows, more_m):
    district = drawn(rows)
    assert (ranks(sited(district, wider(BOOK, more_m))) >= ranks(sited(district))).all()


@settings(examples(20))
@given(surroundings, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(rows, random):
    mixed = {layer: random.sample(some, len(some)) for layer, some in rows.items()}
    one, other = sited(drawn(rows)), sited(drawn(mixed))
    assert one.places["outcome"].tolist() == other.places["outcome"].tolist()
    for name in ("measured", "amount"):
        assert sorted(one.conditions[name].dropna()) == sorted(other.conditions[name].dropna())


@pytest.mark.slow
@settings(examples(20))
@example({"fire_lanes": [{"kind": "lane", "at": box(0, 18.1, 60, 9.2)}]}, 1, 0)  # the lane's cut
@given(surroundings, st.integers(0, 359), st.integers(-9000, 9000))
def test_a_district_turned_and_moved_gets_the_same_figures_to_the_millimetre(rows, degrees, east):
    district = drawn(rows)
    angle = np.radians(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    middle = np.array([600_030.0, 4_200_030.0])

    def moved(frame):
        shapes = shapely.transform(
            frame.geometry.to_numpy(), lambda xy: (xy - middle) @ turn.T + middle + [east, 0]
        )
        return frame.set_geometry(shapes, crs=CRS_4544)

    frames = {name: moved(frame) for name, frame in district.frames.items()}
    one, other = sited(district), sited(District.from_frames(frames, crs=CRS_4544, name="turned"))
    keys = ["candidate", "check", "layer", "object_id"]
    both = one.conditions.merge(other.conditions, on=keys, suffixes=("", "_turned"))
    assert len(both) == len(one.conditions) == len(other.conditions)
    for name in ("measured", "amount"):
        np.testing.assert_allclose(both[name], both[f"{name}_turned"], atol=0.0101)
