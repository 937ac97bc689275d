"""What `litong user` does: accounts of a server, each change noted in its audit trail."""

import getpass
import sys
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path

from access.accounts import Account, Rights, roles_named
from access.register import AccessRegister
from access.roles import rights
from access.settings import read_settings
from access.trail import EventKind
from geo.errors import DataError
from jobs.printing import console, plain, show
from wording import Language, listing, say


def rights_of(
    roles: Collection[str], towns: Collection[str], pipe_kinds: Collection[str]
) -> Rights:
    """
    Return what an account is there for.

    Raises
    ------
    DataError
        If there is no such role or kind of pipeline.
    """
    return Rights(roles_named(roles), frozenset(towns), frozenset(pipe_kinds))


def add(access: Path, account: str, name: str, own: Rights, language: Language) -> None:
    """Add an account; where a proxy signs people in it has no password."""
    known = AccessRegister(read_settings(access))
    secret = _password(language) if known.settings.mode == "local" else None
    known.accounts.add(account, name, own, secret)
    _note(known, EventKind.ADDED, account, language)


def grant(access: Path, account: str, own: Rights, language: Language) -> None:
    """Give an account other roles and another scope."""
    known = AccessRegister(read_settings(access))
    known.accounts.grant(account, own)
    _note(known, EventKind.GRANTED, account, language)


def switch(access: Path, account: str, language: Language, *, is_on: bool) -> None:
    """Let nobody sign in with an account any more, or again."""
    known = AccessRegister(read_settings(access))
    (known.accounts.enable if is_on else known.accounts.disable)(account)
    _note(known, EventKind.ENABLED if is_on else EventKind.DISABLED, account, language)


def reset(access: Path, account: str, language: Language) -> None:
    """Give an account another password."""
    known = AccessRegister(read_settings(access))
    known.accounts.reset(account, _password(language))
    _note(known, EventKind.PASSWORD, account, language)


def print_all(access: Path, language: Language) -> None:
    """Print every account with its roles."""
    for one in AccessRegister(read_settings(access)).accounts.every():
        console().print(plain(_line(one, language)))


def _note(known: AccessRegister, kind: EventKind, account: str, language: Language) -> None:
    known.trail.note(kind, getpass.getuser(), datetime.now(UTC), about=account)
    show("user.done", language, account=account)


def _password(language: Language) -> str:
    """Return a password from standard input, typed twice at a terminal."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass(say("user.password", language))
    if getpass.getpass(say("user.password_again", language)) != first:
        raise DataError("password: the two differ", "两次输入的口令不一致")
    return first


def _line(one: Account, language: Language) -> str:
    scope = (*sorted(one.rights.towns), *sorted(one.rights.pipe_kinds))
    labels = listing([rights()[role].text[language] for role in sorted(one.rights.roles)], language)
    state = say("user.disabled", language) if one.is_disabled else ""
    return "  ".join(
        part for part in (one.account, one.name, labels, " ".join(scope), state) if part
    )
