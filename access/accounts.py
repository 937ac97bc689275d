"""Accounts: who may sign in, with which password, roles and scope."""

import json
import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from access.database import opened
from access.roles import Role, require_compatible
from geo.errors import DataError
from layers.pipelines import KINDS

_FEWEST, _MOST = 10, 200  # characters of a password
_LONGEST_NAME: Final = 60
_HASHER: Final = PasswordHasher()


@dataclass(frozen=True, slots=True)
class Rights:
    """
    What an account is there for.

    Attributes
    ----------
    roles : frozenset of Role
        Its roles; none, and nothing may be seen.
    towns : frozenset of str
        Ids of the towns whose estates are its own.
    pipe_kinds : frozenset of str
        Kinds of the pipelines that are its own, codes of CJJ 61.

    Raises
    ------
    DataError
        If a kind of pipeline is unknown.
    """

    roles: frozenset[Role] = frozenset()
    towns: frozenset[str] = frozenset()
    pipe_kinds: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Check the kinds."""
        unknown = sorted(self.pipe_kinds - KINDS.keys())
        if unknown:
            raise DataError(
                f"pipe kind {unknown[0]!r}: expected one of {', '.join(KINDS)}",
                f"管类代码 {unknown[0]!r} 应为 {'、'.join(KINDS)} 之一",
            )


@dataclass(frozen=True, slots=True)
class Account:
    """
    One account.

    Attributes
    ----------
    account : str
        The name to sign in with; never changes.
    name : str
        What people call the person.
    rights : Rights
        Roles and scope.
    is_disabled : bool
        Whether nobody can sign in with it.
    has_password : bool
        Whether it has one of its own; without, only a proxy can say that it is this person.
    """

    account: str
    name: str
    rights: Rights
    is_disabled: bool
    has_password: bool


class Accounts:
    """
    The accounts of a server.

    Parameters
    ----------
    path : pathlib.Path
        Their file.
    separate : bool
        Whether duties are separate.
    """

    def __init__(self, path: Path, *, separate: bool) -> None:
        self._path, self._separate = path, separate

    def every(self) -> Sequence[Account]:
        """Return all accounts in the order of their names."""
        with opened(self._path) as base:
            rows = base.execute("SELECT * FROM accounts ORDER BY account").fetchall()
        return [_account(row) for row in rows]

    def find(self, account: str) -> Account | None:
        """Return an account, None if there is none."""
        with opened(self._path) as base:
            row = _row(base, account)
        return _account(row) if row else None

    def add(self, account: str, name: str, rights: Rights, password: str | None = None) -> None:
        """
        Add an account; without a password nobody can sign in with it but through a proxy.

        Raises
        ------
        DataError
            If there is one of this name, the name or the password is not fit for use, or the roles
            do not go together.
        """
        _require_name(account)
        require_compatible(rights.roles, separate=self._separate)
        digest = "" if password is None else _hashed(account, password)
        with opened(self._path) as base:
            if _row(base, account):
                raise DataError(
                    f"account {account}: there is one already", f"帐户 {account} 已存在"
                )
            values = (account, name.strip() or account, _spelled(rights), digest)
            base.execute("INSERT INTO accounts VALUES (?, ?, ?, ?, 0)", values)

    def grant(self, account: str, rights: Rights) -> None:
        """
        Give an account other roles and another scope; its sessions have them from now on.

        Raises
        ------
        DataError
            If there is no such account, or the roles do not go together.
        """
        require_compatible(rights.roles, separate=self._separate)
        self._change(account, "UPDATE accounts SET rights = ? WHERE account = ?", _spelled(rights))

    def reset(self, account: str, password: str) -> None:
        """
        Give an account another password, and end its sessions.

        Raises
        ------
        DataError
            If there is no such account, or the password is not fit for use.
        """
        self._change(
            account,
            "UPDATE accounts SET password = ? WHERE account = ?",
            _hashed(account, password),
            ends_sessions=True,
        )

    def disable(self, account: str) -> None:
        """
        Let nobody sign in with an account any more, and end its sessions.

        Raises
        ------
        DataError
            If there is no such account.
        """
        self._change(
            account, "UPDATE accounts SET is_disabled = ? WHERE account = ?", 1, ends_sessions=True
        )

    def enable(self, account: str) -> None:
        """
        Let an account sign in again.

        Raises
        ------
        DataError
            If there is no such account.
        """
        self._change(account, "UPDATE accounts SET is_disabled = ? WHERE account = ?", 0)

    def is_right(self, account: str, password: str) -> bool:
        """Return whether a password opens an account; as slow where there is no such account."""
        with opened(self._path) as base:
            row = _row(base, account)
        digest = row[3] if row and row[3] and not row[4] else _nobodys()
        return _verified(digest, password) and digest != _nobodys()

    def _change(
        self, account: str, change: str, value: str | int, *, ends_sessions: bool = False
    ) -> None:
        with opened(self._path) as base:
            if not _row(base, account):
                raise DataError(f"account {account}: there is none", f"没有帐户 {account}")
            base.execute(change, (value, account))
            if ends_sessions:
                base.execute("DELETE FROM sessions WHERE account = ?", (account,))


def _row(base: sqlite3.Connection, account: str) -> tuple[str, str, str, str, int] | None:
    found: tuple[str, str, str, str, int] | None = base.execute(
        "SELECT * FROM accounts WHERE account = ?", (account,)
    ).fetchone()
    return found


def _account(row: tuple[str, str, str, str, int]) -> Account:
    account, name, rights, password, disabled = row
    return Account(account, name, _parsed(rights), bool(disabled), bool(password))


def _spelled(rights: Rights) -> str:
    return json.dumps([sorted(rights.roles), sorted(rights.towns), sorted(rights.pipe_kinds)])


def _parsed(text: str) -> Rights:
    roles, towns, kinds = json.loads(text)
    return Rights(frozenset(map(Role, roles)), frozenset(towns), frozenset(kinds))


def _require_name(account: str) -> None:
    is_plain = account.isprintable() and not any(map(str.isspace, account))
    if not account or len(account) > _LONGEST_NAME or not is_plain:
        raise DataError(
            f"account {account!r}: expected up to {_LONGEST_NAME} letters without spaces",
            f"帐户名 {account!r} 应为不超过 {_LONGEST_NAME} 个字符，不含空格",
        )


def _hashed(account: str, password: str) -> str:
    if not _FEWEST <= len(password) <= _MOST or password == account:
        raise DataError(
            f"password: expected {_FEWEST} to {_MOST} characters, not the account's name",
            f"口令应为 {_FEWEST} 至 {_MOST} 个字符，且不同于帐户名",
        )
    return _HASHER.hash(password)


@cache
def _nobodys() -> str:
    """Return the hash of a password that nobody has."""
    return _HASHER.hash("nobody's")


def _verified(digest: str, password: str) -> bool:
    try:
        return _HASHER.verify(digest, password[: _MOST + 1])
    except (VerificationError, InvalidHashError):
        return False


def roles_named(names: Collection[str]) -> frozenset[Role]:
    """
    Return the roles of these names.

    Raises
    ------
    DataError
        If one is unknown.
    """
    unknown = sorted(set(names) - {str(role) for role in Role})
    if unknown:
        raise DataError(
            f"role {unknown[0]!r}: expected one of {', '.join(Role)}",
            f"角色 {unknown[0]!r} 应为 {'、'.join(Role)} 之一",
        )
    return frozenset(map(Role, names))
