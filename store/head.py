"""
The head of the journal, noted outside it: which entry was the newest when somebody last wrote.

A chain cannot tell that its newest entries were cut off; a note beside it can, as long as whoever
cuts does not rewrite the note too.
"""

import json
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from geo.errors import StoreError
from store.atomic import replacing

FILE = "district.head"
SERVER_FILE = "server.head"
"""Of a store on a server: the folder's own GeoPackage has entries, and a note, of its own."""


class Head(NamedTuple):
    """Place and digest of the newest entry."""

    seq: int
    digest: str


def read_head(file: Path) -> Head | None:
    """Return what a file notes, None where there is none or it says nothing."""
    try:
        told = json.loads(file.read_text("utf-8"))
        return Head(int(told["seq"]), str(told["digest"]))
    except (OSError, ValueError, TypeError, LookupError):
        return None


def write_head(file: Path, head: Head) -> None:
    """Note the newest entry after it was committed."""
    # The entry is on the disk: a note that lags behind, or cannot be written, accuses nobody.
    with suppress(StoreError), replacing(file) as scratch:
        scratch.write_text(json.dumps(head._asdict()), encoding="utf-8")
