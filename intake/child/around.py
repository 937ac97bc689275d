"""Reading around damage: the rows of a layer that GDAL gives up as a whole, found by halving."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from intake.child.fault_place import fault_place
from intake.reading import RowFlaw

_UNKNOWN = 2**20  # rows tried of a layer that does not say how many it has
_MOST_IN_A_ROW = 20  # rows that fail one behind the other before the rest is given up

Read = Callable[[int, int | None], tuple[Any, Any, Any]]
"""Reads so many rows from one on: what is known of the layer, geometries, columns."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Rows that follow each other: the first of them, counted from 0, and what they hold."""

    first: int
    meta: Any
    geometry: Any
    columns: Any

    def __len__(self) -> int:
        """Return how many rows there are."""
        if self.geometry is not None:
            return len(self.geometry)
        return len(self.columns[0]) if len(self.columns) else 0


def read_around(read: Read, declared: int) -> tuple[list[Chunk], list[RowFlaw]]:
    """
    Return the rows of a layer, and those that are lost.

    Parameters
    ----------
    read : callable
        Raises where a row is damaged.
    declared : int
        Rows by what the file says, 0 or less if it says nothing.

    Returns
    -------
    tuple of list
        Chunks in their order, one if nothing is damaged; flaws of rows that cannot be read.
    """
    try:
        return [Chunk(0, *read(0, None))], []
    except Exception as error:  # noqa: BLE001 - GDAL gives up in many ways
        reason = fault_place(error)
    chunks: list[Chunk] = []
    failed: list[RowFlaw] = []
    for first, found in _halved(read, declared if declared > 0 else _UNKNOWN):
        if isinstance(found, Chunk):
            chunks += [found] if len(found) else []
        else:
            failed.append(RowFlaw(first + 1, "layer.row", found))
        if _is_hopeless(failed):
            begin = failed[-_MOST_IN_A_ROW].row
            rest = max(declared - begin + 1, 1)
            cut = RowFlaw(begin, "layer.cut", reason, count=rest)
            return chunks, [*failed[:-_MOST_IN_A_ROW], cut]
    return chunks, failed


def _halved(read: Read, count: int) -> Iterator[tuple[int, Chunk | str]]:
    """Yield what can be read from left to right; a single row that cannot be with the reason."""
    left = [(0, count)]
    while left:
        first, many = left.pop()
        try:
            yield first, Chunk(first, *read(first, many))
        except Exception as error:  # noqa: BLE001 - as above
            if many == 1:
                yield first, fault_place(error)
            else:
                half = many // 2
                left += [(first + half, many - half), (first, half)]


def _is_hopeless(failed: list[RowFlaw]) -> bool:
    """Return whether the last rows all failed, one behind the other."""
    last = failed[-_MOST_IN_A_ROW:]
    return len(last) == _MOST_IN_A_ROW and last[-1].row - last[0].row == _MOST_IN_A_ROW - 1
