"""
Edits: changes of rows as values, applied to a district in one place.

An `Edit` says which rows of which layers are added, changed and removed. `difference` makes one of
two districts, the makers (`edits.rows`, `edits.named`) one of what somebody does; `apply` is the
only way from a district and an edit to the district after it.
"""

from edits.applying import apply
from edits.conflict import EditConflictError
from edits.difference import difference
from edits.edit import Edit, SetChange
from edits.json_text import from_document, from_json, to_document, to_json
from edits.layer_edit import CellChanges, LayerEdit
from edits.row_change import RowChange

__all__ = [
    "CellChanges",
    "Edit",
    "EditConflictError",
    "LayerEdit",
    "RowChange",
    "SetChange",
    "apply",
    "difference",
    "from_document",
    "from_json",
    "to_document",
    "to_json",
]
