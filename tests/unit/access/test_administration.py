"""Accounts in the hands of those whose duty they are: what is refused changes and notes nothing."""

import pytest

from access.accounts import Rights
from access.administration import Administration
from access.identity import AccessError
from access.register import AccessRegister
from access.roles import Role
from access.settings import AccessSettings
from geo.errors import DataError

PASSWORD = "a long sentence"  # noqa: S105
PLANNER = Rights(frozenset({Role.PLANNER}))


@pytest.fixture
def office(tmp_path):
    """Return a register where duties are separate, and the desk of each of its people."""
    known = AccessRegister(AccessSettings(accounts=tmp_path / "a.sqlite", separate_duties=True))
    for role in Role:
        known.accounts.add(role, role, Rights(frozenset({role})), PASSWORD)
    return known, {role: Administration(known, lambda r=role: known.identity(r)) for role in Role}


def acts(known):
    """Return by name every act on the account of the planner, and whose duty it is."""
    planner = known.accounts.find("planner")
    return {
        "add": (Role.ADMINISTRATOR, lambda desk: desk.add("new", "新人", PASSWORD)),
        "disable": (Role.ADMINISTRATOR, lambda desk: desk.switch(planner, is_on=False)),
        "enable": (Role.ADMINISTRATOR, lambda desk: desk.switch(planner, is_on=True)),
        "reset": (Role.ADMINISTRATOR, lambda desk: desk.reset(planner, "another sentence")),
        "grant": (Role.SECURITY_OFFICER, lambda desk: desk.grant(planner, Rights())),
    }


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("act", ["add", "disable", "enable", "reset", "grant"])
def test_an_act_is_of_one_duty_and_leaves_one_line(office, role, act):
    known, desks = office
    duty, do = acts(known)[act]
    before = known.accounts.every()
    if role is duty:
        do(desks[role])
        assert [event.by for event in known.trail.newest(9)] == [role]
        return
    with pytest.raises(AccessError):
        do(desks[role])
    assert known.accounts.every() == before
    assert known.trail.newest(9) == []


def test_a_new_account_can_do_nothing_until_roles_are_granted(office):
    known, desks = office
    desks[Role.ADMINISTRATOR].add("new", "新人", PASSWORD)
    with pytest.raises(AccessError):
        known.identity("new")
    desks[Role.SECURITY_OFFICER].grant(known.accounts.find("new"), PLANNER)
    assert known.identity("new").sight.is_whole


def test_nobody_changes_roles_or_state_of_their_own(office):
    known, desks = office
    own = known.accounts.find("security_officer")
    with pytest.raises(AccessError, match="their own"):
        desks[Role.SECURITY_OFFICER].grant(own, PLANNER)
    with pytest.raises(AccessError, match="their own"):
        desks[Role.ADMINISTRATOR].switch(known.accounts.find("administrator"), is_on=False)
    assert known.accounts.find("security_officer") == own
    assert known.trail.newest(9) == []


def test_what_accounts_refuse_is_not_noted(office):
    known, desks = office
    with pytest.raises(DataError):
        desks[Role.ADMINISTRATOR].add("planner", "", PASSWORD)
    with pytest.raises(DataError):
        desks[Role.ADMINISTRATOR].reset(known.accounts.find("planner"), "short")
    assert known.trail.newest(9) == []
