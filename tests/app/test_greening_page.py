"""Every part of the greening page runs to its end, on whole and on meagre districts."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

import demo
from layers.district import District
from store import write_district

PARTS = ("check", "overview", "visit", "seedlings", "indicators", "survival", "record", "downloads")


def run_page(language: str, part: str) -> None:
    """Run the page; its source runs alone, so it imports for itself."""
    import streamlit as st  # noqa: PLC0415

    from views import greening  # noqa: PLC0415
    from views.text import Words  # noqa: PLC0415

    st.session_state.setdefault("greening_part", part)
    greening.render(Words(language))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def town() -> District:
    return demo.build("tiny").district


@pytest.fixture(autouse=True)
def _fresh_caches() -> Iterator[None]:
    yield
    st.cache_resource.clear()


def page(
    place: District, folder: Path, monkeypatch: pytest.MonkeyPatch, part: str, language: str = "zh"
) -> AppTest:
    write_district(place, folder)
    monkeypatch.setenv("LITONG_DISTRICT", str(folder))
    app = AppTest.from_function(run_page, args=(language, part), default_timeout=120).run()
    assert [error.value for error in app.exception] == []
    return app


@pytest.mark.parametrize("part", PARTS)
def test_every_part_runs_to_its_end(
    town: District, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    app = page(town, tmp_path / "d", monkeypatch, part, "en" if part == "survival" else "zh")
    said = " ".join(caption.value for caption in app.caption)
    assert ("没有登录" in said) or ("no login" in said)


def test_a_district_without_beds_still_shows_what_came_in(
    town: District, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plantings = town["plantings"].assign(site_id=None)
    place = town.with_frames(greening_sites=town["greening_sites"].iloc[:0], plantings=plantings)
    app = page(place, tmp_path / "d", monkeypatch, "check")
    report = app.dataframe[0].value
    assert report["栽植点"].tolist() == [len(plantings)]
    assert report["不在任何绿化点内"].tolist() == [len(plantings)]


def test_a_number_used_twice_asks_which_and_a_stray_planting_cannot_be_counted(
    town: District, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plantings = town["plantings"].copy()
    ids = plantings["planting_id"].tolist()
    stray, twins = ids[0], ids[1:3]
    plantings.loc[plantings["planting_id"].isin(twins), "number"] = "7a"
    is_stray = plantings["planting_id"] == stray
    plantings.loc[is_stray, ["site_id", "estate_id"]] = [None, None]
    plantings.loc[is_stray, "number"] = "astray"
    moved = plantings.geometry.where(~is_stray, plantings.geometry.translate(-3000, -3000))
    place = town.with_frames(plantings=plantings.set_geometry(moved))
    app = page(place, tmp_path / "d", monkeypatch, "visit")
    tag = app.text_input(key="tag_number")
    tag.set_value("7a").run()
    assert [error.value for error in app.exception] == []
    assert len(app.selectbox(key="which_planting").options) == 2
    app.text_input(key="tag_number").set_value("astray").run()
    assert [error.value for error in app.exception] == []
    assert "不在任何绿化点内" in app.warning[0].value
    app.text_input(key="tag_number").set_value("none such").run()
    assert "没有" in app.warning[0].value
