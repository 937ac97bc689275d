"""Whatever an address holds, every page runs to its end and shows today's district."""

import shutil
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from views.choice import Choice
from views.pages import PAGES

NAMES = tuple(field.name for field in fields(Choice))
BROWSERS = ("view", "look")
HOSTILE = (
    "<script>alert(1)</script>",
    "../../../../etc/passwd",
    "' OR 1=1 --",
    '=HYPERLINK("http://x")',
    "{{ 7*7 }}",
    "9" * 200,
    "1e309",
    "NaN",
    "-1",
    "٣",
    "a\x00b\n\r",
    "💥" * 60,
    "x" * 5_000,
)  # fmt: skip
PLAUSIBLE = (
    "gates",
    "all",
    "2023-02-30",
    "0001-01-01",
    "2099-12-31",
    "E0001",
    "P000001",
    "en",
    "0",
)


def run_page(place: int) -> None:
    """Run a page as `views.pages` would; its source runs alone, so it imports for itself."""
    from views import link  # noqa: PLC0415
    from views.pages import PAGES  # noqa: PLC0415

    link.restore()
    PAGES[place][2]("zh")


def run_guarded(place: int) -> None:
    """Run a page where an error becomes a sentence."""
    from views.pages import PAGES, _guarded  # noqa: PLC0415

    _guarded(PAGES[place][2], "zh")


@pytest.fixture(autouse=True)
def _district(kept_tiny_demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LITONG_DISTRICT", str(kept_tiny_demo))


def opened(place: int, query: Mapping[str, str | list[str]]) -> AppTest:
    app = AppTest.from_function(run_page, args=(place,), default_timeout=120)
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def require_whole(app: AppTest) -> None:
    """Require that the page ran to its end: an error would have become a sentence, or a trace."""
    assert [error.value for error in app.exception] == []
    assert [error.value for error in app.error] == []


@pytest.mark.parametrize(
    "place",
    [
        pytest.param(place, id=address or "map", marks=[pytest.mark.slow] if place else [])
        for place, (address, _, _) in enumerate(PAGES)
    ],
)
@pytest.mark.parametrize("value", [*HOSTILE, *PLAUSIBLE])
def test_a_value_in_every_place_of_the_address_breaks_no_page(place: int, value: str) -> None:
    require_whole(opened(place, dict.fromkeys((*NAMES, *BROWSERS), value)))


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    place=st.integers(0, len(PAGES) - 1),
    query=st.dictionaries(
        st.sampled_from([*NAMES, *BROWSERS, "other"]),
        st.lists(
            st.text(st.characters(exclude_categories=["Cs"]), max_size=220)
            | st.sampled_from([*HOSTILE, *PLAUSIBLE]),
            max_size=4,
        ),
    ),
)
def test_no_address_at_all_breaks_a_page(place: int, query: dict[str, list[str]]) -> None:
    require_whole(opened(place, query))


@pytest.mark.slow
@pytest.mark.parametrize("place", range(len(PAGES)), ids=[page[0] or "map" for page in PAGES])
def test_a_store_that_cannot_be_read_is_named_without_its_folder(
    kept_tiny_demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: int
) -> None:
    folder = shutil.copytree(kept_tiny_demo, tmp_path / "of the office")
    (folder / "district.gpkg").write_bytes(b"SQLite format 3\x00" + bytes(4_000))
    monkeypatch.setenv("LITONG_DISTRICT", str(folder))
    app = AppTest.from_function(run_guarded, args=(place,), default_timeout=120).run()
    said = [shown.value for shown in (*app.error, *app.text, *app.markdown, *app.exception)]
    assert said
    assert not [sentence for sentence in said if "of the office" in str(sentence)]
