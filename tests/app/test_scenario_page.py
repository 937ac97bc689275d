"""The scenario page: begun, tried, kept, and signed into the district; the gap map follows."""

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from edits.scenario_text import scenario_to_json
from services.scenarios import Event, saved
from store import open_store
from tests.app.test_pages import run_page


@pytest.fixture
def app(tiny_folder: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """Return the page on a district of its own."""
    monkeypatch.setenv("LITONG_DISTRICT", str(tiny_folder))
    page = AppTest.from_function(run_page, args=("scenario", "zh"), default_timeout=60)
    return page.run()


def _begin(app: AppTest, name: str = "试算") -> AppTest:
    app.text_input(key="scenario_name").set_value(name).run()
    return app.button(key="scenario_begin").click().run()


def _close_gate(app: AppTest) -> AppTest:
    app.selectbox(key="step_what").select("close_gate").run()
    return app.button(key="step_add").click().run()


def _signed(app: AppTest) -> AppTest:
    return app.text_input(key="officer").set_value("李").run()


@pytest.mark.slow
def test_steps_are_added_switched_off_and_removed(app):
    _close_gate(_begin(app))
    (toggle,) = [one for one in app.toggle if one.key.startswith("step_on_")]
    assert toggle.value
    toggle.set_value(False).run()
    assert not next(one for one in app.toggle if one.key.startswith("step_on_")).value
    next(one for one in app.button if one.key.startswith("step_out_")).click().run()
    assert not [one for one in app.toggle if one.key.startswith("step_on_")]
    assert [error.value for error in app.exception] == []


def test_a_facility_is_placed_by_coordinates(app, tiny_folder):
    _begin(app)
    app.text_input(key="step_at").set_value("106.2，37.98").run()
    app.button(key="step_add").click().run()
    _signed(app).button(key="scenario_keep").click().run()
    (kept,) = saved(open_store(tiny_folder))
    (change,) = kept.scenario.steps[0].edit
    assert (change.layer, change.key) == ("facilities", "NEW-1")
    # The meridian from the equator to 37.98 N is some 4,205 km long.
    assert 4_190_000 < change.after["geometry"].y < 4_220_000


@pytest.mark.slow
def test_a_scenario_is_kept_under_a_name_and_found_again(app, tiny_folder):
    _close_gate(_begin(app))
    app.button(key="scenario_keep").click().run()
    assert "经办人" in " ".join(one.value for one in app.text)  # nobody has signed yet
    _signed(app).button(key="scenario_keep").click().run()
    (kept,) = saved(open_store(tiny_folder))
    assert (kept.scenario.name, kept.by, len(kept.scenario.steps)) == ("试算", "李", 1)
    assert open_store(tiny_folder).read().version == kept.scenario.version


@pytest.mark.slow
def test_a_name_is_given_once(app):
    _signed(_close_gate(_begin(app))).button(key="scenario_keep").click().run()
    app.selectbox(key="scenario").select("").run()
    _begin(app)
    assert any("已有名为" in one.value for one in app.text)


@pytest.mark.slow
def test_what_is_signed_in_changes_the_district(app, tiny_folder):
    version = open_store(tiny_folder).read().version
    _signed(_close_gate(_begin(app)))
    assert app.button(key="scenario_promote").disabled
    app.checkbox(key="scenario_sure").check().run()
    app.button(key="scenario_promote").click().run()
    store = open_store(tiny_folder)
    assert store.read().version != version
    assert saved(store)[0].event == Event.PROMOTED
    assert scenario_to_json(saved(store)[0].scenario)
    store.verify()


@pytest.mark.slow
def test_the_gap_map_shows_the_district_as_the_scenario_makes_it(app, tiny_folder, monkeypatch):
    _signed(_close_gate(_begin(app))).button(key="scenario_keep").click().run()
    monkeypatch.setenv("LITONG_DISTRICT", str(tiny_folder))
    page = AppTest.from_function(run_page, args=("gaps", "en"), default_timeout=60)
    page.query_params["scenario"] = "试算"
    page.run()
    assert [error.value for error in page.exception] == []
    assert "an assumption" in _line(page)
    page.selectbox(key="scenario").select("").run()
    assert _line(page) == ""


def _line(page: AppTest) -> str:
    """Return what the map is told to say of the scenario."""
    (component,) = page.get("bidi_component")
    return str(json.loads(component.proto.json)["trial"]["line"])
