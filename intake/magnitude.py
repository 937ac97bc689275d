"""
Magnitude: the unit that the numbers of a column are in, checked before they replace anything.

What says the unit is, in this order, the heading (or the row of units under it), a line above the
table (单位：万元、万平方米), and otherwise the column itself. Numbers many times more or less than
is known of the same rows, or beyond what the column usually holds, make it a question.
"""

import re
from collections.abc import Iterable, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.arrays import FloatArray
from intake import units
from intake.features import of_rows
from intake.headings import unit_said
from intake.letters import comparable
from intake.proposal import Candidate, Proposal
from intake.reading import Cell
from intake.values import Reading, convert
from layers.spec import Column, LayerSpec
from wording import Text

NUMBERS = frozenset({"int", "float"})
"""Types of columns that have a unit."""

_STATED = re.compile(
    r"单位(?:[:：]|\s*为\s*|\s*是\s*)\s*([^()（）\[\]【】。；;]+)|以\s*(\S{1,6}?)\s*(?:计|为单位)"
)
_FAR = 50.0  # fold by which no survey corrects another, in one row or two
_FAR_OF_MANY, _MANY = 5.0, 3  # fold by which three rows or more are not corrected together


def stated(remarks: Sequence[str]) -> tuple[str, ...]:
    """Return the units that the lines around a table state for its columns."""
    found: list[str] = []
    for remark in remarks:
        for listed, alone in _STATED.findall(comparable(remark)):
            found += units.listed(listed or alone)
    return tuple(dict.fromkeys(found))


def propose(
    column: Column,
    heading: str,
    values: FloatArray,
    remarks: Sequence[str],
    known: FloatArray,
) -> Proposal | None:
    """
    Propose the unit of a column's numbers.

    Parameters
    ----------
    column : Column
        A column of numbers.
    heading : str
        The heading it is mapped to.
    values : ndarray of float64, shape (n,)
        Its cells as `bare_numbers` returns them.
    remarks : sequence of str
        Lines above and below the table.
    known : ndarray of float64, shape (n,)
        What the district knows of the same rows, in the column's unit; NaN where nothing.

    Returns
    -------
    Proposal or None
        Step ``unit:<name>``: settled where something says the unit and the numbers agree; None
        where neither column nor heading has one, or every cell has its own.
    """
    said = unit_said(heading, column)
    if not (column.unit or said):
        return None
    if not (np.isfinite(values).any() or said):
        return None
    unit, doubt = _said(column, said, remarks)
    if doubt is None:
        doubt = _implausible(column, values * factor(column, unit), known)
    offers = [_candidate(column, choice, values, known) for choice in _offered(column, unit)]
    offers.sort(key=lambda one: (doubt is None and one.value != unit, -one.score))
    question = Text(f"“{heading}”的单位是什么？", f"Which unit are the numbers under {heading} in?")
    if doubt is not None:
        question = Text(f"{question.zh}{doubt.zh}", f"{question.en} {doubt.en}")
    return Proposal(f"unit:{column.name}", question, tuple(offers), unit if doubt is None else None)


def known_values(known: gpd.GeoDataFrame | None, rows: NDArray[np.intp], name: str) -> FloatArray:
    """
    Return what a layer knows of each row in one column.

    Parameters
    ----------
    known : geopandas.GeoDataFrame or None
        The layer, None if the district has nothing of it.
    rows : ndarray of int, shape (n,)
        The position of each row's feature in it, -1 where none.
    name : str
        The column.

    Returns
    -------
    ndarray of float64, shape (n,)
        In the column's unit; NaN where nothing is known, or no number.
    """
    if known is None or name not in known:
        return np.full(len(rows), np.nan)
    held = pd.to_numeric(known[name], errors="coerce").to_numpy(np.float64, na_value=np.nan)
    return of_rows(held, rows, np.nan)


def factors(spec: LayerSpec, proposals: Iterable[Proposal]) -> dict[str, float]:
    """Return, by column, what a number in the unit chosen is multiplied by."""
    chosen = {p.step.removeprefix("unit:"): p.chosen or "" for p in proposals}
    return {name: factor(spec.column(name), unit) for name, unit in chosen.items()}


def factor(column: Column, unit: str) -> float:
    """Return what a number in the unit chosen is multiplied by, 1 for none."""
    return units.conversion(unit, column.unit) or 1.0


def _offered(column: Column, unit: str) -> tuple[str, ...]:
    """Return the units on offer: the usual ones, and what the table says where it is another."""
    usual = units.choices(column.unit) if column.unit else ("个", "百", "千", "万")
    is_new = units.conversion(unit, column.unit) is not None and unit not in usual
    return (*usual, unit) if is_new else usual


