"""Scenarios: a step removed restores every finding, in whatever order steps were taken."""

from datetime import date
from functools import cache

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edits import named
from edits.scenario import Scenario, Step
from services.assessment import Assessment, Workspace, assess
from services.what_if import what_if
from tests.examples import examples
from tests.tiny_town import ORIGIN, UNITS, facility, point, tiny_town

TOWN = tiny_town(
    facilities=[facility("K", "kindergarten", 200, -10)],
    units=[{**one, "has_lift": False, "storeys": 6} for one in UNITS],
    entrances=[
        {"entrance_id": "G", "estate_id": "A", "state": "open", "geometry": point(50, 10)},
    ],
)
CHOICES = (
    named.fit_elevator(TOWN, "A-1-1"),
    named.fit_elevator(TOWN, "B-1-1", load_kg=800.0),
    named.close_facility(TOWN, "K"),
    named.close_gate(TOWN, "G"),
    named.add_facility(TOWN, "N1", "shop", point(40, -10), ORIGIN),
    named.add_facility(
        TOWN, "N2", "elder_station", point(350, -10), {**ORIGIN, "floor_area_m2": 300.0}
    ),
)


@cache
def before() -> Assessment:
    """Return the town as it is found to be."""
    return assess(Workspace.of(TOWN), date(2026, 11, 23))


def _scenario(chosen):
    return Scenario("s", TOWN.version, tuple(Step(CHOICES[one]) for one in chosen))


def _table(assessment):
    return pd.DataFrame(assessment.findings).drop(columns="geometry")


@pytest.mark.slow
@examples(25)
@given(chosen=st.permutations(range(len(CHOICES))), out=st.integers(0, len(CHOICES) - 1))
def test_a_step_switched_off_is_as_if_it_had_never_been_taken(chosen, out):
    whole = _scenario(chosen)
    off = what_if(before(), whole.switched(out, is_on=False)).comparison.after
    never = what_if(before(), whole.without_step(out)).comparison.after
    pd.testing.assert_frame_equal(_table(off), _table(never))


@examples(25)
@given(chosen=st.lists(st.sampled_from(range(len(CHOICES))), unique=True))
def test_all_steps_taken_back_leave_the_findings_as_they_were(chosen):
    there = _scenario(chosen)
    back = tuple(Step(step.edit.inverted()) for step in reversed(there.steps))
    both = Scenario("s", TOWN.version, there.steps + back)
    trial = what_if(before(), both)
    assert trial.comparison.changes.empty
    pd.testing.assert_frame_equal(_table(trial.comparison.after), _table(before()))


@pytest.mark.slow
@examples(25)
@given(first=st.permutations(range(len(CHOICES))))
def test_the_order_of_independent_steps_is_of_no_matter(first):
    one, other = (
        what_if(before(), _scenario(chosen)).comparison.after
        for chosen in (first, range(len(CHOICES)))
    )
    assert one.workspace.district.version == other.workspace.district.version
    pd.testing.assert_frame_equal(_table(one), _table(other))
