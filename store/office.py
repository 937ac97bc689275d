"""The fields that an office fills in again and again, as the journal keeps them."""

from collections.abc import Mapping

from store.contract import Store
from store.journal_entry import EntryKind, Signature


def read_fields(store: Store) -> dict[str, str]:
    """Return the fields last filled in, {} where there are none."""
    entries = store.journal(EntryKind.OFFICE)
    return {str(k): str(v) for k, v in entries[-1].payload["fields"].items()} if entries else {}


def write_fields(store: Store, fields: Mapping[str, str], *, entry: Signature) -> None:
    """
    Keep the fields filled in; nothing is written where they are those kept already.

    Raises
    ------
    StoreError
        If the store cannot be written.
    """
    if read_fields(store) != dict(fields):
        store.record(EntryKind.OFFICE, {"fields": dict(fields)}, entry=entry)
