"""Ctrl-C while a district is written: checked between portions, so nothing partial is kept."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from store import ProgressCallback


@contextmanager
def interruptible() -> Iterator[ProgressCallback]:
    """
    Offer a step for `Store.apply` that raises once Ctrl-C was pressed.

    A signal that came after the last step comes too late: what is written is kept and reported.

    Raises
    ------
    KeyboardInterrupt
        From the step: the change is rolled back.
    """
    pressed: list[int] = []

    def note(number: int, _: FrameType | None) -> None:
        pressed.append(number)

    def step(_: float) -> None:
        if pressed:
            raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, note)
    try:
        yield step
    finally:
        signal.signal(signal.SIGINT, before)
