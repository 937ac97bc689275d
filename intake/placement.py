"""Placement: where the rows of a table are, in the file's numbers and then in the district."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geo.arrays import FloatArray
from geo.errors import CrsError
from intake import georeference, positions
from intake.datum import SevenParameters
from intake.features import Features
from intake.place import PlacePrior
from intake.placing import centres, moved
from intake.positions import Match
from intake.proposal import Proposal
from intake.reading import Cell, DeliveredTable
from layers.spec import LayerSpec

_KEPT = 100_000  # rows whose geometries are kept in memory beside those in the working CRS
_PIECE = 20_000  # rows of a larger file that are read at once


@dataclass(frozen=True)
class FilePositions:
    """
    Where n rows are, in the file's own numbers.

    Attributes
    ----------
    table : DeliveredTable
        What the file says.
    spec : LayerSpec
        The layer it is for.
    columns : mapping of str to sequence of cell
        Its decoded columns, n cells each.
    place : PlacePrior
        The district.
    choice : str or None
        What a person chose, None for what is proposed.
    parents : mapping of str to sequence of cell, optional
        Columns of the natural key that name the parent of each row, as ids.
    """

    table: DeliveredTable
    spec: LayerSpec
    columns: Mapping[str, Sequence[Cell]]
    place: PlacePrior
    choice: str | None
    parents: Mapping[str, Sequence[Cell]] = field(default_factory=dict)

    @cached_property
    def known(self) -> Features | None:
        """The layer as the district has it, None if it has nothing of it."""
        is_there = self.spec.name in self.place.known
        return Features.known(self.spec, self.place.known) if is_there else None

    @cached_property
    def step(self) -> Proposal:
        """
        The step ``position``.

        Raises
        ------
        DataError
            If the choice names no column of the file, or no known feature.
        """
        has_geometry = bool(self.table.wkb)
        found = positions.propose(
            self.spec, self.columns, self.known, self.parents, has_geometry=has_geometry
        )
        if self.choice is None:
            return found
        proposal = found.choose(self.choice)
        if proposal.free:
            positions.require_usable(self.choice, self.columns, self.known)
        return proposal

    @cached_property
    def match(self) -> Match | None:
        """The known feature of each row; None where the rows have positions of their own."""
        chosen = self.step.chosen or ""
        if self.known is None or not positions.is_match(chosen):
            return None
        return positions.matched(chosen, self.columns, self.known, self.parents)

    def pieces(self) -> Iterator[NDArray[np.object_]]:
        """
        Yield geometries, unrepaired, a piece of the n rows at a time.

        None for rows matched with known features. Those of a large file are read anew each time:
        they would take as much memory as all the rest.
        """
        count = len(self.table.rows)
        if count <= _KEPT:
            yield self._whole
            return
        for start in range(0, count, _PIECE):
            yield self.piece(slice(start, start + _PIECE))

    @cached_property
    def _whole(self) -> NDArray[np.object_]:
        return self.piece(slice(None))

    def piece(self, rows: slice) -> NDArray[np.object_]:
        """Return the geometries of some rows, unrepaired."""
        chosen = self.step.chosen or ""
        if chosen == positions.GEOMETRY:
            with np.errstate(all="ignore"):
                raw = np.array(self.table.wkb[rows], dtype=object)
                return np.asarray(shapely.from_wkb(raw, on_invalid="ignore"), dtype=object)
        if not chosen or positions.is_match(chosen):
            return np.full(len(self.table.rows[rows]), None, dtype=object)
        return positions.points(chosen, {name: cells[rows] for name, cells in self.columns.items()})

    @property
    def has_heights(self) -> bool:
        """Whether a position has a height."""
        return self._overview[1]

    @cached_property
    def _overview(self) -> tuple[FloatArray, bool]:
        """The centre of each row, shape (n, 2), and whether any has a height: in one reading."""
        found, has_heights = [np.empty((0, 2))], False
        for piece in self.pieces():
            found.append(centres(piece))
            has_heights |= bool(shapely.has_z(piece).any())
        return np.concatenate(found), has_heights

    @cached_property
    def references(self) -> Proposal:
        """The step ``crs`` as it is proposed, whatever a person then chooses."""
        if positions.is_match(self.step.chosen or ""):
            return georeference.of_known_features()
        return georeference.propose(
            self._overview[0],
            place=self.place,
            declaration=self.table.crs,
            layer=self.spec.name,
            texts=self.columns,
        )


@dataclass(frozen=True)
class Placement:
    """
    Where n rows are in the district.

    Attributes
    ----------
    positions : FilePositions
        Where they are in the file's numbers.
    choice : str or None
        The coordinate reference that a person chose, None for the one that is proposed.
    of_file : Proposal or None
        The step ``crs`` of another table of the same drawing, which answers for all of it.
    parameters : SevenParameters or None
        For a file on an old datum; used, and shown nowhere.
    """

    positions: FilePositions
    choice: str | None
    of_file: Proposal | None = None
    parameters: SevenParameters | None = field(default=None, repr=False)

    @cached_property
    def step(self) -> Proposal:
        """The step ``crs``."""
        of_file = None if self.positions.match is not None else self.of_file
        found = of_file or self.positions.references
        return found if self.choice is None else found.choose(self.choice)

    @cached_property
    def shapes(self) -> NDArray[np.object_]:
        """Geometries in the working CRS, unrepaired; None where the reference is not settled."""
        with suppress(CrsError):
            if self.positions.match is None and self.step.chosen:
                reference = self.step.chosen
                pieces = [self._moved(piece, reference) for piece in self.positions.pieces()]
                return np.concatenate([np.empty(0, dtype=object), *pieces])
        return np.full(len(self.positions.table.rows), None, dtype=object)

    def pictured(self, reference: str, most: int = 400) -> gpd.GeoSeries:
        """
        Return at most `most` geometries in the working CRS, unrepaired, for a picture.

        Raises
        ------
        CrsError
            If `reference` is unknown, or needs parameters that were not given.
        """
        if self.positions.match is not None:
            known = self.positions.place.known[self.positions.spec.name]
            found = self.positions.match[0][self.positions.match[0] >= 0]
            return gpd.GeoSeries(known.geometry.iloc[found[:: max(1, len(found) // most)]])
        step = max(1, len(self.positions.table.rows) // most)
        some = self.positions.piece(slice(None, None, step))
        return gpd.GeoSeries(self._moved(some, reference), crs=self.positions.place.crs)

    def _moved(self, shapes: NDArray[np.object_], reference: str) -> NDArray[np.object_]:
        usable = georeference.require_usable(reference, has_parameters=self.parameters is not None)
        return moved(shapes, usable, self.positions.place, self.parameters)