def _said(column: Column, said: str, remarks: Sequence[str]) -> tuple[str, Text | None]:
    """Return the unit that a table states for a column, as it is offered, and what is odd."""
    lines = stated(remarks)
    fitting = [one for one in lines if units.conversion(one, column.unit) is not None]
    if not said and fitting and column.unit:
        said = fitting[0] if len(fitting) == 1 else "、".join(fitting)
        if len(fitting) > 1 or not _measures(said):
            return "", Text(f"表上写着“{said}”。", f"The sheet says {said}.")
    scale = units.conversion(said, column.unit) if said else 1.0
    if scale is None:
        return "", Text(f"表头写的是“{said}”。", f"The heading says {said}.")
    alike = (one for one in _offered(column, "") if units.conversion(one, column.unit) == scale)
    return next(alike, said or column.unit), None


def _measures(unit: str) -> bool:
    """Return whether a unit is more than a bare scale such as 万."""
    found = units.parse(unit)
    return found is not None and bool(found.measure)


def bare_numbers(column: Column, cells: Sequence[Cell]) -> FloatArray:
    """Return the cells that are numbers without a unit of their own, shape (n,); NaN for others."""
    if set(map(type, cells)) <= {int, float, type(None)}:
        return np.array(cells, dtype=np.float64)
    once, twice = (_numbers(column, cells, factor) for factor in (1.0, 2.0))
    return np.where(twice == 2.0 * once, once, np.nan)


def _numbers(column: Column, cells: Sequence[Cell], factor: float) -> FloatArray:
    return as_floats(convert(column, cells, Reading(factor)))


def as_floats(cells: Sequence[Cell]) -> FloatArray:
    """Return the cells that are numbers, shape (n,); NaN for others."""
    numbers = [cell if isinstance(cell, (int, float)) else np.nan for cell in cells]
    return np.asarray(numbers, dtype=np.float64)


def _implausible(column: Column, values: FloatArray, known: FloatArray) -> Text | None:
    """Return what is odd about the values, None if nothing is."""
    ratio = _ratios(values, known)
    if ratio.size:
        fold = float(np.median(ratio))
        far = _FAR_OF_MANY if ratio.size >= _MANY else _FAR
        return None if 1 / far < fold < far else _change(column, values, known)
    there = values[values > 0]
    if column.usual is None or not there.size:
        return None
    middle, (least, most) = float(np.median(there)), column.usual
    if least <= middle <= most:
        return None
    found, usual = figure(middle), tuple(map(figure, (least, most)))
    return Text(
        f"{column.label_zh}中位数 {found} {column.unit}，通常 {'—'.join(usual)}。",
        f"The median of {column.label_en} is {found} {column.unit}; usual: {' to '.join(usual)}.",
    )


def _ratios(values: FloatArray, known: FloatArray) -> FloatArray:
    """Return new over known where both are there and positive."""
    both = (values > 0) & (known > 0)
    return values[both] / known[both]


def _change(column: Column, values: FloatArray, known: FloatArray) -> Text:
    """Return the first row that would change, before and after."""
    at = int(np.flatnonzero((values > 0) & (known > 0))[0])
    found = change(values[at], known[at])
    return Text(f"{column.label_zh} {found}：单位？", f"{column.label_en} {found}: which unit?")


def change(value: float, known: float, *, is_year: bool = False) -> str:
    """Return a number behind the one that is known, or alone where NaN is."""
    written = "{:.0f}".format if is_year else figure
    return written(value) if np.isnan(known) else f"{written(known)} → {written(value)}"


def figure(value: float) -> str:
    """Return a number with thousands and at most four decimals, two digits of a tiny one."""
    text = f"{value:,.4f}".rstrip("0").rstrip(".")
    return text if abs(value) >= 0.001 else f"{value:.2g}"  # noqa: PLR2004 - beyond the decimals


def _candidate(column: Column, unit: str, values: FloatArray, known: FloatArray) -> Candidate:
    """Return a unit on offer, scored by how near it brings the numbers to what is known."""
    evidence: tuple[Text, ...] = ()
    scaled = values * factor(column, unit)
    ratio = _ratios(scaled, known)
    there = scaled[scaled > 0]
    if ratio.size:
        away = abs(float(np.log10(np.median(ratio))))
        evidence = (_change(column, scaled, known),)
    elif column.usual is not None and there.size:
        away = abs(float(np.log10(np.median(there) / np.sqrt(column.usual[0] * column.usual[1]))))
        middle = figure(float(np.median(there)))
        evidence = (Text(f"中位数 {middle}", f"median {middle}"),)
    else:
        away = float(unit != column.unit)
    return Candidate(unit, Text(unit, unit), round(1 / (1 + away), 3), evidence)
