"""Corrections: cells of a table that a person wrote otherwise; the file stays as it is."""

from collections.abc import Collection, Mapping
from types import MappingProxyType

from geo.errors import DataError
from intake.reading import DeliveredTable

Corrections = Mapping[int, Mapping[str, str]]
"""New text by row number and heading."""


def require_cell(table: DeliveredTable, headings: Collection[str], row: int, heading: str) -> None:
    """
    Raise if a table has no such cell.

    Raises
    ------
    DataError
        If it has no row of this number, or none of the headings is `heading`.
    """
    if row not in table.rows or heading not in headings:
        raise DataError(
            f"{table.name}: there is no cell {heading!r} in row {row}",
            f"{table.name}：没有第 {row} 行“{heading}”这个单元格",
        )


def added(corrections: Corrections, row: int, heading: str, text: str) -> Corrections:
    """Return the corrections with one more."""
    cells = {**corrections.get(row, {}), heading: text}
    return MappingProxyType({**corrections, row: cells})


def removed(corrections: Corrections, row: int, heading: str) -> Corrections:
    """Return the corrections without the one of a cell."""
    cells = {name: text for name, text in corrections.get(row, {}).items() if name != heading}
    kept = {**corrections, row: cells}
    return MappingProxyType({number: cells for number, cells in kept.items() if cells})
