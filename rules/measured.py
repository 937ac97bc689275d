"""
Measured: what a way of measuring found out, before anything is judged.

Members are what a rule looks at one by one (unit doors, pipes, lots; the estate itself where the
measure is an amount). `fields` is what the verdict reads of them.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.arrays import BoolArray, FloatArray, IntArray, ObjectArray
from rules.lacking import Lacking
from rules.rows import Rows
from rules.verdict import UNKNOWN


@dataclass(frozen=True, eq=False)
class Witnesses:
    """The feature that decided each member's value; `row` is -1 where there is none."""

    rows: Rows
    row: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Sharing:
    """
    Who shares the place that gives each of n estates the most; NaN where there is none.

    Attributes
    ----------
    estates : ndarray of float64, shape (n,)
        How many estates.
    inside : ndarray of float64, shape (n,)
        Their heads that share it, as far as they are known.
    outside_low, outside_high : ndarray of float64, shape (n,)
        Heads outside every estate, least and most; inf where nobody can say.
    """

    estates: FloatArray
    inside: FloatArray
    outside_low: FloatArray
    outside_high: FloatArray


@dataclass(frozen=True, eq=False)
class Measured:
    """
    m members of n estates.

    Attributes
    ----------
    fields : pandas.DataFrame, m rows
        What the verdict reads.
    estate : ndarray of int64, shape (m,)
        The estate of each member.
    empty : ndarray of int64, shape (n,)
        Outcome of an estate without members.
    lacking : Lacking
        What data are missing.
    households : ndarray of float64, shape (m,), or None
        Households behind each member, NaN unknown; None if a failure touches the whole estate.
    is_best : bool
        Whether the best member decides (any of several facilities will do), not the worst.
    is_sure : ndarray of bool, shape (m,), or None
        Whether each member is one however far off its walk is drawn; None if all are.
    open_ended : ndarray of bool, shape (n,), or bool
        Whether an estate may have members that nobody has looked for: then nothing fails for sure.
    doors : ndarray of int64, shape (m,), or None
        The door where each member's walk begins.
    witness, witness_met : Witnesses or None
        What decided a failing and a met value.
    members : Rows or None
        The features that the members are; None where the member is the estate.
    reached : ndarray of int64, shape (n,), or None
        How many places an estate shares in.
    compared : ndarray of object, shape (n,), or None
        The totals that an estate's layers state, as `rules.totals` reads them.
    sharing : Sharing or None
        With whom it shares the one that gives it the most.
    """

    fields: pd.DataFrame
    estate: IntArray
    empty: IntArray
    lacking: Lacking
    households: FloatArray | None = None
    is_best: bool = False
    is_sure: BoolArray | None = None
    open_ended: BoolArray | bool = False
    doors: IntArray | None = None
    witness: Witnesses | None = None
    witness_met: Witnesses | None = None
    members: Rows | None = None
    reached: IntArray | None = None
    compared: ObjectArray | None = None
    sharing: Sharing | None = None

    def __post_init__(self) -> None:
        """Raise ValueError if a member belongs to no estate: it would be counted in the last."""
        if (self.estate < 0).any():
            raise ValueError("a member belongs to no estate")


def all_unknown(size: int) -> IntArray:
    """
    Return outcomes for `size` estates without members: unknown.

    Returns
    -------
    ndarray of int64, shape (size,)
    """
    return np.full(size, UNKNOWN, dtype=np.int64)


def bounds(fields: pd.DataFrame, name: str) -> tuple[FloatArray, FloatArray]:
    """
    Return the least and the most that a field can be; the whole line where it is unknown.

    Parameters
    ----------
    fields : pandas.DataFrame, m rows
        With `name`, or with ``<name>_low`` and ``<name>_high``.
    name : str
        The field; one that is not there is unknown.

    Returns
    -------
    low, high : ndarray of float64, shape (m,)
        -inf and inf where nothing is known.
    """
    if f"{name}_low" in fields:
        return fields[f"{name}_low"].to_numpy(float), fields[f"{name}_high"].to_numpy(float)
    values = (
        fields[name].to_numpy(dtype=np.float64, na_value=np.nan)
        if name in fields
        else np.full(len(fields), np.nan)
    )
    unknown = np.isnan(values)
    return np.where(unknown, -np.inf, values), np.where(unknown, np.inf, values)
