"""Values shared by all sessions: made once, bounded by their bytes together."""

import gc
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest

from views.cache import ByteBudget, SharedCache

SESSIONS = 6


def cache(name: str, budget: ByteBudget) -> SharedCache[bytes]:
    return SharedCache(name, len, budget)


def test_the_least_recently_used_of_any_kind_is_dropped_first() -> None:
    budget = ByteBudget(100)
    maps, tables = cache("map", budget), cache("table", budget)
    maps.keep("a", b"." * 40)
    tables.keep("a", b"." * 40)
    assert maps.find("a") is not None  # used last: the table is older now
    maps.keep("b", b"." * 40)
    assert tables.find("a") is None
    assert maps.find("a") is not None
    assert budget.used_bytes == 80


def test_a_value_larger_than_the_budget_is_kept_until_another_comes() -> None:
    budget = ByteBudget(10)
    maps = cache("map", budget)
    maps.keep("a", b"." * 40)
    assert maps.find("a") is not None
    maps.keep("b", b".")
    assert maps.find("a") is None
    assert budget.used_bytes == 1


def test_a_value_kept_again_counts_once() -> None:
    budget = ByteBudget(100)
    maps = cache("map", budget)
    for size in (40, 30, 20):
        maps.keep("a", b"." * size)
    assert budget.used_bytes == 20


def test_sessions_that_ask_together_have_it_made_once() -> None:
    maps, made, ready = cache("map", ByteBudget(100)), [], Barrier(SESSIONS)
    let_go = Event()

    def make() -> bytes:
        made.append(1)
        let_go.wait(10)
        return b"x"

    def ask(_: int) -> bytes:
        ready.wait(10)
        if len(made):
            let_go.set()
        return maps.get("a", make)

    with ThreadPoolExecutor(SESSIONS) as pool:
        answers = [pool.submit(ask, n) for n in range(SESSIONS)]
        let_go.set()
        assert [answer.result() for answer in answers] == [b"x"] * SESSIONS
    assert len(made) == 1


def test_what_could_not_be_made_is_made_anew_when_it_is_asked_for_again() -> None:
    maps = cache("map", ByteBudget(100))

    def fail() -> bytes:
        raise OSError("no disk")

    with pytest.raises(OSError, match="no disk"):
        maps.get("a", fail)
    assert maps.get("a", lambda: b"x") == b"x"


@pytest.mark.slow
def test_what_is_large_is_set_aside_from_the_garbage_collector() -> None:
    before = gc.get_freeze_count()
    try:
        gc.unfreeze()
        cache("map", ByteBudget(10**8)).keep("a", b"." * 3_000_000)
        assert gc.get_freeze_count() > 0
    finally:
        if not before:
            gc.unfreeze()
