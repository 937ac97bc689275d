"""One piece of work at a time: place and progress are seen, what nobody waits for ends."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event, get_ident

import pytest

from views.work_queue import AbandonedError, Report, WorkQueue

PATIENCE_S = 20


class LeftError(BaseException):
    """As Streamlit raises when a page is run anew."""


def silent(_ahead: int, _share: float, _title: str) -> None:
    """Watch without a look."""


def test_work_waits_its_turn_and_is_told_how_many_are_ahead() -> None:
    queue, begun, let_go = WorkQueue(), Event(), Event()
    seen: list[int] = []

    def first(_: Report) -> str:
        begun.set()
        assert let_go.wait(PATIENCE_S)
        return "first"

    def watch(ahead: int, _share: float, _title: str) -> None:
        seen.append(ahead)
        let_go.set()

    with ThreadPoolExecutor(2) as pages:
        one = pages.submit(queue.run, "a", first, silent)
        assert begun.wait(PATIENCE_S)
        two = pages.submit(queue.run, "b", lambda _: "second", watch)
        assert (one.result(PATIENCE_S), two.result(PATIENCE_S)) == ("first", "second")
    assert seen[0] == 1


def test_pages_that_ask_for_the_same_share_one_piece_of_work_and_its_progress() -> None:
    queue, let_go, done = WorkQueue(), Event(), []
    shares: list[float] = []
    titles: set[str] = set()
    watching: set[int] = set()

    def work(report: Report) -> str:
        done.append(1)
        report(0.5, "sheet 3")
        assert let_go.wait(PATIENCE_S)
        return "found"

    def watch(_: int, share: float, title: str) -> None:
        shares.append(share)
        titles.add(title)
        watching.add(get_ident())
        if share and len(watching) == 3:  # a page that came later would begin the work anew
            let_go.set()

    with ThreadPoolExecutor(3) as pages:
        asked = [pages.submit(queue.run, "a", work, watch) for _ in range(3)]
        assert [one.result(PATIENCE_S) for one in asked] == ["found"] * 3
    assert (len(done), max(shares)) == (1, 0.5)
    assert titles <= {"", "sheet 3"}
    assert "sheet 3" in titles


def test_work_that_everybody_left_ends_at_its_next_report_and_the_queue_goes_on() -> None:
    queue, begun, left, ended = WorkQueue(), Event(), Event(), []

    def work(report: Report) -> None:
        begun.set()
        assert left.wait(PATIENCE_S)
        try:
            report(0.5)
        except AbandonedError:
            ended.append(1)
            raise

    def leave(_ahead: int, _share: float, _title: str) -> None:
        assert begun.wait(PATIENCE_S)
        raise LeftError

    with pytest.raises(LeftError):
        queue.run("a", work, leave)
    left.set()
    assert queue.run("b", lambda _: "next", silent) == "next"
    assert ended == [1]


def test_work_that_one_of_two_pages_left_is_finished_for_the_other() -> None:
    queue, let_go = WorkQueue(), Event()

    def work(report: Report) -> str:
        assert let_go.wait(PATIENCE_S)
        report(0.9)
        return "found"

    def leave(_ahead: int, _share: float, _title: str) -> None:
        raise LeftError

    with ThreadPoolExecutor(1) as pages:
        staying = Event()
        stays = pages.submit(queue.run, "a", work, lambda *_: staying.set())
        assert staying.wait(PATIENCE_S)
        with pytest.raises(LeftError):
            queue.run("a", work, leave)
        let_go.set()
        assert stays.result(PATIENCE_S) == "found"


def test_an_error_of_the_work_is_raised_where_it_was_asked_for() -> None:
    def fail(_: Report) -> None:
        raise ValueError("no such day")

    with pytest.raises(ValueError, match="no such day"):
        WorkQueue().run("a", fail, silent)
