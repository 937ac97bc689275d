"""Properties of the findings that hold for any town: more is never worse, less is never missing."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import layers
from geo.catchment import route
from layers.district import District
from rules.book import Book, load_book
from rules.context import EvaluationContext
from rules.evaluate import evaluate
from rules.grammar import Walk
from tests.examples import examples
from tests.tiny_town import BUILDINGS, ESTATES, UNITS, facility, lot, tiny_town

TODAY = date(2026, 11, 23)
BOOK: Book = load_book(("ningxia", "wuzhong", "litong"))
RANK = {"met": 0, "short": 1, "missing": 2}
WALKS = {
    rule.id: rule.measure.kinds
    for rule in BOOK.in_force(TODAY)
    if isinstance(rule.measure, Walk) and rule.measure.layer == "facilities"
}


def ranks(findings: pd.DataFrame) -> pd.Series:
    return findings["outcome"].astype(object).map(RANK)


spot = st.tuples(st.integers(-40, 640), st.integers(-40, 240))
lots = st.lists(st.tuples(spot, st.integers(0, 50), st.booleans()), max_size=6)


def parking(drawn) -> list:
    """Return drawn car parks as rows."""
    return [
        lot(f"P{i}", *place, name=f"P{i}", spaces=spaces, is_public=public)
        for i, (place, spaces, public) in enumerate(drawn)
    ]


@examples(25)
@given(rule=st.sampled_from(sorted(WALKS)), there=st.lists(spot, max_size=3), new=spot)
def test_a_new_facility_never_makes_access_worse(rule, there, new):
    kind = WALKS[rule][0]
    size = {"floor_area_m2": 500.0, "land_area_m2": 500.0}
    rows = [facility(f"F{i}", kind, *place, **size) for i, place in enumerate([*there, new])]
    before = evaluate(tiny_town(facilities=rows[:-1]), BOOK, TODAY, only=[rule])
    after = evaluate(tiny_town(facilities=rows), BOOK, TODAY, only=[rule])
    assert (ranks(after) <= ranks(before)).all()
    assert (after["severity"] <= before["severity"] + 1e-12).all()
    was, now = before["value"].fillna(np.inf), after["value"].fillna(np.inf)
    assert (now <= was + 1e-9).all()


def shared_by_hand(district: District, within_m: float) -> dict[str, float]:
    """Share bays one lot and one door at a time, with the walk of each pair searched alone."""
    context = EvaluationContext(district, BOOK, TODAY)
    doors, given_to = context.doors, dict.fromkeys("ABC", 0.0)
    for car_park in district["parking"].itertuples():
        point = np.array([car_park.geometry.x, car_park.geometry.y])
        home = context.rows("parking").estate[
            list(context.rows("parking").ids).index(car_park.parking_id)
        ]
        users = []
        for door, owner in enumerate(doors.estate):
            if owner == home and home >= 0:
                users.append(door)
            elif car_park.is_public:
                walk = route(district.network, doors.points[door], point)
                users += [door] if walk is not None and walk.length <= within_m else []
        heads = sum(doors.households[door] for door in users)
        for door in users:
            share = car_park.spaces * doors.households[door] / heads
            given_to["ABC"[doors.estate[door]]] += share
    return given_to


@examples(25)
@given(drawn=lots)
def test_shared_bays_are_allotted_once_as_counted_by_hand(drawn):
    town = tiny_town(parking=parking(drawn))
    found = evaluate(town, BOOK, TODAY, only=["parking.ratio.old"])
    households = np.array([row["households"] for row in ESTATES])
    allotted = found["value"].to_numpy() * households
    assert allotted.sum() <= sum(spaces for _, spaces, _ in drawn) + 1e-6
    assert allotted == pytest.approx(list(shared_by_hand(town, 300.0).values()))


@pytest.mark.slow
@examples(15)
@given(drawn=lots, times=st.integers(2, 9))
def test_shares_scale_with_supply_and_against_demand(drawn, times):
    def values(spaces: int, households: int) -> np.ndarray:
        rows = [row | {"spaces": row["spaces"] * spaces} for row in parking(drawn)]
        homes = {
            "estates": [row | {"households": row["households"] * households} for row in ESTATES],
            "units": [row | {"households": row["households"] * households} for row in UNITS],
            "buildings": [
                {"building_id": f"{row['estate_id']}-1", "geometry": row["geometry"]}
                | {"estate_id": row["estate_id"], "households": row["households"] * households}
                for row in ESTATES
            ]
            + [BUILDINGS[-1]],
        }
        found = evaluate(tiny_town(parking=rows, **homes), BOOK, TODAY, only=["parking.ratio.old"])
        return found["value"].to_numpy()

    once = values(1, 1)
    assert values(times, 1) == pytest.approx(once * times)
    assert values(1, times) == pytest.approx(once / times)
    assert values(times, times) == pytest.approx(once)


@pytest.fixture(scope="module")
def known(tiny_demo: District) -> pd.DataFrame:
    """Return what is found when everything that was surveyed is known."""
    return evaluate(tiny_demo, BOOK, TODAY)


BLANKABLE = [
    (layer, column.name)
    for layer in layers.SURVEYED
    if layer not in ("towns", "walkways")
    for column in layers.ALL[layer].own_columns
    if not column.required and column.name not in ("name", "address", "species", "estate_id")
]
# Some columns have something to fall back on: people are estimated, a place of unknown state counts
# as open, a house of unknown use as a home. Blanking those may change a verdict; it may never make
# one missing. Whose a row is, is no attribute: without it the place decides (tests/unit/rules).
TOTALS = [rule.id for rule in BOOK.in_force(TODAY) if rule.measure.by == "agreement"]
FALLS_BACK = ("households", "persons", "elders", "state", "use")


@pytest.mark.slow
@examples(20)
@given(where=st.sampled_from(BLANKABLE), share=st.sampled_from([0.2, 0.5, 1.0]), seed=st.integers())
def test_removing_data_never_makes_anything_missing(tiny_demo, known, where, share, seed):
    layer, column = where
    frame = tiny_demo[layer].copy()
    blank = np.random.default_rng(abs(seed)).random(len(frame)) < share
    frame[column] = frame[column].mask(blank)
    after = evaluate(tiny_demo.with_frames(**{layer: frame}), BOOK, TODAY)
    assert not ((after["outcome"] == "missing") & (known["outcome"] != "missing")).any()
    if column not in FALLS_BACK:
        # What was missing may now be short at best; what did not apply may now, and would be met.
        milder = (known["outcome"] == "missing") & (after["outcome"] == "short")
        milder |= (known["outcome"] == "not_applicable") & (after["outcome"] == "met")
        # Where one total is stated, there is none that it could disagree with.
        milder |= known["rule_id"].isin(TOTALS) & (after["outcome"] == "not_applicable")
        changed = (after["outcome"] != known["outcome"]) & ~milder
        assert set(after.loc[changed, "outcome"]) <= {"unknown"}


@pytest.mark.slow
@examples(5)
@given(seed=st.integers(0, 2**32 - 1))
def test_the_order_of_rows_changes_nothing(tiny_demo, known, seed):
    random = np.random.default_rng(seed)
    shuffled = {
        name: frame.iloc[random.permutation(len(frame))]
        for name, frame in tiny_demo.frames.items()
        if len(frame)
    }
    again = evaluate(tiny_demo.with_frames(**shuffled), BOOK, TODAY)
    pd.testing.assert_frame_equal(again.drop(columns="geometry"), known.drop(columns="geometry"))
    assert again.geometry.geom_equals(known.geometry).loc[known.geometry.notna()].all()


@examples(10)
@given(drawn=lots, extra=st.tuples(spot, st.integers(1, 50)))
def test_more_public_bays_never_leave_an_estate_with_fewer(drawn, extra):
    place, spaces = extra
    more = lot("Z", *place, name="Z", spaces=spaces, is_public=True)
    rows = parking(drawn)
    before = evaluate(tiny_town(parking=rows), BOOK, TODAY, only=["parking.ratio.old"])
    after = evaluate(tiny_town(parking=[*rows, more]), BOOK, TODAY, only=["parking.ratio.old"])
    was = before["value"].where(before["outcome"] != "unknown")
    assert (after["value"] >= was.fillna(0.0) - 1e-12).all()
