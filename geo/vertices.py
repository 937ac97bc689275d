"""Vertices of edges with their measures, and places on edges as numbers that sort."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from geo.arrays import FloatArray, IntArray

ComplexArray: TypeAlias = npt.NDArray[np.complex128]
"""Places on edges, as `edge_place` returns them."""


@dataclass(frozen=True, eq=False)
class Vertices:
    """
    All vertices of all edges, edge after edge.

    Attributes
    ----------
    xy : ndarray of float64, shape (v, 2)
        Easting and northing [m].
    measure : ndarray of float64, shape (v,)
        Length walked from the start of the vertex's edge [m].
    first : ndarray of int64, shape (m + 1,)
        Where each edge's vertices begin, and the end.
    """

    xy: FloatArray
    measure: FloatArray
    first: IntArray

    def between(
        self, edge: IntArray, low: FloatArray, high: FloatArray
    ) -> tuple[IntArray, IntArray]:
        """
        Return the vertices strictly between two offsets of edges, ends of edges left out.

        Parameters
        ----------
        edge : ndarray of int64, shape (p,)
            Which edge.
        low, high : ndarray of float64, shape (p,)
            Offsets from the start of the edge [m], `low` not above `high`.

        Returns
        -------
        begin, end : ndarray of int64, shape (p,)
            Positions of the first, and after the last; equal where there is none.
        """
        begin, end = self.first[edge] + 1, self.first[edge + 1] - 1
        part = np.flatnonzero((low > 0) | (high < self.measure[end]))
        begin[part] = np.maximum(begin[part], self._position(edge[part], low[part], "right"))
        end[part] = np.minimum(end[part], self._position(edge[part], high[part], "left"))
        return begin, np.maximum(begin, end)

    def _position(
        self, edge: IntArray, offset: FloatArray, side: Literal["left", "right"]
    ) -> IntArray:
        """Return where offsets would be put among the measures of their edges."""
        wanted = edge_place(edge, offset)
        return np.searchsorted(self._places, wanted, side=side).astype(np.int64)

    @cached_property
    def _places(self) -> ComplexArray:
        every = np.repeat(np.arange(len(self.first) - 1), np.diff(self.first))
        return edge_place(every, self.measure)


def edge_place(edge: IntArray, offset: FloatArray | IntArray) -> ComplexArray:
    """
    Return places on edges as one number each: complex numbers sort like pairs.

    Parameters
    ----------
    edge : ndarray of int64, shape (p,)
        Which edge.
    offset : ndarray of float64, shape (p,)
        Distance from its start [m].

    Returns
    -------
    ndarray of complex128, shape (p,)
        Edge and offset as real and imaginary part.
    """
    place = np.empty(len(edge), dtype=np.complex128)
    place.real, place.imag = edge, offset
    return place
