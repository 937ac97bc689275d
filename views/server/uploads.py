"""
One budget for what the sessions have uploaded, together: a visitor cannot fill the memory.

Streamlit bounds each file (`server.maxUploadSize`) and forgets a session's files when it ends.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from streamlit.runtime import Runtime
from streamlit.runtime.stats import CacheStat

_MOST_BYTES: Final = 400_000_000


def kept_bytes() -> int:
    """Return the size of all files that Streamlit keeps for sessions now [bytes]."""
    families = Runtime.instance().uploaded_file_mgr.get_stats()
    stats = (stat for family in families.values() for stat in family)
    return sum(stat.byte_length for stat in stats if isinstance(stat, CacheStat))


@dataclass(eq=False, slots=True)
class UploadBudget:
    """
    What may be uploaded at once. Used by the event loop alone.

    Attributes
    ----------
    kept : callable
        Return the size of what is kept [bytes].
    most_bytes : int
        The total of what is kept and what is on its way.
    """

    kept: Callable[[], int] = kept_bytes
    most_bytes: int = _MOST_BYTES
    _arriving: int = field(default=0, init=False)

    @contextmanager
    def reserved(self, size_bytes: int) -> Iterator[bool]:
        """Yield whether an upload of `size_bytes` has room; it has, until the block ends."""
        if self.kept() + self._arriving + size_bytes > self.most_bytes:
            yield False
            return
        self._arriving += size_bytes
        try:
            yield True
        finally:
            self._arriving -= size_bytes
