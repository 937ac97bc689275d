"""Whether the server says rightly that it can work."""

import asyncio
import threading
from contextlib import contextmanager

import pytest

from geo.errors import StoreError
from views.server import health
from views.server.health import checks, readiness


@contextmanager
def store(monkeypatch, *, unreadable=False, flawed=False):
    """Put a store in place that fails where it is told to."""

    class Store:
        def stamp(self):
            if unreadable:
                raise StoreError("gone", "没有了")
            return f"{flawed}"

        def verify(self):
            if flawed:
                raise StoreError("an entry was changed", "有记录被改动")

    health._is_whole.cache_clear()
    monkeypatch.setattr(health, "whole_store", Store)
    yield
    health._is_whole.cache_clear()


def test_a_store_that_can_be_read_and_is_whole_is_ready(monkeypatch):
    with store(monkeypatch):
        found = checks()
    assert (found["district"], found["journal"]) == (True, True)


def test_a_journal_that_was_changed_is_told_from_a_district_that_cannot_be_read(monkeypatch):
    with store(monkeypatch, flawed=True):
        assert (checks()["district"], checks()["journal"]) == (True, False)
    with store(monkeypatch, unreadable=True):
        assert (checks()["district"], checks()["journal"]) == (False, False)


def test_a_database_that_is_frozen_makes_the_server_unready():
    thawed = threading.Event()
    answer = asyncio.run(_impatient(thawed))
    assert (answer.status_code, answer.body) == (503, b'{"ready":false,"district":false}')


async def _impatient(thawed):
    answer = await readiness(lambda: {"district": thawed.wait()}, patience_s=0.05)
    thawed.set()
    return answer


@pytest.mark.parametrize(("found", "status"), [(True, 200), (False, 503)])
def test_a_server_is_ready_when_all_holds(found, status):
    answer = asyncio.run(readiness(lambda: {"district": True, "journal": found}))
    assert answer.status_code == status
