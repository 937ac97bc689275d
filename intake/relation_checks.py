"""
Relations of numbers within a row: households and floor area, storeys and footprint, part and whole.

What a household has of floor area and persons is the rulebook's figure, give or take threefold.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.arrays import FloatArray
from intake.magnitude import figure
from layers.spec import LayerSpec
from rules.book import load_book
from wording import Text

_FOLD = 3.0
_HOMES_A_LANDING = 2.0  # of a stair unit; one to six pass
Values = Callable[[str], FloatArray]
"""The numbers of a column by its name, shape (n,); NaN where unknown."""


@dataclass(frozen=True, slots=True)
class Relation:
    """
    A number that follows from others of its row.

    Attributes
    ----------
    columns : tuple of str
        The columns compared, the one that follows first.
    limits : callable
        Returns the least and the most that it may be, from the other numbers, the outlines and
        the stair units of the n rows; NaN where unknown.
    """

    columns: tuple[str, ...]
    limits: Callable[[Values, NDArray[np.object_], FloatArray], tuple[FloatArray, FloatArray]]

    def is_broken(
        self, values: Values, shapes: NDArray[np.object_], units: FloatArray
    ) -> NDArray[np.bool_]:
        """
        Return which rows break the relation, shape (n,); none where a number is unknown or zero.

        Parameters
        ----------
        values : callable
            The numbers of a column.
        shapes : ndarray of geometry, shape (n,)
            Outlines in the working CRS [m], None where unknown.
        units : ndarray of float64, shape (n,)
            Stair units of the row's building, NaN where unknown.
        """
        found, (least, most) = values(self.columns[0]), self.limits(values, shapes, units)
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

    def limits(
        values: Values, _: NDArray[np.object_], __: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        one, households = load_book().demography[figure_name], values("households")
        least = one.value if one.least is None else one.least
        most = one.value if one.most is None else one.most
        return households * least / _FOLD, households * most * _FOLD

    return Relation((total, "households"), limits)


def _of_storeys(
    values: Values, shapes: NDArray[np.object_], _: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the limits of floor area [m²]: footprint x storeys, give or take threefold."""
    area = values("storeys") * np.asarray(shapely.area(shapes), dtype=np.float64)
    return area / _FOLD, area * _FOLD


def _of_landings(
    values: Values, _: NDArray[np.object_], units: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the limits of households: some on each landing of a stair unit."""
    homes = values("storeys") * units * _HOMES_A_LANDING
    return homes / _FOLD, homes * _FOLD


def _part(part: str, whole: str) -> Relation:
    """Return that a part is no more than its whole."""
    return Relation((part, whole), lambda values, _, __: (0.0 * values(whole), values(whole)))


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
