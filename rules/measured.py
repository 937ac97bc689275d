"""
Measured: what a way of measuring found out, before anything is judged; and what it lacked.

Members are what a rule looks at one by one (unit doors, pipes, lots; the estate itself where the
measure is an amount). `fields` is what the verdict reads of them.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

import layers
from rules.grouping import counted
from rules.model import Rule
from rules.rows import Rows
from rules.situation import Situation
from rules.truth import BoolArray
from rules.verdict import UNKNOWN, FloatArray, IntArray


class Lacking:
    """What data are missing, by estate, and which department must supply them."""

    def __init__(self, situation: Situation, rule: Rule) -> None:
        self._situation = situation
        self._rule = rule
        self.everywhere: list[tuple[str, str, str]] = []
        self.by_estate: dict[int, list[tuple[str, str, str]]] = defaultdict(list)

    def supplier(self, layer: str) -> str:
        """Return who supplies the data of a layer; of facilities, the item's lead."""
        book = self._situation.book
        lead = book.items[self._rule.item].lead[0]
        return self._rule.supplier or book.supply.get(layer, lead)

    def unsurveyed(self, layer: str, kinds: Sequence[str] = ()) -> bool:
        """Note what of a layer nobody has looked for; return whether there is any."""
        labels = self._situation.unsurveyed(layer, kinds)
        self.everywhere += [(zh, en, self.supplier(layer)) for zh, en in labels]
        return bool(labels)

    def walkways(self) -> bool:
        """Note that there is nothing to walk on; return whether that is so."""
        if self._situation.can_walk:
            return False
        spec = layers.ALL["walkways"]
        self.everywhere.append((spec.label_zh, spec.label_en, self.supplier("walkways")))
        return True

    def places(self, rows: Rows, names: Sequence[str]) -> None:
        """Note for every estate which columns of the places that could serve it are empty."""
        spec = layers.ALL[rows.layer]
        for name in names:
            if name in rows.frame and rows.frame[name].isna().any():
                column = spec.column(name)
                self.everywhere.append(
                    (
                        f"{spec.label_zh}·{column.label_zh}",
                        f"{spec.label_en}: {column.label_en}",
                        self.supplier(rows.layer),
                    )
                )

    def rows(self, layer: str, absent: BoolArray) -> None:
        """Note the estates, where `absent`, of which a layer has no row."""
        spec = layers.ALL[layer]
        for estate in np.flatnonzero(absent):
            self.by_estate[int(estate)].append((spec.label_zh, spec.label_en, self.supplier(layer)))

    def people(self, unknown: BoolArray) -> None:
        """Note the estates, where `unknown`, of which nobody knows how many live there."""
        spec = layers.ALL["estates"]
        label = spec.column("households")
        for estate in np.flatnonzero(unknown):
            self.by_estate[int(estate)].append(
                (
                    f"{spec.label_zh}·{label.label_zh}",
                    f"{spec.label_en}: {label.label_en}",
                    self.supplier("estates"),
                )
            )

    def columns(self, rows: Rows, names: Sequence[str], asked: BoolArray) -> None:
        """Note which columns of which rows, where `asked`, are empty, counted by estate."""
        spec = layers.ALL[rows.layer]
        known = {column.name: column for column in spec.columns}
        mine = asked & (rows.estate >= 0)
        for name in [name for name in names if name in known]:
            empty = mine & rows.frame[name].isna().to_numpy(dtype=bool)
            counts = counted(rows.estate[empty], self._situation.size)
            column, supplier = known[name], self.supplier(rows.layer)
            for estate in np.flatnonzero(counts):
                count = counts[estate]
                self.by_estate[int(estate)].append(
                    (
                        f"{spec.label_zh}·{column.label_zh}（{count} 处）",
                        f"{spec.label_en}: {column.label_en} ({count})",
                        supplier,
                    )
                )

    def of(self, estate: int) -> list[tuple[str, str, str]]:
        """Return what is lacking for one estate: Chinese, English, department id; nothing twice."""
        return list(dict.fromkeys([*self.everywhere, *self.by_estate.get(estate, ())]))


@dataclass(frozen=True, eq=False)
class Witnesses:
    """The feature that decided each member's value; `row` is -1 where there is none."""

    rows: Rows
    row: IntArray


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
    open_ended : bool
        Whether members may exist that nobody has looked for: then nothing fails for sure.
    doors : ndarray of int64, shape (m,), or None
        The door where each member's walk begins.
    witness, witness_met : Witnesses or None
        What decided a failing and a met value.
    members : Rows or None
        The features that the members are; None where the member is the estate.
    reached : ndarray of int64, shape (n,), or None
        How many places an estate shares in.
    """

    fields: pd.DataFrame
    estate: IntArray
    empty: IntArray
    lacking: Lacking
    households: FloatArray | None = None
    is_best: bool = False
    open_ended: bool = False
    doors: IntArray | None = None
    witness: Witnesses | None = None
    witness_met: Witnesses | None = None
    members: Rows | None = None
    reached: IntArray | None = None


def all_unknown(size: int) -> IntArray:
    """Return outcomes for `size` estates without members: unknown."""
    return np.full(size, UNKNOWN, dtype=np.int64)


def bounds(fields: pd.DataFrame, name: str) -> tuple[FloatArray, FloatArray]:
    """Return the least and the most that a field can be; the whole line where it is unknown."""
    if f"{name}_low" in fields:
        return fields[f"{name}_low"].to_numpy(float), fields[f"{name}_high"].to_numpy(float)
    values = (
        fields[name].to_numpy(dtype=np.float64, na_value=np.nan)
        if name in fields
        else np.full(len(fields), np.nan)
    )
    unknown = np.isnan(values)
    return np.where(unknown, -np.inf, values), np.where(unknown, np.inf, values)
