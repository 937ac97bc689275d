"""A register with its file, and a clock that only tests move."""

from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher

from access import accounts
from access.accounts import Rights
from access.register import AccessRegister
from access.roles import Role
from access.settings import AccessSettings

PASSWORD = "a long sentence"  # noqa: S105


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch):
    """Hash by the same function at a fraction of its cost."""
    monkeypatch.setattr(
        accounts, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    )
    accounts._nobodys.cache_clear()


class Clock:
    """The time, moved by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Return the time."""
        return self.now

    def wait(self, **more) -> datetime:
        """Let time go by and return what it is then."""
        self.now += timedelta(**more)
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def register(tmp_path) -> AccessRegister:
    settings = AccessSettings(accounts=tmp_path / "accounts.sqlite")
    known = AccessRegister(settings)
    known.accounts.add("zhang", "张工", Rights(frozenset({Role.OFFICE})), PASSWORD)
    return known
