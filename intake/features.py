"""Features: what identifies the rows of a table, or the features that a layer has already."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeVar

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

import layers
from geo.arrays import IndexArray, ShapeArray
from intake import ground
from intake.reading import Cell
from intake.spelling import spelling, stem
from layers.spec import LayerSpec

_Scalar = TypeVar("_Scalar", bound=np.generic)

NOBODY = -1
"""The position of a known feature that there is none of."""


def own_column(spec: LayerSpec) -> str:
    """Return the column that names a feature, alone or within its parent; "" if there is none."""
    if spec.natural_key:
        return spec.natural_key[-1]
    return "name" if any(column.name == "name" for column in spec.columns) else ""


def identifying_columns(spec: LayerSpec) -> tuple[str, ...]:
    """Return the columns that say which feature a row is, the key first."""
    wanted = {spec.key, own_column(spec), "kind", "address", *parent_columns(spec)}
    return tuple(column.name for column in spec.own_columns if column.name in wanted)


def parent_columns(spec: LayerSpec) -> tuple[str, ...]:
    """Return the columns of the natural key above the own name, and what tells them apart."""
    direct = spec.natural_key[:-1]
    above = (layers.ALL[spec.column(name).refers_to].natural_key[:-1] for name in direct)
    return (*dict.fromkeys(part for parts in above for part in parts), *direct)


@dataclass(frozen=True)
class Features:
    """
    What identifies n features of a layer.

    Attributes
    ----------
    spec : LayerSpec
        The layer.
    columns : mapping of str to sequence of cell
        Its `identifying_columns`, n cells each, as far as there are any; None where one is blank.
    shapes : ndarray of geometry, shape (n,)
        In the working CRS; None where a feature has no place.
    keys : sequence of cell
        Their keys, n.
    parents : mapping of str to mapping of str to str, optional
        Column of the natural key to the names of the features that it refers to, by key.
    """

    spec: LayerSpec
    columns: Mapping[str, Sequence[Cell]]
    shapes: ShapeArray
    keys: Sequence[Cell]
    parents: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @classmethod
    def known(cls, spec: LayerSpec, layers_there: Mapping[str, gpd.GeoDataFrame]) -> "Features":
        """Return the features of a layer that the district has."""
        frame = layers_there[spec.name]
        columns = {
            name: frame[name].astype(object).where(frame[name].notna(), None).tolist()
            for name in identifying_columns(spec)
            if name in frame
        }
        shapes = np.asarray(frame.geometry.array, dtype=object)
        parents = parents_of(spec, layers_there)
        return cls(spec, columns, shapes, columns[spec.key], parents)

    def __len__(self) -> int:
        """Return their number."""
        return len(self.shapes)

    def taken(self, at: Sequence[int]) -> "Features":
        """Return those at some positions."""
        columns = {name: [cells[n] for n in at] for name, cells in self.columns.items()}
        keys = [self.keys[n] for n in at]
        return replace(self, columns=columns, shapes=self.shapes[list(at)], keys=keys)

    def column(self, name: str) -> Sequence[Cell]:
        """Return a column, blank where the features do not have it."""
        return self.columns.get(name, self._blank)

    @cached_property
    def _blank(self) -> list[Cell]:
        return [None] * len(self)

    @property
    def names(self) -> Sequence[Cell]:
        """Their names or numbers."""
        return self.column(own_column(self.spec))

    @property
    def kinds(self) -> Sequence[Cell]:
        """Their kinds."""
        return self.column("kind")

    @cached_property
    def sound(self) -> ShapeArray:
        """Their geometries, None for those that are invalid or have no finite place."""
        return ground.sound(self.shapes)

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """The columns by which they are called, the own name last; () if they have no name."""
        own = own_column(self.spec)
        return (*self.spec.natural_key[:-1], own) if own else ()

    @cached_property
    def forms(self) -> list[str]:
        """What they are called as compared, "" where a part that the features have is blank."""
        return self.called(self.parts)

    @cached_property
    def stems(self) -> list[str]:
        """The names without brackets and phases, "" where there is none."""
        return [stem(name) if isinstance(name, str) else "" for name in self.names]

    def called(self, parts: Sequence[str]) -> list[str]:
        """
        Return what the features are called by these columns, however spelt: the own name last.

        "" where a part is blank; a name that begins with that of its parent says it once.
        """
        if not parts or not self.columns.keys() >= set(parts):
            return [""] * len(self)
        own = [_form(name) for name in self.column(parts[-1])]
        for name in parts[:-1]:
            above = self.column(name)
            names = self.parents.get(name, {})
            own = [
                _within(text, parent, names.get(str(parent), "")) if text and parent else ""
                for text, parent in zip(own, above, strict=True)
            ]
        return own


def _form(name: Cell) -> str:
    """Return a name as compared, "" where it has no letter: ???? is no name."""
    form = spelling(name) if isinstance(name, str) else ""
    return form if re.search(r"\w", form) else ""


def _within(text: str, parent: Cell, name: str) -> str:
    """Return a name under the key of its parent, the parent's name at its beginning dropped."""
    own = text.removeprefix(spelling(name)) or text
    return f"{parent!s}\t{spelling(own)}"


def parents_of(
    spec: LayerSpec, layers_there: Mapping[str, gpd.GeoDataFrame]
) -> dict[str, dict[str, str]]:
    """Return the names of the features that a natural key refers to, by its column and by key."""
    found = {}
    for name in spec.natural_key[:-1]:
        above = layers.ALL[spec.column(name).refers_to]
        frame = layers_there.get(above.name)
        if frame is not None and "name" in frame:
            found[name] = dict(zip(frame[above.key], frame["name"].fillna(""), strict=True))
    return found


def of_rows(held: NDArray[_Scalar], rows: IndexArray, blank: object) -> NDArray[_Scalar]:
    """
    Return what is known of each row.

    Parameters
    ----------
    held : ndarray, shape (m,)
        A value of each known feature.
    rows : ndarray of int, shape (n,)
        The position of each row's feature, `NOBODY` where none.
    blank : object
        What is returned where there is none.

    Returns
    -------
    ndarray, shape (n,)
        Of the dtype of `held`.
    """
    found = np.full(len(rows), blank, dtype=held.dtype)
    found[rows != NOBODY] = held[rows[rows != NOBODY]]
    return found


def named_once(forms: Sequence[str]) -> dict[str, int]:
    """Return the position of everything that alone is called so, by what it is called."""
    return {form: at for form, (at, *more) in places(forms).items() if not more}


def places(forms: Sequence[str]) -> dict[str, list[int]]:
    """Return the positions of everything that is called something, by what it is called."""
    found: dict[str, list[int]] = {}
    for at, form in enumerate(forms):
        if form:
            found.setdefault(form, []).append(at)
    return found
