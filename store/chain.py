"""
A chain of records: each carries the SHA-256 of the one before, so that none is altered unnoticed.

A record is JSON in one spelling. Who keeps the records, and where, is not known here.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

GENESIS = "0" * 64
"""What the first record of a chain follows."""


class Link(NamedTuple):
    """A record as kept: its text, the digest it follows and its own."""

    text: str
    previous: str
    digest: str


def canonical(fields: Mapping[str, Any]) -> str:
    """Return the one spelling of a record: JSON with sorted keys and no spaces."""
    return json.dumps(
        fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )


def sealed(text: str, previous: str) -> Link:
    """Return `text` as the record that follows the digest `previous`."""
    content = f"{previous}\n{text}".encode("utf-8", "surrogatepass")
    return Link(text, previous, hashlib.sha256(content).hexdigest())


def broken_link(links: Iterable[Link]) -> int | None:
    """Return the place, from 1, of the first link that was altered or does not follow, or None."""
    previous = GENESIS
    for place, link in enumerate(links, start=1):
        if link != sealed(link.text, previous):
            return place
        previous = link.digest
    return None
