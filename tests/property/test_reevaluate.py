"""After any edit of any layer, re-evaluation gives what evaluation from the start gives."""

from collections.abc import Mapping
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

import layers
from edits import Edit, apply, difference
from geo.errors import DataError
from layers.district import District
from rules import walking
from rules.book import Book, load_book
from rules.context import EvaluationContext
from rules.evaluate import Evaluation, evaluate, evaluation
from rules.reevaluate import reevaluate
from tests.every_layer import every_layer
from tests.examples import examples
from tests.tiny_town import facility, lot, tiny_town

TODAY = date(2026, 11, 23)
BOOK: Book = load_book(("ningxia", "wuzhong", "litong"))

INVENTED = every_layer()
BY_HAND = tiny_town(
    facilities=[
        facility("K", "kindergarten", 200, -10, is_shared=True),
        facility("D", "elder_day_care", 350, -10, floor_area_m2=100.0),
        facility("E", "elder_station", 450, 50, state="planned"),
    ],
    parking=[lot("P", 50, 50, spaces=9), lot("Q", 250, 50, is_public=True, spaces=4)],
)

SEEDED = (Phase.explicit, Phase.reuse, Phase.generate)
"""A seed has no simpler neighbour: shrinking it would only try others."""


@pytest.fixture(scope="module")
def judged() -> Mapping[str, Evaluation]:
    """Return both districts as they were found to be."""
    return {
        name: evaluation(EvaluationContext(district, BOOK, TODAY))
        for name, district in (("invented", INVENTED), ("by hand", BY_HAND))
    }


def assert_same(findings: gpd.GeoDataFrame, expected: gpd.GeoDataFrame) -> None:
    """Assert that two frames are equal to the last bit, types and categories included."""
    names = [name for name in expected if name != "geometry"]
    assert list(findings) == list(expected)
    pd.testing.assert_frame_equal(
        pd.DataFrame(findings[names]), pd.DataFrame(expected[names]), check_exact=True
    )
    shapes, others = (frame.geometry.to_numpy() for frame in (findings, expected))
    none = np.equal(shapes, None) & np.equal(others, None)
    assert (shapely.equals_identical(shapes, others) | none).all()
    assert findings.crs == expected.crs


def edited(frame: gpd.GeoDataFrame, layer: str, random: np.random.Generator) -> gpd.GeoDataFrame:
    """Return a layer with a few rows removed, added, moved, and cells of a column exchanged."""
    what = random.choice(["remove", "add", "move", "cells", "cells"])
    rows = np.unique(random.integers(0, len(frame), random.integers(1, 4)))
    if what == "remove":
        return frame.drop(index=rows)
    shift = random.integers(-300, 300, 2) / 10
    if what == "add":
        new = frame.iloc[rows].copy()
        new[layers.ALL[layer].key] = [f"new-{row}" for row in rows]
        new = new.set_geometry(new.geometry.translate(*shift))
        return gpd.GeoDataFrame(pd.concat([frame, new], ignore_index=True), crs=frame.crs)
    frame = frame.copy()
    if what == "move":
        moved = frame.geometry.copy()
        moved.iloc[rows] = moved.iloc[rows].translate(*shift)
        return frame.set_geometry(moved)
    spec = layers.ALL[layer]
    column = random.choice([c.name for c in spec.columns if c.name != spec.key])
    cells = frame[column].copy()
    cells.iloc[rows] = cells.iloc[random.integers(0, len(frame), len(rows))].to_numpy()
    if not spec.column(column).required and random.random() < 0.5:
        cells.iloc[rows] = None
    frame[column] = cells
    return frame


def drawn_edit(district: District, chosen: list[str], seed: int) -> Edit:
    """Return a random edit of some layers; one that leaves an id without its row is thrown away."""
    random = np.random.default_rng(seed)
    frames = {name: edited(district[name], name, random) for name in chosen if len(district[name])}
    try:
        return difference(district, district.with_frames(**frames))
    except DataError:
        assume(False)
        raise


some_layers = st.lists(st.sampled_from(layers.SURVEYED), min_size=1, max_size=3, unique=True)


@pytest.mark.slow
@settings(examples(40), phases=SEEDED)
@given(
    name=st.sampled_from(["invented", "by hand"]),
    chosen=some_layers,
    seed=st.integers(0, 2**32 - 1),
    assumed=st.booleans(),
)
def test_reevaluation_equals_evaluation_after_any_edit(judged, name, chosen, seed, assumed):
    before = judged[name]
    edit = drawn_edit(before.context.district, chosen, seed)
    after = apply(before.context.district, edit, assumed=assumed)
    found = reevaluate(before, edit, assumed=assumed)
    assert_same(found.findings, evaluate(after, BOOK, TODAY))
    assert found.context.district.version == after.version


@pytest.mark.slow
@pytest.mark.parametrize("layer", layers.SURVEYED)
def test_reevaluation_equals_evaluation_after_an_edit_of_each_layer(judged, layer):
    before = judged["invented"]
    for seed in range(40):
        random = np.random.default_rng(seed)
        try:
            after = INVENTED.with_frames(**{layer: edited(INVENTED[layer], layer, random)})
        except DataError:
            continue  # a row that others refer to cannot go
        found = reevaluate(before, difference(INVENTED, after))
        assert_same(found.findings, evaluate(after, BOOK, TODAY))
        return
    pytest.fail("no edit of this layer is possible")


@settings(examples(40), phases=SEEDED)
@given(chosen=some_layers, seed=st.integers(0, 2**32 - 1))
def test_an_edit_taken_back_leaves_the_findings_as_they_were(judged, chosen, seed):
    before = judged["by hand"]
    edit = drawn_edit(BY_HAND, chosen, seed)
    back = reevaluate(reevaluate(before, edit), edit.inverted())
    assert_same(back.findings, before.findings)


@pytest.mark.slow
@settings(examples(40), phases=SEEDED)
@given(
    chosen=st.lists(st.sampled_from(["facilities", "parking"]), min_size=3, max_size=3),
    seed=st.integers(0, 2**32 - 1),
)
def test_one_edit_of_places_after_another_is_judged_like_the_first(judged, chosen, seed):
    # Routes and pairs are kept from one edit to the next, on a grid where many walks are as long.
    found = judged["by hand"]
    for step, layer in enumerate(chosen):
        district = found.context.district
        assume(len(district[layer]))
        found = reevaluate(found, drawn_edit(district, [layer], seed + step))
        assert_same(found.findings, evaluate(found.context.district, BOOK, TODAY))


def test_a_new_facility_is_judged_by_the_rules_on_its_kind_alone(judged, monkeypatch):
    before = judged["by hand"]
    rows = [facility("N", "pharmacy", 120, -10)]
    new = tiny_town(facilities=rows)["facilities"]
    frame = gpd.GeoDataFrame(pd.concat([BY_HAND["facilities"], new]), crs=new.crs)
    edit = difference(BY_HAND, BY_HAND.with_frames(facilities=frame))
    asked: list[str] = []
    judge = reevaluate.__globals__["judge_rule"]
    monkeypatch.setitem(
        reevaluate.__globals__,
        "judge_rule",
        lambda context, rule: asked.append(rule.id) or judge(context, rule),
    )
    found = reevaluate(before, edit)
    about = {
        rule.id for rule in BOOK.in_force(TODAY) if "pharmacy" in getattr(rule.measure, "kinds", ())
    }
    assert set(asked) == about
    assert walking.starts(found.context) is walking.starts(before.context)
    assert found.context.district.network is before.context.district.network
