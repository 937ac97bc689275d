"""
Conflicts: rows whose key says one place, and whose name, kind or ground says another.

Nothing tells which of the two is wrong, so a person is asked. Another spelling is no conflict, and
a slip of the pen in a name that nothing else has is a correction, which the receipt names.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.arrays import FloatArray, ShapeArray
from intake.features import NOBODY, Features, of_rows, places
from intake.ground import (
    GROUND,
    NOWHERE,
    SAME_GROUND,
    STEPS_M,
    is_outline,
    on_one_ground,
    shared,
)
from intake.identity import SAME_NAME_M
from intake.proposal import Candidate, Proposal, first_few
from intake.reading import Cell
from intake.spelling import is_slip, spelling
from layers.spec import Column
from wording import Text

STEP = "conflict"
KEY, NAME, QUARANTINE = "key", "name", "quarantine"


@dataclass(frozen=True, slots=True)
class Conflict:
    """
    A row that is two known features, or a known one under another name or kind.

    Attributes
    ----------
    by_key : int
        Position of the known feature that its key says (its name, where it has no key).
    by_name : int
        Position of the one that its name or ground says, `NOBODY` if there is none.
    evidence : Text
        Both side by side, and what differs.
    """

    by_key: int
    by_name: int
    evidence: Text


@dataclass(frozen=True, slots=True)
class Comparison:
    """The rows in conflict, and the names that are only corrected; both by position of the row."""

    conflicts: Mapping[int, Conflict]
    corrections: Mapping[int, Text]


def compare(rows: Features, there: Features, certain: NDArray[np.intp]) -> Comparison:
    """
    Hold what rows say against the known features that their keys say they are.

    Parameters
    ----------
    rows, there : Features
        The rows of a table, and the layer as it is; both in its working CRS.
    certain : ndarray of int, shape (n,)
        Position of each row's feature in `there` by its key, else by its name; `NOBODY` if new.

    Returns
    -------
    Comparison
    """
    inspection = _Inspection(rows, there, certain)
    conflicts: dict[int, Conflict] = {}
    corrections: dict[int, Text] = {}
    for at in np.flatnonzero(certain >= 0).tolist():
        differing = inspection.differing(at)
        if found := inspection.conflict(at, differing):
            conflicts[at] = found
        elif said := inspection.correction(at, differing):
            corrections[at] = said
    return Comparison(conflicts, corrections)


@dataclass(frozen=True)
class _Inspection:
    """What each row says beside its known feature, with what is worked out once for all rows."""

    rows: Features
    there: Features
    certain: NDArray[np.intp]

    @property
    def parts(self) -> tuple[str, ...]:
        """The columns by which a feature is called, its own name the last; () if it has none."""
        return self.rows.parts

    @cached_property
    def where(self) -> dict[str, list[int]]:
        """The known features by what they are called."""
        return places(self.there.forms)

    @cached_property
    def shapes(self) -> tuple[ShapeArray, ShapeArray]:
        """The sound geometry of each row, and that of its feature."""
        return self.rows.sound, of_rows(self.there.shapes, self.certain, None)

    @cached_property
    def away(self) -> FloatArray:
        """How far [m] each row is from its feature, NaN where one has no place."""
        return np.asarray(shapely.distance(*self.shapes), dtype=np.float64)

    @cached_property
    def shares(self) -> FloatArray:
        """How much of its feature's ground each row shares: all of it within a few steps."""
        own, known = self.shapes
        found = np.where(is_outline(own), 0.0, self.away <= STEPS_M)
        both = np.flatnonzero(is_outline(own) & is_outline(known))
        found[both] = shared(own[both], known[both])
        return found

    @cached_property
    def ground(self) -> dict[int, int]:
        """The other known feature on whose ground a row is, by position of the row."""
        if self.rows.spec.name not in GROUND:
            return {}
        not_its_own = np.where(self.shares < SAME_GROUND, self.rows.sound, NOWHERE)
        found = on_one_ground(not_its_own, self.there.shapes)
        return {row: other for row, other, _ in found}

    def conflict(self, at: int, differing: set[str]) -> Conflict | None:
        """Return what is in conflict in a row, None if nothing is."""
        known = int(self.certain[at])
        other = self.named(at, known) if differing & set(self.parts) else NOBODY
        other = other if other != NOBODY else self.ground.get(at, NOBODY)
        is_renamed = bool(differing & set(self.parts)) and not self.is_allowed(at, differing)
        is_far = self.away[at] > SAME_NAME_M
        if other == NOBODY and not is_renamed and not is_far and "kind" not in differing:
            return None
        return Conflict(known, other, self.evidence(at, known, other, differing))

    def correction(self, at: int, differing: set[str]) -> Text | None:
        """Return how a row corrects the name or the parent of its feature, None if it does not."""
        changed = differing & set(self.parts)
        return self.evidence(at, int(self.certain[at]), NOBODY, changed) if changed else None

    def differing(self, at: int) -> set[str]:
        """Return the columns in which a row says another thing than its feature has."""
        known = int(self.certain[at])
        found = {name for name in (*self.parts, "kind") if self.differs(name, at, known)}
        is_renamed = not found.isdisjoint(self.parts[-1:])
        if is_renamed and self.own_form(at, known) == self.there.forms[known].split("\t")[-1]:
            return found - set(self.parts[-1:])
        return found

    def differs(self, column: str, at: int, known: int) -> bool:
        """Return whether both have a value in a column, one that it may have, and not the same."""
        one, other = self.rows.column(column)[at], self.there.column(column)[known]
        if one == other or not isinstance(one, str) or not isinstance(other, str):
            return False
        usable = self.usable.get(column)
        return usable is None or (one in usable and other in usable)

    @cached_property
    def usable(self) -> dict[str, Collection[str]]:
        """The values that a column may have: codes, or the keys of the features it refers to."""
        codes = {one.name: one.codes for one in self.rows.spec.own_columns if one.codes}
        return {**codes, **self.there.parents}

    def own_form(self, at: int, known: int) -> str:
        """Return what a row calls itself, what it leaves out taken from its feature."""
        return self.form(at, known).split("\t")[-1]

    def form(self, at: int, known: int) -> str:
        """Return the natural key of a row, what it leaves out taken from its feature."""
        rows, there = self.rows, self.there
        cells = {n: [rows.column(n)[at] or there.column(n)[known]] for n in self.parts}
        one = Features(rows.spec, cells, rows.shapes[[at]], [None], there.parents)
        return one.called(self.parts)[0]

    def named(self, at: int, known: int) -> int:
        """Return the other known feature that has the natural key of a row, else `NOBODY`."""
        found = self.where.get(self.form(at, known), [])
        return next((other for other in found if other != known), NOBODY)

    def is_allowed(self, at: int, differing: set[str]) -> bool:
        """Return whether another name is a slip of the pen, or something says: the same place."""
        known = int(self.certain[at])
        one, other = self.rows.names[at], self.there.names[known]
        is_only_name = not differing & set(self.parts[:-1])
        if is_only_name and isinstance(one, str) and isinstance(other, str) and is_slip(one, other):
            return True
        return bool(self.shares[at] >= SAME_GROUND) or self.is_at_address(at, known)

    def is_at_address(self, at: int, known: int) -> bool:
        """Return whether a row has the address of its feature."""
        addresses = self.rows.column("address")[at], self.there.column("address")[known]
        texts = [spelling(one) for one in addresses if isinstance(one, str)]
        return len(texts) == len(addresses) and len(set(texts)) == 1

    def evidence(self, at: int, known: int, other: int, differing: set[str]) -> Text:
        """Return a feature and what a row says of it side by side."""
        zh, en = [], []
        for column in (one for one in self.rows.spec.own_columns if one.name in differing):
            before = self.shown(column, self.there.column(column.name)[known])
            after = self.shown(column, self.rows.column(column.name)[at])
            zh.append(f"{column.label_zh} {before.zh} → {after.zh}")
            en.append(f"{column.label_en} {before.en} → {after.en}")
        if self.away[at] > SAME_NAME_M:
            zh.append(f"位置相距 {self.away[at]:,.0f} m")
            en.append(f"{self.away[at]:,.0f} m away")
        if other != NOBODY:
            named = f"{self.there.names[other] or '—'!s}（{self.there.keys[other]!s}）"
            zh.append(f"那是已有的 {named}")
            en.append(f"that is {named}")
        key = self.there.keys[known]
        return Text(f"{key!s}：{'，'.join(zh)}", f"{key!s}: {', '.join(en)}")

    def shown(self, column: Column, cell: Cell) -> Text:
        """Return a value as people read it: a code by its label, a key with the name it has."""
        if column.codes:
            return column.codes[str(cell)]
        name = self.there.parents.get(column.name, {}).get(str(cell), "")
        text = f"{name}（{cell!s}）" if name else str(cell)
        return Text(text, text)


