"""
Edit: which rows of which layers are added, changed and removed, as one immutable value.

Rows that come or go are whole; of a row that changes only the cells that do. Everything is held in
arrays and frames by layer, so that an import of 100,000 rows is as cheap as one row is simple.
Geometries are in the working CRS, on its 0.1 mm grid.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce

from pyproj import CRS

import layers
from edits.layer_edit import LayerEdit
from edits.row_change import RowChange
from geo.errors import CrsError
from wording import Language, Text


@dataclass(frozen=True, slots=True)
class SetChange:
    """Members that a set gains and loses."""

    added: frozenset[str] = frozenset()
    removed: frozenset[str] = frozenset()

    @classmethod
    def between(cls, before: frozenset[str], after: frozenset[str]) -> "SetChange":
        """Return the change from one set to another."""
        return cls(after - before, before - after)

    def inverted(self) -> "SetChange":
        """Return the change that takes this one back."""
        return SetChange(self.removed, self.added)

    def then(self, other: "SetChange") -> "SetChange":
        """Return this change and `other` after it as one."""
        return SetChange(
            (self.added - other.removed) | (other.added - self.removed),
            (self.removed - other.added) | (other.removed - self.added),
        )

    def applied(self, members: frozenset[str]) -> frozenset[str]:
        """Return the set after the change."""
        return (members | self.added) - self.removed

    def __bool__(self) -> bool:
        """Return whether anything changes."""
        return bool(self.added or self.removed)


@dataclass(frozen=True, slots=True, eq=False)
class Edit:
    """
    A change of a district's rows, and of what counts as surveyed.

    Attributes
    ----------
    crs : pyproj.CRS
        Working CRS of every geometry in it.
    layers : mapping of str to LayerEdit
        Only layers of which rows change, in the order of `layers.SURVEYED`.
    surveyed, surveyed_kinds : SetChange
        Layers, and kinds of facility and parking, that count as surveyed from now on or no longer;
        without effect where the edit is applied as an assumption.
    """

    crs: CRS
    layers: Mapping[str, LayerEdit] = field(default_factory=dict)
    surveyed: SetChange = SetChange()
    surveyed_kinds: SetChange = SetChange()

    @property
    def counts(self) -> dict[str, tuple[int, int, int]]:
        """Layer -> how many rows are added, changed and removed."""
        return {name: one.counts for name, one in self.layers.items()}

    def __iter__(self) -> Iterator[RowChange]:
        """Yield every row changed, layer by layer."""
        for one in self.layers.values():
            yield from one.rows()

    def __bool__(self) -> bool:
        """Return whether anything changes."""
        return bool(self.layers or self.surveyed or self.surveyed_kinds)

    def inverted(self) -> "Edit":
        """Return the edit that takes this one back exactly."""
        return replace(
            self,
            layers={name: one.inverted() for name, one in self.layers.items()},
            surveyed=self.surveyed.inverted(),
            surveyed_kinds=self.surveyed_kinds.inverted(),
        )

    def then(self, other: "Edit") -> "Edit":
        """
        Return this edit and `other` after it as one; what the second takes back is gone.

        Raises
        ------
        EditConflictError
            If `other` does not start from rows as this edit leaves them.
        CrsError
            If the two are in different CRSs.
        """
        require_crs(other.crs, self.crs)
        joined = {
            name: reduce(
                LayerEdit.then, [e.layers[name] for e in (self, other) if name in e.layers]
            )
            for name in layers.SURVEYED
            if name in self.layers or name in other.layers
        }
        return Edit(
            self.crs,
            {name: one for name, one in joined.items() if one},
            self.surveyed.then(other.surveyed),
            self.surveyed_kinds.then(other.surveyed_kinds),
        )

    def sentence(self, language: Language) -> str:
        """Return what changes, layer by layer, in ``"zh"`` or ``"en"``."""
        return Text("；", "; ")[language].join(
            one.sentence(language) for one in self.layers.values()
        )


def require_crs(found: CRS, expected: CRS) -> None:
    """Raise CrsError unless an edit is in the CRS it is used in."""
    if found != expected:
        raise CrsError(
            f"the edit is in {found.name}, expected {expected.name}",
            f"本次调整的坐标系为 {found.name}，应为 {expected.name}",
        )
