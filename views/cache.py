"""
What all sessions share, in our own hands: values by key, bounded by their bytes together.

Streamlit's cache of resources counts entries, not bytes, and a browser's message can empty it.

Streamlit collects garbage in full after every run of a page. What is kept here is long-lived, so it
is set aside from the collector (`gc.freeze`): a warm run of the map's page costs a seventh.
"""

import gc
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Lock
from typing import Final, Generic, TypeVar

V = TypeVar("V")

_BUDGET_BYTES: Final = 1_000_000_000
_LARGE_BYTES: Final = 2_000_000


def _set_aside() -> None:
    """Collect garbage once, then spare the collector all that is left: it lives long."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


@dataclass(slots=True)
class ByteBudget:
    """
    A total that several caches share; the least recently used entry of any of them is dropped.

    Attributes
    ----------
    most_bytes : int
        The total. The newest entry stays, however large.
    """

    most_bytes: int
    used_bytes: int = 0
    _entries: OrderedDict[Hashable, tuple[object, int]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def find(self, key: Hashable) -> object | None:
        """Return what is kept under `key`, None for nothing."""
        with self._lock:
            if key not in self._entries:
                return None
            self._entries.move_to_end(key)
            return self._entries[key][0]

    def keep(self, key: Hashable, value: object, size_bytes: int) -> None:
        """Keep a value, and drop others until all are within the budget."""
        with self._lock:
            self._drop(key)
            self._entries[key] = value, size_bytes
            self.used_bytes += size_bytes
            while self.used_bytes > self.most_bytes and len(self._entries) > 1:
                self._drop(next(iter(self._entries)))
        if size_bytes > _LARGE_BYTES:
            _set_aside()

    def clear(self) -> None:
        """Drop everything."""
        with self._lock:
            self._entries.clear()
            self.used_bytes = 0

    def _drop(self, key: Hashable) -> None:
        if key in self._entries:
            self.used_bytes -= self._entries.pop(key)[1]


BUDGET: Final = ByteBudget(_BUDGET_BYTES)
"""The one budget of this process; LITONG_CACHE_MB sets its total."""


class SharedCache(Generic[V]):
    """
    Values of one kind by key, within a budget.

    Parameters
    ----------
    name : str
        Of the kind; keys of different kinds never meet.
    size_of : callable
        Return the memory of a value [bytes].
    budget : ByteBudget, optional
        Whose total counts.
    """

    def __init__(self, name: str, size_of: Callable[[V], int], budget: ByteBudget = BUDGET) -> None:
        self.name, self._size_of, self._budget = name, size_of, budget
        self._making: dict[Hashable, Future[V]] = {}
        self._lock = Lock()

    def find(self, key: Hashable) -> V | None:
        """Return what is kept under `key`, None for nothing."""
        return self._budget.find((self.name, key))  # type: ignore[return-value]  # by name

    def keep(self, key: Hashable, value: V) -> V:
        """Keep a value and return it."""
        self._budget.keep((self.name, key), value, self._size_of(value))
        return value

    def get(self, key: Hashable, make: Callable[[], V]) -> V:
        """Return the value of `key`; the first to ask makes it, others wait for it."""
        with self._lock:
            found = self.find(key)
            if found is not None:
                return found
            first = key not in self._making
            future = self._making.setdefault(key, Future())
        if not first:
            return future.result()
        try:
            future.set_result(self.keep(key, make()))
        except BaseException as error:
            future.set_exception(error)
            raise
        finally:
            with self._lock:
                del self._making[key]
        return future.result()
