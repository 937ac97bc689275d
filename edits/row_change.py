"""RowChange: one row before and after, and how two changes of one row become one."""

from collections.abc import Mapping
from dataclasses import dataclass

import layers
from edits.cells import Cell, is_same
from edits.conflict import EditConflictError
from edits.wording import described
from wording import Language


@dataclass(frozen=True, slots=True)
class RowChange:
    """
    One row before and after.

    Attributes
    ----------
    layer, key : str
        Which row.
    before, after : mapping of str to object, or None
        Column -> value, None unknown, `geometry` a shapely geometry. None where there is no row:
        `before` of a row added, `after` of a row removed. Of a row changed only the cells that do.
    """

    layer: str
    key: str
    before: Mapping[str, Cell] | None
    after: Mapping[str, Cell] | None

    def sentence(self, language: Language) -> str:
        """Return the change in words, ``"zh"`` or ``"en"``."""
        return described(self.layer, self.key, self.before, self.after, language)


def joined(first: RowChange, second: RowChange) -> RowChange | None:
    """
    Return two changes of one row as one, None where the second takes the first back.

    Raises
    ------
    EditConflictError
        If the second does not start from what the first leaves.
    """
    _require_follows(first, second)
    before = None if first.before is None else {**(second.before or {}), **first.before}
    after = None if second.after is None else {**(first.after or {}), **second.after}
    if before is None and after is None:
        return None
    if before is not None and after is not None:  # what is absent in a whole row is unknown
        names = [
            name
            for name in dict.fromkeys([*before, *after])
            if not is_same(before.get(name), after.get(name))
        ]
        if not names:
            return None
        before, after = ({name: side.get(name) for name in names} for side in (before, after))
    return RowChange(first.layer, first.key, before, after)


def _require_follows(first: RowChange, second: RowChange) -> None:
    """Raise unless the second change starts from what the first leaves."""
    key = layers.ALL[first.layer].key
    if (first.after is None) != (second.before is None):
        there, wanted = (
            None if side is None else first.key for side in (first.after, second.before)
        )
        raise EditConflictError(first.layer, first.key, key, found=there, expected=wanted)
    for name, expected in (second.before or {}).items():
        is_known = first.before is None or name in (first.after or {})
        found = (first.after or {}).get(name)
        if is_known and not is_same(found, expected):
            raise EditConflictError(first.layer, first.key, name, found=found, expected=expected)
