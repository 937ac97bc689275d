"""What is taken away: by whoever may, in one place, with a line in the audit trail."""

import ast
import sqlite3
from contextlib import closing
from functools import partial
from hashlib import sha256
from pathlib import Path

import pytest

import views
from access.accounts import Rights
from access.identity import AccessError
from access.register import AccessRegister
from access.roles import Act, Role
from access.settings import read_settings
from geo.errors import StoreError
from views import taking, who


@pytest.fixture
def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AccessRegister:
    """Return what a server knows on which a planner's page is open."""
    file = tmp_path / "access.toml"
    file.write_text("", encoding="utf-8")
    monkeypatch.setenv(who.ACCESS_VARIABLE, str(file))
    monkeypatch.setattr(who, "_account", lambda: "wang")
    known = AccessRegister(read_settings(file))
    known.accounts.add("wang", "王工", Rights(frozenset({Role.PLANNER})))
    return known


def took(act: Act = Act.EXPORT) -> partial[bytes]:
    return partial(taking._taken, lambda: "数据", "E1-layers.gpkg 0123456789ab", act, who.still())


def test_no_page_offers_a_file_but_by_the_one_place() -> None:
    offering = set()
    for file in Path(views.__path__[0]).rglob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        if "download_button" in names:
            offering.add(file.name)
    assert offering == {"taking.py"}


def test_who_took_which_file_of_which_version_is_in_the_trail(register: AccessRegister) -> None:
    assert took()() == "数据".encode()
    (event,) = register.trail.newest(5)
    assert (event.kind, event.by) == ("download", "wang")
    digest = sha256("数据".encode()).hexdigest()[:12]
    assert event.about == f"E1-layers.gpkg 0123456789ab SHA-256 {digest}"
    assert register.trail.verify() == 1


def test_a_file_that_the_role_may_not_take_is_not_even_made(register: AccessRegister) -> None:
    made: list[bytes] = []

    def make() -> bytes:
        made.append(b"backup")
        return made[0]

    with pytest.raises(AccessError, match="back up"):
        taking._taken(make, "f", Act.RESTORE, who.still())
    assert made == []
    assert register.trail.newest(5) == []


def test_a_button_drawn_before_the_right_was_taken_away_gives_nothing(
    register: AccessRegister,
) -> None:
    take = took()
    register.accounts.grant("wang", Rights(frozenset({Role.VIEWER})))
    with pytest.raises(AccessError):
        take()
    register.accounts.disable("wang")
    with pytest.raises(AccessError):
        take()
    assert register.trail.newest(5) == []


def test_what_cannot_be_noted_is_not_given(register: AccessRegister) -> None:
    take = took()
    with closing(sqlite3.connect(register.settings.accounts)) as base, base:
        base.execute("CREATE TRIGGER full BEFORE INSERT ON trail BEGIN SELECT RAISE(FAIL, ''); END")
    with pytest.raises(StoreError):
        take()


def test_without_accounts_a_file_is_simply_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(who.ACCESS_VARIABLE, raising=False)
    assert took()() == "数据".encode()
