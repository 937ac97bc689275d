"""Every planted stair unit gets the answer that was drawn, and for the reason that was drawn."""

from datetime import date

import numpy as np
import pytest

from lifts.siting import site_lifts
from rules.book import load_book
from rules.context import EvaluationContext
from tests.unit.lifts.plots import plots, town

TODAY = date(2026, 11, 30)
PLOTS = plots()


def sited(district, book=None):
    """Return where lifts fit in a district."""
    return site_lifts(EvaluationContext(district, book or load_book(), TODAY))


@pytest.fixture(scope="module")
def found():
    """Return the answers for all plots."""
    return sited(town(PLOTS))


def place_of(found, number, position, load):
    """Return the position of a place among all."""
    places = found.places
    mine = (places["unit"] == number) & (places["position"] == position)
    return int(np.flatnonzero(mine & (places["load_kg"] == load))[0])


def said_of(found, place):
    """Return every check that says something of a place, with effect and figure."""
    rows = found.conditions[found.conditions["candidate"] == place]
    return {
        row.check: (row.effect, row.amount if np.isnan(row.measured) else row.measured)
        for row in rows.itertuples()
    }


def test_there_are_many_plots():
    assert len({plot.name for plot in PLOTS}) == len(PLOTS) >= 80


@pytest.mark.parametrize("number", range(len(PLOTS)), ids=[plot.name for plot in PLOTS])
def test_a_unit_gets_the_answer_and_the_reason_that_were_drawn(found, number):
    plot, unit = PLOTS[number], found.units.iloc[number]
    assert unit["outcome"] == plot.outcome
    if plot.best is not None:
        best = found.places.iloc[unit["place"]]
        assert (best["position"], best["load_kg"]) == plot.best
    for (position, load), expected in plot.met.items():
        said = said_of(found, place_of(found, number, position, load))
        assert {check: effect for check, (effect, _) in said.items()} == {
            check: effect for check, (effect, _) in expected.items()
        }
        for check, (_, figure) in expected.items():
            if figure is not None:
                assert said[check][1] == pytest.approx(figure, abs=0.006)


@pytest.mark.parametrize("layer", ["pipelines", "fire_lanes"])
def test_a_layer_that_nobody_surveyed_and_that_may_block_leaves_the_answer_unknown(layer):
    found = sited(town([PLOTS[0]], without=(layer,)))
    assert found.units["outcome"].tolist() == ["unknown"]
    lacking = found.conditions[found.conditions["check"] == "lacking"]
    assert set(lacking["layer"]) == {layer}


def test_what_blocks_blocks_though_pipes_were_never_surveyed():
    narrow = next(plot for plot in PLOTS if plot.name.startswith("lane of 3.99"))
    assert sited(town([narrow], without=("pipelines",))).units["outcome"].tolist() == [
        "not_feasible"
    ]


def test_trees_that_nobody_surveyed_have_to_be_looked_for():
    found = sited(town([PLOTS[0]], without=("trees",)))
    assert found.units["outcome"].tolist() == ["conditional"]
    front = place_of(found, 0, "front", 630)
    assert said_of(found, front) == {"lacking": ("verify", pytest.approx(np.nan, nan_ok=True))}


def test_the_water_pipe_under_the_pit_moves_by_a_metre_and_a_fifth(found):
    name = "water 0.15 m inside the front of the shaft"
    number = next(i for i, plot in enumerate(PLOTS) if plot.name == name)
    rows = found.conditions
    row = rows[rows["candidate"] == place_of(found, number, "front", 630)].iloc[0]
    assert "1.20" in row["note_zh"]  # 0.15 inside, 1.0 clear, half of 0.1
    assert row["amount"] == pytest.approx(2.2 + 2 * 1.05, abs=0.01)  # beside the shaft as well


def test_every_condition_names_its_clause_and_how_sure_it_is(found):
    assert (found.conditions["clause"] != "").all()
    assert (found.conditions["verified"] != "").all()


def test_units_that_serve_most_households_for_the_least_moved_come_first(found):
    first = found.units.sort_values("first")
    first = first[first["first"] > 0]
    free = (first["outcome"] == "feasible").tolist()
    assert free == sorted(free, reverse=True)
    assert first["first"].tolist() == list(range(1, len(first) + 1))
