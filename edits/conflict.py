"""The one error of an edit that does not fit the rows it is applied to."""

import shapely

import layers
from edits.cells import Cell, column_label
from geo.errors import DataError

_SHOWN = 60


class EditConflictError(DataError):
    """
    A row is not as the edit expects it; nothing was changed.

    Attributes
    ----------
    layer, key, column : str
        Which cell; the key column where the whole row is missing, or there already.
    found, expected : object
        Its value and the one the edit starts from; None where unknown or absent.
    """

    def __init__(self, layer: str, key: str, column: str, *, found: Cell, expected: Cell) -> None:
        spec = layers.ALL[layer]
        super().__init__(
            f"{layer} {key}: {column} is {_shown(found)}, the edit expects {_shown(expected)}; "
            "nothing was changed",
            f"{spec.label_zh} {key}：“{column_label(layer, column, 'zh')}”现为 {_shown(found)}，"
            f"而本次调整的依据是 {_shown(expected)}；未作任何修改",
        )
        self.layer = layer
        self.key = key
        self.column = column
        self.found = found
        self.expected = expected


def _shown(value: Cell) -> str:
    """Return a value short enough for a message; a dash for none."""
    if value is None:
        return "—"
    text = shapely.to_wkt(value) if isinstance(value, shapely.Geometry) else str(value)
    return text[:_SHOWN]
