"""`litong user`: accounts from the command line, no password on it."""

import inspect

import pytest
from argon2 import PasswordHasher
from typer.testing import CliRunner

from access import accounts
from access.register import AccessRegister
from access.roles import Role
from access.settings import read_settings
from jobs import user_commands
from jobs.cli import app

PASSWORD = "a long sentence"  # noqa: S105


@pytest.fixture
def settings(tmp_path, monkeypatch):
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(accounts, "_HASHER", quick)
    accounts._nobodys.cache_clear()
    path = tmp_path / "access.toml"
    path.write_text('mode = "local"\n', encoding="utf-8")
    return path


def user(settings, *arguments, given=f"{PASSWORD}\n"):
    command = ["user", *arguments, "--access", str(settings), "--lang", "en"]
    return CliRunner().invoke(app, command, input=given)


def test_an_account_is_added_listed_given_another_role_and_disabled(settings):
    assert user(settings, "add", "zhang", "--name", "张工", "--role", "office").exit_code == 0
    known = AccessRegister(read_settings(settings))
    assert known.accounts.is_right("zhang", PASSWORD)
    assert user(settings, "list").output.split() == ["zhang", "张工", "office"]
    assert user(settings, "grant", "zhang", "--role", "town", "--town", "T1").exit_code == 0
    rights = known.accounts.find("zhang").rights
    assert (rights.roles, rights.towns) == ({Role.TOWN}, {"T1"})
    assert user(settings, "reset", "zhang", given="another sentence\n").exit_code == 0
    assert known.accounts.is_right("zhang", "another sentence")
    assert user(settings, "disable", "zhang").exit_code == 0
    assert "disabled" in user(settings, "list").output
    assert user(settings, "enable", "zhang").exit_code == 0
    kinds = [event.kind for event in reversed(known.trail.newest(10))]
    assert kinds == ["added", "granted", "password", "disabled", "enabled"]


@pytest.mark.parametrize(
    ("arguments", "given", "said"),
    [
        (("add", "li", "--role", "boss"), f"{PASSWORD}\n", "boss"),
        (("add", "li", "--role", "utility", "--pipe-kind", "XX"), f"{PASSWORD}\n", "XX"),
        (("add", "li", "--role", "office"), "short\n", "password"),
        (("add", "li", "--role", "office"), "", "password"),
        (("disable", "nobody"), "", "nobody"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_changed(settings, arguments, given, said):
    found = user(settings, *arguments, given=given)
    assert found.exit_code == 1
    assert said in found.output
    assert AccessRegister(read_settings(settings)).accounts.every() == []
    assert AccessRegister(read_settings(settings)).trail.newest(1) == []


def test_no_command_takes_a_password_as_an_argument():
    for command in (user_commands.add, user_commands.reset):
        assert not [name for name in inspect.signature(command).parameters if "pass" in name]
