"""Where a district is kept: a folder with district.toml and district.gpkg, live or handed over."""

from store.contract import KIND_LABELS, Change, ConflictError, Entry, Kind, Row, Step, Store
from store.difference import LayerDifference, changed_cells, difference
from store.folder import Reading, read, read_district, write_district
from store.mapping import TableReport
from store.opening import STORE_VARIABLE, open_store, read_store

__all__ = [
    "KIND_LABELS",
    "STORE_VARIABLE",
    "Change",
    "ConflictError",
    "Entry",
    "Kind",
    "LayerDifference",
    "Reading",
    "Row",
    "Step",
    "Store",
    "TableReport",
    "changed_cells",
    "difference",
    "open_store",
    "read",
    "read_district",
    "read_store",
    "write_district",
]
