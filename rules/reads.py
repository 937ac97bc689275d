"""
Reads: which columns of which layers a result depends on, and which of them an edit touches.

Everything that is measured declares what it reads. After an edit a result stands, bit for bit,
unless the edit touches something that it reads.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

import layers
from edits import Edit, LayerEdit
from layers.district import District
from layers.estates import SURVEYED_WITH

GEOMETRY = "geometry"
_ROWS = ""  # stands for every column: rows that are added or removed
WITH_STATE = ("facilities", "parking")
"""Layers of which closed and planned rows serve nobody, and whose kinds are surveyed one by one."""


SIZES = ("floor_area_m2", "capacity")
"""Columns of facilities that decide whether a place counts as one."""


@dataclass(frozen=True, slots=True)
class Read:
    """
    Columns of a layer that something depends on.

    Attributes
    ----------
    layer : str
        Name of the layer.
    columns : frozenset of str
        Its columns; `GEOMETRY` is one.
    kinds : frozenset of str
        The kinds of row that are looked at; none stands for all rows.
    """

    layer: str
    columns: frozenset[str]
    kinds: frozenset[str] = frozenset()


Reads = frozenset[Read]

ESTATE_KEYS: Reads = frozenset({Read("estates", frozenset({"estate_id"}))})
"""Which estates there are."""

ESTATES: Reads = frozenset({Read("estates", frozenset({"estate_id", GEOMETRY}))})
"""Which estates there are, and where."""


@cache
def rows_read(layer: str, kinds: tuple[str, ...] = (), columns: tuple[str, ...] = ()) -> Reads:
    """
    Return what is read to find rows of some kinds, the estate of each, and some of their columns.

    Whether anybody looked for the layer in an estate is read too.

    Parameters
    ----------
    layer : str
        Name of the layer.
    kinds : tuple of str
        Kinds of row; all rows if empty.
    columns : tuple of str
        What is read of the rows besides key, estate, state, whom they serve, and geometry; columns
        that are measured on the geometry need no mention.
    """
    spec = layers.ALL[layer]
    found = {column.name for column in spec.columns}
    wanted = {*columns, spec.key, "estate_id"} & found | {GEOMETRY}
    wanted |= {"kind"} if kinds else set()
    wanted |= {"state", "name", "is_public"} if layer in WITH_STATE else set()
    wanted |= set(SIZES) if layer == "facilities" else set()
    read = Read(layer, frozenset(wanted), frozenset(kinds))
    if layer in SURVEYED_WITH:
        looked = Read("estates", frozenset({"estate_id", SURVEYED_WITH[layer]}))
        return ESTATES | {read, looked}
    return ESTATES | {read} | (PEOPLE if layer == "estates" else frozenset())


def every_column(layer: str, kinds: tuple[str, ...] = ()) -> Reads:
    """Return what is read of rows of which any column may be asked for."""
    return rows_read(layer, kinds, tuple(column.name for column in layers.ALL[layer].columns))


def dates_of(reads: Reads) -> Reads:
    """Return what is read to know how old the rows are that `reads` looks at."""
    return frozenset(Read(read.layer, frozenset({"source_date"}), read.kinds) for read in reads)


PEOPLE: Reads = (
    frozenset({Read("estates", frozenset({"estate_id", "households", "persons", "elders"}))})
    | rows_read("units", (), ("households",))
    | rows_read("buildings", (), ("households",))
)
"""What is read to know how many households and people live in each estate."""

WALKWAYS: Reads = frozenset({Read("walkways", frozenset({"walkway_id", GEOMETRY}))})

NETWORK: Reads = WALKWAYS | rows_read("entrances", (), ("state",))
"""What is read to know where people can walk."""

DOORS: Reads = PEOPLE | rows_read("buildings", (), ("use",)) | NETWORK
"""What is read to know where walks begin and who lives behind."""

OUTSIDE: Reads = NETWORK | rows_read(
    "buildings", (), ("use", "households", "floor_area_m2", "storeys")
)
"""What is read to know who lives outside the estates, and where."""


@dataclass(frozen=True, slots=True, eq=False)
class Touched:
    """
    What an edit touches.

    Attributes
    ----------
    cells : mapping of str to mapping of str to frozenset of str
        By layer and column, the kinds of the rows of which it changes; "" stands for every column
        of rows added or removed, and for the kind of a row without one.
    surveyed, surveyed_kinds : frozenset of str
        Layers and kinds that count as surveyed from now on, or no longer.
    """

    cells: Mapping[str, Mapping[str, frozenset[str]]]
    surveyed: frozenset[str] = frozenset()
    surveyed_kinds: frozenset[str] = frozenset()

    @classmethod
    def by(cls, edit: Edit, before: District, after: District) -> "Touched":
        """
        Return what `edit` touches.

        Parameters
        ----------
        edit : Edit
            Changes of rows.
        before, after : District
            The district that it starts from, and as it leaves it.
        """
        return cls(
            {name: _cells(one, before[name], after[name]) for name, one in edit.layers.items()},
            before.surveyed ^ after.surveyed,
            before.surveyed_kinds ^ after.surveyed_kinds,
        )

    def meets(self, reads: Reads) -> bool:
        """Return whether anything that is read is touched."""
        return any(self._meets(read) for read in reads)

    def _meets(self, read: Read) -> bool:
        if read.layer in self.surveyed:
            return True
        if read.layer in WITH_STATE and read.kinds & self.surveyed_kinds:
            return True
        cells = self.cells.get(read.layer, {})
        return any(
            not read.kinds or bool(read.kinds & cells[column])
            for column in (_ROWS, *read.columns)
            if column in cells
        )


def _cells(edit: LayerEdit, before: pd.DataFrame, after: pd.DataFrame) -> dict[str, frozenset[str]]:
    """Return the kinds of the rows of which each column changes."""
    key = layers.ALL[edit.layer].key
    touched = {
        column: _kinds(before[before[key].isin(change.keys)])
        | _kinds(after[after[key].isin(change.keys)])
        for column, change in edit.cells.items()
    }
    whole = _kinds(edit.added) | _kinds(edit.removed)
    return touched | {_ROWS: whole} if len(edit.added) or len(edit.removed) else touched


def _kinds(rows: pd.DataFrame) -> frozenset[str]:
    if "kind" not in rows:
        return frozenset({""})
    return frozenset(np.unique(rows["kind"].fillna("").to_numpy(dtype=object)))
