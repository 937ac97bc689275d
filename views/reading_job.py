"""
A delivery being read in the background, so that the page stays responsive and can cancel.

The upload is written into a private folder under numbers and read by intake's child process.
Cancelling kills the child; the folder goes with the job, whatever happens. One delivery is read at
a time, whoever brought it: others wait their turn and see how many are ahead.
"""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from typing import Final, Generic, TypeVar

from intake import sandbox
from intake.reading import DeliveryReading
from store.scratch import private_folder
from views.work_queue import AbandonedError, Report, WorkQueue

LIMITS = sandbox.Limits()
_LEFT_S: Final = 60.0  # a page that lost its connection comes back within seconds
_READING: Final = WorkQueue()
_LOG = logging.getLogger("litong")
_T = TypeVar("_T")


class ReadingJob(Generic[_T]):
    """
    One delivery on its way.

    Parameters
    ----------
    uploads : sequence of (str, bytes)
        The name each file was delivered under, never used as a path, and its content.
    then : callable
        What is made of the reading, in the background too.
    is_awaited : callable
        Return whether anybody is there for the result; a minute after the last, reading ends.

    Attributes
    ----------
    ahead : int
        Deliveries that are read before this one.
    """

    def __init__(
        self,
        uploads: Sequence[tuple[str, bytes]],
        then: Callable[[DeliveryReading], _T],
        is_awaited: Callable[[], bool] = lambda: True,
    ) -> None:
        self.result: _T | None = None
        self.error: Exception | None = None
        self.is_read = False
        self.ahead = 0
        self._uploads, self._then, self._is_awaited = uploads, then, is_awaited
        self._awaited_at = monotonic()
        self._cancelled, self._begun = Event(), 0.0
        self._thread = Thread(target=self._run, name="reading", daemon=True)
        self._thread.start()

    @property
    def is_done(self) -> bool:
        """Whether there is a result, or an error."""
        return not self._thread.is_alive()

    @property
    def seconds(self) -> float:
        """Seconds since its turn came, 0 before."""
        return monotonic() - self._begun if self._begun else 0.0

    def cancel(self) -> None:
        """Kill the child and forget the upload; return when both are gone."""
        self._cancelled.set()
        self._thread.join()
        self.result = None

    def _run(self) -> None:
        try:
            reading = _READING.run(self, self._read, self._watch)
            self.is_read, self.ahead = True, 0  # seen in line a moment ago perhaps
            if not self._cancelled.is_set():
                self.result = self._then(reading)
        except Exception as error:  # noqa: BLE001  (the page shows it, in another thread)
            _LOG.info("reading ended early", exc_info=error)
            self.error = error

    def _watch(self, ahead: int, _share: float, _title: str) -> None:
        """Note the place in the queue; leave it when cancelled before the turn came."""
        self.ahead = ahead
        if self._is_awaited():
            self._awaited_at = monotonic()
        elif monotonic() - self._awaited_at > _LEFT_S:
            self._cancelled.set()
        if self._cancelled.is_set() and not self._begun:
            raise AbandonedError

    def _read(self, _report: Report) -> DeliveryReading:
        self._begun = monotonic()
        with private_folder("upload") as folder:
            paths: list[Path] = []
            for number, (_, content) in enumerate(self._uploads):
                paths.append(folder / str(number))
                paths[-1].write_bytes(content)
            names = [name for name, _ in self._uploads]
            self._uploads = ()
            return sandbox.read(paths, names=names, limits=LIMITS, cancelled=self._cancelled.is_set)
