"""
Memory: how the headings of a source were mapped last time, kept in the district's journal.

A source is known by its layer and its set of headings, so next year's sheet of the same office is
mapped at once. Only what a person answered is remembered, and only headings and column names,
never a value, never a coordinate.
"""

import hashlib
from collections.abc import Iterable, Mapping

from store import EntryKind, Signature, Store


def fingerprint(layer: str, headings: Iterable[str]) -> str:
    """Return the name under which a source is remembered."""
    text = "\x1f".join([layer, *sorted(headings)])
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def recall(store: Store, layer: str, headings: Iterable[str]) -> dict[str, str]:
    """
    Return column to heading as answered last time, empty if this source is new.

    Entries of earlier builds hold guesses beside answers and are not used.
    """
    entries = store.journal(EntryKind.HEADINGS, fingerprint(layer, headings))
    payload = entries[-1].payload if entries else {}
    found = payload["columns"] if payload.get("answered") else {}
    return {str(column): str(heading) for column, heading in found.items()}


def remember(
    store: Store,
    layer: str,
    headings: Iterable[str],
    mapping: Mapping[str, str],
    *,
    entry: Signature,
) -> None:
    """
    Keep a mapping for next time; an unchanged mapping is not written again.

    Raises
    ------
    StoreError
        If the store cannot be written.
    """
    known = list(headings)
    if recall(store, layer, known) != dict(mapping):
        payload = {"layer": layer, "columns": dict(mapping), "answered": True}
        subject = fingerprint(layer, known)
        store.record(EntryKind.HEADINGS, payload, entry=entry, subject=subject)
