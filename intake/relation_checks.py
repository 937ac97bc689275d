"""
Relations of numbers within a row: households and floor area, storeys and footprint, part and whole.

What a household has of floor area and persons is the rulebook's figure, give or take threefold.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from geo.arrays import BoolArray, FloatArray, ShapeArray
from intake.magnitude import figure
from layers.spec import LayerSpec
from rules.book import load_book
from wording import Text

_FOLD = 3.0
_HOMES_A_LANDING = 2.0  # of a stair unit; one to six pass


@dataclass(frozen=True, slots=True)
class RowValues:
    """
    What is known of n rows.

    Attributes
    ----------
    numbers : callable
        Returns the numbers of a column by its name, shape (n,); NaN where unknown.
    outlines : ndarray of geometry, shape (n,)
        In the working CRS [m], None where unknown.
    units : ndarray of float64, shape (n,)
        Stair units of the row's building, NaN where unknown.
    """

    numbers: Callable[[str], FloatArray]
    outlines: ShapeArray
    units: FloatArray


@dataclass(frozen=True, slots=True)
class Relation:
    """
    A number that follows from others of its row.

    Attributes
    ----------
    columns : tuple of str
        The columns compared, the one that follows first.
    limits : callable
        Returns the least and the most that it may be in each of n rows; NaN where unknown.
    """

    columns: tuple[str, ...]
    limits: Callable[[RowValues], tuple[FloatArray, FloatArray]]

    def is_broken(self, rows: RowValues) -> BoolArray:
        """Return which rows break it, shape (n,); none where a number is unknown or zero."""
        found, (least, most) = rows.numbers(self.columns[0]), self.limits(rows)
        return np.asarray((found > 0) & (most > 0) & ((found < least) | (found > most)))

    def described(self, spec: LayerSpec, values: Sequence[float]) -> Text:
        """Return the numbers compared, each behind its label."""
        pairs = [(spec.column(n), figure(v)) for n, v in zip(self.columns, values, strict=True)]
        return Text(
            "、".join(f"{column.label_zh} {number}" for column, number in pairs),
            ", ".join(f"{column.label_en} {number}" for column, number in pairs),
        )


def of_layer(layer: str) -> tuple[Relation, ...]:
    """Return the relations within a row of a layer."""
    return _RELATIONS.get(layer, ())


def _per_household(total: str, figure_name: str) -> Relation:
    """Return that the households of a row have together what a figure of the rulebook says."""

    def limits(rows: RowValues) -> tuple[FloatArray, FloatArray]:
        one, households = load_book().demography[figure_name], rows.numbers("households")
        least = one.value if one.least is None else one.least
        most = one.value if one.most is None else one.most
        return households * least / _FOLD, households * most * _FOLD

    return Relation((total, "households"), limits)


def _of_storeys(rows: RowValues) -> tuple[FloatArray, FloatArray]:
    """Return the limits of floor area [m²]: footprint x storeys, give or take threefold."""
    area = rows.numbers("storeys") * np.asarray(shapely.area(rows.outlines), dtype=np.float64)
    return area / _FOLD, area * _FOLD


def _of_landings(rows: RowValues) -> tuple[FloatArray, FloatArray]:
    """Return the limits of households: some on each landing of a stair unit."""
    homes = rows.numbers("storeys") * rows.units * _HOMES_A_LANDING
    return homes / _FOLD, homes * _FOLD


def _part(part: str, whole: str) -> Relation:
    """Return that a part is no more than its whole."""
    return Relation((part, whole), lambda rows: (0.0 * rows.numbers(whole), rows.numbers(whole)))


_RELATIONS = {
    "estates": (
        _per_household("floor_area_m2", "floor_area_per_household"),
        _per_household("persons", "persons_per_household"),
        _part("elders", "persons"),
        _part("trees_alive", "trees_planted"),
        _part("signal_points_ok", "signal_points"),
    ),
    "buildings": (
        Relation(("households", "storeys"), _of_landings),
        Relation(("floor_area_m2", "storeys"), _of_storeys),
        _per_household("floor_area_m2", "floor_area_per_household"),
    ),
    "parking": (
        _part("accessible_spaces", "spaces"),
        _part("ev_spaces", "spaces"),
        _part("ev_ready_spaces", "spaces"),
    ),
}
