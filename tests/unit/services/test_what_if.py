"""What if: a scenario tried on a town in which every walk fits in the head."""

from datetime import date

import pandas as pd
import pytest

from edits import named
from edits.scenario import Scenario, Step
from edits.scenario_text import scenario_to_json
from geo.errors import DataError
from layers.findings import is_gap
from services.assessment import Workspace, assess
from services.comparison import Change
from services.scenarios import Event, delete, promote, save, saved
from services.what_if import what_if
from store import ConflictError, Signature, open_store
from tests.tiny_town import ORIGIN, UNITS, facility, point, tiny_town

TODAY = date(2026, 11, 23)
TOWN = tiny_town(facilities=[facility("K", "kindergarten", 200, -10)])
LI, WANG = (Signature(name, "2026-11-23T09:00:00+08:00") for name in ("李", "王"))


@pytest.fixture(scope="module")
def before():
    return assess(Workspace.of(TOWN), TODAY)


def _station(town=TOWN, key="N", x=50):
    cells = {**ORIGIN, "floor_area_m2": 400.0}
    return named.add_facility(town, key, "elder_day_care", point(x, -10), cells)


def _scenario(*edits, town=TOWN):
    return Scenario("方案一", town.version, tuple(Step(edit) for edit in edits))


@pytest.mark.slow
def test_every_finding_that_changes_is_shown_as_it_was_and_as_it_is(before):
    nearer = named.add_facility(TOWN, "N", "kindergarten", point(50, -10), ORIGIN)
    trial = what_if(before, _scenario(nearer))
    changes = trial.comparison.changes.set_index(["rule_id", "estate_id"])
    # From A's doors: to K 20 m and along the street from x=50 to 200, to N 20 m. See tiny_town.
    walks = changes.loc[("kindergarten.access", "A"), ["value_before", "value_after"]]
    assert walks["value_after"] < walks["value_before"]
    both = assess(before.workspace, TODAY), trial.comparison.after
    for side, one in zip(("before", "after"), both, strict=True):
        table = one.full.set_index(["rule_id", "estate_id"]).loc[changes.index]
        for name in ("value", "degree", "statement", "reason_zh"):
            expected = table[name].astype(object)
            pd.testing.assert_series_equal(
                changes[f"{name}_{side}"].astype(object), expected, check_names=False
            )


@pytest.mark.slow
def test_the_findings_that_are_not_listed_are_equal(before):
    trial = what_if(before, _scenario(_station()))
    tables = [
        pd.DataFrame(one.full).set_index(["estate_id", "rule_id"])[["outcome", "value", "members"]]
        for one in (before, trial.comparison.after)
    ]
    listed = pd.MultiIndex.from_frame(trial.comparison.changes[["estate_id", "rule_id"]])
    same = [table.drop(index=listed) for table in tables]
    pd.testing.assert_frame_equal(*same)
    assert len(same[0]) < len(tables[0])


def test_closed_less_opened_is_the_difference_of_the_counts(before):
    trial = what_if(before, _scenario(_station()))
    counts = trial.comparison.counts
    was, now = (int(is_gap(one.findings).sum()) for one in (before, trial.comparison.after))
    assert counts[Change.CLOSED] + counts[Change.STILL_OPEN] == was
    assert counts[Change.OPENED] + counts[Change.STILL_OPEN] == now
    kinds = trial.comparison.by_kind
    assert (int(kinds["gaps_before"].sum()), int(kinds["gaps_after"].sum())) == (was, now)


@pytest.mark.slow
def test_a_lift_serves_the_households_of_its_unit():
    """A-1-1 has 12 of A's 20 households, and A 12 elders: 12 x 12 / 20 = 7.2 by their share."""
    units = [{**one, "has_lift": False, "storeys": 6} for one in UNITS]
    town = tiny_town(units=units)
    lift = _scenario(named.fit_elevator(town, "A-1-1"), town=town)
    comparison = what_if(assess(Workspace.of(town), TODAY), lift).comparison
    (row,) = comparison.served.to_dict("records")
    assert (row["estate_id"], row["gap_kind"], row["households"]) == ("A", "elevator", 12)
    assert row["elders"] == pytest.approx(7.2)
    changes = comparison.changes.set_index("rule_id")
    # The other unit of A still has none: the gap stays, of 8 households.
    assert changes.loc["lift.retrofit_candidate", "change"] == Change.STILL_OPEN
    assert changes.loc["lift.retrofit_candidate", "exposed_households_after"] == 8


def test_a_scenario_of_nothing_changes_nothing(before):
    trial = what_if(before, _scenario())
    assert trial.comparison.changes.empty
    assert trial.comparison.by_estate.empty


@pytest.mark.slow
def test_a_scenario_is_kept_changed_and_taken_off_the_list(tiny_folder):
    store = open_store(tiny_folder, "")
    town = store.read()
    gate = town["entrances"]["entrance_id"].iloc[0]
    first = _scenario(named.close_gate(town, gate), town=town)
    one = save(store, first, entry=LI, seen=0)
    (kept,) = saved(store)
    assert (kept.by, kept.event, kept.seq) == ("李", Event.SAVED, one.seq)
    assert scenario_to_json(kept.scenario) == scenario_to_json(first)
    with pytest.raises(ConflictError):
        save(store, first, entry=WANG, seen=0)
    two = save(store, first.switched(0, is_on=False), entry=WANG, seen=one.seq)
    assert not saved(store)[0].scenario.steps[0].is_on
    delete(store, first, entry=LI, seen=two.seq)
    assert saved(store) == []
    assert store.read().version == town.version
    store.verify()


@pytest.mark.slow
def test_what_is_promoted_is_what_was_tried(tiny_folder):
    store = open_store(tiny_folder, "")
    before = assess(Workspace.opened(store), TODAY)
    town = before.workspace.district
    shop = named.add_facility(town, "NEW", "toilet", town["entrances"].geometry.iloc[0], ORIGIN)
    scenario = _scenario(shop, named.close_gate(town, town["entrances"]["entrance_id"].iloc[0]))
    trial = what_if(before, scenario).comparison.after
    entry = promote(store, scenario, entry=LI, seen=0)
    after = assess(Workspace.opened(store), TODAY)
    assert entry.version == after.workspace.district.version
    assert after.workspace.district.surveyed_kinds == town.surveyed_kinds
    pd.testing.assert_frame_equal(
        pd.DataFrame(after.full).drop(columns="geometry"),
        pd.DataFrame(trial.full).drop(columns="geometry"),
    )
    assert saved(store)[0].event == Event.PROMOTED
    store.verify()


@pytest.mark.slow
def test_a_scenario_that_no_longer_fits_is_not_promoted(tiny_folder):
    store = open_store(tiny_folder, "")
    town = store.read()
    gate = town["entrances"]["entrance_id"].iloc[0]
    scenario = _scenario(named.close_gate(town, gate), town=town)
    store.apply(named.close_gate(town, gate), base=town.version, entry=WANG)
    version = store.read().version
    with pytest.raises(DataError, match=gate):
        promote(store, scenario, entry=LI, seen=0)
    with pytest.raises(DataError, match="no step is on"):
        promote(store, scenario.switched(0, is_on=False), entry=LI, seen=0)
    assert store.read().version == version
