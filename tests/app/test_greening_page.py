"""Every part of the greening page runs to its end, on whole and on meagre districts."""

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from greening.events import read_events
from greening.workflow import EventKind
from layers.district import District
from store import open_store, write_district

PARTS = ("check", "overview", "visit", "seedlings", "indicators", "survival", "record", "downloads")


def run_page(language: str, part: str) -> None:
    """Run the page; its source runs alone, so it imports for itself."""
    import streamlit as st  # noqa: PLC0415

    from views import greening  # noqa: PLC0415

    st.session_state.setdefault("greening_part", part)
    greening.render(language)  # type: ignore[arg-type]


def page(
    place: District, folder: Path, monkeypatch: pytest.MonkeyPatch, part: str, language: str = "zh"
) -> AppTest:
    write_district(place, folder)
    monkeypatch.setenv("LITONG_DISTRICT", str(folder))
    app = AppTest.from_function(run_page, args=(language, part), default_timeout=120).run()
    assert [error.value for error in app.exception] == []
    return app


@pytest.mark.parametrize(
    "part", [PARTS[0], *(pytest.param(part, marks=pytest.mark.slow) for part in PARTS[1:])]
)
def test_every_part_runs_to_its_end(
    tiny_demo: District, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    app = page(tiny_demo, tmp_path / "d", monkeypatch, part, "en" if part == "survival" else "zh")
    said = " ".join(caption.value for caption in app.caption)
    assert ("没有登录" in said) or ("no login" in said)


@pytest.mark.slow
def test_a_district_without_beds_still_shows_what_came_in(
    tiny_demo: District, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plantings = tiny_demo["plantings"].assign(site_id=None)
    place = tiny_demo.with_frames(
        greening_sites=tiny_demo["greening_sites"].iloc[:0], plantings=plantings
    )
    app = page(place, tmp_path / "d", monkeypatch, "check")
    report = app.dataframe[0].value
    assert report["栽植点"].tolist() == [len(plantings)]
    assert report["不在任何绿化点内"].tolist() == [len(plantings)]


@pytest.mark.slow
def test_a_number_used_twice_asks_which_and_a_stray_planting_cannot_be_counted(
    tiny_demo: District, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plantings = tiny_demo["plantings"].copy()
    ids = plantings["planting_id"].tolist()
    stray, twins = ids[0], ids[1:3]
    plantings.loc[plantings["planting_id"].isin(twins), "number"] = "7a"
    is_stray = plantings["planting_id"] == stray
    plantings.loc[is_stray, ["site_id", "estate_id"]] = [None, None]
    plantings.loc[is_stray, "number"] = "astray"
    moved = plantings.geometry.where(~is_stray, plantings.geometry.translate(-3000, -3000))
    place = tiny_demo.with_frames(plantings=plantings.set_geometry(moved))
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


@pytest.mark.slow
def test_a_species_is_named_and_a_design_replaced_on_the_page(
    tiny_demo: District, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = tiny_demo["plantings"]["site_id"].dropna().iloc[0]
    own = tiny_demo["plantings"][tiny_demo["plantings"]["site_id"] == first]
    again = own.assign(
        planting_id="again-" + own["planting_id"],
        species_id="无名树",
        source="revised.dxf",
        source_date="2030-01-01",
    )
    both = pd.concat([tiny_demo["plantings"], again], ignore_index=True)
    place = tiny_demo.with_frames(plantings=gpd.GeoDataFrame(both, crs=tiny_demo.crs))
    app = page(place, tmp_path / "d", monkeypatch, "overview")
    app.text_input(key="officer").set_value("马工").run()
    assert app.selectbox(key="species_written").options == [f"无名树 · {len(own)}"]
    app.selectbox(key="species_meant").set_value("sophora_japonica")
    app.button(key="save_species").click().run()
    assert [error.value for error in app.exception] == []
    assert "species_written" not in app.session_state
    app.segmented_control(key="greening_part").set_value("check").run()
    app.selectbox(key="greening_site").set_value(first).run()
    assert any(f"原位 {len(own)} 株" in one.value for one in app.markdown)
    app.button(key="replace_design").click().run()
    assert [error.value for error in app.exception] == []
    store = open_store(tmp_path / "d")
    named, replaced = read_events(store)
    assert [named.kind, replaced.kind] == [EventKind.SPECIES, EventKind.CHANGE]
    rows = store.read()["plantings"].set_index("planting_id")
    assert set(rows.loc[own["planting_id"], "state"]) == {"removed"}
    assert set(rows.loc[again["planting_id"], "species_id"]) == {"sophora_japonica"}
