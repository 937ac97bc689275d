"""Failed attempts to sign in: after some, a name from an address, and an address, has to wait."""

from collections import OrderedDict
from datetime import datetime, timedelta
from threading import Lock
from typing import Final

_WAIT: Final = timedelta(minutes=15)
_OF_NAME, _OF_ADDRESS = 5, 30
_REMEMBERED: Final = 10_000  # names and addresses


class Attempts:
    """The failures of the last quarter of an hour. Every time is told by the caller."""

    def __init__(self) -> None:
        self._failures: OrderedDict[tuple[str, ...], list[datetime]] = OrderedDict()
        self._lock = Lock()

    def are_too_many(self, account: str, address: str, now: datetime) -> bool:
        """Return whether `account` may not be tried from `address` now, right password or not."""
        with self._lock:
            of_name = self._recent((account, address), now)
            of_address = self._recent((address,), now)
        return of_name >= _OF_NAME or of_address >= _OF_ADDRESS

    def note(self, account: str, address: str, now: datetime) -> bool:
        """Count a failure; return whether the next attempt is one too many."""
        with self._lock:
            for key in ((account, address), (address,)):
                self._failures.setdefault(key, []).append(now)
                self._failures.move_to_end(key)
            while len(self._failures) > _REMEMBERED:
                self._failures.popitem(last=False)
        return self.are_too_many(account, address, now)

    def forget(self, account: str, address: str) -> None:
        """Count no failures of a name any more, since it signed in."""
        with self._lock:
            self._failures.pop((account, address), None)

    def _recent(self, key: tuple[str, ...], now: datetime) -> int:
        kept = [at for at in self._failures.get(key, []) if now - at < _WAIT]
        if key in self._failures:
            self._failures[key] = kept
        return len(kept)
