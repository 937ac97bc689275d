"""Where a district is kept: a folder with district.toml and district.gpkg, live or handed over."""

from store.contract import (
    SHOWN_DIGITS,
    ConflictError,
    ProgressCallback,
    RowSnapshot,
    Store,
)
from store.folder import Reading, read, read_district, write_district
from store.journal_entry import (
    DECISIONS,
    KIND_LABELS,
    EntryKind,
    JournalEntry,
    Known,
    Signature,
)
from store.mapping import TableReport
from store.opening import STORE_VARIABLE, open_store, read_store

__all__ = [
    "DECISIONS",
    "KIND_LABELS",
    "SHOWN_DIGITS",
    "STORE_VARIABLE",
    "ConflictError",
    "EntryKind",
    "JournalEntry",
    "Known",
    "ProgressCallback",
    "Reading",
    "RowSnapshot",
    "Signature",
    "Store",
    "TableReport",
    "open_store",
    "read",
    "read_district",
    "read_store",
    "write_district",
]
