"""A reading in the background: killed, cancelled, or done, it leaves nothing behind."""

import os
import signal
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from intake.reading import DeliveryReading
from views.reading_job import ReadingJob

WAIT_S = 60.0
CSV = "名称,户数\n" + "甲,1\n" * 200_000  # takes the child a while


def until(answer: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_S
    while not answer():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def children() -> list[int]:
    """Return this process's own children that read files."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rsplit(")", 1)[1].split()[1])
            line = (stat.parent / "cmdline").read_bytes()
        except OSError:
            continue
        if parent == os.getpid() and b"intake.child.main" in line:
            found.append(int(stat.parent.name))
    return found


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder in which temporary files are made."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def begun(content: str = CSV) -> ReadingJob[DeliveryReading]:
    return ReadingJob([("../甲.csv", content.encode("gb18030"))], lambda reading: reading)


def test_a_finished_job_has_what_was_made_of_the_reading_and_no_file_left(scratch: Path) -> None:
    job = begun("名称,户数\n甲,1\n")
    until(lambda: job.is_done)
    assert job.error is None
    assert job.result is not None
    assert [table.member for table in job.result.tables] == ["../甲.csv"]
    assert list(scratch.iterdir()) == []


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
def test_a_child_that_is_killed_becomes_a_refusal(scratch: Path) -> None:
    job = begun()
    until(lambda: bool(children()) or job.is_done)
    (child,) = children()
    os.kill(child, signal.SIGKILL)
    until(lambda: job.is_done)
    assert job.error is None
    assert job.result is not None
    assert [refusal.rule for refusal in job.result.refused] == ["child.died"]
    assert list(scratch.iterdir()) == []


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
def test_a_cancelled_job_leaves_no_child_no_file_and_no_result(scratch: Path) -> None:
    job = begun()
    until(lambda: bool(children()) or job.is_done)
    job.cancel()
    assert children() == []
    assert job.is_done
    assert job.result is None
    assert list(scratch.iterdir()) == []


def test_what_goes_wrong_afterwards_is_kept_for_the_page(scratch: Path) -> None:
    def broken(_: DeliveryReading) -> None:
        raise ValueError("no")

    job = ReadingJob([("a.csv", b"a,b\n1,2\n")], broken)
    until(lambda: job.is_done)
    assert isinstance(job.error, ValueError)
    assert list(scratch.iterdir()) == []


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
def test_one_delivery_is_read_at_a_time_and_the_next_sees_its_place(scratch: Path) -> None:
    first = begun()
    until(lambda: bool(children()))
    second, third = begun("名称\n甲\n"), begun("名称\n乙\n")
    until(lambda: (second.ahead, third.ahead) == (1, 2) or first.is_done)
    assert (second.ahead, third.ahead, second.seconds) == (1, 2, 0.0)
    assert len(children()) == 1
    second.cancel()  # before its turn
    assert second.result is None
    first.cancel()
    until(lambda: third.is_done)
    assert third.result is not None
    assert list(scratch.iterdir()) == []


def test_a_delivery_that_was_read_has_none_ahead_even_if_its_turn_was_short(
    scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("views.work_queue._LOOK_EVERY_S", WAIT_S)  # once in line, then at the end
    first = begun("名称,户数\n" + "甲,1\n" * 2_000)
    until(lambda: first.seconds > 0)
    second = begun("名称,户数\n乙,1\n")
    until(lambda: first.is_done and second.is_done)
    assert first.error is second.error is None
    assert second.ahead == 0
    assert list(scratch.iterdir()) == []


def test_a_reading_that_nobody_waits_for_any_more_lets_the_next_one_begin(
    scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("views.reading_job._LEFT_S", 0.0)
    left = ReadingJob([("a.csv", CSV.encode())], lambda reading: reading, lambda: False)
    until(lambda: left.is_done)
    assert left.result is None
    assert list(scratch.iterdir()) == []
