"""Every page runs to its end, in both languages, also on a district with next to nothing."""

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from pyproj import CRS
from streamlit.testing.v1 import AppTest

from edits import difference
from layers.district import District
from store import Signature, open_store, write_district

FACTS = {"provenance": ["surveyed"], "source": ["s"], "source_date": ["2026-01-01"]}
PAGES = ("gaps", "scenario", "rulebook", "data")

Visit = Callable[..., AppTest]


def bare() -> District:
    """Return a district of one estate of which nothing is known."""
    square = shapely.box(597_000, 4_209_000, 597_060, 4_209_050)
    estate = {"estate_id": ["E1"], "name": ["无名院"], **FACTS}
    frames = {"estates": gpd.GeoDataFrame(estate, geometry=[square], crs="EPSG:4544")}
    return District.from_frames(frames, crs=CRS.from_epsg(4544), name="空区")


@pytest.fixture(scope="module")
def folders(kept_tiny_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Write the districts as `litong serve` would be told of them."""
    root = tmp_path_factory.mktemp("districts")
    write_district(bare(), root / "bare")
    return {"bare": root / "bare", "tiny": kept_tiny_demo}


def run_page(page: str, language: str) -> None:
    """Run one page as `views.pages` would; its source runs alone, so it imports for itself."""
    from importlib import import_module  # noqa: PLC0415

    import streamlit as st  # noqa: PLC0415

    from views import link  # noqa: PLC0415

    link.restore()
    st.session_state["lang"] = language
    import_module(f"views.{page}").render(language)  # type: ignore[arg-type]


@pytest.fixture
def visit(folders: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> Visit:
    """Give pages on one of the districts, ready to run."""

    def ready(page: str, language: str = "zh", district: str = "tiny") -> AppTest:
        monkeypatch.setenv("LITONG_DISTRICT", str(folders[district]))
        return AppTest.from_function(run_page, args=(page, language), default_timeout=60)

    return ready


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("district", ["tiny", pytest.param("bare", marks=pytest.mark.slow)])
def test_every_page_runs_to_its_end(visit: Visit, district: str, page: str, language: str) -> None:
    app = visit(page, language, district).run()
    assert [error.value for error in app.exception] == []
    assert [error.value for error in app.error] == []


@pytest.mark.parametrize("part", ["estates", "findings", "charts", "downloads"])
def test_every_part_below_the_map_runs_to_its_end(visit: Visit, part: str) -> None:
    app = visit("gaps")
    app.session_state["below"] = part
    app.run()
    assert [error.value for error in app.exception] == []


def test_what_is_there_is_listed_layer_by_layer(visit: Visit) -> None:
    app = visit("data")
    app.session_state["data_part"] = "contents"
    app.run()
    assert [error.value for error in app.exception] == []
    assert "小区" in app.dataframe[0].value["图层"].tolist()


def test_what_a_link_asks_for_that_does_not_exist_is_dropped(visit: Visit) -> None:
    app = visit("gaps")
    for name in ("estate", "rule", "town", "kind", "item_class", "department", "outcome"):
        app.query_params[name] = "<script>alert(1)</script>"
    for name in ("severity", "reach", "metres", "as_of", "lang"):
        app.query_params[name] = "{{ nobody }}"
    app.run()
    assert [error.value for error in app.exception] == []
    assert app.session_state["estate"] == ""
    assert app.session_state["town"] == []


def test_a_running_page_shows_what_somebody_else_wrote_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = bare()
    write_district(before, tmp_path / "bare")
    monkeypatch.setenv("LITONG_DISTRICT", str(tmp_path / "bare"))
    app = AppTest.from_function(run_page, args=("data", "zh"), default_timeout=60)
    app.session_state["data_part"] = "contents"
    app.run()
    assert app.dataframe[1].value["小区名称"].tolist() == ["无名院"]
    renamed = before.with_frames(estates=before["estates"].assign(name="裕民小区"))
    who = Signature("王工", "2026-11-25T09:00:00+08:00")
    open_store(tmp_path / "bare").apply(difference(before, renamed), base=before.version, entry=who)
    app.run()
    assert app.dataframe[1].value["小区名称"].tolist() == ["裕民小区"]


def test_a_district_that_cannot_be_read_becomes_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LITONG_DISTRICT", str(tmp_path / "nowhere"))

    def guarded() -> None:
        from views import gaps, link  # noqa: PLC0415
        from views.pages import _guarded  # noqa: PLC0415

        link.restore()
        _guarded(gaps.render, "zh")

    app = AppTest.from_function(guarded, default_timeout=60).run()
    assert [error.value for error in app.exception] == []
    assert len(app.error) == 1
    assert "Traceback" not in app.error[0].value


@pytest.mark.parametrize("day", ["1999-12-31", "2100-01-01", "9999-12-31", "0001-01-01", "x"])
def test_a_link_to_a_day_that_is_not_offered_shows_today(visit: Visit, day: str) -> None:
    app = visit("gaps")
    app.query_params["as_of"] = day
    app.run()
    assert [error.value for error in app.exception] == []
    assert [error.value for error in app.error] == []
    assert app.session_state["as_of"] == ""
