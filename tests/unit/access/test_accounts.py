"""Accounts: passwords are kept as hashes, roles are taken at once, and what is refused."""

import stat

import pytest

from access.accounts import Rights, roles_named
from access.identity import AccessError
from access.register import AccessRegister
from access.roles import Act, Role
from access.settings import AccessSettings
from geo.errors import DataError

PASSWORD = "a long sentence"  # noqa: S105


def test_a_password_opens_its_account_alone(register):
    assert register.accounts.is_right("zhang", PASSWORD)
    assert not register.accounts.is_right("zhang", PASSWORD + " ")
    assert not register.accounts.is_right("li", PASSWORD)
    assert not register.accounts.is_right("li", "nobody's")  # what stands in for no account


def test_the_file_holds_no_password_and_only_its_owner_reads_it(register):
    path = register.settings.accounts
    assert PASSWORD.encode() not in path.read_bytes()
    assert b"$argon2id$" in path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_account_without_a_password_is_opened_by_none(register):
    register.accounts.add("proxied", "", Rights(frozenset({Role.VIEWER})))
    assert not register.accounts.is_right("proxied", "")
    assert register.accounts.find("proxied").name == "proxied"


def test_a_disabled_account_is_nobody_until_it_is_enabled(register):
    register.accounts.disable("zhang")
    assert not register.accounts.is_right("zhang", PASSWORD)
    with pytest.raises(AccessError, match="zhang"):
        register.identity("zhang")
    register.accounts.enable("zhang")
    assert register.identity("zhang").name == "张工"


def test_other_roles_hold_from_the_next_question_on(register):
    assert register.identity("zhang").may(Act.IMPORT)
    register.accounts.grant("zhang", Rights(frozenset({Role.VIEWER})))
    with pytest.raises(AccessError, match="import data"):
        register.identity("zhang").require(Act.IMPORT)


def test_an_account_without_roles_may_not_even_look(register):
    register.accounts.grant("zhang", Rights())
    with pytest.raises(AccessError):
        register.identity("zhang")


@pytest.mark.parametrize("password", ["short", "x" * 201, "account-name"])
def test_a_password_that_is_unfit_is_refused(register, password):
    with pytest.raises(DataError, match="password"):
        register.accounts.add("account-name", "", Rights(), password)
    assert register.accounts.find("account-name") is None


@pytest.mark.parametrize("name", ["", "a b", "x" * 61, "line\nbreak", "zhang"])
def test_a_name_that_is_unfit_or_taken_is_refused(register, name):
    with pytest.raises(DataError):
        register.accounts.add(name, "", Rights(), PASSWORD)


@pytest.mark.parametrize("act", ["reset", "disable", "enable", "grant"])
def test_nothing_is_done_to_an_account_that_there_is_none_of(register, act):
    more = {"reset": (PASSWORD,), "grant": (Rights(),)}.get(act, ())
    with pytest.raises(DataError, match="nobody"):
        getattr(register.accounts, act)("nobody", *more)


def test_roles_and_kinds_of_pipe_are_those_that_exist():
    with pytest.raises(DataError, match="boss"):
        roles_named(["office", "boss"])
    with pytest.raises(DataError, match="XX"):
        Rights(pipe_kinds=frozenset({"XX"}))


def test_where_duties_are_separate_one_person_has_one(tmp_path):
    settings = AccessSettings(accounts=tmp_path / "a.sqlite", separate_duties=True)
    accounts = AccessRegister(settings).accounts
    accounts.add("sys", "", Rights(frozenset({Role.ADMINISTRATOR})), PASSWORD)
    with pytest.raises(DataError, match="separate"):
        accounts.grant("sys", Rights(frozenset({Role.ADMINISTRATOR, Role.AUDITOR})))
    with pytest.raises(DataError, match="separate"):
        accounts.grant("sys", Rights(frozenset({Role.ADMINISTRATOR, Role.OFFICE})))


def test_where_they_are_not_there_is_no_auditor(register):
    with pytest.raises(DataError, match="separate_duties"):
        register.accounts.grant("zhang", Rights(frozenset({Role.AUDITOR})))
