"""Every page as every role: it ends without an error, and tells not a byte that is not for it."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

import layers
from access.accounts import Rights
from access.register import AccessRegister
from access.roles import Act, Role, rights
from access.settings import read_settings
from views import who
from views.map.assets import ASSETS

TOWN, OWN_ESTATE, OTHER_ESTATE = "640302106", "建行南苑", "农牧局家属院"
PIPE = re.compile(rb"P\d{6}")
_GREENING = ("check", "overview", "visit", "seedlings", "indicators", "survival", "record",
             "downloads")  # fmt: skip
PARTS: dict[str, tuple[dict[str, str], ...]] = {
    "gaps": tuple({"below": part} for part in ("estates", "gap", "charts", "downloads")),
    "scenario": ({},),
    "siting": ({},),
    "greening": tuple({"greening_part": part} for part in _GREENING),
    "atlas": ({},),
    "rulebook": ({},),
    "people": ({},),
    "data": (
        {"data_part": "import"},
        {"data_part": "contents", "layer_shown": "estates"},
        {"data_part": "contents", "layer_shown": "pipelines"},
        {"data_part": "history"},
        {"data_part": "downloads"},
    ),
}
"""What the session of a visitor holds, part by part of each page."""

_NAMES = ("0", "1", *layers.ALL, *(f"{name}.{row}" for name in layers.ALL for row in range(3)))
"""Of dossiers, layers and cards of rows, as a browser may ask for them."""

Visit = Callable[..., AppTest]


def run_page(page: str, language: str) -> None:
    """Run one page as `views.pages` would; its source runs alone, so it imports for itself."""
    from importlib import import_module  # noqa: PLC0415

    import streamlit as st  # noqa: PLC0415

    from views import link  # noqa: PLC0415

    link.restore()
    st.session_state["lang"] = language
    import_module(f"views.{page}").render(language)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the settings of a server with an account of every role."""
    file = tmp_path_factory.mktemp("access") / "access.toml"
    file.write_text('accounts = "accounts.sqlite"\nseparate_duties = true\n', encoding="utf-8")
    accounts = AccessRegister(read_settings(file)).accounts
    for role in Role:
        own = Rights(frozenset({role}), frozenset({TOWN}), frozenset({"JS"}))
        accounts.add(role, f"{role}的人", own)
    return file


@pytest.fixture
def visit(settings: Path, kept_tiny_demo: Path, monkeypatch: pytest.MonkeyPatch) -> Visit:
    monkeypatch.setenv("LITONG_DISTRICT", str(kept_tiny_demo))
    monkeypatch.setenv(who.ACCESS_VARIABLE, str(settings))

    def ready(role: Role, page: str, **state: Any) -> AppTest:
        monkeypatch.setattr(who, "_account", lambda: str(role))
        app = AppTest.from_function(run_page, args=(page, "zh"), default_timeout=120)
        for name, value in state.items():
            app.session_state[name] = value
        return app.run()

    return ready


def told(app: AppTest) -> bytes:
    """Return all that the browser is sent, and every body whose address it is told."""
    page = b"".join(part.proto.SerializeToString() for part in _parts(app._tree))
    return page + b"".join(_bodies(page))


def _parts(node: Any) -> Iterator[Any]:
    for child in getattr(node, "children", {}).values():
        if getattr(child, "proto", None) is not None:
            yield child
        yield from _parts(child)


def _bodies(page: bytes) -> Iterator[bytes]:
    """Yield the bodies that are published, and all parts of what is made when it is asked for."""
    for name in set(re.findall(rb"geo/([0-9a-f]{64}\.json)", page)):
        asset = ASSETS.find(name.decode())
        assert asset is not None
        yield asset.plain()
    for prefix in set(re.findall(rb"geo/([0-9a-f]{64})/", page)):
        if not ASSETS.has_modules(prefix.decode()):
            parts = [ASSETS.part(prefix.decode(), name) for name in _NAMES]
            yield from (part.plain() for part in parts if part is not None)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(
    "page", [pytest.param(page, marks=[] if page == "gaps" else pytest.mark.slow) for page in PARTS]
)
def test_a_page_tells_a_role_what_it_may_see_and_nothing_else(
    visit: Visit, page: str, role: Role
) -> None:
    pipelines, estates = rights()[role].pipelines, rights()[role].estates
    whole = b""
    for part in PARTS[page]:
        app = visit(role, page, **part)
        assert [error.value for error in app.exception] == []
        assert [error.value for error in app.error] == []
        whole += told(app)
        has_files = bool(app.get("download_button"))
        assert not has_files or rights()[role].acts & {Act.EXPORT, Act.BOOKLET}
        if part.get("below") == "downloads" or part.get("data_part") == "downloads":
            assert has_files == (Act.EXPORT in rights()[role].acts)
    if pipelines == "none":
        assert PIPE.findall(whole) == []
    if estates == "own":
        assert OTHER_ESTATE.encode() not in whole
    if page in {"gaps", "data"}:  # the test sees what there is to be seen
        assert OWN_ESTATE.encode() in whole
        assert (OTHER_ESTATE.encode() in whole) == (estates == "all")
        assert bool(PIPE.findall(whole)) == (pipelines != "none")
