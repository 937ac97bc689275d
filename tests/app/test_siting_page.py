"""The siting page: a wish is answered, shown and made a scenario that other pages look at."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import TextInput

from store import Signature, open_store
from tests.app.test_pages import run_page
from tests.every_layer import candidate_site


def _page(folder: Path, monkeypatch: pytest.MonkeyPatch, language: str = "zh") -> AppTest:
    monkeypatch.setenv("LITONG_DISTRICT", str(folder))
    app = AppTest.from_function(run_page, args=("siting", language), default_timeout=60)
    return app.run()


def _name(app: AppTest) -> TextInput:
    """Return the field of the name under which an answer becomes a scenario."""
    (field,) = [one for one in app.text_input if str(one.key).startswith("siting_name")]
    return field


@pytest.mark.slow
@pytest.mark.parametrize(("language", "said"), [("zh", "存为情景"), ("en", "Make it a scenario")])
def test_a_wish_is_answered_and_becomes_a_scenario(tiny_folder, monkeypatch, language, said):
    app = _page(tiny_folder, monkeypatch, language)
    app.button(key="siting_run").click().run()
    before, after = (int(one.value.replace(",", "")) for one in app.metric[:2])
    assert after > before
    made = app.button(key="siting_scenario")
    assert made.label == said
    _name(app).set_value("两处").run()
    app.button(key="siting_scenario").click().run()
    assert app.session_state["scenario"] == "两处"
    assert not app.exception


@pytest.mark.slow
def test_the_name_offered_is_that_of_the_answer_shown(tiny_folder, monkeypatch):
    app = _page(tiny_folder, monkeypatch)
    app.button(key="siting_run").click().run()
    assert _name(app).value.startswith("新建养老服务站")
    app.selectbox(key="siting_kind").select("pharmacy").run()
    app.button(key="siting_run").click().run()
    assert _name(app).value.startswith("新建药店")


def test_a_wish_that_cannot_be_met_names_the_estates(tiny_folder, monkeypatch):
    app = _page(tiny_folder, monkeypatch)
    app.number_input(key="siting_spacing").set_value(0).run()
    app.selectbox(key="siting_objective").select("fewest").run()
    app.button(key="siting_run").click().run()
    assert any("无法满足" in one.value for one in app.error)
    (left,) = [one.value for one in app.dataframe if "未覆盖户数" in one.value]
    assert len(left)
    assert not app.exception


def test_without_number_and_budget_a_sentence_says_what_is_missing(tiny_folder, monkeypatch):
    app = _page(tiny_folder, monkeypatch)
    app.number_input(key="siting_count").set_value(0).run()
    app.button(key="siting_run").click().run()
    assert "新建处数或资金" in " ".join(one.value for one in app.text)
    assert not app.exception


@pytest.mark.slow
def test_places_are_made_up_only_where_nobody_brought_sites(tiny_folder, monkeypatch):
    app = _page(tiny_folder, monkeypatch)
    assert app.number_input(key="siting_spacing").value > 0
    store = open_store(tiny_folder)
    district, signed = store.read(), Signature("王工", "2026-01-01T08:00:00+08:00")
    store.apply(candidate_site(district), base=district.version, entry=signed)
    app = _page(tiny_folder, monkeypatch)
    assert app.number_input(key="siting_spacing").value == 0