def propose(found: Mapping[int, Conflict], rows: Sequence[int]) -> Proposal | None:
    """
    Ask which of the two is right, for all rows of a table at once; None where no row is asked for.

    Parameters
    ----------
    found : mapping of int to Conflict
        By position of the row.
    rows : sequence of int
        Row numbers of the table.
    """
    if not found:
        return None
    question = Text(
        f"有 {len(found)} 行的编号与名称、类型或位置指向不同的地方：以哪个为准？",
        f"{len(found)} rows have a key that says one place and a name, kind or ground that says "
        "another: which is right?",
    )
    by_key = Text("以编号为准：按表改名称、类型", "the key: change name and kind as in the file")
    by_name = Text("以名称（位置）为准：更新那一处", "the name: update the place that has it")
    apart = Text("隔离这些行", "quarantine these rows")
    offers = [Candidate(QUARANTINE, apart, 0.5), Candidate(KEY, by_key, 0.4, _pairs(found, rows))]
    if any(conflict.by_name != NOBODY for conflict in found.values()):
        offers.append(Candidate(NAME, by_name, 0.3))
    return Proposal(STEP, question, tuple(offers))


def _pairs(found: Mapping[int, Conflict], rows: Sequence[int]) -> tuple[Text, ...]:
    """Return the first few rows in conflict with what differs."""
    listed = [(rows[at], conflict.evidence) for at, conflict in sorted(found.items())]
    return first_few([Text(f"第 {n} 行 {said.zh}", f"row {n} {said.en}") for n, said in listed])
