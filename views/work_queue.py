"""
Expensive work, one piece at a time: whoever asks sees its place in the queue and its progress.

The work runs in a thread of its own, so a page that is left or run anew interrupts nobody else's
waiting. Work that nobody waits for any more ends at its next report.
"""

from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final, Generic, Protocol, TypeAlias, TypeVar

T = TypeVar("T")

Watch: TypeAlias = Callable[[int, float, str], None]
"""Called for a page that waits: pieces of work ahead, share done of its own, what is being done."""

_LOOK_EVERY_S: Final = 0.2


class AbandonedError(Exception):
    """Nobody waits for this work any more."""


class Report(Protocol):
    """Called by the work with the share done, 0 to 1, and what is done next, "" for no words."""

    def __call__(self, share: float, title: str = "") -> None:
        """Tell the pages that wait; raise `AbandonedError` if there are none any more."""


@dataclass(eq=False, slots=True)
class _Job(Generic[T]):
    future: Future[T] = field(init=False)
    waiting: int = 0
    share: float = 0.0
    title: str = ""


@dataclass(eq=False, slots=True)
class WorkQueue:
    """One worker, and the jobs it has and will have."""

    _jobs: dict[Hashable, _Job[Any]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)
    _worker: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(1, thread_name_prefix="work")
    )

    def run(self, key: Hashable, work: Callable[[Report], T], watch: Watch) -> T:
        """
        Return what `work` returns, once its turn came; equal keys are worked on once.

        Parameters
        ----------
        key : hashable
            What the work is.
        work : callable
            Called in the worker's thread with a `Report`.
        watch : callable
            Called several times a second, in the thread that asks; what it raises ends the wait.
        """
        job: _Job[T] = self._join(key, work)
        try:
            while not job.future.done():
                watch(self._ahead(job), job.share, job.title)
                wait([job.future], _LOOK_EVERY_S)
            return job.future.result()
        finally:
            self._leave(key, job)

    def _join(self, key: Hashable, work: Callable[[Report], T]) -> _Job[T]:
        with self._lock:
            job = self._jobs.get(key)
            if job is None:
                job = _Job()
                job.future = self._worker.submit(self._do, key, job, work)
                self._jobs[key] = job
            job.waiting += 1
            return job

    def _leave(self, key: Hashable, job: _Job[T]) -> None:
        with self._lock:
            job.waiting -= 1
            if not job.waiting:
                self._drop(key, job)

    def _drop(self, key: Hashable, job: _Job[T]) -> None:
        if self._jobs.get(key) is job:  # not one that was asked for since
            del self._jobs[key]

    def _ahead(self, job: _Job[T]) -> int:
        with self._lock:
            jobs = list(self._jobs.values())
        return jobs.index(job) if job in jobs else 0

    def _do(self, key: Hashable, job: _Job[T], work: Callable[[Report], T]) -> T:
        def report(share: float, title: str = "") -> None:
            job.share, job.title = share, title
            with self._lock:
                is_abandoned = not job.waiting
            if is_abandoned:
                raise AbandonedError

        try:
            report(0.0)
            return work(report)
        finally:
            with self._lock:
                self._drop(key, job)
